package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Roles and callers by the cloud's newer API, {@code /v5}. */
class AssumedAgencyOverHttpTest {
  private static final String ASSUME = "/v5/agencies/assume";
  private static final String WHO = "/v5/caller-identity";
  private static final String AGENCY = "helpers";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Tenant foreign;
  private static Tenant operator;
  private static String agencyId;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    foreign = Tenant.another(server);
    operator = owner.colleague();
    String path = "/v3/domains/" + owner.account + "/users/" + operator.user + "/roles/te_agency";
    owner.send("PUT", path, "").is(204);
    String order =
        "{'agency':{'name':'%s','trust_domain_id':'%s'}}".formatted(AGENCY, owner.account);
    agencyId = foreign.send("POST", "/v3.0/OS-AGENCY/agencies", order).is(201).text("/agency/id");
    String rights =
        "/v3.0/OS-AGENCY/projects/" + foreign.project + "/agencies/" + agencyId + "/roles/kms_adm";
    foreign.send("PUT", rights, "").is(204);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String body(String more) {
    return "{'agency_urn':'iam::%s:agency:%s','agency_session_name':'night'%s}"
        .formatted(foreign.account, AGENCY, more);
  }

  private static Temporary key(Reply made) {
    JsonNode credentials = made.is(200).at("/credentials");
    return new Temporary(
        server,
        credentials.at("/access_key_id").stringValue(),
        credentials.at("/secret_access_key").stringValue(),
        credentials.at("/security_token").stringValue(),
        Instant.parse(credentials.at("/expiration").stringValue()));
  }

  // Assuming

  @Test
  void theAnswerIsTheClouds() {
    Reply made = operator.send("POST", ASSUME, body("")).is(200);
    assertThat(made.raw().body())
        .matches(
            "\\{\"assumed_agency\":\\{\"urn\":\"sts::%s:assumed-agency:helpers/night\",\"id\":\"%s:night\"},"
                    .formatted(foreign.account, agencyId)
                + "\"credentials\":\\{\"access_key_id\":\"YK[A-Z0-9]{18}\",\"secret_access_key\":"
                + "\"[A-Za-z0-9]{40}\",\"security_token\":\"yks1_[A-Za-z0-9_-]{43}\",\"expiration\":"
                + "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}000Z\"}}");
  }

  @Test
  void theKeyPlaysTheRole() {
    Temporary key = key(operator.send("POST", ASSUME, body("")));
    key.lists(foreign.project).is(200);
    key.lists(owner.project).is(403);
    key.with(null).lists(foreign.project).is(401);
  }

  @Test
  void itLivesAnHourOrAsLongAsIsAskedFor() {
    assertThat(life("")).isBetween(Duration.ofSeconds(3_590), Duration.ofSeconds(3_610));
    assertThat(life(",'duration_seconds':900"))
        .isBetween(Duration.ofSeconds(890), Duration.ofSeconds(910));
    assertThat(life(",'duration_seconds':43200"))
        .isBetween(Duration.ofSeconds(43_190), Duration.ofSeconds(43_210));
  }

  private static Duration life(String more) {
    Instant before = Instant.now();
    return Duration.between(before, key(operator.send("POST", ASSUME, body(more))).expiresAt());
  }

  @Test
  void aTemporaryKeyAssumesToo() {
    Temporary first =
        Temporary.of(
            server,
            operator.send(
                "POST",
                "/v3.0/OS-CREDENTIAL/securitytokens",
                "{'auth':{'identity':{'methods':['token']}}}"));
    Temporary key = key(first.send("POST", ASSUME, body("")));
    key.lists(foreign.project).is(200);
    assertThat(key.expiresAt()).as("no later than what it came from").isEqualTo(first.expiresAt());
  }

