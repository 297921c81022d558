package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.ForSm2;
import dev.yaoku.crypto.Oaep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others encrypted for a key of ours moves to another key if it fits, and only then. */
class ReEncryptOverHttpTest {
  private static final String FROM_SM2 = "'source_encryption_algorithm':'SM2_ENCRYPT'";
  private static final String FROM_RSA = "'source_encryption_algorithm':'RSAES_OAEP_SHA_256'";

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant owner;
  private static String aes;
  private static String sm2;
  private static String rsa;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    owner = Tenant.first(server);
    aes = owner.key("aes", "");
    sm2 = owner.key("sm2", "'key_spec':'SM2','key_usage':'ENCRYPT_DECRYPT'");
    rsa = owner.key("rsa", "'key_spec':'RSA_2048','key_usage':'ENCRYPT_DECRYPT'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String publicKey(String key) {
    String pem = owner.ok("get-publickey", "{'key_id':'" + key + "'}").text("/public_key");
    return pem.replaceAll("-----[A-Z ]+-----|\\s", "");
  }

  private static String emptyForRsa() {
    return Oaep.encrypted(publicKey(rsa), new byte[0]);
  }

  private static Tenant.Reply move(String blob, String source, String to, String more) {
    return owner.kms(
        "re-encrypt",
        "{'cipher_text':'%s','source_key_id':'%s','destination_key_id':'%s',%s}"
            .formatted(blob, source, to, more));
  }

  @ParameterizedTest
  @CsvSource({"4096, 200", "4097, KMS.2101", "4112, KMS.2101", "4113, KMS.2101", "4120, KMS.2101"})
  void nothingMovesUnderASymmetricKeyThatWouldNotOpenThere(int bytes, String outcome)
      throws Exception {
    byte[] plaintext = new byte[bytes];
    Arrays.fill(plaintext, (byte) 'x');

    Tenant.Reply moved = move(ForSm2.encrypted(publicKey(sm2), plaintext), sm2, aes, FROM_SM2);

    assertThat(moved.code()).isEqualTo(outcome);
    if (moved.status() == 200) {
      String blob = "{'cipher_text':'" + moved.text("/cipher_text") + "'}";
      assertThat(owner.ok("decrypt-data", blob).text("/plain_text_base64"))
          .isEqualTo(Base64.getEncoder().encodeToString(plaintext));
    }
  }

  @Test
  void anEmptyTextMovesUnderRsaAndUnderNothingElse() {
    String empty = emptyForRsa();

    assertThat(move(empty, rsa, aes, FROM_RSA).code()).isEqualTo("KMS.2101");
    assertThat(
            move(empty, rsa, sm2, FROM_RSA + ",'destination_encryption_algorithm':'SM2_ENCRYPT'")
                .code())
        .isEqualTo("KMS.2101");
    assertThat(
            move(
                    empty,
                    rsa,
                    rsa,
                    FROM_RSA + ",'destination_encryption_algorithm':'RSAES_OAEP_SHA_256'")
                .status())
        .isEqualTo(200);
  }
}
