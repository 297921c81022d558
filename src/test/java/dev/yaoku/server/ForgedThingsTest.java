package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody edits what decides about a key, other than the key itself. Nobody gets more for it: what
 * was edited is refused with a sentence that says nothing of it, counted and recorded, and what was
 * not edited works (SECURITY_DESIGN C1).
 */
class ForgedThingsTest {
  private static final String DAMAGED = "failed its integrity check";

  @TempDir Path scratch;
  private @Nullable PostgresSetup database;
  private Map<String, String> settings = Map.of();
  private LiveServer server;
  private Tenant owner;
  private Tenant grantee;
  private String victim = "";
  private String other = "";
  private double refusedBefore;

  /** Where the server keeps its rows, if not in a file. */
  @Nullable PostgresSetup newDatabase() throws IOException, SQLException {
    return null;
  }

  @BeforeEach
  void start() throws IOException, SQLException {
    database = newDatabase();
    settings = new HashMap<>(database == null ? Map.of() : database.settings());
    settings.put("admin.address", "127.0.0.1:0");
    server = new LiveServer(scratch.resolve("data"), settings);
    owner = Tenant.first(server);
    grantee = owner.colleague();
    victim = owner.key("victim", "");
    other = owner.key("other", "");
    owner.ok("aliases", "{'key_id':'" + victim + "','alias':'alias/mine'}");
    owner.ok(victim + "/tags", "{'tag':{'key':'env','value':'prod'}}");
    refusedBefore = refused();
  }

  @AfterEach
  void stop() throws SQLException {
    server.close();
    if (database != null) {
      database.close();
    }
  }

  private Path file() {
    return scratch.resolve("data/yaoku.db");
  }

  private Connection open() throws SQLException {
    return database == null
        ? DriverManager.getConnection("jdbc:sqlite:" + file())
        : database.connect();
  }

  /** Edits rows; what the server had in memory counts no longer. */
  private void edit(String statement) throws SQLException {
    try (Connection connection = open();
        Statement sql = connection.createStatement()) {
      assertThat(sql.executeUpdate(statement)).isPositive();
    }
    server.yaoku.wiring().keys().keys().changedAll();
    server.yaoku.wiring().identities().everythingChanged();
  }

  private String metrics() {
    URI page = URI.create("http://127.0.0.1:" + server.yaoku.adminPort() + "/metrics");
    return server.send(HttpRequest.newBuilder(page)).body();
  }

