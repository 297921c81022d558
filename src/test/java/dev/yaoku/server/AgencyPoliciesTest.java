package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that name the agencies that may be assumed, and the ways past them, each tried. */
class AgencyPoliciesTest {
  private static final String POLICIES = "/v3.0/OS-ROLE/roles";
  private static final String AGENCIES = "/v3.0/OS-AGENCY/agencies";
  private static final String KEYS = "/v3.0/OS-CREDENTIAL/securitytokens";
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Tenant foreign;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    foreign = Tenant.another(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  // Tools

  private static String name(String what) {
    return what + "-" + NAMES.incrementAndGet();
  }

  private record Agency(Tenant of, String id, String name) {
    static Agency trustingOwner(Tenant of) {
      return trustingOwner(of, NAMES.incrementAndGet() + "-helpers");
    }

    static Agency trustingOwner(Tenant of, String name) {
      String order =
          "{'agency':{'name':'%s','trust_domain_id':'%s'}}".formatted(name, owner.account);
      return new Agency(of, of.send("POST", AGENCIES, order).is(201).text("/agency/id"), name);
    }
  }

  private static String statement(String effect, String uri) {
    return "{'Effect':'%s','Action':['iam:agencies:assume'],'Resource':{'uri':['%s']}}"
        .formatted(effect, uri);
  }

  private static String on(Agency agency) {
    return "/iam/agencies/" + agency.id();
  }

  private static String document(String... statements) {
    return "{'Version':'1.1','Statement':[" + String.join(",", statements) + "]}";
  }

  private static Reply written(String document) {
    return owner.send("POST", POLICIES, order(document));
  }

  private static String order(String document) {
    return "{'role':{'display_name':'%s','type':'AX','description':'d','policy':%s}}"
        .formatted(name("policy"), document);
  }

  /** Somebody of the owner's account who holds this and nothing else. */
  private static Tenant holder(String document) {
    Tenant person = owner.colleague();
    hold(person, written(document).is(201).text("/role/id"));
    return person;
  }

  private static void hold(Tenant person, String policy) {
    String path = "/v3/domains/" + owner.account + "/users/" + person.user + "/roles/" + policy;
    owner.send("PUT", path, "").is(204);
  }

  private static String playing(Agency agency) {
    return playing(agency.of().account, agency.name());
  }

  private static String playing(String account, String name) {
    return "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'domain_id':'%s',"
            .formatted(account)
        + "'agency_name':'%s'}}}}".formatted(name);
  }

  private static Reply plays(Tenant who, Agency agency) {
    return who.send("POST", KEYS, playing(agency));
  }

  private static void mayNotPlay(Tenant who, Agency agency) {
    assertThat(plays(who, agency).is(403).code()).isEqualTo("IAM.0003");
    who.send("POST", "/v3/auth/tokens", playing(agency)).is(403);
    assertThat(
            who.send(
                    "POST",
                    "/v5/agencies/assume",
                    "{'agency_urn':'iam::%s:agency:%s','agency_session_name':'s'}"
                        .formatted(agency.of().account, agency.name()))
                .is(403)
                .code())
        .isEqualTo("IAM.0003");
  }

  // What they mean

  @Test
  void whoeverHoldsOneMayAssumeJustTheAgenciesThatItNames() {
    Agency first = Agency.trustingOwner(foreign);
    Agency second = Agency.trustingOwner(owner);
    Agency neither = Agency.trustingOwner(foreign);
    Tenant holder =
        holder(
            document(statement("Allow", on(first) + "','" + on(second)))
                .replace("'iam:agencies:assume'", "'IAM:agencies:Assume','iam:tokens:assume'"));
    plays(holder, first).is(201);
    plays(holder, second).is(201);
    String scoped = playing(first);
    holder
        .send(
            "POST",
            "/v3/auth/tokens",
            scoped.substring(0, scoped.length() - 2)
                + ",'scope':{'domain':{'id':'%s'}}}}".formatted(foreign.account))
        .is(201);
    mayNotPlay(holder, neither);
    mayNotPlay(holder, Agency.trustingOwner(owner));
  }

  @Test
  void aPolicyIsShownAsItWasSent() {
    Agency agency = Agency.trustingOwner(owner);
    String sent = document(statement("Allow", on(agency)));
    Reply made = written(sent).is(201);
    String one = POLICIES + "/" + made.text("/role/id");
    String json = sent.replace('\'', '"');
    assertThat(made.at("/role/policy")).hasToString(json);
    assertThat(owner.send("GET", one, "").is(200).at("/role/policy")).hasToString(json);
    String changed = document(statement("Deny", on(agency)));
    owner.send("PATCH", one, order(changed)).is(200);
    assertThat(owner.send("GET", one, "").is(200).at("/role/policy"))
        .hasToString(changed.replace('\'', '"'));
  }

  @Test
  void aDenialDeniesJustTheAgencyThatItNames() {
    Agency open = Agency.trustingOwner(foreign);
    Agency closed = Agency.trustingOwner(foreign);
    Tenant operator = owner.colleague();
    hold(operator, "te_agency");
    plays(operator, closed).is(201);
    hold(operator, written(document(statement("Deny", on(closed)))).is(201).text("/role/id"));
    mayNotPlay(operator, closed);
    plays(operator, open).is(201);
  }

  @Test
  void theActionWithoutAgenciesIsForAllOfThem() {
    Agency agency = Agency.trustingOwner(foreign);
    plays(holder(document("{'Effect':'Allow','Action':['iam:agencies:assume']}")), agency).is(201);
  }

  // Ways past them

  @Test
  void nothingTellsAnAgencyThatMayNotBeAssumedFromNone() {
    Agency theirs = Agency.trustingOwner(foreign);
    Tenant holder = holder(document(statement("Allow", on(Agency.trustingOwner(owner)))));
    String refused = plays(holder, theirs).is(403).raw().body();
    for (String[] none :
        new String[][] {
          {foreign.account, "nowhere"}, {"no-such-account", theirs.name()}, {owner.account, "x:y"}
        }) {
      assertThat(holder.send("POST", KEYS, playing(none[0], none[1])).is(403).raw().body())
          .isEqualTo(refused);
    }
  }

  @Test
  void partOfAnIdIsNoId() {
    Agency agency = Agency.trustingOwner(foreign);
    String id = agency.id();
    for (String other : new String[] {id.substring(0, 31), id + "0", id.substring(1), "-" + id}) {
      mayNotPlay(holder(document(statement("Allow", "/iam/agencies/" + other))), agency);
    }
  }

  /** Nor is the name of an agency its id. */
  @Test
  void anAgencyThatIsCalledByAnothersIdIsNotThatOne() {
    Agency allowed = Agency.trustingOwner(foreign);
    Tenant holder = holder(document(statement("Allow", on(allowed))));
    mayNotPlay(holder, Agency.trustingOwner(owner, allowed.id()));
  }

  @Test
  void anAgencyThatCameInTheNamesPlaceIsAnother() {
    Agency first = Agency.trustingOwner(foreign);
    Tenant holder = holder(document(statement("Allow", on(first))));
    plays(holder, first).is(201);
    foreign.send("DELETE", AGENCIES + "/" + first.id(), "").is(204);
    mayNotPlay(holder, Agency.trustingOwner(foreign, first.name()));
  }

  @Test
  void aSessionIsNarrowedByThemToo() {
    Agency allowed = Agency.trustingOwner(foreign);
    Agency other = Agency.trustingOwner(foreign);
    Tenant operator = owner.colleague();
    hold(operator, "te_agency");
    for (String policy :
        new String[] {
          document(statement("Allow", on(allowed))),
          document("{'Effect':'Allow','Action':['*']}", statement("Deny", on(other)))
        }) {
      Temporary narrow =
          Temporary.of(
              server,
              operator.send(
                  "POST",
                  KEYS,
                  "{'auth':{'identity':{'methods':['token'],'policy':%s}}}".formatted(policy)));
      narrow.send("POST", KEYS, playing(allowed)).is(201);
      narrow.send("POST", KEYS, playing(other)).is(403);
    }
  }

  @Test
  void theyGiveNothingElse() {
    Agency agency = Agency.trustingOwner(owner);
    Tenant holder = holder(document(statement("Allow", on(agency))));
    holder.send("GET", AGENCIES + "/" + agency.id(), "").is(403);
    holder.send("DELETE", AGENCIES + "/" + agency.id(), "").is(403);
    assertThat(holder.kms("list-keys", "{}").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "/iam/agencies/",
        "/iam/agencies/*",
        "/iam/agencies/0123456789abcdef0123456789abcde?",
        "/iam/agencies/0123456789ABCDEF0123456789ABCDEF",
        "/iam/agencies/0123456789abcdef0123456789abcdef/",
        "/iam/agencies/../agencies/0123456789abcdef0123456789abcdef",
        "/iam/agencies/%30123456789abcdef0123456789abcdef",
        "/iam/agencies/0123456789abcdef0123456789abcdef ",
        "/iam/agencies/0123456789abcdef0123456789abcdef\\n",
        "/IAM/agencies/0123456789abcdef0123456789abcdef",
        "iam/agencies/0123456789abcdef0123456789abcdef",
        "/iam/users/0123456789abcdef0123456789abcdef",
        "iam:*:*:agency:*",
      })
  void whatIsNoUriOfOneAgencyIsRefused(String uri) {
    Reply refused = written(document(statement("Deny", uri))).is(400);
    assertThat(refused.code()).isEqualTo("IAM.0007");
    assertThat(refused.text("/error_msg"))
        .isEqualTo(
            "Statement[0].Resource.uri[0] must be /iam/agencies/ and the id of one agency, without"
                + " wildcards or capitals.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'uri':[]}",
        "{'uri':{}}",
        "{'uri':'/iam/agencies/a'}",
        "{'uri':[null]}",
        "{'uri':[['/iam/agencies/a']]}",
        "{'URI':['/iam/agencies/a']}",
        "{'uri':['/iam/agencies/a'],'more':1}",
        "['/iam/agencies/a']",
        "'/iam/agencies/a'",
        "null",
      })
  void anotherFormIsRefused(String resource) {
    String statement =
        "{'Effect':'Deny','Action':['iam:agencies:assume'],'Resource':%s}".formatted(resource);
    assertThat(written(document(statement)).is(400).code()).isEqualTo("IAM.0007");
  }

  /** A denial of something else would deny nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {"*", "iam:*:*", "iam:agencies:*", "iam:agencies:deleteAgency", "kms:cmk:get"})
  void theyAreForAssumingOnly(String action) {
    String statement = statement("Deny", "/iam/agencies/a");
    written(document(statement.replace("['iam:", "['" + action + "','iam:"))).is(400);
    written(document(statement.replace("iam:agencies:assume", action))).is(400);
  }

  @Test
  void theNewerLanguageHasNone() {
    written(document(statement("Allow", "/iam/agencies/a")).replace("1.1", "5.0")).is(400);
  }
}
