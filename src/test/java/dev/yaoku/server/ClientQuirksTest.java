package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Hashes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Contradictions between the official SDKs, other clients and documents, Q1 and on: what is taken
 * and what is sent, over HTTP. Each name begins with the number of the quirk. 42 is in {@link
 * ErrorCodesTest} too.
 *
 * @see "contract/quirks.md"
 */
class ClientQuirksTest extends QuirkServer {
  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";

  @Test
  void q1TheOfficialSdksGetTheAliasesInAnArrayAndOthersInAnObject() {
    tenant.ok("aliases", about(key, ",'alias':'alias/q1'")).is(201);
    JsonNode asSdk = aliasesFor("huaweicloud-usdk-java/3.0");
    assertThat(asSdk.isArray()).isTrue();
    assertThat(asSdk).hasSize(1);
    JsonNode asOther = aliasesFor("HashiCorp Terraform/1.9");
    assertThat(asOther.isObject()).isTrue();
    assertThat(asOther).isEqualTo(asSdk.at("/0"));
    assertThat(asOther.at("/aliases/0/alias").stringValue()).isEqualTo("alias/q1");
    tenant.call("DELETE", "/kms/aliases", about(key, ",'aliases':['alias/q1']")).is(204);
  }

  private static JsonNode aliasesFor(String userAgent) {
    String target = "/v1.0/" + tenant.project + "/kms/aliases?key_id=" + key;
    return tenant.send("GET", target, "", Map.of("User-Agent", userAgent)).is(200).json();
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
  void q3OfWhatTerraformPostsOnlyTagsAreAnsweredWith204() {
    String id = tenant.key("q3", "");
    tenant.kms(id + "/tags", "{'tag':{'key':'k'}}").is(204);
    tenant.kms(id + "/tags/action", "{'action':'delete','tags':[{'key':'k'}]}").is(204);
    String members = ",'grantee_principal':'" + GRANTEE + "','operations':['describe-key']";
    String grant = tenant.kms("create-grant", about(id, members)).is(200).text("/grant_id");
    tenant.kms("list-grants", about(id, "")).is(200);
    tenant.kms("revoke-grant", about(id, ",'grant_id':'" + grant + "'")).is(200);
    String own = tenant.kms("create-grant", about(id, members)).is(200).text("/grant_id");
    tenant.kms("retire-grant", about(id, ",'grant_id':'" + own + "'")).is(200);
    tenant.kms("list-retirable-grants", "{}").is(200);
    String order = "{'keystore_alias':'q3','cluster_id':'q3'}";
    String keystore =
        tenant.call("POST", "/keystores", order).is(200).text("/keystore/keystore_id");
    tenant.call("POST", "/keystores/" + keystore + "/enable", "").is(200);
    tenant.call("POST", "/keystores/" + keystore + "/disable", "").is(200);
    tenant.call("DELETE", "/keystores/" + keystore, "").is(204);
    assertThat(server.send(server.to("/")).statusCode()).isEqualTo(200);
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
  void q9AnExpiryComesInSecondsAsNumberOrTextAndIsShownInMilliseconds() {
    Map<String, String> shown =
        Map.of("2999886177", "2999886177000", "'2999886177'", "2999886177000", "''", "");
    shown.forEach((sent, expected) -> {
      String id = tenant.key("q9-" + sent.replace("'", "t"), "'origin':'external'");
      String expiry = ",'expiration_time':" + sent;
      assertThat(new Importer(server).bring(id, new byte[32], expiry)).as(sent).isEmpty();
      assertThat(details(id).at("/expiration_time").stringValue()).as(sent).isEqualTo(expected);
      assertThat(details(id).at("/key_state").stringValue()).isEqualTo("2");
    });
  }

  @Test
  void q12TheCallerAppendsTheDigestOfADataKeyWhichNoLengthCounts() {
    JsonNode made = tenant.ok("create-datakey", about(key, ",'datakey_length':'512'")).json();
    assertThat(made.propertyNames()).doesNotContain("datakey_dgst");
    String dataKey = made.at("/plain_text").stringValue();
    String digest = HexFormat.of().formatHex(Hashes.sha256(HexFormat.of().parseHex(dataKey)));
    String members = ",'datakey_plain_length':'64','plain_text':'";
    Tenant.Reply wrapped =
        tenant.ok("encrypt-datakey", about(key, members + dataKey + digest + "'"));
    assertThat(wrapped.text("/datakey_length")).isEqualTo("64");
    String sealed =
        ",'datakey_cipher_length':'64','cipher_text':'" + wrapped.text("/cipher_text") + "'";
    assertThat(tenant.ok("decrypt-datakey", about(key, sealed)).text("/data_key"))
        .isEqualToIgnoringCase(dataKey);
    for (String wrong : List.of(dataKey, dataKey + "00".repeat(32))) {
      assertThat(tenant.kms("encrypt-datakey", about(key, members + wrong + "'")).status())
          .isEqualTo(400);
    }
  }

  @Test
  void q14DataKeysAndRandomDataHaveTheWideRanges() {
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
  void q22TheExpiryOfImportParametersIsANumber() {
    String external = made("{'key_alias':'q22','origin':'external'}");
    String members = about(external, ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'");
    assertThat(server.kms("get-parameters-for-import", members).at("/expiration_time").isNumber())
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
  void q26AMissingKeystoreIs400() {
    HttpResponse<String> answer =
        send("GET", "/keystores/00000000-0000-4000-8000-000000000000", "");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"KMS.8003\"");
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
  void q30SystemTagsAreAnEmptyList() {
    JsonNode tags = read(send("GET", "/kms/" + tagged("q30", "k", "v") + "/tags", ""));
    assertThat(tags.at("/sys_tags").isArray()).isTrue();
    assertThat(tags.at("/sys_tags")).isEmpty();
  }

  @Test
  void q31ATokenServesAsWellAsASignature() {
    String token = token(server);
    for (String path : List.of("/kms/aliases", "/kms/tags", "/keystores", "/kms/user-quotas")) {
      var request = server.to("/v1.0/" + tenant.project + path).header("x-auth-token", token);
      assertThat(server.send(request.GET()).statusCode()).as(path).isEqualTo(200);
    }
  }

  private static String token(LiveServer from) {
    String login =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s','password':'%s',"
                .formatted(from.known("user_name"), from.known("password"))
            + "'domain':{'name':'%s'}}}},'scope':{'project':{'id':'%s'}}}}"
                .formatted(from.known("domain_name"), from.known("project_id"));
    return from.logIn(login).headers().firstValue("X-Subject-Token").orElseThrow();
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
  void q37ASequenceIsAsLongAsItHasCharacters() {
    String smile = "\ud83d\ude00";
    tenant.ok("list-keys", "{'sequence':'" + smile.repeat(255) + "'}");
    String longer = "{'sequence':'" + smile.repeat(256) + "'}";
    assertThat(tenant.call("POST", "/kms/list-keys", longer).code()).isEqualTo("KMS.0206");
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
  void q39ListKeysNeedsNoBodyAndTakesItsMembersFromTheQuery() {
    tenant.key("q39", "");
    String off = tenant.key("q39-off", "");
    tenant.ok("disable-key", about(off, ""));
    assertThat(tenant.ok("list-keys", "").at("/keys").size()).isGreaterThan(2);
    JsonNode first = tenant.ok("list-keys?limit=1", "").json();
    assertThat(first.at("/keys")).hasSize(1);
    String next = first.at("/next_marker").stringValue();
    assertThat(tenant.ok("list-keys?limit=1&marker=" + next, "").at("/keys/0"))
        .isNotEqualTo(first.at("/keys/0"));
    assertThat(tenant.ok("list-keys?key_state=3", "").at("/keys").toString()).contains(off);
    assertThat(tenant.ok("list-keys?key_state=2", "").at("/keys").toString()).doesNotContain(off);
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
  void q42AnExpiredTokenIs403UnlessSetOtherwise() throws IOException {
    try (LiveServer dated = with("dev.enabled", "true")) {
      Tenant caller = Tenant.first(dated);
      String token = token(dated);
      String path = "/v1.0/" + caller.project + "/kms/aliases";
      assertThat(dated.byToken(token, "GET", path, "").statusCode()).isEqualTo(200);
      caller.send("POST", "/dev/clock", "{'forward_seconds':86460}").is(200);
      HttpResponse<String> refused = dated.byToken(token, "GET", path, "");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("\"KMS.0303\"");
    }
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
  void q45DetailsHaveTheMembersSeenLive() {
    assertThat(details(key).propertyNames())
        .contains("keystore_type", "multi_region_key_type", "pending_days", "key_label");
  }

  @Test
  void q37AnEmptyNameOrSequenceIsLikeNone() {
    String grant =
        ",'grantee_principal':'"
            + GRANTEE
            + "','operations':['describe-key'],'name':'','sequence':''";
    assertThat(server.kms("create-grant", about(key, grant), "/grant_id")).hasSize(64);
  }
}
