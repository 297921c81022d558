package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Users as infrastructure tools manage them: what they send is what they read again, or their next
 * plan is not empty.
 */
class UserDetailsTest {
  private static final String ALL = "/v3.0/OS-USER/users";
  private static final String PROTECTS = "/v3.0/OS-USER/login-protects";

  private static final List<String> CLEARED =
      List.of("email", "areacode", "phone", "description", "xuser_id", "xuser_type");

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;
  private static final AtomicInteger NAMES = new AtomicInteger();

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    staff = new Staff(owner);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply make(String members) {
    return owner.send(
        "POST",
        ALL,
        "{'user':{'name':'till-%d','domain_id':'%s'%s}}"
            .formatted(NAMES.incrementAndGet(), owner.account, members));
  }

  private static String made(String members) {
    return make(members).is(201).text("/user/id");
  }

  private static Reply change(String id, String members) {
    return owner.send("PUT", ALL + "/" + id, "{'user':{%s}}".formatted(members));
  }

  private static JsonNode shown(String id) {
    return owner.send("GET", ALL + "/" + id, "").is(200).at("/user");
  }

  private static void allow(Tenant person, String action) {
    say("Allow", person, action);
  }

  private static void say(String effect, Tenant person, String action) {
    String policy =
        owner
            .send(
                "POST",
                "/v3.0/OS-ROLE/roles",
                ("{'role':{'display_name':'r%d','type':'AX','policy':{'Version':'1.1','Statement':"
                        + "[{'Effect':'%s','Action':['%s']}]}}}")
                    .formatted(NAMES.incrementAndGet(), effect, action))
            .is(201)
            .text("/role/id");
    owner
        .send(
            "PUT",
            "/v3/domains/%s/users/%s/roles/%s".formatted(owner.account, person.user, policy),
            "")
        .is(204);
  }

  // What is kept

  @Test
  void aGroupShowsItsMembersWithoutTheirMail() {
    String id = made(",'email':'a@b'");
    String group =
        owner.send("POST", "/v3/groups", "{'group':{'name':'tills'}}").is(201).text("/group/id");
    owner.send("PUT", "/v3/groups/" + group + "/users/" + id, "").is(204);

    JsonNode member =
        owner.send("GET", "/v3/groups/" + group + "/users", "").is(200).at("/users/0");

    assertThat(member.at("/id").asString()).isEqualTo(id);
    assertThat(member.at("/enabled").asBoolean()).isTrue();
    assertThat(member.has("email")).isFalse();
    assertThat(shown(id).at("/email").asString()).isEqualTo("a@b");
  }

  @Test
  void whatWasSentIsShownAgain() {
    String members =
        ",'password':'Of-The-Shop-1','email':'till@example.com','areacode':'0086','phone':'123456',"
            + "'description':'at the till','enabled':false,'pwd_status':false,"
            + "'access_mode':'programmatic','xuser_id':'ext-1','xuser_type':'TenantIdp'";
    Reply made = make(members).is(201);
    JsonNode user = shown(made.text("/user/id"));
    assertThat(user).isEqualTo(made.at("/user"));
    assertThat(user.at("/domain_id").asString()).isEqualTo(owner.account);
    assertThat(user.at("/email").asString()).isEqualTo("till@example.com");
    assertThat(user.at("/areacode").asString()).isEqualTo("0086");
    assertThat(user.at("/phone").asString()).isEqualTo("123456");
    assertThat(user.at("/description").asString()).isEqualTo("at the till");
    assertThat(user.at("/enabled").booleanValue()).isFalse();
    assertThat(user.at("/pwd_status").booleanValue()).isFalse();
    assertThat(user.at("/access_mode").asString()).isEqualTo("programmatic");
    assertThat(user.at("/xuser_id").asString()).isEqualTo("ext-1");
    assertThat(user.at("/xuser_type").asString()).isEqualTo("TenantIdp");
    assertThat(user.at("/is_domain_owner").booleanValue()).isFalse();
    assertThat(user.at("/create_time").asString()).isNotEmpty();
    assertThat(user.at("/links/self").asString()).endsWith(ALL + "/" + user.at("/id").asString());
    assertThat(user.has("status")).isFalse();
  }

  @Test
  void whatWasNotSentIsAsTheCloudHasIt() {
    JsonNode user = shown(made(""));
    for (String empty : CLEARED) {
      assertThat(user.at("/" + empty).asString()).as(empty).isEmpty();
    }
    assertThat(user.at("/enabled").booleanValue()).isTrue();
    assertThat(user.at("/pwd_status").booleanValue()).isTrue();
    assertThat(user.at("/access_mode").asString()).isEqualTo("programmatic");
    assertThat(user.at("/pwd_strength").asString()).isEqualTo("None");
    assertThat(shown(made(",'password':'Of-The-Shop-1'")).at("/access_mode").asString())
        .isEqualTo("default");
  }