  private double refused() {
    String name = "yaoku_store_rows_refused_total ";
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private List<String> audited() {
    EventTail log = database == null ? new EventTail(file()) : new EventTail(database::connect);
    return log.news().stream()
        .map(event -> new String(event.entry(), ISO_8859_1).substring(16))
        .toList();
  }

  /** Counted, and recorded by its table. */
  private void noticed(String table) throws SQLException {
    assertThat(refused()).isGreaterThan(refusedBefore);
    server.close(); // what is to be recorded is recorded
    assertThat(audited())
        .anySatisfy(entry ->
            assertThat(entry)
                .contains("rowNotGenuine", "\"resource_type\":\"" + table + "\"", "incident"));
  }

  private static Tenant.Reply refusedAsDamaged(Tenant.Reply reply) {
    assertThat(reply.raw().body()).contains("KMS.0101", DAMAGED);
    return tellsNothing(reply);
  }

  private static Tenant.Reply tellsNothing(Tenant.Reply reply) {
    assertThat(reply.raw().body())
        .doesNotContainIgnoringCase("dev.yaoku")
        .doesNotContainIgnoringCase("exception")
        .doesNotContainIgnoringCase("row_mac")
        .doesNotContainIgnoringCase("SELECT ");
    return reply;
  }

  private void theOtherKeyWorks() {
    String about = "{'key_id':'" + other + "','plain_text':'hello'}";
    assertThat(owner.ok("encrypt-data", about).text("/cipher_text")).isNotEmpty();
  }

  private String plain(String key) {
    return "{'key_id':'" + key + "','plain_text':'x'}";
  }

  @Test
  void aTagThatWasEditedIsNotShown() throws SQLException {
    edit("UPDATE tag SET tag_value = 'dev'");
    refusedAsDamaged(owner.call("GET", "/kms/" + victim + "/tags", ""));
    Tenant.Reply found =
        owner.kms(
            "resource_instances/action",
            "{'action':'filter','tags':[{'key':'env','values':['dev']}],'limit':'9','offset':'0'}");
    assertThat(tellsNothing(found).raw().body()).doesNotContain(victim);
    theOtherKeyWorks();
    noticed("tag");
  }

  @Test
  void aTagThatWasEditedIsNotReplacedOrRemovedAndStandsForNothingBesideIt() throws SQLException {
    edit("UPDATE tag SET tag_value = 'dev'");
    refusedAsDamaged(owner.kms(victim + "/tags", "{'tag':{'key':'env','value':'test'}}"));
    refusedAsDamaged(owner.call("DELETE", "/kms/" + victim + "/tags/env", ""));
    refusedAsDamaged(owner.kms(victim + "/tags", "{'tag':{'key':'team','value':'red'}}"));
    noticed("tag");
  }

  /** Or it could be made a second time, and its earlier value brought back. */
  @Test
  void aTagThatWasRenamedIsNotBelievedToBeGone() throws SQLException {
    owner.ok(victim + "/tags", "{'tag':{'key':'zone','value':'1'}}");
    edit("UPDATE tag SET tag_key = 'envy' WHERE tag_key = 'env'");
    refusedAsDamaged(owner.call("DELETE", "/kms/" + victim + "/tags/env", ""));
    refusedAsDamaged(owner.kms(victim + "/tags", "{'tag':{'key':'env','value':'test'}}"));
    refusedAsDamaged(owner.kms(victim + "/tags", "{'tag':{'key':'free','value':''}}"));
    owner.ok(victim + "/tags", "{'tag':{'key':'zoo','value':''}}");
    noticed("tag");
  }

  @Test
  void aTagThatWasTakenAwayIsMissed() throws SQLException {
    edit("DELETE FROM tag");
    refusedAsDamaged(owner.call("GET", "/kms/" + victim + "/tags", ""));
    refusedAsDamaged(owner.kms(victim + "/tags", "{'tag':{'key':'team','value':'red'}}"));
    theOtherKeyWorks();
    noticed("key");
  }

  @Test
  void anAliasThatWasMovedLeadsNowhere() throws SQLException {
    edit("UPDATE alias SET key_id = '" + other + "'");
    refusedAsDamaged(owner.kms("encrypt-data", plain("alias/mine")));
    refusedAsDamaged(owner.kms("describe-key", plain("alias/mine")));
    assertThat(tellsNothing(owner.call("GET", "/kms/aliases", "")).raw().body())
        .doesNotContain("alias/mine");
    theOtherKeyWorks();
    noticed("alias");
  }

  @Test
  void aGrantThatWasWidenedGivesNothing() throws SQLException {
    owner.ok(
        "create-grant",
        "{'key_id':'%s','grantee_principal':'%s','operations':['describe-key']}"
            .formatted(victim, grantee.user));
    grantee.kms("describe-key", plain(victim)).is(200);
    grantee.kms("encrypt-data", plain(victim)).is(403);

    edit("UPDATE key_grant SET operations = 'DESCRIBE_KEY ENCRYPT_DATA'");

    tellsNothing(grantee.kms("encrypt-data", plain(victim))).is(403);
    tellsNothing(grantee.kms("describe-key", plain(victim))).is(403);
    owner.kms("encrypt-data", plain(victim)).is(200);
    assertThat(tellsNothing(owner.kms("list-grants", "{'key_id':'" + victim + "'}")).raw().body())
        .doesNotContain(grantee.user);
    theOtherKeyWorks();
    noticed("key_grant");
  }

  @Test
  void aDenialThatWasEditedIsNotPassedOver() throws SQLException {
    Staff staff = new Staff(owner);
    String denial =
        staff.policy("{'Effect':'Deny','Action':['kms:cmk:encryptData'],'Resource':['*']}");
    staff.give(Staff.self(grantee), owner.project, "kms_adm");
    staff.give(Staff.self(grantee), owner.project, denial);
    grantee.kms("encrypt-data", plain(victim)).is(403);

    edit("UPDATE attachment SET created_at = created_at + 1 WHERE policy = '" + denial + "'");
    staff.group(grantee); // so that what he holds is read anew

    refusedAsDamaged(grantee.kms("encrypt-data", plain(victim)));
    theOtherKeyWorks();
    noticed("attachment");
  }

  @Test
  void aGrantMovedToAnotherKeyGivesNothing() throws SQLException {
    owner.ok(
        "create-grant",
        "{'key_id':'%s','grantee_principal':'%s','operations':['describe-key']}"
            .formatted(victim, grantee.user));
    String there = ", key_number = (SELECT number FROM \"key\" WHERE id = '" + other + "')";
    edit("UPDATE key_grant SET key_id = '" + other + "'" + there);
    tellsNothing(grantee.kms("describe-key", plain(other))).is(403);
    owner.kms("describe-key", plain(other)).is(200);
    noticed("key_grant");
  }

  @Test
  void aKeystoreThatWasEditedIsNotShown() throws SQLException {
    String made =
        owner
            .call(
                "POST",
                "/keystores",
                "{'keystore_alias':'mine','hsm_cluster_id':'cb8c5a0a-1234-4e4d-8b9b-0123456789ab',"
                    + "'hsm_ca_cert':'c'}")
            .raw()
            .body();
    assertThat(made).contains("keystore_id");
    edit("UPDATE keystore SET alias = 'theirs'");
    assertThat(tellsNothing(owner.call("GET", "/keystores", "")).raw().body())
        .doesNotContain("theirs");
    theOtherKeyWorks();
    noticed("keystore");
  }

  @Test
  void aTokenThatLivesLongerThanItWasMadeForProvesNobody() throws SQLException {
    HttpResponse<String> issued =
        server.send(
            server
                .to("/v3/auth/tokens")
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        ("{'auth':{'identity':{'methods':['password'],'password':{'user':{"
                                + "'name':'%s','password':'%s','domain':{'name':'%s'}}}},"
                                + "'scope':{'project':{'id':'%s'}}}}")
                            .formatted(
                                server.known("user_name"),
                                server.known("password"),
                                server.known("domain_name"),
                                server.known("project_id"))
                            .replace('\'', '"'),
                        UTF_8)));
    assertThat(issued.statusCode()).as(issued.body()).isEqualTo(201);
    String token = issued.headers().firstValue("X-Subject-Token").orElseThrow();
    assertThat(byToken(token).statusCode()).isEqualTo(200);

