package dev.yaoku.server;

import static dev.yaoku.server.Staff.accessKey;
import static dev.yaoku.server.Staff.allow;
import static dev.yaoku.server.Staff.name;
import static dev.yaoku.server.Staff.role;
import static dev.yaoku.server.Staff.self;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may manage people, groups, policies and access keys, over HTTP. */
class ManagementTest extends StaffedServer {
  @Test
  void peopleManageTheirOwnAccessKeysAndNobodyElses() {
    Tenant person = staff.person();
    Tenant other = staff.person();
    accessKey(person, person.user).is(201);
    assertThat(accessKey(person, person.user).is(409).code()).isEqualTo("IAM.0005");
    assertThat(accessKey(person, other.user).is(403).code()).isEqualTo("IAM.0003");
    person.send("GET", "/v3.0/OS-CREDENTIAL/credentials?user_id=" + other.user, "").is(403);
    person.send("GET", "/v3/users/" + person.user, "").is(200);
    person.send("GET", "/v3/users/" + other.user, "").is(403);
    person.send("GET", "/v3/users", "").is(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v3/users {'user':{'name':'mallory'}}",
        "POST /v3/groups {'group':{'name':'mob'}}",
        "GET /v3/roles ",
        "POST /v3.0/OS-ROLE/roles {'role':{'display_name':'x','policy':"
            + "{'Version':'5.0','Statement':[{'Effect':'Allow','Action':['*']}]}}}",
        "PUT /v3/projects/$project/users/$user/roles/kms_adm ",
        "PUT /v3/OS-INHERIT/domains/$domain/users/$user/roles/kms_adm/inherited_to_projects ",
        "PUT /v3/groups/$group/users/$user ",
        "PATCH /v3/users/$user {'user':{'enabled':true}}",
        "DELETE /v3/users/$user ",
        "POST /v3.0/OS-AGENCY/agencies {'agency':{'name':'a','trust_domain_id':'$domain'}}",
        "POST /v3/projects {'project':{'name':'x_y'}}",
      })
  void whoHoldsNoPolicyForTheAccountManagesNothing(String call) {
    Tenant person = staff.person();
    staff.give(self(person), person.project, staff.policy(allow("'*'")));
    String[] parts =
        call.replace("$project", person.project)
            .replace("$user", person.user)
            .replace("$domain", person.account)
            .replace("$group", staff.group())
            .split(" ", 3);
    person.send(parts[0], parts[1], parts[2]).is(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kms:*:*:KeyId:0D0466B0-e727-4d9c-b35d-f84bb474a37f",
        "KMS:*:*:keyid:*A",
        "kms:CN-NORTH-4:*:KeyId:*",
        "kms:*:A*:alias:*",
        "kms:*:*:keystore:B",
      })
  void aDenialOfWhatCanBeNothingIsRefused(String resource) {
    String statement =
        "{'Effect':'Deny','Action':['kms:*:*'],'Resource':['*','%s']}".formatted(resource);
    assertThat(
            owner
                .send("POST", "/v3.0/OS-ROLE/roles", role(name("policy"), statement))
                .is(400)
                .text("/error_msg"))
        .startsWith("Statement[0].Resource[1] ");
    String narrowing = "{'Version':'5.0','Statement':[" + statement + "]}";
    owner
        .send(
            "POST",
            "/v3.0/OS-CREDENTIAL/securitytokens",
            "{'auth':{'identity':{'methods':['token'],'policy':%s}}}".formatted(narrowing))
        .is(400);
  }

  @Test
  void namesThatPeopleGiveMayHaveCapitalsInAPolicy() {
    staff.policy("{'Effect':'Deny','Action':['kms:*:*'],'Resource':['kms:*:*:alias:Shop']}");
    staff.policy("{'Effect':'Deny','Action':['iam:*:*'],'Resource':['iam:*:*:group:Clerks']}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v3.0/OS-CREDENTIAL/credentials/$key ",
        "PUT /v3.0/OS-CREDENTIAL/credentials/$key {'credential':{'status':'inactive'}}",
        "DELETE /v3.0/OS-CREDENTIAL/credentials/$key ",
        "GET /v3.0/OS-CREDENTIAL/credentials?user_id=$user ",
        "POST /v3.0/OS-CREDENTIAL/credentials {'credential':{'user_id':'$user'}}",
        "GET /v3/users/$user ",
        "GET /v3/users/$user/groups ",
        "GET /v3/groups/$group ",
        "GET /v3/projects/$project ",
        "GET /v3/projects/$project/users/$other/roles ",
        "GET /v3/projects/$project/groups/$group/roles ",
        "HEAD /v3/projects/$project/users/$other/roles/kms_adm ",
        "GET /v3.0/OS-ROLE/roles/$policy ",
      })
  void whoMayDoNothingToOthersIsNotToldWhatIsThere(String call) {
    Tenant person = staff.person();
    Tenant other = staff.person();
    String access = accessKey(owner, other.user).is(201).text("/credential/access");
    String there =
        call.replace("$key", access)
            .replace("$user", other.user)
            .replace("$other", other.user)
            .replace("$group", staff.group())
            .replace("$policy", staff.policy(allow("'kms:cmk:list'")))
            .replace("$project", owner.elsewhere().project);
    String nowhere =
        call.replace("$key", "YKNOBODY000000000001")
            .replace("$other", other.user)
            .replaceAll("\\$[a-z]+", "f".repeat(32));
    Reply ofWhatIsThere = sent(person, there).is(403);
    Reply ofNothing = sent(person, nowhere).is(403);
    assertThat(ofNothing.raw().body()).isEqualTo(ofWhatIsThere.raw().body());
  }