  @Test
  void theOlderCallsShowTheSameUser() {
    String id = made(",'access_mode':'default','pwd_status':false,'email':'a@b'");
    JsonNode older = owner.send("GET", "/v3/users/" + id, "").is(200).at("/user");
    assertThat(older.at("/access_mode").asString()).isEqualTo("default");
    assertThat(older.at("/pwd_status").booleanValue()).isFalse();
    owner.send("PATCH", "/v3/users/" + id, "{'user':{'description':'moved'}}").is(200);
    JsonNode user = shown(id);
    assertThat(user.at("/description").asString()).isEqualTo("moved");
    assertThat(user.at("/pwd_status").booleanValue()).isFalse();
    assertThat(user.at("/email").asString()).isEqualTo("a@b");
  }

  @Test
  void aChangeLeavesWhatItDoesNotNameAndClearsWhatIsEmpty() {
    String id =
        made(
            ",'email':'a@b','areacode':'0049','phone':'1','description':'d','pwd_status':false,"
                + "'xuser_id':'x','xuser_type':'TenantIdp'");
    JsonNode before = shown(id);
    assertThat(change(id, "").is(200).at("/user")).isEqualTo(before);

    change(id, "'phone':'22','areacode':'0086','pwd_status':true,'access_mode':'default'").is(200);
    JsonNode changed = shown(id);
    assertThat(changed.at("/phone").asString()).isEqualTo("22");
    assertThat(changed.at("/areacode").asString()).isEqualTo("0086");
    assertThat(changed.at("/pwd_status").booleanValue()).isTrue();
    assertThat(changed.at("/access_mode").asString()).isEqualTo("default");
    assertThat(changed.at("/email").asString()).isEqualTo("a@b");

    change(id, "'phone':'','email':'','description':'','xuser_id':'','xuser_type':''").is(200);
    JsonNode cleared = shown(id);
    for (String empty : CLEARED) {
      assertThat(cleared.at("/" + empty).asString()).as(empty).isEmpty();
    }
  }

  @Test
  void aChangeGivesAPasswordAndANameToo() {
    String id = made("");
    change(id, "'name':'renamed','password':'Of-The-Shop-2'").is(200);
    assertThat(shown(id).at("/name").asString()).isEqualTo("renamed");
    assertThat(shown(id).has("pwd_strength")).isFalse();
  }

