package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
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
  private static final String FAR_REGION = "cn-south-1";

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant tenant;
  private static KeySpaces calls;
  private static String healthy = "";

  @BeforeAll
  static void start() throws IOException {
    server =
        new LiveServer(
            scratch.resolve("data"), Map.of("quotas.keys", "1000", "regions.others", FAR_REGION));
    calls = new KeySpaces(server);
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
            + "'signing_algorithm':'ECDSA_SHA_256','signature':'$signature'}",
        "get-publickey|'key_spec':'EC_P256'|{'key_id':'$key'}",
        "generate-mac|'key_spec':'HMAC_256'"
            + "|{'key_id':'$key','message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'}",
        "verify-mac|'key_spec':'HMAC_256'"
            + "|{'key_id':'$key','message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256','mac':'$mac'}",
        "derive-shared-secret|'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'"
            + "|{'key_id':'$key','key_agreement_algorithm':'ECDH','public_key':'$partner'}",
        "enable-key||{'key_id':'$key'}",
        "cancel-key-deletion||{'key_id':'$key'}",
        "update-key-rotation-interval||{'key_id':'$key','rotation_interval':'90'}",
        "disable-key-rotation||{'key_id':'$key'}",
        "revoke-grant||{'key_id':'$key','grant_id':'$grant'}",
        "retire-grant||{'key_id':'$key','grant_id':'$grant'}",
        "yaoku-revoke-grant-tree||{'key_id':'$key','grant_id':'$grant'}",
        "import-key-material|'origin':'external'"
            + "|{'key_id':'$key','import_token':'$token','encrypted_key_material':'$material'}",
        "delete-imported-key-material|'origin':'external'|{'key_id':'$key'}",
        "rotate-on-demand|'origin':'external'|{'key_id':'$key'}",
        "DELETE aliases||{'key_id':'$key','aliases':['alias/name-$number']}",
        "datakey-capsule/create||{'key_id':'$key','datakey_length':'256','key_policy':'{}'}",
        "datakey-capsule/decrypt||{'key_id':'$key','datakey_capsule':'$capsule',"
            + "'attestation_document':$proof}",
      })
  void everyNameDoes(String operation, String kind, String body) {
    Map<String, Integer> found = new LinkedHashMap<>();
    Map<String, String> refusals = new LinkedHashMap<>();
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
      before(operation, key);
      Tenant.Reply reply = sent(operation, filled(body, key, named, number));
      found.put(form, reply.status());
      if (reply.status() >= 300) {
        refusals.put(form, reply.raw().body());
      } else if (reply.status() == 200
          && body.startsWith("{'key_id'")
          && reply.json().has("key_id")) {
        assertThat(reply.text("/key_id")).as(form).isEqualTo(key);
      }
    }
    assertThat(refusals).isEmpty();
    assertThat(found.values()).hasSize(4).containsOnly(found.get("id"));
  }

  private static Tenant.Reply sent(String operation, String body) {
    return operation.startsWith("DELETE ")
        ? tenant.call("DELETE", "/kms/" + operation.substring("DELETE ".length()), body)
        : tenant.kms(operation, body);
  }

  /** Brings a key where the operation can be done, by its id. */
  private static void before(String operation, String key) {
    switch (operation) {
      case "enable-key" -> tenant.ok("disable-key", about(key, ""));
      case "cancel-key-deletion" ->
          tenant.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));
      case "update-key-rotation-interval", "disable-key-rotation" ->
          tenant.ok("enable-key-rotation", about(key, ""));
      case "delete-imported-key-material" -> bring(key, 0);
      case "rotate-on-demand" -> {
        bring(key, 0);
        bring(key, 1);
      }
      default -> {
        // A new key will do.
      }
    }
  }

  private static void bring(String key, int first) {
    byte[] material = new byte[32];
    material[0] = (byte) first;
    assertThat(new Importer(server).bring(key, material)).isEmpty();
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static String filled(String body, String key, String named, int number) {
    String filled = body;
    for (Map.Entry<String, UnaryOperator<String>> made : MADE_WITH.entrySet()) {
      if (filled.contains(made.getKey())) {
        filled = filled.replace(made.getKey(), made.getValue().apply(key));
      }
    }
    if (filled.contains("$token")) {
      Importer.Parcel parcel = new Importer(server).parcel(key, new byte[32]);
      filled = filled.replace("$token", parcel.token()).replace("$material", parcel.material());
    }
    if (filled.contains("$capsule")) {
      KeySpaces.Program program = calls.program(KeySpaces.space());
      String capsule = calls.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule");
      filled =
          filled
              .replace("$capsule", capsule)
              .replace("$proof", KeySpaces.JSON.writeValueAsString(proof(program, capsule)));
    }
    return filled
        .replace("$key", named)
        .replace("$healthy", healthy)
        .replace("$number", Integer.toString(number))
        .replace(
            "$digested",
            "00".repeat(64) + "F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B");
  }

  private static Map<String, String> proof(KeySpaces.Program program, String capsule) {
    try {
      return program.proof(capsule, Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What stands in a body for something that the key made. */
  private static final Map<String, UnaryOperator<String>> MADE_WITH =
      Map.of(
          "$data", key -> made("encrypt-data", key, ",'plain_text':'x'", "/cipher_text"),
          "$other", _ -> made("encrypt-data", healthy, ",'plain_text':'x'", "/cipher_text"),
          "$wrapped", key -> made("create-datakey", key, ",'datakey_length':'512'", "/cipher_text"),
          "$signature",
              key ->
                  made(
                      "sign",
                      key,
                      ",'message':'aGVsbG8=','message_type':'RAW',"
                          + "'signing_algorithm':'ECDSA_SHA_256'",
                      "/signature"),
          "$mac",
              key ->
                  made(
                      "generate-mac",
                      key,
                      ",'message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'",
                      "/mac"),
          "$grant",
              key ->
                  made(
                      "create-grant",
                      key,
                      ",'grantee_principal':'a','operations':['describe-key'],"
                          + "'retiring_principal':'%s'".formatted(tenant.user),
                      "/grant_id"),
          "$partner",
              _ -> {
                String other =
                    tenant.key(
                        "partner-" + NAMES.incrementAndGet(),
                        "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'");
                return made("get-publickey", other, "", "/public_key")
                    .replaceAll("-----[A-Z ]+-----|\\s", "");
              });

  private static String made(String operation, String key, String more, String pointer) {
    return tenant.ok(operation, about(key, more)).text(pointer);
  }

  @Test
  void tagsAndListedAliasesAreThoseOfAKeyNamedByItsId() {
    String key = tenant.key("by-id", "");
    tenant.ok("aliases", about(key, ",'alias':'alias/by-id'"));
    String urn = "kms%3A" + server.known("region") + "%3A" + tenant.account + "%3A";
    for (String name :
        new String[] {"alias%2Fby-id", urn + "alias%3Aby-id", urn + "KeyId%3A" + key}) {
      List<Tenant.Reply> replies =
          List.of(
              tenant.call("GET", "/kms/" + name + "/tags", ""),
              tenant.call("POST", "/kms/" + name + "/tags", "{'tag':{'key':'k','value':'v'}}"),
              tenant.call("POST", "/kms/" + name + "/tags/action", "{'action':'delete','tags':[]}"),
              tenant.call("DELETE", "/kms/" + name + "/tags/k", ""),
              tenant.call("GET", "/kms/aliases?key_id=" + name, ""));
      assertThat(replies).as(name).extracting(Tenant.Reply::code).containsOnly("KMS.0205");
    }
  }

  @Test
  void aRegionsPathTakesEveryNameAndABodyOnlyThePathsOwn() {
    String key = tenant.key("regional", "");
    tenant.ok("aliases", about(key, ",'alias':'alias/regional'"));
    String urn = "kms%3A" + server.known("region") + "%3A" + tenant.account + "%3A";
    String far = server.projectIn(FAR_REGION);
    String members =
        "'replica_region':'%s','replica_project_id':'%s','key_alias':'far'"
            .formatted(FAR_REGION, far);
    String keys = "/v2/" + tenant.project + "/kms/keys/";
    assertThat(
            tenant
                .send("POST", keys + key + "/replicate", about("alias/regional", "," + members))
                .code())
        .isEqualTo("KMS.0205");
    tenant.send("POST", keys + "alias%2Fregional/replicate", "{" + members + "}").is(200);
    for (String name : new String[] {urn + "alias%3Aregional", urn + "KeyId%3A" + key, key}) {
      String path = keys + name + "/update-primary-region";
      String home = "{'primary_region':'" + server.known("region") + "'}";
      assertThat(tenant.send("PUT", path, home).code())
          .as("found, and primary already: " + name)
          .isEqualTo("KMS.0308");
    }
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
