package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dedicated keystores and the keys in them (semantics.md 16). */
class KeystoresOverHttpTest {
  @TempDir Path scratch;
  private LiveServer server;
  private Tenant tenant;
  private String keystore = "";

  @BeforeEach
  void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("dev.enabled", "true"));
    tenant = Tenant.first(server);
    String order = "{'keystore_alias':'hsm','hsm_cluster_id':'c-1','hsm_ca_cert':'PEM'}";
    keystore = tenant.call("POST", "/keystores", order).is(200).text("/keystore/keystore_id");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private Tenant.Reply turn(String way) {
    return tenant.call("POST", "/keystores/" + keystore + "/" + way, "");
  }

  private String filed(String more) {
    turn("enable").is(200);
    return tenant.key("filed" + more.hashCode(), "'keystore_id':'" + keystore + "'" + more);
  }

  @Test
  void aDisabledKeystoreTakesNoKey() {
    String order = "{'key_alias':'k','keystore_id':'" + keystore + "'}";
    assertThat(tenant.kms("create-key", order).is(400).code()).isEqualTo("KMS.0340");
    assertThat(tenant.kms("list-keys", "{}").at("/total").intValue()).isZero();
    turn("enable").is(200);
    assertThat(tenant.ok("create-key", order).text("/key_info/key_id")).hasSize(36);
    turn("disable").is(200);
    assertThat(tenant.kms("create-key", order.replace("'k'", "'l'")).code()).isEqualTo("KMS.0340");
  }

  @Test
  void aKeystoreThatIsNotThereTakesNoKey() {
    String order = "{'key_alias':'k','keystore_id':'00000000-0000-4000-8000-000000000000'}";
    assertThat(tenant.kms("create-key", order).is(400).code()).isEqualTo("KMS.8003");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "encrypt-data|,'plain_text':'hello'|",
        "create-datakey|,'key_spec':'AES_256'|",
        "create-datakey-without-plaintext|,'key_spec':'AES_256'|",
        "create-rsa-datakey-pair|,'key_spec':'RSA_2048'|",
        "create-ec-datakey-pair|,'key_spec':'ECC_NIST_P256'|",
        "sign|,'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'|"
            + ",'key_spec':'EC_P256'",
        "get-publickey||,'key_spec':'EC_P256'",
        "generate-mac|,'message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'|"
            + ",'key_spec':'HMAC_256'",
      })
  void whatIsInADisabledKeystoreIsNotUsed(String operation, String members, String kind) {
    String more = kind == null ? "" : kind;
    String key = filed(more);
    String body = about(key, members == null ? "" : members);
    tenant.ok(operation, body);
    turn("disable").is(200);
    assertThat(tenant.kms(operation, body).is(400).code()).isEqualTo("KMS.0340");
    // It can still be looked at, and comes back whole.
    assertThat(tenant.ok("describe-key", about(key, "")).text("/key_info/key_state"))
        .isEqualTo("2");
    turn("enable").is(200);
    tenant.ok(operation, body);
  }

  @Test
  void ciphertextOfADisabledKeystoreDoesNotOpen() {
    String key = filed("");
    String data =
        tenant.ok("encrypt-data", about(key, ",'plain_text':'hello'")).text("/cipher_text");
    String wrapped =
        tenant.ok("create-datakey", about(key, ",'datakey_length':'512'")).text("/cipher_text");
    turn("disable").is(200);
    assertThat(tenant.kms("decrypt-data", "{'cipher_text':'" + data + "'}").is(400).code())
        .isEqualTo("KMS.0340");
    String members = ",'datakey_cipher_length':'64','cipher_text':'" + wrapped + "'";
    assertThat(tenant.kms("decrypt-datakey", about(key, members)).is(400).code())
        .isEqualTo("KMS.0340");
  }

  @Test
  void itsKeysNeitherRotateNorTakeMaterial() {
    String key = filed("");
    assertThat(tenant.kms("enable-key-rotation", about(key, "")).is(400).code())
        .isEqualTo("KMS.0338");
    String order = "{'key_alias':'ext','origin':'external','keystore_id':'" + keystore + "'}";
    assertThat(tenant.kms("create-key", order).is(400).code()).isEqualTo("KMS.0339");
  }

  @Test
  void aKeystoreIsDeletedOnceItsLastKeyIsGone() {
    String key = filed("");
    String place = "/keystores/" + keystore;
    assertThat(tenant.call("DELETE", place, "").is(400).code()).isEqualTo("KMS.0308");
    tenant.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));
    assertThat(tenant.call("DELETE", place, "").is(400).code()).isEqualTo("KMS.0308");
    tenant.call("GET", place, "").is(200);

    // The key is gone for its users at its date, though the operator can still bring it back.
    long days = Duration.ofDays(7).toSeconds();
    tenant.send("POST", "/dev/clock", "{'forward_seconds':" + days + "}").is(200);
    tenant.call("DELETE", place, "").is(204);
    assertThat(tenant.call("GET", place, "").is(400).code()).isEqualTo("KMS.8003");
  }

  @Test
  void aKeyDoesNotComeBackIntoAKeystoreThatWasDeletedMeanwhile() {
    String key = filed("");
    String built = tenant.key("built-in", "");
    for (String doomed : new String[] {key, built}) {
      tenant.ok("schedule-key-deletion", about(doomed, ",'pending_days':'7'"));
    }
    long days = Duration.ofDays(7).toSeconds();
    tenant.send("POST", "/dev/clock", "{'forward_seconds':" + days + "}").is(200);
    tenant.call("DELETE", "/keystores/" + keystore, "").is(204);
    long changes = server.changes();

    assertThat(tenant.kms("yaoku-undelete-key", about(key, "")).is(400).code())
        .isEqualTo("KMS.8003");

    assertThat(server.changes()).isEqualTo(changes);
    assertThat(tenant.kms("describe-key", about(key, "")).is(404).code()).isEqualTo("KMS.0207");
    assertThat(tenant.ok("yaoku-undelete-key", about(built, "")).text("/key_state")).isEqualTo("3");
  }
}
