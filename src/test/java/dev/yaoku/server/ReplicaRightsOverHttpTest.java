package dev.yaoku.server;

import static dev.yaoku.server.Staff.allow;
import static dev.yaoku.server.Staff.deny;
import static dev.yaoku.server.Staff.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who replicates makes a key, and what must not be made is not made so either. */
class ReplicaRightsOverHttpTest {
  private static final String FAR = "cn-south-1";
  private static final String DEPARTMENT = "11111111-2222-4333-8444-555555555507";
  private static final String CREATE = "'kms:cmk:create'";
  private static final String REPLICATE = "'kms:cmk:replicate'";
  private static final String EVERYTHING = allow("'kms:*:*'");

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;
  private static String far;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("regions.others", FAR));
    owner = Tenant.first(server);
    staff = new Staff(owner);
    far = server.projectIn(FAR);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply create(Tenant who, String members) {
    String more = members.isEmpty() ? "" : "," + members;
    return who.kms("create-key", "{'key_alias':'" + name("made") + "'" + more + "}");
  }

  private static Reply replicate(Tenant who, String key, String members) {
    String more = members.isEmpty() ? "" : "," + members;
    return who.send(
        "POST",
        "/v2/" + who.project + "/kms/keys/" + key + "/replicate",
        "{'replica_region':'%s','replica_project_id':'%s','key_alias':'%s'%s}"
            .formatted(FAR, far, name("replica"), more));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kms:KeySpec|EC_P256|'key_spec':'EC_P256','key_usage':'SIGN_VERIFY'|",
        "kms:KeyUsage|SIGN_VERIFY|'key_spec':'EC_P256','key_usage':'SIGN_VERIFY'|",
        "kms:KeyOrigin|kms||",
        "g:EnterpriseProjectId|"
            + DEPARTMENT
            + "|'enterprise_project_id':'"
            + DEPARTMENT
            + "'|'enterprise_project_id':'"
            + DEPARTMENT
            + "'",
      })
  void whatMustNotBeCreatedIsNotMadeByReplication(
      String key, String value, String ofKey, String ofReplica) {
    String of = ofKey == null ? "" : ofKey;
    String source = create(owner, of).is(200).text("/key_info/key_id");
    String order = ofReplica == null ? "" : ofReplica;
    Tenant person = staff.holding(EVERYTHING, deny(CREATE, "StringEquals", key, value));

    assertThat(create(person, of).is(403).code()).isEqualTo("KMS.0307");
    assertThat(replicate(person, source, order).is(403).code()).isEqualTo("KMS.0307");

    Tenant other = staff.holding(EVERYTHING, deny(CREATE, "StringEquals", key, "another"));
    create(other, of).is(200);
    replicate(other, source, order).is(200);
  }

  @Test
  void replicasCanBeForbiddenWhereOtherKeysAreNot() {
    String source = owner.key(name("source"), "");
    Tenant person =
        staff.holding(
            EVERYTHING, deny(CREATE, "StringEquals", "kms:MultiRegionKeyType", "REPLICA"));

    create(person, "").is(200);
    Reply refused = replicate(person, source, "").is(403);
    assertThat(refused.code()).isEqualTo("KMS.0307");
    String id = refused.raw().headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(owner.send("GET", "/yaoku/v1/refusals/" + id, "").is(200).text("/reason"))
        .startsWith("Denied by statement 2 ");
    assertThat(owner.ok("describe-key", "{'key_id':'" + source + "'}").raw().body())
        .contains("SINGLE");
  }

  @Test
  void whoMayReplicateKeysOfATagGivesTheReplicaThatTag() {
    String red = owner.key(name("red"), "");
    owner.call("POST", "/kms/" + red + "/tags", "{'tag':{'key':'team','value':'red'}}").is(204);
    Tenant person =
        staff.holding(
            allow(CREATE + ",'kms:cmk:get','kms:cmk:list'"),
            allow(REPLICATE, "StringEquals", "g:ResourceTag/team", "red"));

    String tag = "'tags':[{'key':'team','value':'%s'}]";
    assertThat(replicate(person, red, tag.formatted("blue")).is(403).code()).isEqualTo("KMS.0306");
    assertThat(replicate(person, red, "").is(403).code()).isEqualTo("KMS.0306");
    replicate(person, red, tag.formatted("red")).is(200);
  }

  @Test
  void whoMustNotReplicateKeysOfAnEnterpriseProjectPutsNoReplicaThere() {
    String source = owner.key(name("source"), "");
    Tenant person =
        staff.holding(
            EVERYTHING, deny(REPLICATE, "StringEquals", "g:EnterpriseProjectId", DEPARTMENT));

    String there = "'enterprise_project_id':'" + DEPARTMENT + "'";
    assertThat(replicate(person, source, there).is(403).code()).isEqualTo("KMS.0306");
    replicate(person, source, "").is(200);
  }
}