  private static Reply sent(Tenant who, String call) {
    String[] parts = call.split(" ", 3);
    return who.send(parts[0], parts[1], parts[2]);
  }

  @Test
  void everybodySeesItsOwnKeysAndGroups() {
    Tenant person = staff.person();
    staff.group(person);
    String key = accessKey(person, person.user).is(201).text("/credential/access");
    String path = "/v3.0/OS-CREDENTIAL/credentials/" + key;
    person.send("GET", path, "").is(200);
    person.send("PUT", path, "{'credential':{'description':'mine'}}").is(200);
    person.send("DELETE", path, "").is(204);
    person.send("GET", "/v3.0/OS-CREDENTIAL/credentials", "").is(200);
    assertThat(person.send("GET", "/v3/users/" + person.user + "/groups", "").is(200).at("/groups"))
        .hasSize(1);
  }

  @Test
  void whoMayManageUsersDoesNotReachAnAdministrator() {
    Tenant person = staff.person();
    String all = staff.policy(allow("'iam:*:*'"));
    String domain = "/v3/domains/" + owner.account + "/users/" + person.user + "/roles/";
    owner.send("PUT", domain + all, "").is(204);

    person.send("GET", "/v3/users", "").is(200);
    String victim = owner.user;
    String set = "{'user':{'password':'My-Own-Choice-1'}}";
    person.send("PATCH", "/v3/users/" + victim, set).is(403);
    person.send("DELETE", "/v3/users/" + victim, "").is(403);
    accessKey(person, victim).is(403);
    person.send("PUT", "/v3/groups/" + staff.group() + "/users/" + victim, "").is(403);
    person.send("POST", "/v3/users", "{'user':{'name':'" + name("new") + "'}}").is(201);
  }

  @Test
  void theLastAdministratorStays() {
    assertThat(owner.send("DELETE", "/v3/users/" + owner.user, "").status()).isEqualTo(409);
    String off = "{'user':{'enabled':false}}";
    assertThat(owner.send("PATCH", "/v3/users/" + owner.user, off).status()).isEqualTo(409);
  }

  @Test
  void nothingOfAnotherAccountIsThere() {
    Tenant other = Tenant.another(server);
    Tenant person = staff.person();
    String group = staff.group();
    String policy = staff.policy(allow("'kms:cmk:list'"));
    for (String path :
        new String[] {
          "/v3/users/" + person.user,
          "/v3/groups/" + group,
          "/v3/groups/" + group + "/users",
          "/v3.0/OS-ROLE/roles/" + policy,
          "/v3/roles/" + policy,
          "/v3/projects/" + owner.project,
          "/v3/projects/" + owner.project + "/groups/" + group + "/roles",
          "/v3.0/OS-CREDENTIAL/credentials?user_id=" + person.user,
          "/v3/users?domain_id=" + owner.account,
        }) {
      assertThat(other.send("GET", path, "").status()).as(path).isEqualTo(404);
    }
    other.send("DELETE", "/v3/users/" + person.user, "").is(404);
    other.send("PUT", "/v3/groups/" + group + "/users/" + other.user, "").is(404);
    String mine =
        other.send("POST", "/v3/groups", "{'group':{'name':'mine'}}").is(201).text("/group/id");
    other.send("PUT", "/v3/groups/" + mine + "/users/" + person.user, "").is(404);
    other
        .send("PUT", "/v3/projects/" + owner.project + "/groups/" + mine + "/roles/kms_adm", "")
        .is(404);
    other
        .send("PUT", "/v3/projects/" + other.project + "/groups/" + mine + "/roles/" + policy, "")
        .is(404);
  }
}
