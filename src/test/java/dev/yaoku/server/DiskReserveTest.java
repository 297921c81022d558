package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last of the disk is for those who take rights away (SECURITY_DESIGN H10). */
class DiskReserveTest {
  @TempDir Path scratch;

  private LiveServer server(String reserve) throws IOException {
    return new LiveServer(scratch.resolve("data"), Map.of("store.sqlite.reserve", reserve));
  }

  private static int status(LiveServer server, String operation, String body) {
    String path = "/v1.0/" + server.known("project_id") + "/kms/" + operation;
    return server.post(path, "application/json", body.replace('\'', '"')).statusCode();
  }

  @Test
  void onAFullDiskKeysAreDisabledAndGrantsRevokedAndNothingElseIsDone() throws IOException {
    String about;
    String revocation;
    try (LiveServer server = server("1MiB")) {
      String key = server.kms("create-key", "{'key_alias':'full'}", "/key_info/key_id");
      about = "{'key_id':'" + key + "'}";
      server.kms("aliases", "{'key_id':'" + key + "','alias':'alias/full'}", "/alias");
      String grant =
          server.kms(
              "create-grant",
              "{'key_id':'%s','grantee_principal':'%s','operations':['describe-key']}"
                  .formatted(key, server.known("user_id")),
              "/grant_id");
      revocation = "{'key_id':'%s','grant_id':'%s'}".formatted(key, grant);
    }
    try (LiveServer server = server("1073741824MiB")) {
      String encryption = about.replace("}", ",'plain_text':'x'}");
      assertThat(
              List.of(
                  status(server, "encrypt-data", encryption),
                  status(server, "list-keys", "{}"),
                  status(server, "create-key", "{'key_alias':'more'}")))
          .containsOnly(503);
      assertThat(status(server, "revoke-grant", revocation)).isEqualTo(200);
      assertThat(status(server, "disable-key", about)).isEqualTo(200);
      assertThat(status(server, "enable-key", about)).isEqualTo(503);
      assertThat(
              status(server, "schedule-key-deletion", about.replace("}", ",'pending_days':'7'}")))
          .isEqualTo(200);
      assertThat(server.send(server.to("/health/ready")).statusCode()).isEqualTo(503);
    }
    try (LiveServer server = server("1MiB")) {
      assertThat(server.kms("describe-key", about, "/key_info/key_state")).isEqualTo("4");
      assertThat(server.kms("list-grants", about).at("/grants")).isEmpty();
    }
  }
}
