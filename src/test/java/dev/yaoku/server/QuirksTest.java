package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where documents, examples and clients contradict each other: what is taken and what is sent, over
 * HTTP. Each name begins with the number of the quirk.
 *
 * @see "contract/quirks.md"
 */
class QuirksTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";

  @TempDir static Path scratch;
  private static LiveServer server;
  private static String key;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    key = made("{'key_alias':'orders'}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String made(String order) {
    return server.kms("create-key", order, "/key_info/key_id");
  }

  private static String about(String id, String more) {
    return "{'key_id':'" + id + "'" + more + "}";
  }

  private static HttpResponse<String> send(String method, String path, String body) {
    return server.signed(
        method,
        "/v1.0/" + server.known("project_id") + path,
        body.replace('\'', '"').getBytes(UTF_8),
        (_, value) -> value);
  }

  private static JsonNode read(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return JSON.readTree(answer.body());
  }

  private static void isEmptyObject(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
  }

  @Test
  void s1BothNamesOfTheNumberOfTagsAreSent() {
    JsonNode tags = read(send("GET", "/kms/" + key + "/tags", ""));
    assertThat(tags.at("/existTagsNum").isNumber()).isTrue();
    assertThat(tags.at("/existTagNum")).isEqualTo(tags.at("/existTagsNum"));
  }

  @Test
  void s2ABodyOfAGetIsIgnored() {
    read(send("GET", "/kms/" + key + "/tags", "{'sequence':"));
  }

  @Test
  void s4S5TheTotalIsANumberAndTruncatedAText() {
    JsonNode keys = server.kms("list-keys", "{}");
    assertThat(keys.at("/total").isNumber()).isTrue();
    assertThat(keys.at("/truncated").isString()).isTrue();
    assertThat(keys.at("/next_marker").asString()).isEmpty();
  }

  @Test
  void s6S9S10S11KeyDetailsAreTextsAndTimesAreMilliseconds() {
    JsonNode details = server.kms("describe-key", about(key, "")).at("/key_info");
    assertThat(details.values()).allMatch(JsonNode::isString);
    assertThat(details.at("/key_spec").asString()).isEqualTo("AES_256");
    assertThat(details.at("/creation_date").asString()).hasSize(13);
    assertThat(details.at("/partition_type").asString()).isEqualTo("1");
    assertThat(details.at("/expiration_time").asString()).isEmpty();
  }

  @Test
  void s14S15TheDetailOfATaggedKeyIsAnObjectOfTexts() {
    String tagged = made("{'key_alias':'tagged'}");
    send("POST", "/kms/" + tagged + "/tags", "{'tag':{'key':'s14','value':'v'}}");
    String search = "{'limit':'1000','offset':0,'tags':[{'key':'s14','values':['v','w']}]}";
    JsonNode found = read(send("POST", "/kms/resource_instances/action", search));
    assertThat(found.at("/total_count").intValue()).isEqualTo(1);
    assertThat(found.at("/resources/0/resource_id").asString()).isEqualTo(tagged);
    JsonNode detail = found.at("/resources/0/resource_detail");
    assertThat(detail.isObject()).isTrue();
    assertThat(detail.values()).allMatch(JsonNode::isString);
  }

  @Test
  void s23TheTimeOfAKeystoreIsATextOfMilliseconds() {
    String order = "{'keystore_alias':'hsm','hsm_cluster_id':'c','hsm_ca_cert':'x'}";
    send("POST", "/keystores", order);
    JsonNode stores = read(send("GET", "/keystores", ""));
    assertThat(stores.at("/total").isNumber()).isTrue();
    assertThat(stores.at("/keystores/0/create_time").isString()).isTrue();
  }

  @Test
  void q1OthersThanTheOfficialSdksGetTheAliasesAsAnObject() {
    assertThat(read(send("GET", "/kms/aliases", "")).at("/aliases").isArray()).isTrue();
  }

  @Test
  void q2AnAnswerWithoutMembersIsAnEmptyObjectAndA204HasNoBody() {
    String rotating = made("{'key_alias':'q2'}");
    isEmptyObject(send("POST", "/kms/enable-key-rotation", about(rotating, "")));
    String interval = about(rotating, ",'rotation_interval':'30'");
    isEmptyObject(send("POST", "/kms/update-key-rotation-interval", interval));
    isEmptyObject(send("POST", "/kms/disable-key-rotation", about(rotating, "")));
    HttpResponse<String> tag = send("POST", "/kms/" + rotating + "/tags", "{'tag':{'key':'k'}}");
    assertThat(tag.statusCode()).isEqualTo(204);
    assertThat(tag.body()).isEmpty();
  }

  @Test
  void q2Q3AliasesAreCreatedWith201AndDeletedByADeleteWithABody() {
    String members = about(key, ",'alias':'alias/q3'");
    assertThat(send("POST", "/kms/aliases", members).statusCode()).isEqualTo(201);
    HttpResponse<String> deleted =
        send("DELETE", "/kms/aliases", about(key, ",'aliases':['alias/q3']"));
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
  }

  @Test
  void q4RotationIsATextInTheDetailsAndABooleanInItsStatus() {
    JsonNode status = server.kms("get-key-rotation-status", about(key, ""));
    assertThat(status.at("/key_rotation_enabled").isBoolean()).isTrue();
    JsonNode details = server.kms("describe-key", about(key, ""));
    assertThat(details.at("/key_info/key_rotation_enabled").isString()).isTrue();
  }

  @Test
  void q4ASignatureIsValidInTextAndAMacInTruth() {
    String signer = made("{'key_alias':'q4s','key_spec':'EC_P256','key_usage':'SIGN_VERIFY'}");
    String message =
        ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'";
    String signature = server.kms("sign", about(signer, message), "/signature");
    JsonNode verified =
        server.kms("verify", about(signer, message + ",'signature':'" + signature + "'"));
    assertThat(verified.at("/signature_valid").stringValue()).isEqualTo("true");

    String mac =
        made("{'key_alias':'q4m','key_spec':'HMAC_256','key_usage':'GENERATE_VERIFY_MAC'}");
    String about = ",'message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'";
    String code = server.kms("generate-mac", about(mac, about), "/mac");
    JsonNode valid = server.kms("verify-mac", about(mac, about + ",'mac':'" + code + "'"));
    assertThat(valid.at("/mac_valid").isBoolean()).isTrue();
  }

  @Test
  void q5AnswersAndRefusalsSayThatTheyAreJson() {
    assertThat(send("POST", "/kms/list-keys", "{}").headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
    assertThat(send("POST", "/kms/describe-key", "{}").headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
  }

  @Test
  void q6LimitsAreNumbersTextsOrEmpty() {
    read(send("POST", "/kms/list-keys", "{'limit':2000,'marker':''}"));
    read(send("POST", "/kms/list-keys", "{'limit':'2000'}"));
    read(send("POST", "/kms/list-grants", about(key, ",'limit':1000")));
    read(send("POST", "/kms/list-grants", about(key, ",'limit':''")));
  }

  @Test
  void q7AnIntervalIsIgnoredWhereRotationIsOnlySwitched() {
    String rotating = made("{'key_alias':'q7'}");
    String zero = about(rotating, ",'rotation_interval':0");
    isEmptyObject(send("POST", "/kms/enable-key-rotation", zero));
    assertThat(server.kms("get-key-rotation-status", zero).at("/rotation_interval").intValue())
        .isEqualTo(365);
    isEmptyObject(send("POST", "/kms/disable-key-rotation", zero));
  }

  @Test
  void q8Q10AContextMayBeTextAndDecryptionMayNameKeyAndAlgorithm() {
    String context = ",'encryption_context':'text'";
    String blob =
        server.kms("encrypt-data", about(key, ",'plain_text':'hello'" + context), "/cipher_text");
    String members = ",'cipher_text':'" + blob + "','encryption_algorithm':'SYMMETRIC_DEFAULT'";
    assertThat(server.kms("decrypt-data", about(key, members + context), "/plain_text"))
        .isEqualTo("hello");
    assertThat(server.kms("decrypt-data", about(key, members), "/error/error_code"))
        .isEqualTo("KMS.2201");
  }

  @Test
  void q11PlainTextIsTextAndAlsoSentInBase64() {
    String blob = server.kms("encrypt-data", about(key, ",'plain_text':'aGk='"), "/cipher_text");
    JsonNode opened = server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}");
    assertThat(opened.at("/plain_text").asString()).isEqualTo("aGk=");
    assertThat(opened.at("/plain_text_base64").asString()).isEqualTo("YUdrPQ==");
  }

  @Test
  void q13DataKeysAreHexadecimalAndDataIsBase64() {
    assertThat(server.kms("create-datakey", about(key, ",'datakey_length':'512'"), "/cipher_text"))
        .matches("[0-9A-F]+");
    assertThat(server.kms("encrypt-data", about(key, ",'plain_text':'x'"), "/cipher_text"))
        .matches("[A-Za-z0-9+/]{187,}=*");
  }

  @Test
  void q15APublicKeyIsASubjectPublicKeyInfoWithCrLf() {
    String signer = made("{'key_alias':'q15','key_spec':'EC_P256','key_usage':'SIGN_VERIFY'}");
    assertThat(server.kms("get-publickey", about(signer, ""), "/public_key"))
        .startsWith("-----BEGIN PUBLIC KEY-----\r\n");
  }

  @Test
  void q22TheExpiryOfImportParametersIsANumber() {
    String external = made("{'key_alias':'q22','origin':'external'}");
    String members = about(external, ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'");
    assertThat(server.kms("get-parameters-for-import", members).at("/expiration_time").isNumber())
        .isTrue();
  }

  @Test
  void q26AMissingKeystoreIs400() {
    HttpResponse<String> answer =
        send("GET", "/keystores/00000000-0000-4000-8000-000000000000", "");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"KMS.8003\"");
  }

  @Test
  void q30SystemTagsAreAnEmptyList() {
    JsonNode tags = read(send("GET", "/kms/" + key + "/tags", ""));
    assertThat(tags.at("/sys_tags").isArray()).isTrue();
  }

  @Test
  void q33ATagKeyWithASlashIsDeletedBothWays() {
    for (String path : new String[] {"a/b", "a%2Fb"}) {
      send("POST", "/kms/" + key + "/tags", "{'tag':{'key':'a/b','value':'v'}}");
      assertThat(send("DELETE", "/kms/" + key + "/tags/" + path, "").statusCode())
          .as(path)
          .isEqualTo(204);
    }
  }

  @Test
  void q36AnIntervalOfSwitchedOffRotationIsZero() {
    JsonNode status = server.kms("get-key-rotation-status", about(key, ""));
    assertThat(status.at("/rotation_interval").isNumber()).isTrue();
    assertThat(status.at("/rotation_interval").intValue()).isZero();
  }

  @Test
  void q37ASequenceIsAnyText() {
    read(send("POST", "/kms/describe-key", about(key, ",'sequence':'seq','unknown':{'a':[1]}")));
  }

  @Test
  void q39ListKeysNeedsNoBody() {
    assertThat(read(send("POST", "/kms/list-keys", "")).at("/keys").isArray()).isTrue();
  }

  @Test
  void q40TheRealmIsReturnedAsItWasSent() {
    assertThat(server.kms("create-key", "{'key_alias':'q40','realm':'eu-de'}", "/key_info/key_id"))
        .satisfies(id ->
            assertThat(server.kms("describe-key", about(id, ""), "/key_info/realm"))
                .isEqualTo("eu-de"));
  }

  @Test
  void q41RotationIsSetOnADisabledKey() {
    String off = made("{'key_alias':'q41'}");
    server.kms("disable-key", about(off, ""));
    isEmptyObject(send("POST", "/kms/enable-key-rotation", about(off, "")));
    isEmptyObject(send("POST", "/kms/disable-key-rotation", about(off, "")));
  }

  @Test
  void q43A400HasItsCodeAndMessageNested() {
    HttpResponse<String> answer = send("POST", "/kms/delete-imported-key-material", about(key, ""));
    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode error = JSON.readTree(answer.body()).at("/error");
    assertThat(error.at("/error_code").isString()).isTrue();
    assertThat(error.at("/error_msg").stringValue()).isNotEmpty();
  }

  @Test
  void q44AContextMayNotBeLeftOut() {
    String context = ",'encryption_context':{'a':'1'}";
    String blob = server.kms("create-datakey", about(key, context), "/cipher_text");
    String members = ",'datakey_cipher_length':'64','cipher_text':'" + blob + "'";
    assertThat(server.kms("decrypt-datakey", about(key, members), "/error/error_code"))
        .isEqualTo("KMS.2203");
  }

  @Test
  void d2ANameIsFreeAgainWhenItsKeyAwaitsDeletion() {
    String first = made("{'key_alias':'d2'}");
    assertThat(server.kms("create-key", "{'key_alias':'d2'}", "/error/error_code"))
        .isEqualTo("KMS.1104");
    server.kms("schedule-key-deletion", about(first, ",'pending_days':7"), "/key_id");
    assertThat(made("{'key_alias':'d2'}")).isNotEqualTo(first);
    assertThat(server.kms("cancel-key-deletion", about(first, ""), "/error/error_code"))
        .isEqualTo("KMS.1104");
  }

  @Test
  void emptyTextsAreLikeAbsentMembers() {
    String grant =
        ",'grantee_principal':'"
            + GRANTEE
            + "','operations':['describe-key'],'name':'','sequence':''";
    assertThat(server.kms("create-grant", about(key, grant), "/grant_id")).hasSize(64);
  }
}