  @Test
  void aPolicyNarrows() {
    String policy =
        "{\\\"Version\\\":\\\"5.0\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":"
            + "[\\\"kms:cmk:list\\\"]}]}";
    Temporary key = key(operator.send("POST", ASSUME, body(",'policy':'" + policy + "'")));
    key.lists(foreign.project).is(200);
    key.send("GET", "/v1.0/" + foreign.project + "/kms/tags", "").is(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",'policy_ids':[],'tags':null,'transitive_tag_keys':[],'source_identity':''",
        ",'external_id':'','serial_number':'','token_code':''",
      })
  void anEmptyMemberIsNone(String more) {
    operator.send("POST", ASSUME, body(more)).is(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{'agency_urn':'iam::$:agency:helpers'}",
        "{'agency_urn':'iam::$:agency:helpers','agency_session_name':''}",
        "{'agency_urn':'iam::$:agency:helpers','agency_session_name':'a/b'}",
        "{'agency_urn':'iam::$:agency:','agency_session_name':'s'}",
        "{'agency_urn':'iam:::agency:helpers','agency_session_name':'s'}",
        "{'agency_urn':'iam:r:$:agency:helpers','agency_session_name':'s'}",
        "{'agency_urn':'IAM::$:agency:helpers','agency_session_name':'s'}",
        "{'agency_urn':'iam::$:user:helpers','agency_session_name':'s'}",
        "{'agency_urn':'sts::$:agency:helpers','agency_session_name':'s'}",
        "{'agency_urn':'helpers','agency_session_name':'s'}",
        "{'agency_urn':['iam::$:agency:helpers'],'agency_session_name':'s'}",
      })
  void whatMeansNothingIsABadRequest(String malformed) {
    Reply refused = operator.send("POST", ASSUME, malformed.replace("$", foreign.account)).is(400);
    assertThat(refused.code()).startsWith("IAM.00");
    assertThat(refused.text("/error_msg")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'duration_seconds':899",
        "'duration_seconds':43201",
        "'duration_seconds':0",
        "'duration_seconds':-1",
        "'duration_seconds':''",
        "'duration_seconds':99999999999999",
        "'policy':''",
        "'policy':'x'",
        "'policy':[]",
        "'policy_ids':['system_all_39']",
        "'tags':[{'key':'a','value':'b'}]",
        "'transitive_tag_keys':['a']",
        "'source_identity':'alice'",
      })
  void whatCannotBeKeptIsRefused(String member) {
    assertThat(operator.send("POST", ASSUME, body("," + member)).is(400).code())
        .isEqualTo("IAM.0007");
  }

  @Test
  void itIsOpenToThoseWhoMayAndAreTrusted() {
    assertThat(owner.colleague().send("POST", ASSUME, body("")).is(403).code())
        .isEqualTo("IAM.0003");
    String unknown =
        operator.send("POST", ASSUME, body("").replace(AGENCY, "nowhere")).is(403).raw().body();
    assertThat(unknown).contains("IAM.0002");
    String elsewhere = body("").replace(foreign.account, "no-such-account");
    assertThat(operator.send("POST", ASSUME, elsewhere).is(403).raw().body()).isEqualTo(unknown);
    assertThat(foreign.send("POST", ASSUME, body("")).is(403).raw().body())
        .as("the agency does not trust its own account")
        .isEqualTo(unknown);
    key(operator.send("POST", ASSUME, body(""))).send("POST", ASSUME, body("")).is(403);
  }

  @Test
  void whoeverProvesNothingGetsNothing() {
    for (var request :
        new java.net.http.HttpRequest.Builder[] {
          server.to(ASSUME).POST(BodyPublishers.ofString(body("").replace('\'', '"'))),
          server.to(WHO).GET()
        }) {
      HttpResponse<String> answer = server.send(request);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"error_code\":\"IAM.0001\"");
    }
    HttpResponse<String> wrong = server.send(server.to(ASSUME).GET());
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.body()).contains("\"error_code\":\"IAM.405\"");
  }

  @Test
  void bothAccountsSeeInTheirLogsWhoPlays() throws SQLException {
    operator.send("POST", ASSUME, body("")).is(200);
    assertThat(log(foreign.account)).contains("assumeAgency", agencyId, operator.user);
    assertThat(log(owner.account)).contains("assumeAgency", operator.user);
  }

  private static String log(String account) throws SQLException {
    StringBuilder log = new StringBuilder();
    EventTail.all(folder.resolve("data/yaoku.db")).stream()
        .filter(event -> event.account().equals(account))
        .forEach(event -> log.append(new String(event.entry(), StandardCharsets.UTF_8)));
    return log.toString();
  }

  // Who one is

  @Test
  void everybodyMayKnowWhoHeIs() throws SQLException {
    Tenant nobody = owner.colleague();
    Reply said = nobody.send("GET", WHO, "").is(200);
    assertThat(said.text("/account_id")).isEqualTo(owner.account);
    assertThat(said.text("/principal_id")).isEqualTo(nobody.user);
    assertThat(said.text("/principal_urn")).matches("iam::" + owner.account + ":user:[^:]+");
    assertThat(log(owner.account)).contains("getCallerIdentity", nobody.user);
  }

  @Test
  void aRoleIsTheAgencysAccount() {
    Reply made = operator.send("POST", ASSUME, body(""));
    Reply said = key(made).send("GET", WHO, "").is(200);
    assertThat(said.text("/account_id")).isEqualTo(foreign.account);
    assertThat(said.text("/principal_id")).isEqualTo(made.text("/assumed_agency/id"));
    assertThat(said.text("/principal_urn")).isEqualTo(made.text("/assumed_agency/urn"));
  }
}
