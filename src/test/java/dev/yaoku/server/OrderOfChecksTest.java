package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which of two faults is told: path and JSON shape, who calls, permission, members, existence of
 * the key, keys of services, kind of key, state, detail (semantics.md 1, D1). Each row has two
 * faults that stand next to each other, and the code of the first. Who calls is settled before the
 * body is read, though the list names JSON first (ADR 1).
 */
class OrderOfChecksTest {
  private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant tenant;
  private static Map<String, String> known = Map.of();

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    tenant = Tenant.first(server);
    String disabled = tenant.key("disabled", "");
    tenant.ok("disable-key", "{'key_id':'" + disabled + "'}");
    String signing = tenant.key("signing", "'key_spec':'EC_P256'");
    tenant.ok("disable-key", "{'key_id':'" + signing + "'}");
    String doomed = tenant.key("doomed", "");
    tenant.ok("schedule-key-deletion", "{'key_id':'" + doomed + "','pending_days':'7'}");
    known =
        Map.of(
            "$default", tenant.defaultKey(),
            "$disabled", disabled,
            "$signing", signing,
            "$doomed", doomed,
            "$external", tenant.key("external", "'origin':'external'"),
            "$key", tenant.key("key", ""),
            "$unknown", UNKNOWN);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> name : known.entrySet()) {
      filled = filled.replace(name.getKey(), name.getValue());
    }
    return filled;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        // A member that is wrong, and no such key
        "member before key|KMS.0204|encrypt-data|{'key_id':'$unknown'}",
        "member before key|KMS.1401|schedule-key-deletion"
            + "|{'key_id':'$unknown','pending_days':'6'}",
        "member before key|KMS.1101|update-key-alias|{'key_id':'$unknown','key_alias':'?'}",
        "member before key|KMS.1103|update-key-description"
            + "|{'key_id':'$unknown','key_description':'$long'}",
        "member before key|KMS.0308|create-grant|{'key_id':'$unknown','grantee_principal':'a',"
            + "'operations':['fly']}",
        "member before key|KMS.3001|update-key-rotation-interval"
            + "|{'key_id':'$unknown','rotation_interval':'1'}",
        "member before key|KMS.1901|create-datakey|{'key_id':'$unknown','datakey_length':'8200'}",
        "member before key|KMS.0411|$unknown/tags|{'tag':{'key':''}}",
        "member before key|KMS.0404|$unknown/tags/action|{'action':'x','tags':[{'key':'k'}]}",
        "member before key|KMS.1601|list-grants|{'key_id':'$unknown','limit':'0'}",
        "member before key|KMS.0308|sign|{'key_id':'$unknown','message':'?','message_type':'RAW',"
            + "'signing_algorithm':'ECDSA_SHA_256'}",
        // No such key, which could not be a service's; a service's, and a member that is wrong
        "member before default|KMS.1401|schedule-key-deletion"
            + "|{'key_id':'$default','pending_days':'6'}",
        "member before default|KMS.1101|update-key-alias|{'key_id':'$default','key_alias':'?'}",
        "member before default|KMS.2401|create-grant|{'key_id':'$default',"
            + "'grantee_principal':'a','operations':['create-grant']}",
        "member before default|KMS.0411|$default/tags|{'tag':{'key':''}}",
        // A service's key, of the wrong kind for it or in the wrong state
        "default before kind|KMS.0211|get-parameters-for-import"
            + "|{'key_id':'$default','wrapping_algorithm':'RSAES_OAEP_SHA_256'}",
        "default before kind|KMS.0211|delete-imported-key-material|{'key_id':'$default'}",
        "default before kind|KMS.0211|rotate-on-demand|{'key_id':'$default'}",
        "default before state|KMS.0211|enable-key|{'key_id':'$default'}",
        "default before state|KMS.0211|cancel-key-deletion|{'key_id':'$default'}",
        "default before detail|KMS.0211|disable-key-rotation|{'key_id':'$default'}",
        // The wrong kind of key, and in the wrong state
        "kind before state|KMS.0331|sign|{'key_id':'$disabled','message':'aGVsbG8=',"
            + "'message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'}",
        "kind before state|KMS.0331|get-publickey|{'key_id':'$disabled'}",
        "kind before state|KMS.0331|generate-mac"
            + "|{'key_id':'$disabled','message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'}",
        "kind before state|KMS.1114|encrypt-data|{'key_id':'$signing','plain_text':'x'}",
        "kind before state|KMS.0325|create-datakey|{'key_id':'$signing','datakey_length':'512'}",
        "kind before state|KMS.0309|get-parameters-for-import"
            + "|{'key_id':'$doomed','wrapping_algorithm':'RSAES_OAEP_SHA_256'}",
        "kind before state|KMS.0309|rotate-on-demand|{'key_id':'$doomed'}",
        "kind before state|KMS.0325|enable-key-rotation|{'key_id':'$signing'}",
        // Made here, and of a kind that has no rotation
        "origin before kind|KMS.0309|rotate-on-demand|{'key_id':'$signing'}",
        // The wrong state, and a detail of the operation that is wrong
        "state before detail|KMS.0209|sign|{'key_id':'$signing','message':'aGVsbG8=',"
            + "'message_type':'DIGEST','signing_algorithm':'ECDSA_SHA_256'}",
        "state before detail|KMS.0209|encrypt-datakey|{'key_id':'$disabled',"
            + "'datakey_plain_length':'1','plain_text':'$undigested'}",
        "state before detail|KMS.0209|decrypt-datakey"
            + "|{'key_id':'$disabled','datakey_cipher_length':'64','cipher_text':'00'}",
        "state before detail|KMS.0210|update-key-alias|{'key_id':'$doomed','key_alias':'key'}",
        "state before detail|KMS.0210|disable-key-rotation|{'key_id':'$doomed'}",
        "state before detail|KMS.0210|aliases|{'key_id':'$doomed','alias':'alias/taken'}",
      })
  void theFirstFaultIsTold(String pair, String code, String operation, String body) {
    tenant.kms("aliases", filled("{'key_id':'$key','alias':'alias/taken'}"));
    String text =
        filled(body).replace("$long", "x".repeat(256)).replace("$undigested", "00".repeat(33));
    assertThat(tenant.kms(filled(operation), text).code()).as(pair).isEqualTo(code);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "create-key|{",
        "create-key|{'key_alias':'?'}",
        "list-keys|{'limit':'0'}",
        "gen-random|{'random_data_length':'9'}",
        "list-retirable-grants|{'limit':'0'}",
        "resource_instances/action|{'action':'x'}",
      })
  void permissionComesBeforeTheMembersOfACallAboutTheProject(String operation, String body) {
    assertThat(tenant.colleague().kms(operation, body).is(403).code()).isEqualTo("KMS.0307");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "disable-key|{'key_id':'$default'}",
        "sign|{'key_id':'$disabled','message':'aGVsbG8=','message_type':'RAW',"
            + "'signing_algorithm':'ECDSA_SHA_256'}",
        "encrypt-data|{'key_id':'$disabled','plain_text':'x'}",
        "enable-key|{'key_id':'$key'}",
        "delete-imported-key-material|{'key_id':'$key'}",
        "update-key-alias|{'key_id':'$doomed','key_alias':'key'}",
        "decrypt-datakey|{'key_id':'$key','datakey_cipher_length':'64','cipher_text':'00'}",
      })
  void permissionOnAKeyComesBeforeWhatIsWrongWithTheKey(String operation, String body) {
    // Whoever has no right to the operation learns nothing of the key, not even that it exists.
    String unknown = body.replaceFirst("\\$[a-z]+", UNKNOWN);
    for (String about : List.of(filled(body), filled(unknown))) {
      assertThat(tenant.colleague().kms(operation, about).is(403).code()).isEqualTo("KMS.0307");
    }
    Tenant other = Tenant.another(server);
    assertThat(other.kms(operation, filled(body)).is(404).code()).isEqualTo("KMS.0207");
  }

  @Test
  void whoCallsComesBeforeWhatIsSent() {
    String path = "/v1.0/" + tenant.project + "/kms/create-key";
    assertThat(
            server
                .send(server.to(path).POST(HttpRequest.BodyPublishers.ofString("{")))
                .statusCode())
        .isEqualTo(401);
    Tenant other = Tenant.another(server);
    assertThat(other.send("POST", path, "{").is(403).code()).isEqualTo("KMS.0321");
  }

  @Test
  void thePathComesBeforeWhoCalls() {
    assertThat(server.send(server.to("/v1.0/x/kms/unknown").GET()).statusCode()).isEqualTo(404);
    assertThat(server.send(server.to("/v1.0/x/kms/create-key").DELETE()).statusCode())
        .isEqualTo(405);
  }
}