    edit("UPDATE token SET expires_at = expires_at + 86400000");

    HttpResponse<String> answer = byToken(token);
    assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(answer.body()).doesNotContain(victim).doesNotContain("dev.yaoku");
    theOtherKeyWorks();
    noticed("token");
  }

  private HttpResponse<String> byToken(String token) {
    return server.byToken(
        token, "POST", "/v1.0/" + server.known("project_id") + "/kms/list-keys", "{}");
  }

  @Test
  void aProjectGivenToAnotherAccountServesNeither() throws SQLException {
    Tenant stranger = Tenant.another(server);
    edit(
        "UPDATE project SET account = '%s', name = 'given' WHERE id = '%s'"
            .formatted(stranger.account, owner.project));
    for (Tenant who : List.of(owner, stranger.in(owner.project))) {
      Tenant.Reply reply = tellsNothing(who.kms("list-keys", "{}"));
      assertThat(reply.status()).isGreaterThanOrEqualTo(400);
      assertThat(reply.raw().body()).doesNotContain(victim);
    }
    stranger.kms("list-keys", "{}").is(200);
    noticed("project");
  }

  @Test
  void anAccountThatWasEditedProvesNobody() throws SQLException {
    Tenant stranger = Tenant.another(server);
    edit("UPDATE account SET name = 'other' WHERE id = '" + owner.account + "'");
    Tenant.Reply reply = tellsNothing(owner.kms("list-keys", "{}"));
    assertThat(reply.status()).isGreaterThanOrEqualTo(400);
    assertThat(reply.raw().body()).doesNotContain(victim);
    stranger.kms("list-keys", "{}").is(200);
    noticed("account");
  }

  @Test
  void whoMadeHimselfAdministratorIsNobody() throws SQLException {
    edit("UPDATE \"user\" SET administrator = 1 WHERE id = '" + grantee.user + "'");
    Tenant.Reply reply = tellsNothing(grantee.kms("list-keys", "{}"));
    assertThat(reply.status()).isGreaterThanOrEqualTo(400);
    assertThat(reply.raw().body()).doesNotContain(victim);
    theOtherKeyWorks();
    noticed("user");
  }

  @Test
  void underAProjectKeyThatWasExchangedNothingIsDone() throws IOException, SQLException {
    Tenant stranger = Tenant.another(server);
    String theirs = stranger.key("theirs", "");
    edit(
        "UPDATE project_key SET wrapped = (SELECT wrapped FROM project_key WHERE project = '%s')"
                .formatted(stranger.project)
            + " WHERE project = '%s'".formatted(owner.project));
    server.close();
    server = new LiveServer(scratch.resolve("data"), settings);
    owner = Tenant.first(server);
    refusedBefore = refused();
    refusedAsDamaged(owner.kms("encrypt-data", plain(victim)));
    refusedAsDamaged(owner.kms("create-key", "{'key_alias':'more'}"));
    assertThat(theirs).isNotEmpty();
    noticed("project_key");
  }
}
