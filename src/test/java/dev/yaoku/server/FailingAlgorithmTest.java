package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.Failing;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Primitive;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A server whose algorithms compute wrongly does not serve them, and says that it is unwell. */
class FailingAlgorithmTest {
  private static final Randomness RANDOMNESS = Randomness.kernel();

  @TempDir Path scratch;

  private static Surroundings machine(Function<Boolean, Cryptography> algorithms) {
    return new Surroundings(InstantSource.system(), System::nanoTime, RANDOMNESS, algorithms);
  }

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "HMAC_256", "SM4", "ML_DSA_65"})
  void aKindThatFailsItsSelfTestIsNotMade(KeySpec spec) throws IOException {
    Surroundings machine = machine(wantNative -> Failing.of(spec, RANDOMNESS, wantNative));
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of(), machine)) {
      String create = "{'key_alias':'k','key_spec':'" + spec + "'}";
      JsonNode refused = server.kms("create-key", create);

      assertThat(refused.toString()).contains("KMS.0101").doesNotContain(spec.name());
      assertThat(server.kms("list-keys", "{}", "/total")).isEqualTo("0");
      server.kms("create-key", "{'key_alias':'other'}", "/key_info/key_id");
      becomesUnready(server);
    }
  }

  @Test
  void keysOfAKindThatComesToFailAreUsedNoMore() throws IOException {
    String key;
    String symmetric;
    String blob;
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      String create = "{'key_alias':'k','key_spec':'EC_P256','key_usage':'SIGN_VERIFY'}";
      key = server.kms("create-key", create, "/key_info/key_id");
      symmetric = server.kms("create-key", "{'key_alias':'s'}", "/key_info/key_id");
      blob =
          server.kms(
              "encrypt-data",
              "{'key_id':'" + symmetric + "','plain_text':'hello'}",
              "/cipher_text");
      assertThat(readiness(server)).isEqualTo(200);
    }
    Surroundings machine =
        machine(wantNative -> Failing.of(KeySpec.EC_P256, RANDOMNESS, wantNative));
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of(), machine)) {
      String about = "{'key_id':'" + key + "'";
      String message = ",'message':'QQ==','message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'";
      for (String[] call :
          new String[][] {
            {"sign", about + message + "}"},
            {"verify", about + message + ",'signature':'QQ=='}"},
            {"get-publickey", about + "}"},
            {"create-ec-datakey-pair", "{'key_id':'" + symmetric + "','key_spec':'ECC_NIST_P256'}"}
          }) {
        assertThat(server.kms(call[0], call[1]).toString()).as(call[0]).contains("KMS.0101");
      }
      assertThat(server.kms("describe-key", about + "}", "/key_info/key_spec"))
          .isEqualTo("EC_P256");
      assertThat(server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text"))
          .isEqualTo("hello");
      becomesUnready(server);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HASHES", "KEYED_HASHES", "SEALING", "PASSWORDS"})
  void withoutWhatCarriesItTheServerDoesNotStart(Primitive primitive) {
    Surroundings machine = machine(_ -> Failing.of(primitive, RANDOMNESS));
    Path data = scratch.resolve("data");

    assertThatThrownBy(() -> new LiveServer(data, Map.of(), machine))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(primitive + " failed its self-test");
    assertThat(Files.exists(data)).isFalse();
  }

  @Test
  void withoutKeyWrappingNoPrivateKeyIsImported() throws Exception {
    Surroundings machine = machine(_ -> Failing.of(Primitive.KEY_WRAP, RANDOMNESS));
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of(), machine)) {
      becomesUnready(server);
      Importer importer = new Importer(server);
      String key = importer.key("ED25519", "SIGN_VERIFY");
      byte[] pkcs8 =
          KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();

      assertThat(importer.bringPair(key, pkcs8).toString()).contains("KMS.0101");
      assertThat(server.kms("describe-key", "{'key_id':'" + key + "'}", "/key_info/key_state"))
          .isEqualTo("5");
      String symmetric = importer.key("AES_256", "ENCRYPT_DECRYPT");
      assertThat(importer.bring(symmetric, new byte[32]).toString()).isEqualTo("{}");
    }
  }

  private static int readiness(LiveServer server) {
    return server.send(server.to("/health/ready").GET()).statusCode();
  }

  /** The server looks at itself from time to time. */
  private static void becomesUnready(LiveServer server) {
    Instant end = Instant.now().plusSeconds(20);
    while (readiness(server) != 503) {
      assertThat(Instant.now()).as("still ready").isBefore(end);
    }
  }
}
