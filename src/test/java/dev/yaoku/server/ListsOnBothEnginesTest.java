package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever lists cannot tell by the answers which database is behind the server. */
class ListsOnBothEnginesTest {
  private static final int KEYS = 23;

  @TempDir Path scratch;

  @Test
  void everyListAndEveryPageIsTheSame() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    PostgresProcess postgres = PostgresProcess.shared();
    String database = postgres.newDatabase(null);
    try {
      Map<String, String> ofPostgres =
          lists("postgres", PostgresServerTest.settings(postgres.settings(database)));
      Map<String, String> ofSqlite = lists("sqlite", Map.of());
      ofSqlite.forEach((question, answer) ->
          assertThat(ofPostgres.get(question)).as(question).isEqualTo(answer));
      assertThat(ofSqlite.get("list-keys {'limit':'10','marker':'20'}")).contains("#2", "#0");
      assertThat(ofSqlite.values())
          .allSatisfy(answer -> assertThat(answer).doesNotContain("error"));
    } finally {
      postgres.dropDatabase(database);
    }
  }

  private Map<String, String> lists(String name, Map<String, String> settings) throws IOException {
    try (LiveServer server =
        new LiveServer(scratch.resolve(name), settings, RisingClock.machine())) {
      Tenant tenant = Tenant.first(server);
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        keys.add(tenant.key("k-" + i + (i % 2 == 0 ? "-Zwei" : "-eins"), ""));
      }
      for (int i = 0; i < KEYS; i++) {
        String about = "{'key_id':'" + keys.get(i) + "'";
        String tag = i % 3 == 0 ? "\uFF61" : i % 3 == 1 ? "\uD83D\uDD11" : "Env";
        tenant.ok(keys.get(i) + "/tags", "{'tag':{'key':'" + tag + "','value':'v" + i % 4 + "'}}");
        tenant.ok("aliases", about + ",'alias':'alias/a" + (i * 7) % KEYS + "'}");
        tenant.ok(
            "create-grant",
            "{'key_id':'%s','grantee_principal':'%032d','operations':['describe-key']}"
                .formatted(keys.get(i % 3), i));
        if (i % 5 == 3) {
          tenant.ok("disable-key", about + "}");
        }
        if (i % 7 == 6) {
          tenant.ok("schedule-key-deletion", about + ",'pending_days':'7'}");
        }
      }
      return answers(tenant, keys);
    }
  }

  private static Map<String, String> answers(Tenant tenant, List<String> keys) {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String body :
        List.of(
            "{}",
            "{'limit':'10'}",
            "{'limit':'10','marker':'10'}",
            "{'limit':'10','marker':'20'}",
            "{'limit':'10','marker':'30'}",
            "{'key_state':'2'}",
            "{'key_state':'3','limit':'2'}",
            "{'key_state':'4'}")) {
      answers.put("list-keys " + body, text(tenant.ok("list-keys", body), keys, tenant));
    }
    for (String filter :
        List.of(
            "'action':'count'",
            "'action':'filter','limit':'10','offset':'0'",
            "'action':'filter','limit':'10','offset':'20'",
            "'action':'filter','limit':'10','offset':'0','tags':[{'key':'Env','values':['v1']}]",
            "'action':'filter','limit':'10','offset':'0','tags':[{'key':'\uFF61','values':[]}]",
            "'action':'filter','limit':'10','offset':'0',"
                + "'matches':[{'key':'resource_name','value':'zwei'}]",
            "'action':'filter','limit':'10','offset':'0',"
                + "'matches':[{'key':'resource_name','value':'EINS'}]")) {
      answers.put(
          filter, text(tenant.ok("resource_instances/action", "{" + filter + "}"), keys, tenant));
    }
    for (String path : List.of("/kms/tags", "/kms/aliases", "/kms/aliases?limit=5", "/keystores")) {
      answers.put(path, text(tenant.call("GET", path, "").is(200), keys, tenant));
    }
    for (String key : List.of(keys.get(0), keys.get(1))) {
      answers.put(
          "grants of " + keys.indexOf(key),
          text(tenant.ok("list-grants", "{'key_id':'" + key + "'}"), keys, tenant));
    }
    answers.put(
        "retirable", text(tenant.ok("list-retirable-grants", "{'limit':'7'}"), keys, tenant));
    return answers;
  }

  /** The answer with what differs from one installation to the next taken out. */
  private static String text(Tenant.Reply reply, List<String> keys, Tenant tenant) {
    String text = reply.raw().body();
    for (int i = 0; i < keys.size(); i++) {
      text = text.replace(keys.get(i), "#" + i + "#");
    }
    return text.replace(tenant.account, "ACCOUNT")
        .replace(tenant.project, "PROJECT")
        .replace(tenant.user, "USER")
        .replaceAll("\"[0-9a-f]{64}\"", "GRANT")
        .replaceAll("\\b1[0-9]{12}\\b", "TIME")
        .replaceAll("\\b20[0-9]{2}-[0-9-]+T[0-9:.]+Z", "TIME")
        .replaceAll("\"next_marker\":\"[^\"]*[^0-9\"][^\"]*\"", "MARKER");
  }
}
