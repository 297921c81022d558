package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Codes of the contract, each produced over HTTP with its status and in its shape: those that a
 * request alone can bring about in a table, those of load, time and transport one by one. {@link
 * PublishedCodesTest} says which test has which code.
 */
class ErrorCodesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";

  @TempDir static Path scratch;
  @TempDir Path own;
  private static LiveServer server;
  private static Tenant tenant;
  private static String key = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("dev.enabled", "true"));
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

  /** A refusal in the form that the SDKs and Terraform read. */
  private static void isNested(Tenant.Reply reply, int status, String code) {
    reply.is(status);
    assertThat(reply.text("/error/error_code")).isEqualTo(code);
    assertThat(reply.text("/error/error_msg")).isNotBlank();
    assertThat(reply.json().size()).isEqualTo(1);
    hasHead(reply.raw());
  }

  /** A refusal in the form of the cloud's gateway. */
  private static void isFlat(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.at("/error_code").asString()).isEqualTo(code);
    assertThat(body.at("/error_msg").stringValue()).isNotBlank();
    assertThat(body.at("/request_id").stringValue())
        .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
    hasHead(answer);
  }

  private static void hasHead(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/json");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        // Members
        "KMS.0202|400|POST|/kms/describe-key|{'key_id'",
        "KMS.0202|400|POST|/kms/describe-key|[]",
        "KMS.0204|400|POST|/kms/describe-key|{}",
        "KMS.0205|400|POST|/kms/describe-key|{'key_id':'orders'}",
        "KMS.0206|400|POST|/kms/describe-key|{'key_id':'$key','sequence':{}}",
        "KMS.0206|400|POST|/kms/describe-key|{'key_id':'$key','sequence':'$long'}",
        "KMS.0206|400|POST|/kms/describe-key|{'key_id':'$key','sequence':$digits256}",
        "KMS.0207|404|POST|/kms/describe-key|{'key_id':'" + UNKNOWN + "'}",
        "KMS.0208|400|POST|/kms/encrypt-data"
            + "|{'key_id':'$key','plain_text':'x','encryption_context':[]}",
        "KMS.0214|400|POST|/kms/enable-key?x=1|{'key_id':'$key'}",
        "KMS.0215|405|PUT|/kms/list-keys|{}",
        "KMS.0215|405|POST|/kms/user-quotas|{}",
        "KMS.0308|400|POST|/kms/create-key|{'key_alias':'x','origin':'mine'}",
        "KMS.0308|400|POST|/kms/create-key|{'key_alias':'x','vm_id':'$long'}",
        "KMS.0308|400|POST|/kms/create-key|{'key_alias':'x','vm_id':{}}",
        "KMS.1101|400|POST|/kms/create-key|{'key_alias':'x/default'}",
        "KMS.1102|400|POST|/kms/create-key|{'key_alias':'x','realm':{}}",
        "KMS.1103|400|POST|/kms/update-key-description|{'key_id':'$key','key_description':'$long'}",
        "KMS.1104|400|POST|/kms/create-key|{'key_alias':'orders'}",
        "KMS.1110|400|POST|/kms/create-key|{'key_alias':'x','key_spec':'DES'}",
        "KMS.1114|400|POST|/kms/create-key"
            + "|{'key_alias':'x','key_spec':'EC_P256','key_usage':'ENCRYPT_DECRYPT'}",
        "KMS.1115|400|POST|/kms/create-key"
            + "|{'key_alias':'x','key_spec':'AES_256','key_usage':'SIGN_VERIFY'}",
        "KMS.1401|400|POST|/kms/schedule-key-deletion|{'key_id':'$key','pending_days':'6'}",
        "KMS.1601|400|POST|/kms/list-keys|{'limit':'0'}",
        "KMS.1602|400|POST|/kms/list-keys|{'marker':'-1'}",
        "KMS.1801|400|POST|/kms/gen-random|{'random_data_length':'8200'}",
        "KMS.1802|400|POST|/kms/gen-random|{'random_data_length':'9'}",
        "KMS.1901|400|POST|/kms/create-datakey|{'key_id':'$key','datakey_length':'8200'}",
        "KMS.1902|400|POST|/kms/create-datakey|{'key_id':'$key','key_spec':'AES_512'}",
        "KMS.1903|400|POST|/kms/create-datakey|{'key_id':'$key','datakey_length':'9'}",
        "KMS.2101|400|POST|/kms/encrypt-datakey"
            + "|{'key_id':'$key','datakey_plain_length':'1','plain_text':'xyz'}",
        "KMS.2102|400|POST|/kms/encrypt-datakey"
            + "|{'key_id':'$key','datakey_plain_length':'1025','plain_text':'00'}",
        "KMS.2103|400|POST|/kms/encrypt-datakey"
            + "|{'key_id':'$key','datakey_plain_length':'1','plain_text':'$undigested'}",
        "KMS.2104|400|POST|/kms/encrypt-datakey"
            + "|{'key_id':'$key','datakey_plain_length':'1','plain_text':'0000'}",
        "KMS.2201|400|POST|/kms/decrypt-data|{'cipher_text':'aGVsbG8='}",
        "KMS.2202|400|POST|/kms/decrypt-datakey"
            + "|{'key_id':'$key','cipher_text':'$wrapped','datakey_cipher_length':'1025'}",
        "KMS.2203|400|POST|/kms/decrypt-datakey|{'key_id':'$key','cipher_text':'$wrapped',"
            + "'datakey_cipher_length':'64','additional_authenticated_data':'x'}",
        "KMS.2204|400|POST|/kms/decrypt-datakey"
            + "|{'key_id':'$key','cipher_text':'$wrapped','datakey_cipher_length':'32'}",
        "KMS.3001|400|POST|/kms/update-key-rotation-interval"
            + "|{'key_id':'$key','rotation_interval':'29'}",
        // Tags
        "KMS.0401|400|POST|/kms/$key/tags/action|{'action':'create','tags':[]}",
        "KMS.0401|400|POST|/kms/$key/tags|{}",
        "KMS.0402|400|POST|/kms/resource_instances/action"
            + "|{'matches':[{'key':'resource_name','value':''}]}",
        "KMS.0403|400|POST|/kms/resource_instances/action|{'matches':[{'key':'x','value':'x'}]}",
        "KMS.0404|400|POST|/kms/$key/tags/action|{'action':'x','tags':[{'key':'k'}]}",
        "KMS.0405|400|POST|/kms/$key/tags|{'tag':{'key':'k','value':'a<b'}}",
        "KMS.0406|400|POST|/kms/$key/tags|{'tag':{'key':'a<b','value':'v'}}",
        "KMS.0406|400|POST|/kms/$key/tags|{'tag':{'key':'a/','value':'v'}}",
        "KMS.0406|400|POST|/kms/$key/tags|{'tag':{'key':'/','value':'v'}}",
        "KMS.0406|400|POST|/kms/$key/tags/action|{'action':'create','tags':[{'key':'k'},{'key':'a/'}]}",
        "KMS.0407|400|POST|/kms/$key/tags/action|{'action':'delete','tags':[$tags21]}",
        "KMS.0407|400|POST|/kms/resource_instances/action|{'tags':[$tags21]}",
        "KMS.0408|400|POST|/kms/instances/action|{}",
        "KMS.0409|400|POST|/kms/$key/tags/action|{'action':'create','tags':[$tags21]}",
        "KMS.0410|400|POST|/kms/$key/tags|{'tag':{'key':'k','value':'$long'}}",
        "KMS.0411|400|POST|/kms/$key/tags|{'tag':{'key':'$long','value':'v'}}",
        "KMS.0411|400|POST|/kms/$key/tags|{'tag':{'key':'','value':'v'}}",
        "KMS.0412|400|POST|/kms/$key/tags/action"
            + "|{'action':'create','tags':[{'key':'k'},{'key':'k'}]}",
        "KMS.0412|400|POST|/kms/resource_instances/action|{'tags':[{'key':'k'},{'key':'k'}]}",
        "KMS.0413|400|POST|/kms/resource_instances/action"
            + "|{'tags':[{'key':'k','values':[$values21]}]}",
        "KMS.0414|400|POST|/kms/$key/tags/action|{'action':'create','tags':'x'}",
        "KMS.0414|400|POST|/kms/resource_instances/action|{'tags':[[]]}",
        "KMS.0415|400|POST|/kms/resource_instances/action|{'matches':'x'}",
        "KMS.0416|404|DELETE|/kms/$key/tags/unknown|''",
        "KMS.0417|400|POST|/kms/resource_instances/action|{'offset':'-1'}",
        // Keystores
        "KMS.0340|400|POST|/kms/create-key|{'key_alias':'x','keystore_id':'1'}",
        "KMS.8003|400|GET|/keystores/" + UNKNOWN + "|''",
      })
  void isRefused(String code, int status, String method, String path, String body) {
    String wrapped =
        tenant
            .ok("create-datakey", "{'key_id':'" + key + "','datakey_length':'512'}")
            .text("/cipher_text");
    String filled =
        (body == null ? "" : body)
            .replace("$key", key)
            .replace("$wrapped", wrapped)
            .replace("$long", "x".repeat(256))
            .replace("$digits256", "7".repeat(256))
            .replace("$undigested", "00".repeat(33))
            .replace("$tags21", "{'key':'k%d'},".repeat(20).formatted(numbers()) + "{'key':'z'}")
            .replace("$values21", "'v%d',".repeat(20).formatted(numbers()) + "'z'");
    JsonNode before = seen();
    isNested(tenant.call(method, path.replace("$key", key), filled), status, code);
    assertThat(seen()).isEqualTo(before);
  }

  private static Object[] numbers() {
    Object[] numbers = new Object[20];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  /** The key, its tags, and how many keys there are. */
  private static JsonNode seen() {
    return JSON.createArrayNode()
        .add(tenant.ok("describe-key", "{'key_id':'" + key + "'}").json())
        .add(tenant.call("GET", "/kms/" + key + "/tags", "").json())
        .add(tenant.ok("list-keys", "{}").at("/total"));
  }

  @Test
  void anUnknownPathIsNoApi() {
    isFlat(tenant.kms("unknown", "{}").raw(), 404, "APIGW.0101");
  }

  @Test
  void anUnknownVersionIsNoUrl() {
    HttpResponse<String> answer = server.send(server.to("/v9.9").GET());
    isNested(new Tenant.Reply(answer.statusCode(), answer), 404, "KMS.0201");
  }

  @Test
  void nobodyIsUnauthorized() {
    HttpRequest.Builder request = server.to("/v1.0/" + tenant.project + "/kms/user-instances");
    isFlat(server.send(request.copy().GET()), 401, "APIGW.0301");
    isFlat(server.send(request.header("x-auth-token", "x").GET()), 401, "APIGW.0301");
  }

  @Test
  void aProjectOfOthersIsNotTheCallers() {
    Tenant other = Tenant.another(server);
    String target = "/v1.0/" + other.project + "/kms/list-keys";
    isNested(tenant.send("POST", target, "{}"), 403, "KMS.0321");
  }

  @Test
  void whoHasNoRightMayNot() {
    isNested(tenant.colleague().kms("list-keys", "{}"), 403, "KMS.0307");
  }

  @Test
  void whoMaySeeAKeyButNotUseItSoMayNot() {
    Tenant colleague = tenant.colleague();
    String grant = ",'grantee_principal':'" + colleague.user + "','operations':['describe-key']}";
    tenant.ok("create-grant", "{'key_id':'" + key + "'" + grant);
    colleague.ok("describe-key", "{'key_id':'" + key + "'}");
    isNested(
        colleague.kms("encrypt-data", "{'key_id':'" + key + "','plain_text':'x'}"),
        403,
        "KMS.0306");
  }

  @Test
  void anAddressThatIsTooLongIsRefused() {
    String target = "/v1.0/" + tenant.project + "/kms/aliases?marker=" + "0".repeat(9_000);
    isFlat(tenant.send("GET", target, "").raw(), 414, "APIGW.0201");
  }

  @Test
  void aBodyThatIsTooLongIsRefused() throws IOException {
    try (LiveServer small = with("limits.body-bytes", "1KiB")) {
      Tenant.Reply reply = Tenant.first(small).kms("list-keys", "{" + " ".repeat(2_000) + "}");
      isFlat(reply.raw(), 413, "APIGW.0201");
    }
  }

  @Test
  void aRequestThatDoesNotArriveIsGivenUp() throws IOException {
    try (LiveServer hasty = with("limits.request-deadline", "300ms");
        RawClient slow = new RawClient(hasty.yaoku.port())) {
      String target = "/v1.0/" + hasty.known("project_id") + "/kms/nothing/of/the/kind";
      slow.send("GET " + target + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: x\r\nContent-");
      assertThat(slow.readToEnd()).startsWith("HTTP/1.1 408").contains("\"APIGW.0201\"");
    }
  }

  @Test
  void whoFailsTooOftenWaits() throws IOException {
    try (LiveServer strict =
        with("auth.failures-per-source", "0", "auth.failures-per-credential", "3")) {
      String target = "/v1.0/" + strict.known("project_id") + "/kms/list-keys";
      HttpResponse<String> last = stranger(strict, target);
      for (int i = 0; i < 20 && last.statusCode() != 429; i++) {
        last = stranger(strict, target);
      }
      isFlat(last, 429, "APIGW.0308");
      assertThat(last.headers().firstValue("Retry-After").orElseThrow()).matches("[1-9][0-9]*");
    }
  }

  private static HttpResponse<String> stranger(LiveServer to, String target) {
    return to.signed(
        "POST",
        target,
        new byte[0],
        (name, value) ->
            name.equals("authorization")
                ? value.replace(to.known("ak"), "NOBODYSNOBODYSNOBODY")
                : value);
  }

  @Test
  void aServerThatIsFullSaysToComeAgain() throws IOException {
    try (LiveServer small = with("lanes.fast-in-flight", "1")) {
      Tenant.Reply reply = whileAnotherTakesItsTime(small);
      // The other is itself refused when it comes while a call of ours is under way.
      for (int i = 0; i < 1_000 && reply.status() != 503; i++) {
        reply = whileAnotherTakesItsTime(small);
      }
      isNested(reply, 503, "KMS.0104");
      assertThat(reply.raw().headers().firstValue("Retry-After")).hasValue("1");
    }
  }

  private static Tenant.Reply whileAnotherTakesItsTime(LiveServer small) throws IOException {
    Tenant caller = Tenant.first(small);
    try (RawClient other = new RawClient(small.yaoku.port())) {
      other.send("POST /v3/auth/tokens HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{");
      Tenant.Reply reply = caller.kms("list-keys", "{}");
      for (int i = 0; i < 20 && reply.status() != 503; i++) { // until that one has arrived
        reply = caller.kms("list-keys", "{}");
      }
      return reply;
    }
  }

  @ParameterizedTest
  @CsvSource({"403, KMS.0303", "401, APIGW.0307"})
  void anExpiredTokenSaysSoInTheWayThatIsSet(int status, String code) throws IOException {
    try (LiveServer dated =
        with("dev.enabled", "true", "auth.token-expired-status", Integer.toString(status))) {
      Tenant caller = Tenant.first(dated);
      String token = token(dated);
      assertThat(byToken(dated, token).statusCode()).isEqualTo(200);
      long day = Duration.ofDays(1).plusMinutes(1).toSeconds();
      caller.send("POST", "/dev/clock", "{'forward_seconds':" + day + "}").is(200);
      HttpResponse<String> answer = byToken(dated, token);
      if (status == 401) {
        isFlat(answer, status, code);
      } else {
        isNested(new Tenant.Reply(answer.statusCode(), answer), status, code);
      }
    }
  }

  private static String token(LiveServer from) {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s',"
                .formatted(from.known("user_name"))
            + "'password':'%s','domain':{'name':'%s'}}}},'scope':{'project':{'id':'%s'}}}}"
                .formatted(
                    from.known("password"), from.known("domain_name"), from.known("project_id"));
    return from.logIn(body).headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private static HttpResponse<String> byToken(LiveServer to, String token) {
    return to.send(
        to.to("/v1.0/" + to.known("project_id") + "/kms/user-instances")
            .header("x-auth-token", token)
            .GET());
  }

  @Test
  void secretsDoNotTravelInTheClear() throws IOException {
    String address = addressOfThisMachine().orElse("");
    assumeTrue(!address.isEmpty(), "this machine has no address but its loopback");
    try (LiveServer open =
        with("listen.address", "0.0.0.0:0", "listen.trusted-proxies", "192.0.2.1/32")) {
      Tenant caller = Tenant.first(open);
      String members = "{'key_id':'" + caller.key("k", "") + "','plain_text':'x'}";
      caller.ok("encrypt-data", members);
      isNested(caller.at(address).kms("encrypt-data", members), 403, "KMS.0330");
      caller.at(address).ok("list-keys", "{}");
    }
  }

  private static Optional<String> addressOfThisMachine() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
        .map(InetAddress::getHostAddress)
        .findFirst();
  }
}
