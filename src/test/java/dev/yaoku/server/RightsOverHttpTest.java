package dev.yaoku.server;

import static dev.yaoku.server.Staff.allow;
import static dev.yaoku.server.Staff.name;
import static dev.yaoku.server.Staff.role;
import static dev.yaoku.server.Staff.self;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What people may do with the policies that they and their groups hold, over HTTP. */
class RightsOverHttpTest extends StaffedServer {
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

  /** As it is after a restart: nothing says where the page before ended. */
  @Test
  void anOffsetInTheListOfKeystoresCountsWhatItsReaderSees() {
    Tenant place = owner.elsewhere();
    Tenant person = staff.person().in(place.project);
    String older = keystore(place);
    String newer = keystore(place);
    String hidden = keystore(place);
    staff.give(self(person), person.project, "kms_adm");
    String deny = "{'Effect':'Deny','Action':['*'],'Resource':['kms:*:*:keystore:" + hidden + "']}";
    staff.give(self(person), person.project, staff.policy(deny));
    JsonNode seen = person.call("GET", "/keystores", "").is(200).at("/keystores");
    assertThat(seen.findValuesAsString("keystore_id")).containsExactly(newer, older);

    assertThat(keystoreAt(person, 1)).isEqualTo(older);
    assertThat(keystoreAt(person, 0)).isEqualTo(newer);
    // From here on it is remembered where the page ended.
    assertThat(keystoreAt(person, 1)).isEqualTo(older);
  }

  private static String keystore(Tenant place) {
    String name = name("store");
    String order = "{'keystore_alias':'%s','hsm_cluster_id':'%s'}".formatted(name, name);
    return place.call("POST", "/keystores", order).is(200).text("/keystore/keystore_id");
  }

  private static String keystoreAt(Tenant who, int offset) {
    return who.call("GET", "/keystores?limit=1&offset=" + offset, "")
        .is(200)
        .text("/keystores/0/keystore_id");
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
}
