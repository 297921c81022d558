package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each operation of a grant opens to a grantee of another account, and what none opens
 * (semantics.md 11), over HTTP with two tenants and more.
 */
class GrantMatrixTest {
  private static final String DIGEST =
      "F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B";

  private static final String FAR_REGION = "cn-south-1";

  /** Which operation of a grant a call needs; what is not here, no grant opens. */
  private static final Map<String, String> NEEDS =
      Map.of(
          "describe-key", "describe-key",
          "encrypt-data", "encrypt-data",
          "decrypt-data", "decrypt-data",
          "create-datakey", "create-datakey",
          "create-datakey-without-plaintext", "create-datakey-without-plaintext",
          "encrypt-datakey", "encrypt-datakey",
          "decrypt-datakey", "decrypt-datakey",
          "create-grant", "create-grant");

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant owner;
  private static String key = "";
  private static String data = "";
  private static String dataKey = "";
  private static String capsule = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("regions.others", FAR_REGION));
    owner = Tenant.first(server);
    key = owner.key("shared", "");
    data = owner.ok("encrypt-data", about(",'plain_text':'hello'")).text("/cipher_text");
    dataKey = owner.ok("create-datakey", about(",'datakey_length':'512'")).text("/cipher_text");
    String sealing = about(",'datakey_length':'256','key_policy':'{}'");
    capsule = owner.ok("datakey-capsule/create", sealing).text("/datakey_capsule");
    owner.ok("aliases", about(",'alias':'alias/ours'"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String about(String more) {
    return about(key, more);
  }

  private static String about(String id, String more) {
    return "{'key_id':'" + id + "'" + more + "}";
  }

  private static String grant(String id, Tenant to, String operations) {
    String members = ",'grantee_principal':'" + to.user + "','operations':[" + operations + "]";
    return owner.ok("create-grant", about(id, members)).text("/grant_id");
  }

  /** Every call about a symmetric key. */
  private static Map<String, String> calls() {
    Map<String, String> calls = new LinkedHashMap<>();
    calls.put("describe-key", about(""));
    calls.put("encrypt-data", about(",'plain_text':'hello'"));
    calls.put("decrypt-data", about(",'cipher_text':'" + data + "'"));
    calls.put("create-datakey", about(",'datakey_length':'256'"));
    calls.put("create-datakey-without-plaintext", about(",'datakey_length':'256'"));
    calls.put(
        "encrypt-datakey",
        about(",'datakey_plain_length':'64','plain_text':'" + "00".repeat(64) + DIGEST + "'"));
    calls.put(
        "decrypt-datakey", about(",'datakey_cipher_length':'64','cipher_text':'" + dataKey + "'"));
    calls.put("create-grant", about(",'grantee_principal':'abc','operations':['describe-key']"));
    calls.put("create-rsa-datakey-pair", about(",'key_spec':'RSA_2048'"));
    calls.put("create-ec-datakey-pair", about(",'key_spec':'ECC_NIST_P256'"));
    calls.put("list-grants", about(""));
    calls.put("revoke-grant", about(",'grant_id':'" + "a".repeat(64) + "'"));
    calls.put("enable-key", about(""));
    calls.put("disable-key", about(""));
    calls.put("schedule-key-deletion", about(",'pending_days':'7'"));
    calls.put("cancel-key-deletion", about(""));
    calls.put("update-key-alias", about(",'key_alias':'theirs'"));
    calls.put("update-key-description", about(",'key_description':'theirs'"));
    calls.put("enable-key-rotation", about(""));
    calls.put("disable-key-rotation", about(""));
    calls.put("update-key-rotation-interval", about(",'rotation_interval':'30'"));
    calls.put("get-key-rotation-status", about(""));
    calls.put("yaoku-rotate-now", about(""));
    calls.put("yaoku-list-versions", about(""));
    calls.put("get-parameters-for-import", about(",'wrapping_algorithm':'RSAES_OAEP_SHA_256'"));
    calls.put("delete-imported-key-material", about(""));
    calls.put(
        "import-key-material",
        about(",'import_token':'AAAA','encrypted_key_material':'" + "AAAA".repeat(86) + "'"));
    calls.put("rotate-on-demand", about(""));
    calls.put("datakey-capsule/create", about(",'datakey_length':'256','key_policy':'{}'"));
    calls.put(
        "datakey-capsule/decrypt",
        about(",'datakey_capsule':'" + capsule + "','attestation_document':{}"));
    calls.put("aliases", about(",'alias':'alias/theirs'"));
    calls.put("alias/associate", "{'target_key_id':'" + key + "','alias':'alias/theirs'}");
    calls.put(key + "/tags", "{'tag':{'key':'k'}}");
    calls.put(key + "/tags/action", "{'action':'create','tags':[{'key':'k'}]}");
    return calls;
  }

  /** Every call about it that is no POST, or is elsewhere. */
  private static Map<String, Function<Tenant, Tenant.Reply>> otherCalls() {
    String tags = "/kms/" + key + "/tags";
    Map<String, Function<Tenant, Tenant.Reply>> calls = new LinkedHashMap<>();
    calls.put("read tags", who -> who.call("GET", tags, ""));
    calls.put("delete tag", who -> who.call("DELETE", tags + "/k", ""));
    calls.put(
        "delete alias",
        who -> who.call("DELETE", "/kms/aliases", about(",'aliases':['alias/ours']")));
    calls.put(
        "replicate",
        who -> {
          String order =
              "{'replica_region':'%s','replica_project_id':'%s','key_alias':'theirs'}"
                  .formatted(FAR_REGION, server.projectIn(FAR_REGION));
          return who.send("POST", ofRegions(who) + "/replicate", order);
        });
    calls.put(
        "update-primary-region",
        who ->
            who.send(
                "PUT",
                ofRegions(who) + "/update-primary-region",
                "{'primary_region':'" + FAR_REGION + "'}"));
    return calls;
  }

  private static String ofRegions(Tenant who) {
    return "/v2/" + who.project + "/kms/keys/" + key;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create-datakey",
        "create-datakey-without-plaintext",
        "encrypt-datakey",
        "decrypt-datakey",
        "describe-key",
        "create-grant",
        "retire-grant",
        "encrypt-data",
        "decrypt-data"
      })
  void aGrantOpensWhatItNamesAndNothingElse(String granted) {
    Tenant grantee = Tenant.another(server);
    // create-grant alone is no grant, so it comes with what it may give on.
    String also = granted.equals("create-grant") ? ",'describe-key'" : "";
    String grant = grant(key, grantee, "'" + granted + "'" + also);
    Set<String> open = also.isEmpty() ? Set.of(granted) : Set.of(granted, "describe-key");
    Map<String, String> expected = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    calls()
        .forEach((call, body) -> {
          expected.put(call, open.contains(NEEDS.getOrDefault(call, "")) ? "200" : "KMS.0306");
          found.put(call, grantee.kms(call, body).code());
        });
    otherCalls()
        .forEach((call, made) -> {
          expected.put(call, "KMS.0306");
          found.put(call, made.apply(grantee).code());
        });
    String destination = grantee.key("own", "");
    String from = "{'destination_key_id':'" + destination + "','cipher_text':'" + data + "'}";
    expected.put("re-encrypt from", granted.equals("decrypt-data") ? "200" : "KMS.0306");
    found.put("re-encrypt from", grantee.kms("re-encrypt", from).code());
    String own =
        grantee.ok("encrypt-data", about(destination, ",'plain_text':'x'")).text("/cipher_text");
    String to = "{'destination_key_id':'" + key + "','cipher_text':'" + own + "'}";
    expected.put("re-encrypt to", granted.equals("encrypt-data") ? "200" : "KMS.0306");
    found.put("re-encrypt to", grantee.kms("re-encrypt", to).code());
    expected.put("retire-grant", granted.equals("retire-grant") ? "200" : "KMS.0306");
    String ending = about(",'grant_id':'" + grant + "'");
    found.put("retire-grant", grantee.kms("retire-grant", ending).code());
    assertThat(found).isEqualTo(expected);

    // Afterwards the key is as if it were not there.
    owner.kms("revoke-grant", ending);
    assertThat(grantee.kms("describe-key", about("")).is(404).code()).isEqualTo("KMS.0207");
    assertThat(grantee.kms("encrypt-data", about(",'plain_text':'x'")).code())
        .isEqualTo("KMS.0207");
  }

  @Test
  void noGrantOpensSignaturesCodesPublicKeysOrAgreement() {
    Tenant grantee = Tenant.another(server);
    String all =
        "'create-datakey','create-datakey-without-plaintext','encrypt-datakey','decrypt-datakey',"
            + "'describe-key','create-grant','retire-grant','encrypt-data','decrypt-data'";
    String signing = owner.key("signing", "'key_spec':'EC_P256'");
    String mac = owner.key("mac", "'key_spec':'HMAC_256'");
    String agreeing = owner.key("agreeing", "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'");
    for (String id : List.of(signing, mac, agreeing)) {
      grant(id, grantee, all);
      grantee.ok("describe-key", about(id, ""));
    }
    String message =
        ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'";
    String code = ",'message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'";
    assertThat(grantee.kms("sign", about(signing, message)).is(403).code()).isEqualTo("KMS.0306");
    assertThat(grantee.kms("verify", about(signing, message + ",'signature':'aGk='")).code())
        .isEqualTo("KMS.0306");
    assertThat(grantee.kms("get-publickey", about(signing, "")).code()).isEqualTo("KMS.0306");
    assertThat(grantee.kms("generate-mac", about(mac, code)).code()).isEqualTo("KMS.0306");
    assertThat(grantee.kms("verify-mac", about(mac, code + ",'mac':'00'")).code())
        .isEqualTo("KMS.0306");
    String peer = owner.ok("get-publickey", about(agreeing, "")).text("/public_key");
    String agreement =
        ",'key_agreement_algorithm':'ECDH','public_key':'%s'"
            .formatted(peer.replace("\r\n", "\\r\\n"));
    owner.ok("derive-shared-secret", about(agreeing, agreement));
    assertThat(grantee.kms("derive-shared-secret", about(agreeing, agreement)).is(403).code())
        .isEqualTo("KMS.0306");
  }

  @Test
  void nobodyGivesOnMoreThanHeHas() {
    Tenant grantee = Tenant.another(server);
    grant(key, grantee, "'create-grant','describe-key'");
    String friend = ",'grantee_principal':'" + Tenant.another(server).user + "','operations':";
    grantee.ok("create-grant", about(friend + "['describe-key']"));
    for (String more : List.of("['encrypt-data']", "['describe-key','decrypt-data']")) {
      assertThat(grantee.kms("create-grant", about(friend + more)).is(400).code())
          .isEqualTo("KMS.2403");
    }
  }

  @Test
  void aGrantToAnAccountIsForAllItsUsersAndForNobodyElse() {
    Tenant grantee = Tenant.another(server);
    String members =
        ",'grantee_principal':'"
            + grantee.account
            + "','grantee_principal_type':'domain','operations':['encrypt-data']";
    owner.ok("create-grant", about(members));
    grantee.ok("encrypt-data", about(",'plain_text':'x'"));
    grantee.colleague().ok("encrypt-data", about(",'plain_text':'x'"));
    assertThat(Tenant.another(server).kms("encrypt-data", about(",'plain_text':'x'")).code())
        .isEqualTo("KMS.0207");
  }
}
