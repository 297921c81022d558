package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which answers are secret, by name: they are wiped when they are sent, kept by no cache and given
 * over no readable connection (SECURITY_DESIGN M8 and M12).
 */
class SecretAnswersTest {
  /** Those who show or are shown plaintext, what comes of a key, or what lets somebody in. */
  static final List<String> OPERATIONS =
      List.of(
          "EncryptData",
          "DecryptData",
          "CreateRandom",
          "CreateDatakey",
          "EncryptDatakey",
          "DecryptDatakey",
          "CreateRsaDatakeyPair",
          "CreateEcDatakeyPair",
          "DeriveSharedSecret",
          "CreatePin",
          "CreateDatakeyCapsule",
          "DecryptDatakeyCapsule",
          "Sign",
          "ValidateSignature",
          "GenerateMac",
          "VerifyMac",
          "DownloadAccessPointPrivateKey",
          "CreateToken",
          "ShowToken",
          "CheckToken",
          "RevokeToken",
          "CreateTokenWithIdToken",
          "CreateTemporaryAccessKey",
          "AssumeAgency",
          "CreatePermanentAccessKey",
          "CreateUser",
          "UpdateUser",
          "CreateAccount",
          "KeystoneCreateUser",
          "KeystoneUpdateUserByAdmin",
          "KeystoneUpdateUserPassword");

  @TempDir Path scratch;

  @Test
  void theseOperationsAnswerWithSecretsAndNoOthers() throws IOException {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      assertThat(server.yaoku.wiring().server().routes())
          .filteredOn(Route::secretAnswer)
          .extracting(Route::operation)
          .containsExactlyInAnyOrderElementsOf(OPERATIONS);
    }
  }
}
