package dev.yaoku.server;

import static dev.yaoku.server.Paging.read;
import static dev.yaoku.server.Paging.readByOffset;
import static dev.yaoku.server.Paging.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Each list, read page by page while entries come and go: what was there all the time comes exactly
 * once (semantics.md 18, ADR 2).
 */
@ParameterizedClass
@ValueSource(strings = {"sqlite", "postgres"})
class PagesOfEveryListTest {
  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";

  @TempDir Path scratch;
  private String database = "";
  private LiveServer server;
  private Tenant tenant;

  private final String engine;

  PagesOfEveryListTest(String engine) {
    this.engine = engine;
  }

  @BeforeEach
  void start() throws IOException, SQLException {
    Map<String, String> settings = new HashMap<>();
    settings.put("dev.enabled", "true");
    settings.put("keys.purge-grace", "0s");
    if (engine.equals("postgres")) {
      if (System.getenv("CI") == null) {
        assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
      }
      database = PostgresProcess.shared().newDatabase(null);
      settings.putAll(PostgresServerTest.settings(PostgresProcess.shared().settings(database)));
    }
    server = new LiveServer(scratch.resolve("data"), settings);
    tenant = Tenant.first(server);
  }

  @AfterEach
  void stop() throws IOException, SQLException {
    server.close();
    if (!database.isEmpty()) {
      PostgresProcess.shared().dropDatabase(database);
    }
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  /** Makes entries, each later than the one before, as lists go by the millisecond. */
  private List<String> newestFirst(int count, Supplier<String> maker) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pass(Duration.ofSeconds(1));
      made.addFirst(maker.get());
    }
    return made;
  }

  private int names;

  private String key() {
    return tenant.key("key-" + names++, "");
  }

  /** Brings keys to the last minute before they are purged. */
  private void doom(String... keys) {
    for (String key : keys) {
      tenant.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));
    }
    pass(Duration.ofDays(7).minusMinutes(1));
  }

  private void purge() {
    pass(Duration.ofMinutes(2));
  }

  private void pass(Duration time) {
    long seconds = time.toSeconds();
    tenant.send("POST", "/dev/clock", "{'forward_seconds':" + seconds + "}").is(200);
  }

  @Test
  void everyKeyThatStaysIsListedOnce() {
    List<String> made = newestFirst(9, this::key);
    doom(made.get(0), made.get(1), made.get(5));
    List<String> seen =
        read(
            marker -> tenant.ok("list-keys", "{'limit':'2','marker':'" + marker + "'}").json(),
            "/keys",
            "",
            () -> newestFirst(3, this::key),
            this::purge); // purges two that were delivered and one that was not
    assertThat(seen).isEqualTo(without(made, 5));
  }

  @Test
  void everyKeyThatStaysIsFoundOnceByItsTag() {
    Supplier<String> tagged =
        () -> {
          String key = key();
          tenant.ok(key + "/tags", "{'tag':{'key':'env','value':'prod'}}");
          return key;
        };
    List<String> made = newestFirst(9, tagged);
    doom(made.get(5));
    List<String> seen =
        readByOffset(
            offset ->
                tenant
                    .ok(
                        "resource_instances/action",
                        "{'limit':'2','offset':"
                            + offset
                            + ",'tags':[{'key':'env','values':['prod','test']}]}")
                    .at("/resources"),
            "/resource_id",
            () -> newestFirst(2, tagged),
            () -> {
              tenant.call("DELETE", "/kms/" + made.get(0) + "/tags/env", "").is(204);
              purge();
            });
    assertThat(seen).isEqualTo(without(made, 5));
  }

  private static final String ENTERPRISE_PROJECT = "11111111-2222-4333-8444-555555555501";

  private String filed(Tenant owner) {
    return owner.key("key-" + names++, "'enterprise_project_id':'" + ENTERPRISE_PROJECT + "'");
  }

  private void moveAway(Tenant owner, String key) {
    String move =
        "{'resource_id':'%s','resource_type':'kms','project_id':'%s'}"
            .formatted(key, owner.project);
    tenant.send("POST", "/v1.0/enterprise-projects/0/resources-migrate", move).is(204);
  }

  /** The keys of one of the account's projects come after those of another. */
  @Test
  void everyKeyThatStaysIsListedOnceUnderItsEnterpriseProject() {
    Tenant further = tenant.elsewhere();
    List<String> made = newestFirst(5, () -> filed(tenant));
    made.addAll(newestFirst(6, () -> filed(further)));
    doom(made.get(0), made.get(1), made.get(4));
    List<String> seen =
        readByOffset(
            offset ->
                tenant
                    .send(
                        "POST",
                        "/v1.0/enterprise-projects/" + ENTERPRISE_PROJECT + "/resources/filter",
                        "{'limit':2,'offset':" + offset + "}")
                    .is(200)
                    .at("/resources"),
            "/resource_id",
            () -> newestFirst(3, () -> filed(tenant)),
            this::purge, // two that were delivered and one that was not
            () -> filed(tenant),
            () -> {
              newestFirst(3, () -> filed(further));
              moveAway(tenant, made.get(3));
              moveAway(further, made.get(5));
              moveAway(further, made.get(9));
            });
    assertThat(seen).isEqualTo(without(made, 4, 9));
  }

  private String grant(String key) {
    String members = ",'grantee_principal':'" + GRANTEE + "','operations':['describe-key']";
    return tenant.ok("create-grant", about(key, members)).text("/grant_id");
  }

  private void revoke(String key, String grant) {
    tenant.ok("revoke-grant", about(key, ",'grant_id':'" + grant + "'"));
  }

  @Test
  void everyGrantThatStaysIsListedOnceOnItsKey() {
    String key = key();
    newestFirst(9, () -> grant(key));
    List<String> made =
        read(
            marker -> tenant.ok("list-grants", about(key, ",'marker':'" + marker + "'")).json(),
            "/grants",
            "/grant_id");
    assertThat(made).hasSize(9);
    List<String> seen =
        read(
            marker ->
                tenant.ok("list-grants", about(key, ",'limit':2,'marker':'" + marker + "'")).json(),
            "/grants",
            "/grant_id",
            () -> newestFirst(2, () -> grant(key)),
            () -> {
              revoke(key, made.get(1));
              revoke(key, made.get(6));
            });
    assertThat(seen).isEqualTo(without(made, 6));
  }

  @Test
  void everyGrantThatStaysIsListedOnceForWhoMayRetireIt() {
    List<String> keys = newestFirst(3, this::key);
    for (int round = 0; round < 3; round++) {
      keys.forEach(this::grant);
    }
    List<String> made =
        read(_ -> tenant.ok("list-retirable-grants", "{}").json(), "/grants", "/grant_id");
    assertThat(made).hasSize(9);
    List<String> seen =
        read(
            marker ->
                tenant.ok("list-retirable-grants", "{'limit':2,'marker':'" + marker + "'}").json(),
            "/grants",
            "/grant_id",
            () -> keys.forEach(this::grant),
            () -> {
              for (String key : keys) { // on one of them each grant is
                tenant.kms("retire-grant", about(key, ",'grant_id':'" + made.get(0) + "'"));
                tenant.kms("retire-grant", about(key, ",'grant_id':'" + made.get(7) + "'"));
              }
            });
    assertThat(seen).isEqualTo(without(made, 7));
  }

  private String alias(String key) {
    String alias = "alias/name-" + names++;
    tenant.ok("aliases", about(key, ",'alias':'" + alias + "'"));
    return alias;
  }

  private void unname(String key, String alias) {
    tenant.call("DELETE", "/kms/aliases", about(key, ",'aliases':['" + alias + "']")).is(204);
  }

  @Test
  void everyAliasThatStaysIsListedOnceInItsProjectAndOnItsKey() {
    String key = key();
    for (String of : new String[] {"", "&key_id=" + key}) {
      newestFirst(9, () -> alias(key));
      List<String> made =
          read(
              marker -> tenant.call("GET", "/kms/aliases?marker=" + marker + of, "").json(),
              "/aliases",
              "/alias");
      List<String> seen =
          read(
              marker -> tenant.call("GET", "/kms/aliases?limit=2&marker=" + marker + of, "").json(),
              "/aliases",
              "/alias",
              () -> newestFirst(2, () -> alias(key)),
              () -> {
                unname(key, made.get(2));
                unname(key, made.get(6));
              });
      assertThat(seen).isEqualTo(without(made, 6));
    }
  }

  private String keystore() {
    String order =
        "{'keystore_alias':'store-%d','hsm_cluster_id':'c-%d','hsm_ca_cert':'PEM'}"
            .formatted(names, names++);
    return tenant.call("POST", "/keystores", order).is(200).text("/keystore/keystore_id");
  }

  @Test
  void everyKeystoreThatStaysIsListedOnce() {
    newestFirst(9, this::keystore);
    List<String> made =
        readByOffset(
            offset -> tenant.call("GET", "/keystores?offset=" + offset, "").at("/keystores"),
            "/keystore_id");
    List<String> seen =
        readByOffset(
            offset ->
                tenant.call("GET", "/keystores?limit=2&offset=" + offset, "").at("/keystores"),
            "/keystore_id",
            () -> newestFirst(2, this::keystore),
            () -> {
              tenant.call("DELETE", "/keystores/" + made.get(1), "").is(204);
              tenant.call("DELETE", "/keystores/" + made.get(6), "").is(204);
            });
    assertThat(seen).isEqualTo(without(made, 6));
  }

  /**
   * Reads a list of a key space while entries come, and while two go, of which one was delivered.
   * It is in order of ids, and a marker is the last id that was delivered.
   */
  private void ofAKeySpace(String list, String entries, String id, UnaryOperator<String> maker) {
    String keySpace = KeySpaces.space();
    Supplier<String> more = () -> maker.apply(keySpace);
    List<String> made = newestFirst(9, more).stream().sorted().toList();
    List<String> fresh = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    String marker = "";
    int page = 0;
    do {
      String query = "?keyspace_id=" + keySpace + "&limit=2&marker=" + marker;
      JsonNode answer = tenant.call("GET", "/kms/" + list + query, "").is(200).json();
      answer.at(entries).forEach(entry -> seen.add(entry.at(id).asString()));
      marker = answer.at("/page_info/next_marker").asString();
      if (page == 0) {
        fresh.addAll(newestFirst(3, more));
      } else if (page == 1) {
        for (int gone : new int[] {0, 6}) {
          tenant.call("DELETE", "/kms/" + list + "/" + made.get(gone), "").is(204);
        }
      }
      assertThat(marker).isIn("", seen.getLast());
      assertThat(seen).doesNotHaveDuplicates();
      page++;
    } while (!marker.isEmpty());

    assertThat(seen).isSorted();
    seen.removeAll(fresh);
    assertThat(seen).isEqualTo(without(made, 6));
  }

  @Test
  void everyKeyPolicyThatStaysIsListedOnce() {
    ofAKeySpace(
        "key-policies",
        "/keyspace_policies",
        "/policy_id",
        keySpace -> {
          String order =
              "{'keyspace_id':'%s','policy_name':'policy-%d','policy':'{}'}"
                  .formatted(keySpace, names++);
          return tenant.call("POST", "/kms/key-policies", order).is(201).text("/policy_id");
        });
  }

  @Test
  void everyAccessPointThatStaysIsListedOnce() {
    ofAKeySpace(
        "access-points",
        "/access_points",
        "/access_point_id",
        keySpace -> {
          String order =
              "{'keyspace_id':'%s','access_point_name':'point-%d','type':1,'identity':'i'}"
                  .formatted(keySpace, names++);
          return tenant.call("POST", "/kms/access-points", order).is(201).text("/access_point_id");
        });
  }

  @Test
  void aPageThatIsAskedForTwiceIsTheSamePage() {
    newestFirst(6, this::key);
    tenant.ok("list-keys", "{'limit':'2'}");
    key();
    JsonNode once = tenant.ok("list-keys", "{'limit':'2','marker':'2'}").at("/keys");
    assertThat(tenant.ok("list-keys", "{'limit':'2','marker':'2'}").at("/keys")).isEqualTo(once);
  }

  @Test
  void twoWhoReadAtOnceWithOneCredentialMissNothing() {
    List<String> made = newestFirst(6, this::key);
    doom(made.get(1));
    List<String> one = new ArrayList<>();
    List<String> two = new ArrayList<>();
    tenant.ok("list-keys", "{'limit':'2'}").at("/keys").forEach(id -> one.add(id.asString()));
    purge();
    tenant.ok("list-keys", "{'limit':'2'}").at("/keys").forEach(id -> two.add(id.asString()));
    for (List<String> reader : List.of(one, two)) {
      tenant
          .ok("list-keys", "{'limit':'9','marker':'2'}")
          .at("/keys")
          .forEach(id -> reader.add(id.asString()));
    }
    assertThat(one).containsAll(without(made, 1));
    assertThat(two).containsAll(without(made, 1));
  }
}