  // What is refused

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'email':'nobody'                         | mail address
          'email':'a@b@c'                          | mail address
          'email':'a b@c'                          | mail address
          'phone':'1'                              | belong together
          'areacode':'0086'                        | belong together
          'phone':'1','areacode':''                | belong together
          'phone':'+1','areacode':'0086'           | digits
          'phone':'1','areacode':'+86'             | digits
          'phone':'١','areacode':'0086'            | digits
          'access_mode':'console'                  | no console
          'access_mode':'all'                      | default or programmatic
          'xuser_id':'x'                           | belong together
          'xuser_type':'TenantIdp'                 | belong together
          'xuser_id':'x','xuser_type':'Other'      | TenantIdp
          'xuser_id':'a\\nb','xuser_type':'TenantIdp' | control
          'name':''                                | user.name
          'enabled':1                              | invalid
          'pwd_status':'true'                      | invalid
          """)
  void badValuesAreRefusedAndChangeNothing(String members, String why) {
    String id = made(",'email':'a@b','areacode':'0049','phone':'1'");
    JsonNode before = shown(id);
    assertThat(change(id, members).is(400).text("/error_msg")).contains(why);
    assertThat(shown(id)).isEqualTo(before);
    if (!members.startsWith("'name'")) {
      assertThat(make("," + members).is(400).text("/error_msg")).contains(why);
    }
  }

  @Test
  void whatIsTooLongIsRefused() {
    String id = made("");
    change(id, "'email':'%s@b'".formatted("a".repeat(253))).is(200);
    change(id, "'email':'%s@b'".formatted("a".repeat(254))).is(400);
    change(id, "'phone':'%s','areacode':'0086'".formatted("1".repeat(32))).is(200);
    change(id, "'phone':'%s','areacode':'0086'".formatted("1".repeat(33))).is(400);
    change(id, "'xuser_id':'%s','xuser_type':'TenantIdp'".formatted("x".repeat(128))).is(200);
    change(id, "'xuser_id':'%s','xuser_type':'TenantIdp'".formatted("x".repeat(129))).is(400);
  }

  @Test
  void aUserOfAnotherAccountIsNotThereAndNotMade() {
    Tenant stranger = Tenant.another(server);
    String foreign = stranger.user;
    owner.send("GET", ALL + "/" + foreign, "").is(404);
    change(foreign, "'description':'mine'").is(404);
    owner.send("GET", ALL + "/" + foreign + "/login-protect", "").is(404);
    owner
        .send("PUT", ALL + "/" + foreign + "/login-protect", "{'login_protect':{'enabled':false}}")
        .is(404);
    owner.send("PUT", ALL + "/" + foreign + "/info", "{'user':{'email':'a@b'}}").is(403);
    owner
        .send(
            "POST",
            ALL,
            "{'user':{'name':'smuggled','domain_id':'%s'}}".formatted(stranger.account))
        .is(404);
  }

  // Who may

  @Test
  void whoMayDoNothingSeesOneselfAndLearnsNothingOfOthers() {
    Tenant person = staff.personWithoutPassword();
    for (String oneself : new String[] {"self", person.user}) {
      Reply self = person.send("GET", ALL + "/" + oneself, "").is(200);
      assertThat(self.text("/user/id")).isEqualTo(person.user);
    }
    person.send("GET", ALL + "/" + person.user + "/login-protect", "").is(200);
    for (String other : new String[] {made(""), "0".repeat(32), "unknown"}) {
      String one = ALL + "/" + other;
      assertThat(person.send("GET", one, "").is(403).code()).isEqualTo("IAM.0003");
      person.send("PUT", one, "{'user':{'description':'x'}}").is(403);
      person.send("PUT", one + "/info", "{'user':{'email':'a@b'}}").is(403);
      person.send("GET", one + "/login-protect", "").is(403);
      for (String protect : new String[] {"{'login_protect':{'enabled':true}}", "{}"}) {
        person.send("PUT", one + "/login-protect", protect).is(403);
      }
    }
    person.send("PUT", ALL + "/" + person.user, "{'user':{'description':'x'}}").is(403);
    person.send("GET", PROTECTS, "").is(403);
    person.send("POST", ALL, "{'user':{'name':'friend'}}").is(403);
  }

  @Test
  void whoMayChangeUsersSetsNoPasswordsAndChangesNoAdministrator() {
    Tenant person = staff.personWithoutPassword();
    allow(person, "iam:users:updateUser");
    String one = ALL + "/" + made("");
    person.send("PUT", one, "{'user':{'phone':'1','areacode':'0086'}}").is(200);
    person.send("PUT", one, "{'user':{'password':'Of-The-Shop-3'}}").is(403);
    String admin = ALL + "/" + owner.user;
    person.send("PUT", admin, "{'user':{'email':'a@b'}}").is(403);
    person.send("PUT", admin + "/login-protect", "{'login_protect':{'enabled':false}}").is(403);
    person.send("GET", one, "").is(403);
  }

  // One's own contact

  @Test
  void everybodyChangesTheOwnContact() {
    Tenant person = staff.personWithoutPassword();
    String info = ALL + "/" + person.user + "/info";
    person.send("PUT", info, "{'user':{'email':'me@example.com','mobile':'0086-123'}}").is(204);
    JsonNode user = shown(person.user);
    assertThat(user.at("/email").asString()).isEqualTo("me@example.com");
    assertThat(user.at("/areacode").asString()).isEqualTo("0086");
    assertThat(user.at("/phone").asString()).isEqualTo("123");

    person.send("PUT", info, "{'user':{'mobile':''}}").is(204);
    assertThat(shown(person.user).at("/phone").asString()).isEmpty();
    assertThat(shown(person.user).at("/email").asString()).isEqualTo("me@example.com");
    owner.send("PUT", info, "{'user':{'email':'other@example.com'}}").is(403);
  }

  @Test
  void aDenialCountsForTheOwnContactToo() {
    Tenant person = staff.personWithoutPassword();
    say("Deny", person, "iam:users:updateUser");
    String info = ALL + "/" + person.user + "/info";
    person.send("PUT", info, "{'user':{'email':'me@example.com'}}").is(403);
    assertThat(shown(person.user).at("/email").asString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"123", "-", "-1", "0086-", "0086-1-2", "0086-x", "0086 123"})
  void whatIsNoMobileIsRefused(String mobile) {
    Tenant person = staff.personWithoutPassword();
    String info = ALL + "/" + person.user + "/info";
    person.send("PUT", info, "{'user':{'mobile':'%s'}}".formatted(mobile)).is(400);
  }

  // A second factor

  @Test
  void aSecondFactorIsNeverSaidToBeThere() {
    String id = made("");
    String one = ALL + "/" + id + "/login-protect";
    JsonNode off = owner.send("GET", one, "").is(200).at("/login_protect");
    assertThat(off.at("/user_id").asString()).isEqualTo(id);
    assertThat(off.at("/enabled").booleanValue()).isFalse();
    assertThat(off.at("/verification_method").asString()).isEqualTo("none");

    String order = "{'login_protect':{'enabled':%s,'verification_method':'sms'}}";
    assertThat(owner.send("PUT", one, order.formatted("true")).is(400).text("/error_msg"))
        .contains("no second factor");
    assertThat(owner.send("PUT", one, order.formatted("false")).is(200).at("/login_protect"))
        .isEqualTo(off);
    assertThat(owner.send("GET", one, "").is(200).at("/login_protect")).isEqualTo(off);
    owner.send("PUT", one, "{'login_protect':{}}").is(400);
    assertThat(owner.send("GET", PROTECTS, "").is(200).at("/login_protects")).contains(off);
  }
}
