package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A key's id, its alias, and the URN of either stand for the key in every body (operations.md 1.1);
 * answers name it by its id.
 */
class NamesOfKeysTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant tenant;
  private static String healthy = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("quotas.keys", "1000"));
    tenant = Tenant.first(server);
    healthy = tenant.key("healthy", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "describe-key||{'key_id':'$key'}",
        "disable-key||{'key_id':'$key'}",
        "schedule-key-deletion||{'key_id':'$key','pending_days':'7'}",
        "update-key-alias||{'key_id':'$key','key_alias':'renamed-$number'}",
        "update-key-description||{'key_id':'$key','key_description':'new'}",
        "encrypt-data||{'key_id':'$key','plain_text':'x'}",
        "decrypt-data||{'key_id':'$key','cipher_text':'$data'}",
        "create-datakey||{'key_id':'$key','datakey_length':'512'}",
        "create-datakey-without-plaintext||{'key_id':'$key','datakey_length':'512'}",
        "encrypt-datakey||{'key_id':'$key','datakey_plain_length':'64','plain_text':'$digested'}",
        "decrypt-datakey||{'key_id':'$key','datakey_cipher_length':'64','cipher_text':'$wrapped'}",
        "create-rsa-datakey-pair||{'key_id':'$key','key_spec':'RSA_2048'}",
        "create-ec-datakey-pair||{'key_id':'$key','key_spec':'ECC_NIST_P256'}",
        "re-encrypt||{'destination_key_id':'$key','cipher_text':'$other'}",
        "re-encrypt||{'source_key_id':'$key','destination_key_id':'$healthy',"
            + "'cipher_text':'$data'}",
        "enable-key-rotation||{'key_id':'$key'}",
        "get-key-rotation-status||{'key_id':'$key'}",
        "create-grant||{'key_id':'$key','grantee_principal':'a','operations':['describe-key']}",
        "list-grants||{'key_id':'$key'}",
        "aliases||{'key_id':'$key','alias':'alias/further-$number'}",
        "alias/associate||{'target_key_id':'$key','alias':'alias/further-$number'}",
        "yaoku-rotate-now||{'key_id':'$key'}",
        "yaoku-list-versions||{'key_id':'$key'}",
        "get-parameters-for-import|'origin':'external'"
            + "|{'key_id':'$key','wrapping_algorithm':'RSAES_OAEP_SHA_256'}",
        "sign|'key_spec':'EC_P256'|{'key_id':'$key','message':'aGVsbG8=','message_type':'RAW',"
            + "'signing_algorithm':'ECDSA_SHA_256'}",
        "verify|'key_spec':'EC_P256'|{'key_id':'$key','message':'aGVsbG8=','message_type':'RAW',"
            + "'signing_algorithm':'ECDSA_SHA_256','signature':'MEUCIQD='}",
        "get-publickey|'key_spec':'EC_P256'|{'key_id':'$key'}",
        "generate-mac|'key_spec':'HMAC_256'"
            + "|{'key_id':'$key','message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'}",
        "verify-mac|'key_spec':'HMAC_256'"
            + "|{'key_id':'$key','message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256','mac':'00'}",
      })
  void everyNameDoes(String operation, String kind, String body) {
    Map<String, String> expected = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    for (String form : new String[] {"id", "alias", "urn of alias", "urn of id"}) {
      int number = NAMES.incrementAndGet();
      String key = tenant.key("named-" + number, kind == null ? "" : kind);
      String alias = "name-" + number;
      tenant.ok("aliases", "{'key_id':'" + key + "','alias':'alias/" + alias + "'}");
      String urn = "kms:" + server.known("region") + ":" + tenant.account + ":";
      String named =
          switch (form) {
            case "id" -> key;
            case "alias" -> "alias/" + alias;
            case "urn of alias" -> urn + "alias:" + alias;
            default -> urn + "KeyId:" + key;
          };
      Tenant.Reply reply = tenant.kms(operation, filled(body, key, named, number));
      expected.putIfAbsent(form, found.isEmpty() ? reply.code() : found.values().iterator().next());
      found.put(form, reply.code());
      if (reply.status() == 200 && body.startsWith("{'key_id'") && reply.json().has("key_id")) {
        assertThat(reply.text("/key_id")).as(form).isEqualTo(key);
      }
    }
    assertThat(found).isEqualTo(expected);
    assertThat(found.get("id")).isNotIn("KMS.0205", "KMS.0207");
  }

  private static String filled(String body, String key, String named, int number) {
    String filled = body;
    if (body.contains("$data")) {
      filled = filled.replace("$data", made("encrypt-data", key, ",'plain_text':'x'"));
    }
    if (body.contains("$other")) {
      filled = filled.replace("$other", made("encrypt-data", healthy, ",'plain_text':'x'"));
    }
    if (body.contains("$wrapped")) {
      filled = filled.replace("$wrapped", made("create-datakey", key, ",'datakey_length':'512'"));
    }
    return filled
        .replace("$key", named)
        .replace("$healthy", healthy)
        .replace("$number", Integer.toString(number))
        .replace(
            "$digested",
            "00".repeat(64) + "F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B");
  }

  private static String made(String operation, String key, String more) {
    return tenant.ok(operation, "{'key_id':'" + key + "'" + more + "}").text("/cipher_text");
  }

  @Test
  void namesOfOthersOrOfNobodyStandForNothing() {
    Tenant other = Tenant.another(server);
    String theirs = other.key("theirs", "");
    other.ok("aliases", "{'key_id':'" + theirs + "','alias':'alias/theirs'}");
    String region = server.known("region");
    for (String name :
        new String[] {
          "alias/unknown",
          "alias/theirs",
          "kms:" + region + ":" + other.account + ":alias:theirs",
          "kms:" + region + ":" + other.account + ":KeyId:" + theirs,
          theirs
        }) {
      assertThat(tenant.kms("describe-key", "{'key_id':'" + name + "'}").is(404).code())
          .as(name)
          .isEqualTo("KMS.0207");
    }
    for (String bad :
        new String[] {
          "kms:mars:" + tenant.account + ":alias:x", "kms:" + region + ":x", "healthy", "alias/"
        }) {
      assertThat(tenant.kms("describe-key", "{'key_id':'" + bad + "'}").is(400).code())
          .as(bad)
          .isEqualTo("KMS.0205");
    }
  }
}
