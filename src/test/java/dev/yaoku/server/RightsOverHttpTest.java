package dev.yaoku.server;

import static dev.yaoku.server.Staff.PASSWORD;
import static dev.yaoku.server.Staff.accessKey;
import static dev.yaoku.server.Staff.allow;
import static dev.yaoku.server.Staff.name;
import static dev.yaoku.server.Staff.role;
import static dev.yaoku.server.Staff.self;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people may do with the policies that they and their groups hold, over HTTP. */
class RightsOverHttpTest {
  private static final String UNKNOWN_KEY = "00000000-0000-4000-8000-000000000000";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;
  private static String key;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("quotas.keys", "1000"));
    owner = Tenant.first(server);
    staff = new Staff(owner);
    key = owner.key("shared", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply encrypt(Tenant who, String with) {
    return who.kms("encrypt-data", "{'key_id':'" + with + "','plain_text':'x'}");
  }

  // What policies give

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kms_adm          | 200 | 200      | 200      | 200      | 200
          system_all_38    | 200 | 200      | 200      | 200      | KMS.0307
          kms_cmk_admin    | 200 | 200      | 200      | 200      | KMS.0307
          system_all_39    | 200 | 200      | KMS.0306 | KMS.0307 | KMS.0307
          te_admin         | 200 | 200      | 200      | 200      | 200
          te_guest         | 200 | 200      | 200      | 200      | KMS.0307
          dew_keypair_full | KMS.0307 | KMS.0307 | KMS.0307 | KMS.0307 | KMS.0307
          """)
  void everyPolicyOfTheSystemGivesWhatItSays(
      String policy, String list, String describe, String encrypt, String create, String stores) {
    Tenant person = staff.person();
    staff.give("groups/" + staff.group(person), person.project, policy);

    assertThat(person.kms("list-keys", "{}").code()).isEqualTo(list);
    assertThat(person.kms("describe-key", "{'key_id':'" + key + "'}").code()).isEqualTo(describe);
    assertThat(encrypt(person, key).code()).isEqualTo(encrypt);
    String named = "{'key_alias':'" + name("made") + "'}";
    assertThat(person.kms("create-key", named).code()).isEqualTo(create);
    assertThat(person.call("GET", "/keystores", "").code()).isEqualTo(stores);
  }

  @Test
  void whoMayDoNothingIsToldSoWhetherOrNotTheKeyIsThere() {
    Tenant person = staff.person();
    for (String one : new String[] {key, UNKNOWN_KEY, owner.elsewhere().key("far", "")}) {
      Reply refused = encrypt(person, one).is(403);
      assertThat(refused.code()).isEqualTo("KMS.0307");
      assertThat(refused.raw().body()).isEqualTo(encrypt(person, UNKNOWN_KEY).raw().body());
    }
  }

  @Test
  void whoMayOnlyUseDataKeysIsToldThatTheKeyToMoveOneToIsNotThere() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, staff.policy(allow("'kms:dek:crypto','kms:cmk:get'")));
    String wrapped = owner.ok("create-datakey", "{'key_id':'" + key + "'}").text("/cipher_text");
    String data =
        owner.ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'x'}").text("/cipher_text");

    move(person, wrapped, key).is(200);
    for (String one : new String[] {UNKNOWN_KEY, owner.elsewhere().key("far", "")}) {
      assertThat(move(person, wrapped, one).is(404).code()).isEqualTo("KMS.0207");
      assertThat(move(person, data, one).is(403).code()).isEqualTo("KMS.0306");
    }
  }

  private static Reply move(Tenant who, String blob, String to) {
    return who.kms(
        "re-encrypt", "{'cipher_text':'" + blob + "','destination_key_id':'" + to + "'}");
  }

  @Test
  void aKeyThatMayNotBeSeenIsNotThere() {
    Tenant person = staff.person();
    String own = owner.key("of-one", "");
    String only =
        "{'Effect':'Allow','Action':['kms:cmk:*'],'Resource':['kms:*:*:KeyId:" + own + "']}";
    staff.give(self(person), person.project, staff.policy(only));

    encrypt(person, own).is(200);
    assertThat(encrypt(person, key).is(404).raw().body())
        .isEqualTo(encrypt(person, UNKNOWN_KEY).is(404).raw().body());
  }

  @Test
  void whatIsHeldForOneProjectCountsInNoOther() {
    Tenant person = staff.person();
    Tenant elsewhere = owner.elsewhere();
    String far = elsewhere.key("far", "");
    staff.give("groups/" + staff.group(person), elsewhere.project, "kms_adm");

    assertThat(encrypt(person, key).code()).isEqualTo("KMS.0307");
    encrypt(person.in(elsewhere.project), far).is(200);

    String domain = "/v3/OS-INHERIT/domains/" + owner.account + "/users/" + person.user;
    owner.send("PUT", domain + "/roles/kms_adm/inherited_to_projects", "").is(204);
    encrypt(person, key).is(200);
  }

  @Test
  void aDenialGoesBeforeWhatAllows() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String deny =
        "{'Effect':'Deny','Action':['kms:cmk:encryptData'],'Resource':['kms:*:*:KeyId:"
            + key
            + "']}";
    staff.give("groups/" + staff.group(person), person.project, staff.policy(deny));

    assertThat(encrypt(person, key).is(403).code()).isEqualTo("KMS.0306");
    encrypt(person, owner.key("other", "")).is(200);
    String grant =
        "{'key_id':'"
            + key
            + "','grantee_principal':'"
            + person.user
            + "','operations':['encrypt-data']}";
    owner.ok("create-grant", grant);
    assertThat(encrypt(person, key).is(403).code()).isEqualTo("KMS.0306");
  }

  @Test
  void tagsSteerRightsAndWhoChangesThemMustHoldThemBeforeAndAfter() {
    Tenant person = staff.person();
    String red = owner.key("red", "");
    String blue = owner.key("blue", "");
    owner.call("POST", "/kms/" + red + "/tags", "{'tag':{'key':'team','value':'red'}}").is(204);
    owner.call("POST", "/kms/" + blue + "/tags", "{'tag':{'key':'team','value':'blue'}}").is(204);
    String ofRed =
        "{'Effect':'Allow','Action':['kms:cmk:*','kms:cmkTag:*'],"
            + "'Condition':{'StringEquals':{'g:ResourceTag/team':['red']}}}";
    staff.give(self(person), person.project, staff.policy(ofRed));

    encrypt(person, red).is(200);
    encrypt(person, blue).is(404);
    // Neither out of the own reach nor into it.
    String toRed = "{'tag':{'key':'team','value':'red'}}";
    person.call("POST", "/kms/" + blue + "/tags", toRed).is(404);
    String toBlue = "{'tag':{'key':'team','value':'blue'}}";
    assertThat(person.call("POST", "/kms/" + red + "/tags", toBlue).status()).isIn(403, 404);
    encrypt(person, red).is(200);
    person.call("POST", "/kms/" + red + "/tags", "{'tag':{'key':'x','value':'y'}}").is(204);

    owner.call("POST", "/kms/" + red + "/tags", toBlue).is(204);
    encrypt(person, red).is(404);
  }

  @Test
  void aListLeavesOutWhatIsDeniedToItsReader() {
    Tenant person = staff.person();
    String hidden = owner.key("hidden", "");
    staff.give(self(person), person.project, "kms_adm");
    String deny = "{'Effect':'Deny','Action':['*'],'Resource':['kms:*:*:KeyId:" + hidden + "']}";
    staff.give(self(person), person.project, staff.policy(deny));
    staff.give(self(person), person.project, staff.policy(allow("'eps:resources:list'")));

    String listed = person.ok("list-keys", "{}").raw().body();
    assertThat(listed).contains(key).doesNotContain(hidden);
    assertThat(filed(person)).contains(key).doesNotContain(hidden);
  }

  @Test
  void whatIsDeniedInTheListOfKeysIsInTheListOfAnEnterpriseProjectNeither() {
    Tenant person = staff.person();
    String hidden = owner.key(name("hidden"), "");
    staff.give(self(person), person.project, staff.policy(allow("'eps:resources:list'")));
    assertThat(filed(person)).contains(key, hidden);

    String deny = "{'Effect':'Deny','Action':['%s'],'Resource':['kms:*:*:KeyId:" + hidden + "']}";
    String ofKeys = staff.policy(deny.formatted("kms:cmk:list"));
    staff.give(self(person), person.project, ofKeys);
    assertThat(filed(person)).contains(key).doesNotContain(hidden);
    staff.take(self(person), person.project, ofKeys);
    staff.give(self(person), person.project, staff.policy(deny.formatted("eps:resources:list")));
    assertThat(filed(person)).contains(key).doesNotContain(hidden);
  }

  /** The keys that are under no enterprise project, as its list has them. */
  private static String filed(Tenant who) {
    String page = "{'limit':1000,'projects':['" + who.project + "']}";
    return who.send("POST", "/v1.0/enterprise-projects/0/resources/filter", page)
        .is(200)
        .raw()
        .body();
  }

  @Test
  void whoMayNotListKeysIsToldSoWhateverHeAsksFor() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String deny =
        "{'Effect':'Deny','Action':['kms:cmk:list'],'Condition':{'Bool':{'g:SecureTransport':['true']}}}";
    staff.give(self(person), person.project, staff.policy(deny));
    for (String state : List.of("1", "2")) {
      assertThat(person.kms("list-keys", "{'key_state':'" + state + "'}").is(403).code())
          .isEqualTo("KMS.0307");
    }
  }

  /** A page that is short, or empty, is the last one for many a client. */
  @Test
  void whatIsDeniedMakesNoPageShorter() {
    Tenant person = staff.person();
    List<String> keys = new ArrayList<>();
    StringBuilder denied = new StringBuilder();
    for (int number = 0; number < 7; number++) {
      String one = owner.key("page-" + number, "");
      if (number % 2 == 0) {
        denied
            .append(denied.isEmpty() ? "" : ",")
            .append("'kms:*:*:KeyId:")
            .append(one)
            .append('\'');
      } else {
        keys.addFirst(one);
      }
    }
    staff.give(self(person), person.project, "kms_adm");
    String deny = "{'Effect':'Deny','Action':['*'],'Resource':[" + denied + "]}";
    staff.give(self(person), person.project, staff.policy(deny));

    for (int limit = 1; limit <= 4; limit++) {
      List<String> read = new ArrayList<>();
      String marker = "0";
      while (read.size() < keys.size()) {
        Reply page = person.ok("list-keys", "{'limit':'" + limit + "','marker':'" + marker + "'}");
        assertThat(page.at("/keys").size()).as("of %s", limit).isEqualTo(limit);
        page.at("/keys").forEach(one -> read.add(one.asString()));
        marker = page.text("/next_marker");
      }
      assertThat(read.subList(0, keys.size())).as("by %s", limit).isEqualTo(keys);
      assertThat(read).as("by %s", limit).doesNotHaveDuplicates();
    }
  }

  /** A grant opens its key from every project of the account; a denial where the key is counts. */
  @Test
  void noGrantOutweighsADenialByWayOfAnotherProject() {
    Tenant person = staff.person();
    Tenant elsewhere = person.in(owner.elsewhere().project);
    String granted = owner.key(name("granted"), "");
    owner.ok(
        "create-grant",
        "{'key_id':'%s','grantee_principal':'%s','operations':['encrypt-data']}"
            .formatted(granted, person.user));
    encrypt(person, granted).is(200);
    encrypt(elsewhere, granted).is(200);

    String deny = staff.policy("{'Effect':'Deny','Action':['kms:cmk:*']}");
    staff.give(self(person), person.project, deny);
    encrypt(person, granted).is(403);
    encrypt(elsewhere, granted).is(403);
    staff.take(self(person), person.project, deny);
    encrypt(elsewhere, granted).is(200);

    String byName =
        staff.policy(
            "{'Effect':'Deny','Action':['kms:cmk:*'],'Resource':['kms:%s:%s:KeyId:%s']}"
                .formatted(server.known("region"), owner.account, granted));
    staff.give(self(person), elsewhere.project, byName);
    encrypt(elsewhere, granted).is(403);
  }

  /** Asked inside a transaction, where nothing else can be read. */
  @Test
  void whereAKeyIsCountsAlsoForWhoGivesItOn() {
    Tenant person = staff.person();
    Tenant elsewhere = person.in(owner.elsewhere().project);
    String granted = owner.key(name("given-on"), "");
    String grant =
        "{'key_id':'%s','grantee_principal':'%s','operations':[%s]}"
            .formatted(granted, person.user, "'create-grant','encrypt-data'");
    owner.ok("create-grant", grant);
    String more =
        "{'key_id':'%s','grantee_principal':'%s','operations':['encrypt-data']}"
            .formatted(granted, owner.user);
    String unless =
        staff.policy(
            "{'Effect':'Deny','Action':['kms:grant:*'],'Condition':"
                + "{'StringNotEquals':{'g:RequestedRegion':['"
                + server.known("region")
                + "']}}}");
    staff.give(self(person), person.project, unless);
    elsewhere.ok("create-grant", more);
    String deny = staff.policy("{'Effect':'Deny','Action':['kms:grant:*']}");
    staff.give(self(person), person.project, deny);
    elsewhere.kms("create-grant", more).is(403);
  }

  /** A client may say any realm when it makes a key; policies go by where the key is. */
  @Test
  void theRealmOfAKeyMovesItOutOfNoPolicy() {
    Tenant person = staff.person();
    String odd = owner.key(name("odd"), "'realm':'elsewhere'");
    staff.give(self(person), person.project, "kms_adm");
    encrypt(person, odd).is(200);
    String here = "'Resource':['kms:" + server.known("region") + ":*:KeyId:*']}";
    staff.give(
        self(person),
        person.project,
        staff.policy("{'Effect':'Deny','Action':['kms:cmk:crypto']," + here));
    encrypt(person, odd).is(403);
  }

  @Test
  void everyChangeCountsAtOnce() {
    Tenant person = staff.person();
    String group = staff.group(person);
    String name = name("changing");
    String policy =
        owner
            .send("POST", "/v3.0/OS-ROLE/roles", role(name, allow("'kms:cmk:encryptData'")))
            .is(201)
            .text("/role/id");
    assertThat(encrypt(person, key).code()).isEqualTo("KMS.0307");

    staff.give("groups/" + group, person.project, policy);
    encrypt(person, key).is(200);
    staff.take("groups/" + group, person.project, policy);
    assertThat(encrypt(person, key).code()).isEqualTo("KMS.0307");

    staff.give("groups/" + group, person.project, policy);
    encrypt(person, key).is(200);
    owner
        .send("PATCH", "/v3.0/OS-ROLE/roles/" + policy, role(name, allow("'kms:cmk:sign'")))
        .is(200);
    assertThat(encrypt(person, key).code()).isEqualTo("KMS.0307");
    owner
        .send("PATCH", "/v3.0/OS-ROLE/roles/" + policy, role(name, allow("'kms:cmk:encryptData'")))
        .is(200);
    encrypt(person, key).is(200);

    owner.send("DELETE", "/v3/groups/" + group + "/users/" + person.user, "").is(204);
    assertThat(encrypt(person, key).code()).isEqualTo("KMS.0307");
    owner.send("PUT", "/v3/groups/" + group + "/users/" + person.user, "").is(204);
    encrypt(person, key).is(200);
    owner.send("DELETE", "/v3.0/OS-ROLE/roles/" + policy, "").is(200);
    assertThat(encrypt(person, key).code()).isEqualTo("KMS.0307");
  }

  // Who somebody is

  @Test
  void aDisabledOrDeletedUserIsOutAtOnce() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String token = token(person);
    encrypt(person, key).is(200);

    setEnabled(person, false);
    encrypt(person, key).is(401);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);
    setEnabled(person, true);
    encrypt(person, key).is(200);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);

    owner.send("DELETE", "/v3/users/" + person.user, "").is(204);
    encrypt(person, key).is(401);
  }

  private static void setEnabled(Tenant person, boolean enabled) {
    owner.send("PATCH", "/v3/users/" + person.user, "{'user':{'enabled':" + enabled + "}}").is(200);
  }

  @Test
  void anAccessKeyThatIsInactiveOrGoneSignsNothing() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String one =
        "/v3.0/OS-CREDENTIAL/credentials/"
            + owner
                .send("GET", "/v3.0/OS-CREDENTIAL/credentials?user_id=" + person.user, "")
                .text("/credentials/0/access");
    encrypt(person, key).is(200);
    owner.send("PUT", one, "{'credential':{'status':'inactive'}}").is(200);
    encrypt(person, key).is(401);
    owner.send("PUT", one, "{'credential':{'status':'active'}}").is(200);
    encrypt(person, key).is(200);
    owner.send("DELETE", one, "").is(204);
    encrypt(person, key).is(401);
  }

  @Test
  void aNewPasswordEndsWhatTheOldOneOpened() {
    Tenant person = staff.person();
    String token = token(person);
    String body = "{'user':{'password':'Another-Horse-2','original_password':'" + PASSWORD + "'}}";
    person.send("POST", "/v3/users/" + person.user + "/password", body).is(204);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);
    assertThat(login(person, PASSWORD).statusCode()).isEqualTo(401);
    assertThat(login(person, "Another-Horse-2").statusCode()).isEqualTo(201);
    person.send("POST", "/v3/users/" + person.user + "/password", body).is(401);
  }

  @Test
  void lostRightsEndTokens() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String token = token(person);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(200);
    staff.take(self(person), person.project, "kms_adm");
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);
  }

  // Who may manage

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
  void aDerivedTokenMakesAndReadsNoAccessKeys() {
    Tenant person = staff.person();
    String first = token(person);
    String body = "{'credential':{'user_id':'" + person.user + "'}}".replace('\'', '"');
    String path = "/v3.0/OS-CREDENTIAL/credentials";
    assertThat(server.byToken(first, "GET", path, "").statusCode()).isEqualTo(200);

    String derive =
        "{'auth':{'identity':{'methods':['token'],'token':{'id':'"
            + first
            + "'}},'scope':{'project':{'id':'"
            + person.project
            + "'}}}}";
    String derived =
        server
            .send(
                server
                    .to("/v3/auth/tokens")
                    .POST(BodyPublishers.ofString(derive.replace('\'', '"'))))
            .headers()
            .firstValue("X-Subject-Token")
            .orElseThrow();
    assertThat(server.byToken(derived, "GET", path, "").statusCode()).isEqualTo(403);
    assertThat(server.byToken(derived, "POST", path, body).statusCode()).isEqualTo(403);
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

  @ParameterizedTest
  @ValueSource(strings = {"short1", "onlylowercase", "12345678", "weaK-N4me"})
  void aWeakPasswordIsRefusedWithoutBeingShown(String weak) {
    String body = "{'user':{'name':'weaK-N4me','password':'" + weak + "'}}";
    Reply refused = owner.send("POST", "/v3/users", body).is(400);
    assertThat(refused.at("/error/message").stringValue()).contains("8 to 128 characters");
    if (!weak.equals("weaK-N4me")) {
      assertThat(refused.raw().body()).doesNotContain(weak);
    }
  }

  private static HttpResponse<String> login(Tenant person, String password) {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'"
            + person.user
            + "','password':'"
            + password
            + "'}}},'scope':{'project':{'id':'"
            + person.project
            + "'}}}}";
    return server.logIn(body);
  }

  private static String token(Tenant person) {
    return login(person, PASSWORD).headers().firstValue("X-Subject-Token").orElseThrow();
  }
}
