package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

  /** Something that takes rights away, and what it is done to. */
  private record Taking(String method, String path, String body, int status) {}

  @Test
  void onAFullDiskWhoComesInIsShutOutAndNobodyIsLetIn() throws IOException {
    List<Taking> all;
    try (LiveServer server = server("1MiB")) {
      all = prepared(server);
    }
    try (LiveServer server = server("1073741824MiB")) {
      Tenant owner = Tenant.first(server);
      owner.send("POST", "/v3/users", "{'user':{'name':'late','password':'Correct-1'}}").is(503);
      for (Taking one : all) {
        owner.send(one.method(), one.path(), one.body()).is(one.status());
      }
    }
  }

  private static List<Taking> prepared(LiveServer server) {
    Tenant owner = Tenant.first(server);
    String user =
        owner
            .send("POST", "/v3/users", "{'user':{'name':'bob','password':'Correct-Horse-1'}}")
            .is(201)
            .text("/user/id");
    String key =
        owner
            .send(
                "POST",
                "/v3.0/OS-CREDENTIAL/credentials",
                "{'credential':{'user_id':'" + user + "'}}")
            .is(201)
            .text("/credential/access");
    String project =
        owner
            .send(
                "POST",
                "/v3/projects",
                "{'project':{'name':'" + server.known("region") + "_closing'}}")
            .is(201)
            .text("/project/id");
    String provider = "/v3/OS-FEDERATION/identity_providers/idp";
    owner.send("PUT", provider, "{'identity_provider':{'enabled':true}}").is(201);
    String kms = "/v1.0/" + owner.project + "/kms/";
    String about = owner.key("named", "");
    owner.ok("aliases", "{'key_id':'" + about + "','alias':'alias/named'}");
    return List.of(
        new Taking("PATCH", "/v3/users/" + user, "{'user':{'enabled':false}}", 200),
        new Taking(
            "PUT",
            "/v3.0/OS-CREDENTIAL/credentials/" + key,
            "{'credential':{'status':'inactive'}}",
            200),
        new Taking("DELETE", "/v3.0/OS-CREDENTIAL/credentials/" + key, "", 204),
        new Taking("DELETE", "/v3/users/" + user, "", 204),
        new Taking("PATCH", provider, "{'identity_provider':{'enabled':false}}", 200),
        new Taking("DELETE", provider, "", 204),
        new Taking("PUT", "/v3-ext/projects/" + project, "{'project':{'status':'suspended'}}", 204),
        new Taking(
            "DELETE",
            kms + "aliases",
            "{'key_id':'" + about + "','aliases':['alias/named']}",
            204));
  }

  @Test
  void onAFullDiskCommandsThatAreToldIdsTakeRightsAway() throws IOException {
    String key;
    String user;
    String policy;
    try (LiveServer server = server("1MiB")) {
      key = server.kms("create-key", "{'key_alias':'leaked'}", "/key_info/key_id");
      user = json(server, "user", "create", "bob").at("/id").asString();
      policy =
          json(server, "policy", "list")
              .valueStream()
              .filter(one -> one.at("/display_name").asString().equals("KMS CMKFullAccess"))
              .map(one -> one.at("/id").asString())
              .findFirst()
              .orElseThrow();
      for (String scope : List.of("--in-all-projects", "--in-account")) {
        done(server, "policy", "attach", policy, "--user", user, scope);
      }
      Tenant.first(server)
          .send(
              "PUT",
              "/v3/OS-FEDERATION/identity_providers/idp",
              "{'identity_provider':{'enabled':true}}")
          .is(201);
    }
    try (LiveServer server = server("1073741824MiB")) {
      for (String scope : List.of("--in-all-projects", "--in-account")) {
        done(server, "policy", "detach", policy, "--user", user, scope);
      }
      done(server, "user", "disable", user);
      assertThat(json(server, "idp", "disable", "idp").at("/enabled").asBoolean(true)).isFalse();
      done(server, "key", "disable", key);
      assertThat(run(server, "key", "enable", key).err()).contains("yaoku: KMS.");
    }
  }

  private CommandRun run(LiveServer server, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--credentials", server.yaoku.data().resolve("credentials").toString()));
    all.addAll(List.of("--endpoint", server.endpoint()));
    return CommandRun.of(Map.of(), all.toArray(String[]::new));
  }

  private String done(LiveServer server, String... words) {
    CommandRun run = run(server, words);
    assertThat(run.exitCode()).as(String.join(" ", words) + ": " + run.err()).isZero();
    return run.out();
  }

  private JsonNode json(LiveServer server, String... words) {
    List<String> more = new ArrayList<>(List.of(words));
    more.add("--json");
    return new JsonMapper().readTree(done(server, more.toArray(String[]::new)));
  }
}
