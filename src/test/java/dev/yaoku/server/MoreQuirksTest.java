package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The contradictions that {@link QuirksTest} leaves, and the points that were decided without a
 * source; and the settings that turn some of them round. Each name begins with the number. D1 is in
 * {@link OrderOfChecksTest}, D2 in {@link DuplicateNamesTest}, D4 in {@link KeyStatesOverHttpTest},
 * 42 in {@link ErrorCodesTest}; D9 goes with multi-region keys.
 *
 * @see "contract/quirks.md"
 */
class MoreQuirksTest {
  private static final String FAR_REGION = "cn-south-1";

  @TempDir static Path scratch;
  @TempDir Path own;
  private static LiveServer server;
  private static Tenant tenant;
  private static String key = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("regions.others", FAR_REGION));
    tenant = Tenant.first(server);
    key = tenant.key("orders", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private LiveServer with(String... settings) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    return new LiveServer(own.resolve("data"), given);
  }

  private static String about(String id, String more) {
    return "{'key_id':'" + id + "'" + more + "}";
  }

  private static JsonNode details(String id) {
    return tenant.ok("describe-key", about(id, "")).at("/key_info");
  }

  private static JsonNode search(String members) {
    return tenant.ok("resource_instances/action", members).json();
  }

  private static String tagged(String name, String tagKey, String value) {
    String id = tenant.key(name, "");
    tenant.ok(id + "/tags", "{'tag':{'key':'" + tagKey + "','value':'" + value + "'}}");
    return id;
  }

  // Seed documents

  @Test
  void s3S27AnErrorIsOneObjectOfTwoTextsOnEveryRoute() {
    for (Tenant.Reply reply :
        List.of(
            tenant.kms("describe-key", "{}"),
            tenant.kms("list-keys", "{'limit':'0'}"),
            tenant.call("GET", "/keystores/unknown", ""),
            tenant.call("GET", "/kms/no-id/tags", ""),
            tenant.kms("resource_instances/action", "{'action':'x'}"))) {
      assertThat(reply.json().propertyNames()).containsExactly("error");
      assertThat(reply.at("/error").propertyNames()).containsExactly("error_code", "error_msg");
      assertThat(reply.text("/error/error_msg")).isNotEmpty();
    }
  }

  @Test
  void s7D3EveryKindOfKeyIsListedUnlessOneIsAskedFor() {
    String signing = tenant.key("s7", "'key_spec':'EC_P384'");
    assertThat(tenant.ok("list-keys", "{}").at("/keys").toString()).contains(signing, key);
    assertThat(tenant.ok("list-keys", "{'key_spec':'ALL'}").at("/keys").toString())
        .contains(signing, key);
    assertThat(tenant.ok("list-keys", "{'key_spec':'EC_P384'}").at("/keys").toString())
        .contains(signing)
        .doesNotContain(key);
  }

  @Test
  void d3TheDocumentsDefaultIsASetting() throws IOException {
    try (LiveServer strict = with("contract.list-without-spec", "AES_256")) {
      Tenant caller = Tenant.first(strict);
      String aes = caller.key("aes", "");
      caller.key("ec", "'key_spec':'EC_P256'");
      assertThat(caller.ok("list-keys", "{}").at("/keys").toString())
          .isEqualTo("[\"" + aes + "\"]");
      assertThat(caller.ok("list-keys", "{'key_spec':'ALL'}").at("/keys")).hasSize(2);
    }
  }

  @Test
  void s8AMarkerIsANumberOfKeysDelivered() {
    tenant.key("s8", "");
    JsonNode first = tenant.ok("list-keys", "{'limit':'1'}").json();
    assertThat(first.at("/next_marker").stringValue()).isEqualTo("1");
    JsonNode second = tenant.ok("list-keys", "{'limit':'1','marker':'1'}").json();
    assertThat(second.at("/keys/0")).isNotEqualTo(first.at("/keys/0"));
  }

  @Test
  void s12TheRealmIsTheRegion() {
    assertThat(details(key).at("/realm").stringValue()).isEqualTo(server.known("region"));
  }

  @Test
  void s13KeyIdsAreHexadecimalAndOtherLettersAreTaken() {
    assertThat(key).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(tenant.kms("describe-key", about("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "")).code())
        .isEqualTo("KMS.0207");
  }

  @Test
  void s16AFoundKeyHasAllDetails() {
    String id = tagged("s16", "s16", "v");
    JsonNode detail =
        search("{'tags':[{'key':'s16','values':['v']}]}").at("/resources/0/resource_detail");
    assertThat(new TreeSet<>(detail.propertyNames()))
        .isEqualTo(new TreeSet<>(details(id).propertyNames()))
        .contains("key_spec", "key_usage", "keystore_id", "partition_type", "key_label");
  }

  @Test
  void s17LimitAndOffsetAreNumbersOrTexts() {
    tagged("s17", "s17", "v");
    for (String members : List.of("'limit':'1','offset':0", "'limit':1,'offset':'0'")) {
      assertThat(search("{" + members + ",'tags':[{'key':'s17'}]}").at("/resources")).hasSize(1);
    }
  }

  @Test
  void s18WithoutAnActionKeysAreFiltered() {
    tagged("s18", "s18", "v");
    assertThat(search("{'tags':[{'key':'s18'}]}").at("/resources")).hasSize(1);
    JsonNode counted = search("{'action':'count','tags':[{'key':'s18'}]}");
    assertThat(counted.at("/resources")).isEmpty();
    assertThat(counted.at("/total_count").intValue()).isEqualTo(1);
  }

  @Test
  void s19ValuesOfOneTagAreAlternativesAndTagsAreConditions() {
    String one = tagged("s19-1", "s19", "a");
    tagged("s19-2", "s19", "b");
    tenant.ok(one + "/tags", "{'tag':{'key':'s19-more','value':'x'}}");
    assertThat(search("{'tags':[{'key':'s19','values':['a','b']}]}").at("/total_count").intValue())
        .isEqualTo(2);
    JsonNode both = search("{'tags':[{'key':'s19','values':['a','b']},{'key':'s19-more'}]}");
    assertThat(both.at("/total_count").intValue()).isEqualTo(1);
    assertThat(both.at("/resources/0/resource_id").stringValue()).isEqualTo(one);
  }

  @Test
  void s20TheWiderLimitsOfTagsHold() {
    String id = tenant.key("s20", "");
    StringBuilder tags = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      String name = "k%02d".formatted(i) + "k".repeat(125);
      tags.append(i == 0 ? "" : ",")
          .append("{'key':'" + name + "','value':'" + "v".repeat(255) + "'}");
    }
    tenant.ok(id + "/tags/action", "{'action':'create','tags':[" + tags + "]}");
    assertThat(tenant.call("GET", "/kms/" + id + "/tags", "").at("/existTagsNum").intValue())
        .isEqualTo(20);
  }

  @Test
  void s21AMatchMayHave255Characters() {
    String name = "s21-" + "n".repeat(251);
    String id = tenant.key(name, "");
    JsonNode found = search("{'matches':[{'key':'resource_name','value':'" + name + "'}]}");
    assertThat(found.at("/resources/0/resource_id").stringValue()).isEqualTo(id);
  }

  @Test
  void s22TheTotalHasNoLimit() throws IOException {
    try (LiveServer roomy = with("quotas.keys", "1000")) {
      Tenant caller = Tenant.first(roomy);
      for (int i = 0; i < 101; i++) {
        caller.key("many-" + i, "");
      }
      JsonNode counted = caller.ok("resource_instances/action", "{'action':'count'}").json();
      assertThat(counted.at("/total_count").intValue()).isEqualTo(101);
    }
  }

  @Test
  void s24S26AKeystoreHasATypeOfTheApiAndPagesBeginAtZero() {
    String order = "{'keystore_alias':'s24','hsm_cluster_id':'s24','hsm_ca_cert':'x'}";
    tenant.call("POST", "/keystores", order).is(200);
    JsonNode all = tenant.call("GET", "/keystores", "").at("/keystores");
    assertThat(all.at("/0/keystore_type").stringValue()).isIn("DHSM", "CDMS", "DEFAULT");
    assertThat(tenant.call("GET", "/keystores?offset=0", "").at("/keystores")).isEqualTo(all);
  }

  @Test
  void s25Q32WithoutCredentialsItIs401InTheGatewaysFormAndWithoutTheRight403() {
    String path = "/v1.0/" + tenant.project + "/keystores";
    var nobody = server.send(server.to(path).GET());
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.body()).contains("\"error_code\":\"APIGW.0301\"");
    assertThat(tenant.colleague().call("GET", "/keystores", "").is(403).code())
        .isEqualTo("KMS.0307");
  }

  // Between SDK, other clients and documents

  @Test
  void q9Q12Q14LengthsAreThoseOfTheDataKeyAndTheWideRangesHold() {
    for (String bits : List.of("8", "8192")) {
      JsonNode made =
          tenant.ok("create-datakey", about(key, ",'datakey_length':'" + bits + "'")).json();
      int bytes = Integer.parseInt(bits) / 8;
      assertThat(made.at("/plain_text").stringValue()).hasSize(2 * bytes);
      String members =
          ",'datakey_cipher_length':'%d','cipher_text':'%s'"
              .formatted(bytes, made.at("/cipher_text").stringValue());
      JsonNode opened = tenant.ok("decrypt-datakey", about(key, members)).json();
      assertThat(opened.at("/data_key")).isEqualTo(made.at("/plain_text"));
      assertThat(opened.at("/datakey_length").stringValue()).isEqualTo("" + bytes);
    }
    assertThat(tenant.ok("gen-random", "{'random_data_length':'8192'}").text("/random_data"))
        .hasSize(2048);
  }

  @Test
  void q16TheMacAlgorithmIsNotNamedLikeTheKeySpec() {
    String mac = tenant.key("q16", "'key_spec':'HMAC_384','key_usage':'GENERATE_VERIFY_MAC'");
    String members = ",'message':'aGVsbG8=','mac_algorithm':'";
    tenant.ok("generate-mac", about(mac, members + "HMAC_SHA_384'"));
    assertThat(tenant.kms("generate-mac", about(mac, members + "HMAC_384'")).code())
        .isEqualTo("KMS.0308");
  }

  @Test
  void q17CurvesHaveOneNameAsKeysAndAnotherAsPairs() {
    tenant.key("q17", "'key_spec':'EC_P256'");
    assertThat(tenant.kms("create-key", "{'key_alias':'x','key_spec':'ECC_NIST_P256'}").code())
        .isEqualTo("KMS.1110");
    tenant.ok("create-ec-datakey-pair", about(key, ",'key_spec':'ECC_NIST_P256'"));
    assertThat(tenant.kms("create-ec-datakey-pair", about(key, ",'key_spec':'EC_P256'")).status())
        .isEqualTo(400);
  }

  @Test
  void q18StateSevenIsNeitherSentNorAskedFor() {
    assertThat(tenant.kms("list-keys", "{'key_state':'7'}").code()).isEqualTo("KMS.0308");
    tenant
        .ok("list-keys", "{}")
        .at("/key_details")
        .forEach(one -> assertThat(one.at("/key_state").stringValue()).matches("[1-5]"));
  }

  /** The documents have the private key verify; what a stranger can say of it shows which does. */
  @Test
  void q19WhoHoldsThePublicKeyComesToTheSameVerdict() throws GeneralSecurityException {
    String signing = tenant.key("q19", "'key_spec':'EC_P256'");
    String pem = tenant.ok("get-publickey", about(signing, "")).text("/public_key");
    byte[] spki = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    PublicKey publicKey = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    String how = ",'message_type':'RAW','signing_algorithm':'ECDSA_SHA_256','message':'";
    String made = tenant.ok("sign", about(signing, how + "aGVsbG8='")).text("/signature");
    for (String message : List.of("aGVsbG8=", "aGVsbG9v")) {
      Signature outside = Signature.getInstance("SHA256withECDSA");
      outside.initVerify(publicKey);
      outside.update(Base64.getDecoder().decode(message));
      boolean verdict = outside.verify(Base64.getDecoder().decode(made));
      assertThat(verdict).isEqualTo(message.equals("aGVsbG8="));
      String asked = how + message + "','signature':'" + made + "'";
      assertThat(tenant.ok("verify", about(signing, asked)).text("/signature_valid"))
          .isEqualTo(Boolean.toString(verdict));
    }
  }

  @Test
  void aSequenceIsAsLongAsItHasCharacters() {
    String smile = "\ud83d\ude00";
    tenant.ok("list-keys", "{'sequence':'" + smile.repeat(255) + "'}");
    String longer = "{'sequence':'" + smile.repeat(256) + "'}";
    assertThat(tenant.call("POST", "/kms/list-keys", longer).code()).isEqualTo("KMS.0206");
  }

  @Test
  void q20ATagIsDeletedByDelete() {
    String id = tagged("q20", "q20", "v");
    assertThat(tenant.call("POST", "/kms/" + id + "/tags/q20", "").status()).isEqualTo(405);
    tenant.call("DELETE", "/kms/" + id + "/tags/q20", "").is(204);
    tenant.ok(id + "/tags", "{'tag':{'key':'/q20','value':'v'}}");
    tenant.ok(id + "/tags", "{'tag':{'key':'q20','value':'v'}}");
    tenant.call("DELETE", "/kms/" + id + "/tags//q20", "").is(204);
    tenant.call("DELETE", "/kms/" + id + "/tags/q20", "").is(204);
  }

  @Test
  void q21KeyInfoIsAnObject() {
    String id = tenant.key("q21", "");
    for (String operation : List.of("disable-key", "enable-key", "describe-key")) {
      assertThat(tenant.ok(operation, about(id, "")).at("/key_info").isObject()).isTrue();
    }
    assertThat(
            tenant
                .ok("update-key-description", about(id, ",'key_description':'d'"))
                .at("/key_info")
                .isObject())
        .isTrue();
  }

  @Test
  void q23TheRotationStatusHasABooleanAndNumbers() {
    JsonNode status = tenant.ok("get-key-rotation-status", about(key, "")).json();
    assertThat(status.at("/key_rotation_enabled").isBoolean()).isTrue();
    assertThat(status.at("/rotation_interval").isNumber()).isTrue();
    assertThat(status.at("/number_of_rotations").isNumber()).isTrue();
  }

  @Test
  void q24AnAliasIsReturnedAsSentAndComparedWithoutItsPrefix() {
    String id = tenant.key("q24", "");
    tenant.ok("aliases", about(id, ",'alias':'q24-bare'")).is(201);
    assertThat(tenant.kms("aliases", about(id, ",'alias':'alias/q24-bare'")).code())
        .isEqualTo("KMS.1104");
    JsonNode listed = tenant.call("GET", "/kms/aliases?key_id=" + id, "").at("/aliases/0");
    assertThat(listed.at("/alias").stringValue()).isEqualTo("q24-bare");
    assertThat(listed.at("/alias_urn").stringValue()).endsWith(":alias:q24-bare");
  }

  @Test
  void q24AnAliasThatMovesIsReturnedAsItWasSentThen() {
    tenant.ok("aliases", about(tenant.key("q24-first", ""), ",'alias':'q24-moves'")).is(201);
    String next = tenant.key("q24-next", "");
    tenant.ok("alias/associate", "{'alias':'alias/q24-moves','target_key_id':'" + next + "'}");
    JsonNode listed = tenant.call("GET", "/kms/aliases?key_id=" + next, "").at("/aliases/0");
    assertThat(listed.at("/alias").stringValue()).isEqualTo("alias/q24-moves");
    assertThat(tenant.kms("describe-key", about("alias/q24-moves", "")).at("/key_info/key_id"))
        .isEqualTo(tenant.kms("describe-key", about(next, "")).at("/key_info/key_id"));
  }

  @Test
  void q25AKeystoreNeedsItsClusterOnly() {
    tenant.call("POST", "/keystores", "{'keystore_alias':'q25','cluster_id':'q25'}").is(200);
    String typed = "{'keystore_alias':'q25b','cluster_id':'q25b','keystore_type':'2'}";
    String id = tenant.call("POST", "/keystores", typed).text("/keystore/keystore_id");
    assertThat(tenant.call("GET", "/keystores/" + id, "").text("/keystore/keystore_type"))
        .isEqualTo("CDMS");
    assertThat(tenant.call("POST", "/keystores", "{'keystore_alias':'q25c'}").code())
        .isEqualTo("KMS.0204");
  }

  @Test
  void q27TheOldWrappingAlgorithmsAreRefusedUnlessOneIsSwitchedOn() throws IOException {
    String external = tenant.key("q27", "'origin':'external'");
    for (String old : List.of("RSAES_OAEP_SHA_1", "RSAES_PKCS1_V1_5")) {
      String members = ",'wrapping_algorithm':'" + old + "'";
      assertThat(tenant.kms("get-parameters-for-import", about(external, members)).code())
          .isEqualTo("KMS.0308");
    }
    try (LiveServer lax = with("contract.import-oaep-sha1", "true")) {
      Tenant caller = Tenant.first(lax);
      String id = caller.key("q27", "'origin':'external'");
      caller.ok("get-parameters-for-import", about(id, ",'wrapping_algorithm':'RSAES_OAEP_SHA_1'"));
    }
  }

  @Test
  void q28ADigestMustBeAsLongAsItsHash() {
    String id = tenant.key("q28", "'key_spec':'EC_P256'");
    String documented = "MmFiZWE0ZjI3ZGIxYTkzY2RmYmEzM2YwMTA="; // shorter than 32 bytes
    String members =
        ",'message_type':'DIGEST','signing_algorithm':'ECDSA_SHA_256','message':'"
            + documented
            + "'";
    assertThat(tenant.kms("sign", about(id, members)).code()).isEqualTo("KMS.0329");
  }

  /** KMS.1904 is of RSA wrapping, which the server does not have, so it is never sent. */
  @Test
  void q29LengthsOfMaterialAreBytes() {
    Importer importer = new Importer(server);
    for (int bytes : List.of(4, 16, 31, 32, 33)) {
      String waiting = tenant.key("q29-" + bytes, "'origin':'external'");
      JsonNode answer = importer.bring(waiting, new byte[bytes]);
      if (bytes == 32) {
        assertThat(answer).as("256 bits").isEmpty();
      } else {
        refusesByBytes(answer, "KMS.2604");
      }
    }
    for (int bytes : List.of(4, 16, 24, 33)) {
      String wrapped = ",'encrypted_privatekey':'" + "A".repeat(400) + "'";
      String pair = tenant.key("q29p-" + bytes, "'origin':'external','key_spec':'EC_P256'");
      refusesByBytes(importer.bring(pair, new byte[bytes], wrapped), "KMS.2610");
    }
  }

  private static void refusesByBytes(JsonNode answer, String code) {
    assertThat(answer.at("/error/error_code").asString()).as(answer.toString()).isEqualTo(code);
    assertThat(answer.at("/error/error_msg").asString())
        .contains("32 bytes", "16 bytes")
        .doesNotContain("bits");
  }

  @Test
  void q31ATokenServesAsWellAsASignature() {
    String login =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s','password':'%s',"
                .formatted(server.known("user_name"), server.known("password"))
            + "'domain':{'name':'%s'}}}},'scope':{'project':{'id':'%s'}}}}"
                .formatted(server.known("domain_name"), tenant.project);
    String token =
        server
            .send(
                server
                    .to("/v3/auth/tokens")
                    .POST(HttpRequest.BodyPublishers.ofString(login.replace('\'', '"'))))
            .headers()
            .firstValue("X-Subject-Token")
            .orElseThrow();
    for (String path : List.of("/kms/aliases", "/kms/tags", "/keystores", "/kms/user-quotas")) {
      var request = server.to("/v1.0/" + tenant.project + path).header("x-auth-token", token);
      assertThat(server.send(request.GET()).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void q34AVersionIsAnObject() {
    var answer = server.send(server.to("/v1.0").GET());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(
            new tools.jackson.databind.json.JsonMapper()
                .readTree(answer.body())
                .at("/version")
                .isObject())
        .isTrue();
  }

  @Test
  void q35AllGrantsOfAKeyFitOnOnePage() {
    String id = tenant.key("q35", "");
    for (int i = 0; i < 100; i++) {
      tenant.ok(
          "create-grant",
          about(id, ",'grantee_principal':'user" + i + "','operations':['describe-key']"));
    }
    JsonNode listed = tenant.ok("list-grants", about(id, "")).json();
    assertThat(listed.at("/grants")).hasSize(100);
    assertThat(listed.at("/next_marker").stringValue()).isEmpty();
  }

  @Test
  void q38UpdatePrimaryRegionNeedsNoKeyIdInItsBody() {
    String id = tenant.key("q38", "");
    String keys = "/v2/" + tenant.project + "/kms/keys/" + id;
    String replica =
        tenant
            .send(
                "POST",
                keys + "/replicate",
                "{'replica_region':'%s','replica_project_id':'%s','key_alias':'q38'}"
                    .formatted(FAR_REGION, server.projectIn(FAR_REGION)))
            .is(200)
            .text("/key_id");
    String there = "{'primary_region':'" + FAR_REGION + "'}";

    Tenant.Reply asTerraform = tenant.send("PUT", keys + "/update-primary-region", there).is(200);

    assertThat(asTerraform.text("/key_id")).isEqualTo(id);
    assertThat(asTerraform.text("/primary_region")).isEqualTo(FAR_REGION);
    assertThat(details(id).at("/multi_region_key_type").stringValue()).isEqualTo("REPLICA");
    String home = "'primary_region':'" + server.known("region") + "'";
    assertThat(
            tenant
                .send("PUT", keys + "/update-primary-region", about(replica, "," + home))
                .is(400)
                .code())
        .as("another than the path's")
        .isEqualTo("KMS.0205");
    tenant.send("PUT", keys + "/update-primary-region", about(id, "," + home)).is(200);
    assertThat(details(id).at("/multi_region_key_type").stringValue()).isEqualTo("PRIMARY");
  }

  @Test
  void q42AnExpiredTokenIs403UnlessSetOtherwise() {
    assertThat(ConfigReader.read("", Map.of(), Map.of()).auth().tokenExpiredStatus())
        .as("and ErrorCodesTest lets one expire both ways")
        .isEqualTo(403);
  }

  @Test
  void q45DetailsHaveTheMembersSeenLive() {
    assertThat(details(key).propertyNames())
        .contains("keystore_type", "multi_region_key_type", "pending_days", "key_label");
  }

  // Decided without a source

  @Test
  void d6AdditionalDataThatIsLeftOutIsABadCiphertext() {
    String bound = ",'plain_text':'x','additional_authenticated_data':'a'";
    String blob = tenant.ok("encrypt-data", about(key, bound)).text("/cipher_text");
    assertThat(tenant.kms("decrypt-data", "{'cipher_text':'" + blob + "'}").code())
        .isEqualTo("KMS.2201");
  }

  @Test
  void d5TheNewestKeyComesFirst() {
    String newest = tenant.key("d5", "");
    assertThat(tenant.ok("list-keys", "{'limit':'1'}").at("/keys/0").stringValue())
        .isEqualTo(newest);
  }

  @Test
  void d7PairsAreBase64OfDer() {
    String members = ",'key_spec':'ECC_NIST_P256','with_plain_text':true";
    JsonNode pair = tenant.ok("create-ec-datakey-pair", about(key, members)).json();
    for (String member : List.of("/public_key", "/private_key_plain_text")) {
      byte[] der = java.util.Base64.getDecoder().decode(pair.at(member).stringValue());
      assertThat(der[0]).as("a DER sequence").isEqualTo((byte) 0x30);
    }
  }

  @Test
  void d8AKeystoreIsDeletedWith204() {
    String order = "{'keystore_alias':'d8','cluster_id':'d8'}";
    String id = tenant.call("POST", "/keystores", order).text("/keystore/keystore_id");
    assertThat(tenant.call("DELETE", "/keystores/" + id, "").is(204).raw().body()).isEmpty();
  }

  @Test
  void d10AnEcKeySignsWithTheHashOfItsCurveOnly() {
    String id = tenant.key("d10", "'key_spec':'EC_P256'");
    String members = ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'";
    tenant.ok("sign", about(id, members + "ECDSA_SHA_256'"));
    for (String other : List.of("ECDSA_SHA_384", "ECDSA_SHA_512")) {
      assertThat(tenant.kms("sign", about(id, members + other + "'")).code()).isEqualTo("KMS.0332");
    }
  }

  @Test
  void d11AKeyThatCannotRotateSaysSo() {
    String id = tenant.key("d11", "'key_spec':'EC_P256'");
    JsonNode status = tenant.ok("get-key-rotation-status", about(id, "")).json();
    assertThat(status.at("/key_rotation_enabled").booleanValue()).isFalse();
    assertThat(status.at("/rotation_interval").intValue()).isZero();
  }

  @Test
  void d12ASignatureIsGoodForAQuarterOfAnHour() {
    assertThat(ConfigReader.read("", Map.of(), Map.of()).auth().clockWindow().toMinutes())
        .isEqualTo(15);
  }

  @Test
  void d13RotationIsSetOnADisabledKey() {
    String id = tenant.key("d13", "");
    tenant.ok("disable-key", about(id, ""));
    tenant.ok("enable-key-rotation", about(id, ""));
    tenant.ok("update-key-rotation-interval", about(id, ",'rotation_interval':'30'"));
    tenant.ok("disable-key-rotation", about(id, ""));
  }

  @Test
  void d14AliasesOfAnUnknownKeyAreNone() {
    String unknown = "00000000-0000-4000-8000-000000000000";
    assertThat(tenant.call("GET", "/kms/aliases?key_id=" + unknown, "").is(200).at("/aliases"))
        .isEmpty();
  }

  @Test
  void d15KeysOfServicesAreNotFoundByTags() {
    Tenant elsewhere = tenant.elsewhere();
    String service = elsewhere.defaultKey();
    String custom = elsewhere.key("d15", "");
    String found = elsewhere.ok("resource_instances/action", "{}").at("/resources").toString();
    assertThat(found).contains(custom).doesNotContain(service);
    assertThat(elsewhere.ok("list-keys", "{}").at("/keys").toString()).contains(service);
  }

  // Settings

  @Test
  void errorsAreAlsoFlatIfSet() throws IOException {
    try (LiveServer flat = with("contract.flat-errors-too", "true")) {
      JsonNode body = Tenant.first(flat).kms("describe-key", "{}").is(400).json();
      assertThat(body.at("/error/error_code").stringValue()).isEqualTo("KMS.0204");
      assertThat(body.at("/error_code")).isEqualTo(body.at("/error/error_code"));
      assertThat(body.at("/error_msg")).isEqualTo(body.at("/error/error_msg"));
    }
  }

  @Test
  void anAliasMovesToImportedMaterialOnlyIfSet() throws IOException {
    String move = "{'alias':'alias/moves','target_key_id':'";
    String external = tenant.key("imported", "'origin':'external'");
    tenant.ok("aliases", about(key, ",'alias':'alias/moves'"));
    assertThat(tenant.kms("alias/associate", move + external + "'}").code()).isEqualTo("KMS.0308");
    try (LiveServer free = with("contract.free-alias-moves", "true")) {
      Tenant caller = Tenant.first(free);
      caller.ok("aliases", about(caller.key("made", ""), ",'alias':'alias/moves'"));
      String to = caller.key("imported", "'origin':'external'");
      caller.ok("alias/associate", move + to + "'}");
    }
  }

  @Test
  void theListOfAliasesHasOneShapeForAllIfSet() throws IOException {
    for (String shape : List.of("object", "array")) {
      try (LiveServer fixed =
          new LiveServer(own.resolve(shape), Map.of("contract.alias-list", shape))) {
        Tenant caller = Tenant.first(fixed);
        for (String agent : List.of("huaweicloud-usdk-java/3.0", "curl/8")) {
          JsonNode list =
              caller
                  .send(
                      "GET",
                      "/v1.0/" + caller.project + "/kms/aliases",
                      "",
                      Map.of("user-agent", agent))
                  .is(200)
                  .json();
          assertThat(list.isArray()).as(shape + " for " + agent).isEqualTo(shape.equals("array"));
        }
      }
    }
  }
}
