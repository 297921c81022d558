package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import dev.yaoku.access.federation.Issuer;
import dev.yaoku.server.LiveServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official SDK, with an identity token in place of an access key. */
@Timeout(120)
class IdTokenFlowTest {
  private static final Issuer ISSUER = new Issuer("-1");
  private static final Issuer RENEWED = new Issuer("-2");
  private static final String PROVIDER = "/v3/OS-FEDERATION/identity_providers/cluster";
  private static final String CONFIG =
      "/v3.0/OS-FEDERATION/identity-providers/cluster/openid-connect-config";
  private static final String MAPPING = "/v3/OS-FEDERATION/mappings/cluster";

  @TempDir Path folder;
  private LiveServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    ok(201, "PUT", PROVIDER, "{'identity_provider':{'enabled':true}}");
    config("POST", 201, ISSUER);
    ok(
        201,
        "PUT",
        MAPPING,
        "{'mapping':{'rules':[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'"
            + server.known("user_name")
            + "'}}]}]}}");
    writeToken(ISSUER);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void config(String method, int status, Issuer issuer) {
    String keys = issuer.keySet().replace("\"", "\\\"");
    ok(
        status,
        method,
        CONFIG,
        "{'openid_connect_config':{'access_mode':'program','idp_url':'"
            + Issuer.NAME
            + "','client_id':'yaoku','algorithms':['ES256'],'signing_key':'"
            + keys
            + "'}}");
  }

  private void ok(int status, String method, String path, String body) {
    HttpResponse<String> answer =
        server.signed(method, path, body.replace('\'', '"').getBytes(UTF_8), (_, value) -> value);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  private Path tokenFile() {
    return folder.resolve("token");
  }

  private void writeToken(Issuer issuer) throws IOException {
    long now = Instant.now().getEpochSecond();
    Files.writeString(
        tokenFile(), issuer.idToken("system:serviceaccount:shop:web", now, now + 600));
  }

  private KmsClient client() {
    return KmsClient.newBuilder()
        .withCredential(
            new BasicCredentials()
                .withIdpId("cluster")
                .withIdTokenFile(tokenFile().toString())
                .withProjectId(server.known("project_id"))
                .withIamEndpoint(server.endpoint()))
        .withEndpoints(List.of(server.endpoint()))
        .build();
  }

  private static String random(KmsClient client) {
    return client
        .createRandom(
            new CreateRandomRequest()
                .withBody(new GenRandomRequestBody().withRandomDataLength("128")))
        .getRandomData();
  }

  private static int refusal(KmsClient client) {
    return catchThrowableOfType(ServiceResponseException.class, () -> random(client))
        .getHttpStatusCode();
  }

  @Test
  void theSdkExchangesAnIdentityToken() {
    assertThat(random(client())).hasSize(32);
  }

  @Test
  void theSdksProviderChainFindsTheTokenInTheEnvironment() throws Exception {
    String said =
        SdkProgram.run(
            Map.of(
                "HUAWEICLOUD_SDK_IDP_ID", "cluster",
                "HUAWEICLOUD_SDK_ID_TOKEN_FILE", tokenFile().toString(),
                "HUAWEICLOUD_SDK_PROJECT_ID", server.known("project_id"),
                "HUAWEICLOUD_SDK_IAM_ENDPOINT", server.endpoint()),
            server.endpoint());
    assertThat(said).containsPattern("random=[0-9A-F]{32}");
  }

  @Test
  void theSdksProviderChainFindsTheTokenByItsCredentialsFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("workload.ini"),
            "[basic]\nidp_id = cluster\nid_token_file = %s\nproject_id = %s\niam_endpoint = %s\n"
                .formatted(tokenFile(), server.known("project_id"), server.endpoint()));
    String said =
        SdkProgram.run(
            Map.of("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file.toString()), server.endpoint());
    assertThat(said).containsPattern("random=[0-9A-F]{32}");
  }

  @Test
  void keysAreRenewedWithoutARestart() throws IOException {
    writeToken(RENEWED);
    assertThat(refusal(client())).isEqualTo(401);
    config("PUT", 200, RENEWED);
    assertThat(random(client())).hasSize(32);
    writeToken(ISSUER);
    assertThat(refusal(client())).isEqualTo(401);
  }

  @Test
  void aDisabledProviderEndsTheTokensThatCameFromIt() {
    KmsClient client = client();
    random(client);
    ok(200, "PATCH", PROVIDER, "{'identity_provider':{'enabled':false}}");
    assertThat(refusal(client)).isEqualTo(401);
    assertThat(refusal(client())).isEqualTo(401);
    ok(200, "PATCH", PROVIDER, "{'identity_provider':{'enabled':true}}");
    assertThat(random(client())).hasSize(32);
  }

  @Test
  void theAnswerHasWhatClientsRead() throws IOException {
    String body =
        "{\"auth\":{\"id_token\":{\"id\":\"%s\"},\"scope\":{\"project\":{\"id\":\"%s\"}}}}"
            .formatted(Files.readString(tokenFile()), server.known("project_id"));
    HttpResponse<String> answer =
        server.send(
            server
                .to("/v3.0/OS-AUTH/id-token/tokens")
                .header("X-Idp-Id", "cluster")
                .header("Content-Type", "application/json;charset=UTF-8")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("X-Subject-Token").orElseThrow()).startsWith("yk1_");
    assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
    assertThat(answer.body())
        .containsPattern("\"expires_at\":\"[-0-9]{10}T[:0-9]{8}\\.\\d{3}000Z\"")
        .contains("\"methods\":[\"mapped\"]")
        .contains(server.known("project_id"));
  }
}
