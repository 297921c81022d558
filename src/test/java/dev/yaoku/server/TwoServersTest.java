package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one server takes away is gone on another of the same database within a second. */
class TwoServersTest {
  private static final String PATH = "/v3.0/OS-CREDENTIAL/securitytokens";
  private static final String ONESELF = "{'auth':{'identity':{'methods':['token']}}}";
  private static final String PASSWORD = "Correct-Horse-1";

  @TempDir Path scratch;
  private String database = "";
  private LiveServer first;
  private LiveServer second;
  private Tenant owner;

  @BeforeEach
  void startsTwo() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    database = PostgresProcess.shared().newDatabase(null);
    Map<String, String> settings =
        new HashMap<>(PostgresServerTest.settings(PostgresProcess.shared().settings(database)));
    first = new LiveServer(scratch.resolve("first"), settings);
    Path data = scratch.resolve("second");
    PrivateFiles.directory(data);
    Files.copy(scratch.resolve("first/credentials"), data.resolve("credentials"));
    settings.put("root-key", scratch.resolve("first/root.key").toString());
    second = new LiveServer(data, settings);
    owner = Tenant.first(first);
  }

  @AfterEach
  void stopsThem() throws IOException, SQLException {
    second.close();
    first.close();
    PostgresProcess.shared().dropDatabase(database);
  }

  private Reply held(LiveServer server, String token, String method, String path, String body) {
    HttpResponse<String> answer =
        server.send(
            server
                .to(path)
                .header("X-Auth-Token", token)
                .method(method, BodyPublishers.ofString(body.replace('\'', '"'))));
    return new Reply(answer.statusCode(), answer);
  }

  private String login(String user) {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s',".formatted(user)
            + "'password':'"
            + PASSWORD
            + "'}}},'scope':{'project':{'id':'"
            + owner.project
            + "'}}}}";
    return first
        .send(first.to("/v3/auth/tokens").POST(BodyPublishers.ofString(body.replace('\'', '"'))))
        .headers()
        .firstValue("X-Subject-Token")
        .orElseThrow();
  }

  /** The watch looks four times a second; the rest is for a machine that is busy otherwise. */
  private static void soon(String what, BooleanSupplier isSo) {
    long start = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(Duration.ofSeconds(10).toNanos());
    }
  }

  private static Temporary on(LiveServer server, Temporary key) {
    return new Temporary(server, key.access(), key.secret(), key.token(), key.expiresAt());
  }

  @Test
  void whatOneServerTakesAwayIsGoneOnTheOther() {
    assertThat(RightsWatch.EVERY).isLessThanOrEqualTo(Duration.ofMillis(500));
    String user =
        owner
            .send("POST", "/v3/users", "{'user':{'name':'twofold','password':'" + PASSWORD + "'}}")
            .is(201)
            .text("/user/id");
    String policy = "/v3/projects/" + owner.project + "/users/" + user + "/roles/kms_adm";
    owner.send("PUT", policy, "").is(204);
    Reply made =
        owner.send(
            "POST", "/v3.0/OS-CREDENTIAL/credentials", "{'credential':{'user_id':'" + user + "'}}");
    String access = made.is(201).text("/credential/access");
    Tenant person = owner.as(user, access, made.text("/credential/secret"));
    Temporary lasting =
        new Temporary(second, access, made.text("/credential/secret"), null, java.time.Instant.MAX);

    String active = "/v3.0/OS-CREDENTIAL/credentials/" + access;
    String[][] ends = {
      {"PATCH", "/v3/users/" + user, "{'user':{'enabled':false}}", "{'user':{'enabled':true}}"},
      {"PUT", active, "{'credential':{'status':'inactive'}}", "{'credential':{'status':'active'}}"},
    };
    for (String[] end : ends) {
      Temporary key = on(second, Temporary.of(first, person.send("POST", PATH, ONESELF)));
      String token = login(user);
      soon("works", () -> lasting.lists(owner.project).status() == 200);
      key.lists(owner.project).is(200);
      held(second, token, "GET", "/v3/auth/projects", "").is(200);

      owner.send(end[0], end[1], end[2]).is(200);
      soon("temporary key", () -> key.lists(owner.project).status() == 401);
      soon("access key", () -> lasting.lists(owner.project).status() == 401);
      soon("token", () -> held(second, token, "GET", "/v3/auth/projects", "").status() == 401);
      owner.send(end[0], end[1], end[3]).is(200);
    }

    soon("works", () -> lasting.lists(owner.project).status() == 200);
    owner.send("DELETE", policy, "").is(204);
    soon("policy", () -> lasting.lists(owner.project).code().equals("KMS.0307"));
    owner.send("PUT", policy, "").is(204);

    String token = login(user);
    Temporary child = on(second, Temporary.of(first, held(first, token, "POST", PATH, ONESELF)));
    soon("the policy is back", () -> child.lists(owner.project).status() == 200);
    first.send(
        first
            .to("/v3/auth/tokens")
            .header("X-Auth-Token", token)
            .header("X-Subject-Token", token)
            .DELETE());
    soon("child of a revoked token", () -> child.lists(owner.project).status() == 401);
    owner.send("DELETE", active, "").is(204);
    soon("deleted access key", () -> lasting.lists(owner.project).status() == 401);
  }
}
