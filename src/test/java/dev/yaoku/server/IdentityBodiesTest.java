package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of the identity routes have one reading: nothing is guessed, and nothing is converted. */
class IdentityBodiesTest {
  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant administrator;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    administrator = Tenant.first(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'Sid':'x\\ud800y'",
        "'Condition':{'StringEquals':{'g:UserName':['\\udc00']}}",
        "'Condition':{'StringEquals':{'g:ResourceTag/\\ud800':['a']}}"
      })
  void aPolicyWithHalfASurrogatePairIsMalformed(String member) {
    String policy =
        "{'Version':'5.0','Statement':[{'Effect':'Allow','Action':['kms:cmk:get'],%s}]}"
            .formatted(member);
    administrator
        .send(
            "POST",
            "/v3.0/OS-ROLE/roles",
            "{'role':{'display_name':'half','policy':%s}}".formatted(policy))
        .is(400);
    administrator
        .send(
            "POST",
            "/v3.0/OS-CREDENTIAL/securitytokens",
            "{'auth':{'identity':{'methods':['token'],'policy':%s}}}".formatted(policy))
        .is(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"' '", "0", "1", "-1", "2", "0.0", "''", "'false'", "'true'", "[]", "{}"})
  void whatIsNoBooleanEnablesAndDisablesNobody(String value) {
    String person = "/v3/users/" + administrator.colleague().user;
    administrator.send("PATCH", person, "{'user':{'enabled':%s}}".formatted(value)).is(400);
    assertThat(administrator.send("GET", person, "").at("/user/enabled").booleanValue()).isTrue();
    administrator.send("PATCH", person, "{'user':{'enabled':false}}").is(200);
    administrator.send("PATCH", person, "{'user':{'enabled':%s}}".formatted(value)).is(400);
    assertThat(administrator.send("GET", person, "").at("/user/enabled").booleanValue()).isFalse();

    String provider = "/v3/OS-FEDERATION/identity_providers/shop";
    administrator
        .send("PUT", provider, "{'identity_provider':{'enabled':%s}}".formatted(value))
        .is(400);
    administrator.send("GET", provider, "").is(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "1", "1000.0", "{}", "['a']"})
  void whatIsNoTextNamesNobody(String value) {
    String person = "/v3/users/" + administrator.colleague().user;
    administrator.send("PATCH", person, "{'user':{'name':%s}}".formatted(value)).is(400);
    administrator.send("POST", "/v3/groups", "{'group':{'name':%s}}".formatted(value)).is(400);
  }

  @Test
  void aNumberOfSecondsMayBeANumberOrAText() {
    for (String seconds : new String[] {"900", "'900'"}) {
      String token = "{'duration_seconds':%s}".formatted(seconds);
      administrator
          .send(
              "POST",
              "/v3.0/OS-CREDENTIAL/securitytokens",
              "{'auth':{'identity':{'methods':['token'],'token':%s}}}".formatted(token))
          .is(201);
    }
  }

  /** As Terraform sends and reads it. */
  @Test
  void theLifeOfAnAgencyIsAskedInDaysAndToldInHours() {
    Tenant.Reply made =
        administrator
            .send(
                "POST",
                "/v3.0/OS-AGENCY/agencies",
                "{'agency':{'name':'three-weeks','trust_domain_id':'%s','duration':20}}"
                    .formatted(administrator.account))
            .is(201);
    assertThat(made.text("/agency/duration")).isEqualTo("480");
    String one = "/v3.0/OS-AGENCY/agencies/" + made.text("/agency/id");
    for (String none : List.of("0", "-1", "3651", "'1.5'", "'DAY'", "{}")) {
      administrator.send("PUT", one, "{'agency':{'duration':" + none + "}}").is(400);
    }
    assertThat(
            administrator
                .send("PUT", one, "{'agency':{'duration':'3650'}}")
                .is(200)
                .text("/agency/duration"))
        .isEqualTo("87600");
  }

  @Test
  void ofTwoAccountsThatAnAgencyNamesTheNameCounts() {
    administrator
        .send(
            "POST",
            "/v3.0/OS-AGENCY/agencies",
            "{'agency':{'name':'two-names','trust_domain_id':'%s','trust_domain_name':'nobody'}}"
                .formatted(administrator.account))
        .is(404);
  }

  @Test
  void anEmptyTextIsAsGoodAsNone() {
    administrator
        .send(
            "POST",
            "/v3.0/OS-AGENCY/agencies",
            "{'agency':{'name':'open-ended','trust_domain_id':'%s','trust_domain_name':'','duration':'',"
                    .formatted(administrator.account)
                + "'description':''}}")
        .is(201);
    Tenant.Reply policy =
        administrator
            .send(
                "POST",
                "/v3.0/OS-ROLE/roles",
                "{'role':{'display_name':'typeless','type':'','description':'','policy':{'Version':"
                    + "'1.1','Statement':[{'Effect':'Allow','Action':['kms:cmk:get']}]}}}")
            .is(201);
    assertThat(policy.text("/role/type")).isEqualTo("XA");
    Tenant.Reply key =
        administrator
            .send(
                "POST",
                "/v3.0/OS-CREDENTIAL/credentials",
                "{'credential':{'user_id':'%s','description':''}}"
                    .formatted(administrator.colleague().user))
            .is(201);
    String about = "/v3.0/OS-CREDENTIAL/credentials/" + key.text("/credential/access");
    assertThat(
            administrator
                .send("PUT", about, "{'credential':{'status':'','description':'till'}}")
                .is(200)
                .text("/credential/status"))
        .isEqualTo("active");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "UTF-32"})
  void aBodyIsUtf8OnEveryRoute(String encoding) {
    Charset other = Charset.forName(encoding);
    for (String path :
        new String[] {"/v3/groups", "/v1.0/" + administrator.project + "/kms/list-keys"}) {
      byte[] body = "{\"group\":{\"name\":\"wide\"}}".getBytes(other);
      assertThat(server.signed("POST", path, body, (_, value) -> value).statusCode())
          .as(path)
          .isEqualTo(400);
    }
    byte[] overlong = "{\"group\":{\"name\":\"a?\"}}".getBytes(UTF_8);
    overlong[overlong.length - 4] = (byte) 0xc0;
    assertThat(server.signed("POST", "/v3/groups", overlong, (_, value) -> value).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aFilterThatIsNoFlagIsRefused() {
    for (String list : new String[] {"/v3/users", "/v3/projects"}) {
      administrator.send("GET", list + "?enabled=yes", "").is(400);
      administrator.send("GET", list + "?enabled=true", "").is(200);
    }
    assertThat(administrator.send("GET", "/v3/users?enabled=false&name=admin", "").at("/users"))
        .isEmpty();
  }

  @Test
  void aNameHasNoBlankAtItsEnds() {
    for (String name : new String[] {" till", "till ", " "}) {
      administrator.send("POST", "/v3/groups", "{'group':{'name':'%s'}}".formatted(name)).is(400);
      administrator
          .send(
              "POST",
              "/v3.0/OS-AGENCY/agencies",
              "{'agency':{'name':'%s','trust_domain_id':'%s'}}"
                  .formatted(name, administrator.account))
          .is(400);
    }
    administrator
        .send("POST", "/v3/users", "{'user':{'name':'admin ','password':'Of-The-Shop-1'}}")
        .is(400);
    administrator.send("POST", "/v3/groups", "{'group':{'name':'the till'}}").is(201);
  }

  /** Contract: authentication.md, section 4.4. */
  @Test
  void whatNoRouteRefusesIsRefusedAsTheServiceOfThePathDoes() {
    for (String path : new String[] {"/v3/users", "/v3/groups/x"}) {
      refusedInTheOlderForm(administrator.send("BREW", path, ""), 405);
      refusedInTheOlderForm(administrator.send("GET", path + "?a=1&a=2", ""), 400);
      refusedInTheOlderForm(administrator.send("GET", path + "?a=%c0%80", ""), 400);
    }
    refusedInTheOlderForm(administrator.send("GET", "/v3/users/%c0%80", ""), 400);
    String newer = "/v3.0/OS-ROLE/roles";
    assertThat(administrator.send("BREW", newer, "").is(405).text("/error_code"))
        .isEqualTo("IAM.405");
    assertThat(administrator.send("GET", newer + "?a=1&a=2", "").is(400).text("/error_code"))
        .isEqualTo("IAM.0007");
    assertThat(administrator.send("GET", "/v3.0", "").is(404).text("/error_code"))
        .isEqualTo("IAM.0004");
    assertThat(administrator.call("BREW", "/kms/list-keys", "").is(405).text("/error/error_code"))
        .isEqualTo("KMS.0215");
    assertThat(administrator.send("GET", "/v2.0", "").is(404).text("/error/error_code"))
        .isEqualTo("KMS.0201");
  }

  /** Terraform gives up a project only where the cloud's gateway knows no such call. */
  @Test
  void nobodyDeletesAProjectAsThereIsNoSuchCall() {
    String own = "/v3/projects/" + administrator.project;
    for (String path : new String[] {own, "/v3/projects/nowhere", "/v3//projects/nowhere"}) {
      assertThat(administrator.send("DELETE", path, "").is(404).text("/error_code"))
          .isEqualTo("APIGW.0101");
    }
    administrator.send("GET", own, "").is(200);
    refusedInTheOlderForm(administrator.send("PUT", own, ""), 405);
    refusedInTheOlderForm(administrator.send("DELETE", "/v3/projects", ""), 405);
  }

  private static void refusedInTheOlderForm(Tenant.Reply reply, int status) {
    assertThat(reply.is(status).at("/error/code").intValue()).isEqualTo(status);
    assertThat(reply.text("/error/message")).isNotEmpty();
    assertThat(reply.text("/error/title")).isNotEmpty();
  }
}
