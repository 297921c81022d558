package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.LiveServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The official SDK, told of the server in each of the ways that it offers to its users. */
@Timeout(120)
class SdkConfigurationTest {
  private static final String RANDOM = "random=[0-9A-F]{32}";

  @TempDir static Path folder;
  private static LiveServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Map<String, String> accessKeyAnd(String name, String value) {
    return Map.of(
        "HUAWEICLOUD_SDK_AK",
        server.known("ak"),
        "HUAWEICLOUD_SDK_SK",
        server.known("sk"),
        name,
        value);
  }

  @Test
  void theCredentialsFileOfTheFirstStartIsTheSdksOwn() throws Exception {
    String file = folder.resolve("data").resolve("credentials").toString();
    assertThat(SdkProgram.run(Map.of("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file), server.endpoint()))
        .containsPattern(RANDOM);
  }

  @Test
  void theEnvironmentHasTheAccessKeyAndTheProject() throws Exception {
    Map<String, String> environment =
        accessKeyAnd("HUAWEICLOUD_SDK_PROJECT_ID", server.known("project_id"));
    assertThat(SdkProgram.run(environment, server.endpoint())).containsPattern(RANDOM);
  }

  @Test
  void theProjectIsFoundThroughTheIamEndpointByTheNameOfTheRegion() throws Exception {
    Map<String, String> environment =
        accessKeyAnd("HUAWEICLOUD_SDK_IAM_ENDPOINT", server.endpoint());
    assertThat(SdkProgram.run(environment, "region", server.known("region"), server.endpoint()))
        .containsPattern(RANDOM);
  }

  @Test
  void aRegionsAddressIsReplacedInTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of(
            "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
            folder.resolve("data").resolve("credentials").toString(),
            "HUAWEICLOUD_SDK_REGION_KMS_CN_NORTH_4",
            server.endpoint());
    assertThat(SdkProgram.run(environment, "region", "cn-north-4")).containsPattern(RANDOM);
  }

  @Test
  void aRegionsAddressIsReplacedInTheRegionsFile() throws Exception {
    Path regions =
        Files.writeString(
            folder.resolve("regions.yaml"),
            "KMS:\n  - id: 'cn-north-4'\n    endpoint: '" + server.endpoint() + "'\n");
    Map<String, String> environment =
        Map.of(
            "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
            folder.resolve("data").resolve("credentials").toString(),
            "HUAWEICLOUD_SDK_REGIONS_FILE",
            regions.toString());
    assertThat(SdkProgram.run(environment, "region", "cn-north-4")).containsPattern(RANDOM);
  }

  private static JsonNode temporaryKey() {
    HttpResponse<String> made =
        server.in(
            server.known("project_id"),
            "POST",
            "/v3.0/OS-CREDENTIAL/securitytokens",
            "{'auth':{'identity':{'methods':['token']}}}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new JsonMapper().readTree(made.body()).at("/credential");
  }

  private static Map<String, String> temporary(JsonNode key, String securityToken) {
    return Map.of(
        "HUAWEICLOUD_SDK_AK",
        key.at("/access").stringValue(),
        "HUAWEICLOUD_SDK_SK",
        key.at("/secret").stringValue(),
        "HUAWEICLOUD_SDK_SECURITY_TOKEN",
        securityToken,
        "HUAWEICLOUD_SDK_PROJECT_ID",
        server.known("project_id"));
  }

  @Test
  void theEnvironmentHasATemporaryKeyWithItsSecurityToken() throws Exception {
    JsonNode key = temporaryKey();
    String token = key.at("/securitytoken").stringValue();
    assertThat(SdkProgram.run(temporary(key, token), server.endpoint())).containsPattern(RANDOM);
    String other = temporaryKey().at("/securitytoken").stringValue();
    assertThat(SdkProgram.run(temporary(key, other), server.endpoint()))
        .doesNotContainPattern(RANDOM)
        .contains("401");
  }

  @Test
  void theCredentialsFileHasATemporaryKeyWithItsSecurityToken() throws Exception {
    JsonNode key = temporaryKey();
    Path file =
        Files.writeString(
            folder.resolve("temporary.ini"),
            "[basic]\nak = %s\nsk = %s\nsecurity_token = %s\nproject_id = %s\n"
                .formatted(
                    key.at("/access").stringValue(),
                    key.at("/secret").stringValue(),
                    key.at("/securitytoken").stringValue(),
                    server.known("project_id")));
    assertThat(
            SdkProgram.run(
                Map.of("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file.toString()), server.endpoint()))
        .containsPattern(RANDOM);
  }
}
