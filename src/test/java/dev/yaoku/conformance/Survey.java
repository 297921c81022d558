package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import dev.yaoku.server.Tenant;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Calls every operation on keys in every state, and with every valid request broken in one place at
 * a time, and keeps the outcomes. What a server answers to any of it is never its own failure.
 */
final class Survey {
  /** Of a state: how the page calls it. */
  enum State {
    ENABLED("enabled"),
    DISABLED("disabled"),
    PENDING_DELETION("to be deleted"),
    PENDING_IMPORT("without material");

    final String title;

    State(String title) {
      this.title = title;
    }
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final String NO_SUCH_KEY = "00000000-0000-4000-8000-000000000000";

  /** Left out, null, of the wrong type, in a wrong alphabet, too long, too short, another's. */
  private static final List<JsonNode> WRONG =
      List.of(
          MissingNode.getInstance(),
          NullNode.getInstance(),
          JSON.createArrayNode().add(JSON.createArrayNode()),
          JSON.createObjectNode().put("a", 1),
          StringNode.valueOf("§ no\u0000 such ☃"),
          StringNode.valueOf("9".repeat(9_000)),
          StringNode.valueOf(""),
          StringNode.valueOf(NO_SUCH_KEY),
          StringNode.valueOf("f".repeat(64)),
          IntNode.valueOf(-1),
          BooleanNode.TRUE);

  /** What a key may be, other than what an operation wants. */
  private static final List<String> KINDS =
      List.of(
          "'key_spec':'AES_256'",
          "'origin':'external'",
          "'key_spec':'RSA_2048','key_usage':'ENCRYPT_DECRYPT'",
          "'key_spec':'RSA_2048','key_usage':'SIGN_VERIFY'",
          "'key_spec':'EC_P256','key_usage':'SIGN_VERIFY'",
          "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'",
          "'key_spec':'SM2','key_usage':'ENCRYPT_DECRYPT'",
          "'key_spec':'HMAC_256'");

  /** These do not ask what kind a key is, and would use the keys up. */
  private static final Pattern ANY_KIND =
      Pattern.compile("(Enable|Disable|Delete|Describe)Key|CancelKeyDeletion|UpdateKey(Al|De).*");

  private final Walk walk;
  private final Map<String, Map<State, String>> states = new TreeMap<>();
  private final Map<String, Set<String>> codes = new TreeMap<>();

  private final List<String> surprises = new ArrayList<>();
  private final Routes routes;
  private final Tenant stranger;

  /** What another tenant calls its own, by the walk's names for such things. */
  private final Map<String, String> strangers;

  Survey(Walk walk) {
    this.walk = walk;
    this.routes = Routes.of(walk.server);
    walk.server.stopHousekeeping();
    this.stranger = Tenant.another(walk.server);
    this.strangers = belongings(stranger);
  }

  private static Map<String, String> belongings(Tenant stranger) {
    String key = stranger.key("theirs", "");
    String grant = "{'key_id':'" + key + "','grantee_principal':'a','operations':['describe-key']}";
    String keystore = "{'keystore_alias':'theirs','hsm_cluster_id':'c','hsm_ca_cert':'x'}";
    String keySpace = "{'keyspace_id':'" + NO_SUCH_KEY + "',";
    String policy = keySpace + "'policy_name':'theirs','policy':'{}'}";
    String point = keySpace + "'access_point_name':'theirs','type':3}";
    return Map.of(
        "key", key,
        "other", stranger.key("other", ""),
        "external", stranger.key("external", "'origin':'external'"),
        "signing", stranger.key("signing", "'key_spec':'EC_P256'"),
        "agreeing", stranger.key("agreeing", "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'"),
        "mac_key", stranger.key("mac", "'key_spec':'HMAC_256'"),
        "grant", stranger.ok("create-grant", grant).text("/grant_id"),
        "policy", stranger.ok("key-policies", policy).text("/policy_id"),
        "access_point", stranger.ok("access-points", point).text("/access_point_id"),
        "keystore", stranger.call("POST", "/keystores", keystore).text("/keystore/keystore_id"));
  }

  static int kindsTried() {
    return KINDS.size();
  }

  /** Outcome by state, in their order: {@code ok} or a code; empty for operations without a key. */
  Map<State, String> states(String operation) {
    return states.getOrDefault(operation, Map.of());
  }

  /** All codes that were seen. */
  Set<String> codes(String operation) {
    return codes.computeIfAbsent(operation, _ -> new TreeSet<>());
  }

  Survey run() throws GeneralSecurityException {
    Map<String, Step> once = new LinkedHashMap<>();
    Steps.ALL.forEach(step -> once.putIfAbsent(step.operation(), step));
    List<String> kinds = kinds();
    for (Step step : once.values()) {
      if (Subject.of(step) != Subject.NONE) {
        for (State state : State.values()) {
          inState(step, state);
        }
        if (!ANY_KIND.matcher(step.operation()).matches()) {
          for (String key : kinds) {
            onKind(step, key);
          }
        }
      }
      if (!step.operation().equals("MoveClock")) {
        breakOneThingAtATime(step);
      }
    }
    assertThat(surprises).as(String.join("\n", surprises)).isEmpty();
    return this;
  }

  private void inState(Step step, State state) throws GeneralSecurityException {
    Subject subject = Subject.of(step);
    if (subject == Subject.MAC && state == State.PENDING_IMPORT) {
      return; // such a key is always made here
    }
    Map<String, String> names = new Subjects(walk).prepare(subject, step, state);
    String about = "{'key_id':'" + names.get(subject.variable.substring(1)) + "'}";
    JsonNode before = walk.client.ok("describe-key", about).json();
    Reply reply = walk.send(step, walk.fill(step.target(), names), body(step, names));
    String outcome = outcome(step, reply);
    if (!outcome.equals("ok")) {
      assertThat(walk.client.ok("describe-key", about).json())
          .as(step.operation() + " was refused and changed the key")
          .isEqualTo(before);
    }
    states.computeIfAbsent(step.operation(), _ -> new LinkedHashMap<>()).put(state, outcome);
  }

  private List<String> kinds() {
    List<String> keys = new ArrayList<>();
    for (String kind : KINDS) {
      String create = "{'key_alias':'kind-" + keys.size() + "'," + kind + "}";
      keys.add(walk.client.ok("create-key", create).text("/key_info/key_id"));
    }
    return keys;
  }

  private void onKind(Step step, String key) {
    Map<String, String> names = new HashMap<>(walk.known());
    names.put("label", "kinds");
    String variable = Subject.of(step).variable.substring(1);
    names.put(variable, key);
    outcome(step, walk.send(step, walk.fill(step.target(), names), body(step, names)));
  }

  private String body(Step step, Map<String, String> names) {
    return walk.fill(step.body(), names).replace('\'', '"');
  }

  private void breakOneThingAtATime(Step step) throws GeneralSecurityException {
    Subject subject = Subject.of(step);
    Map<String, String> names = new Subjects(walk).prepare(subject, step, State.ENABLED);
    String target = walk.fill(step.target(), names);
    String body = body(step, names);
    if (ofTheKms(target)) {
      outcome(step, walk.client.unsigned(step.method(), target));
      if (target.contains(walk.client.project)) {
        expect(step, target.replace(walk.client.project, stranger.project), body, "KMS.0321");
      }
      swapForAnothers(step, names);
      if (!subject.variable.isEmpty() && step.target().contains(subject.variable)) {
        String id = names.getOrDefault(subject.variable.substring(1), "");
        expect(step, target.replace(id, "no-id"), body, "KMS.0205");
        boolean list = step.operation().equals("ListAliases"); // empty then (quirk D14)
        expect(step, target.replace(id, NO_SUCH_KEY), body, list ? "ok" : "KMS.0207");
      }
    }
    outcome(step, walk.send(step, target, body));
    breakQuery(step, target);
    if (!body.isEmpty()) {
      breakBodies(step, subject);
    }
  }

  /** Breaks each member of the requests that together have every one. */
  private void breakBodies(Step step, Subject subject) throws GeneralSecurityException {
    Set<String> members = FullRequests.members(routes.body(step.operation()));
    Set<String> tried = new HashSet<>();
    for (Step full : FullRequests.of(step, members)) {
      breakBody(full, subject, tried);
    }
    if (ofTheKms(step.target())) {
      members.removeAll(tried);
      members.forEach(never -> surprises.add(step.operation() + " " + never + " was never tried"));
    }
  }

  private void breakBody(Step step, Subject subject, Set<String> tried)
      throws GeneralSecurityException {
    Map<String, String> names = new Subjects(walk).prepare(subject, step, State.ENABLED);
    String target = walk.fill(step.target(), names);
    String body = body(step, names);
    String usual = states(step.operation()).getOrDefault(State.ENABLED, "ok");
    if (ofTheKms(target)) {
      String whole = broken(step, target, body);
      if (!whole.equals(usual)) {
        surprises.add(step.operation() + " with every member gave " + whole);
      }
    }
    broken(step, target, body.substring(1));
    String again = broken(step, target, body);
    // What can be done but once is told apart from what is wrong by a subject for each try. Tokens
    // for imports take long to make, and are asked for last of all.
    boolean onceOnly = ofTheKms(target) && !again.equals("ok") && subject != Subject.IMPORTED;
    String ofValid = onceOnly ? usual : again;
    // From the end, so that where a login is for comes before who logs in: after a few wrong
    // passwords it is a matter of time whether a login is heard at all.
    for (String place : places(JSON.readTree(body), "").reversed()) {
      if (!tried.add(place.replaceAll("/\\d+(?=/|$)", "/0"))) {
        continue;
      }
      for (JsonNode wrong : WRONG) {
        Map<String, String> own =
            onceOnly ? new Subjects(walk).prepare(subject, step, State.ENABLED) : names;
        ObjectNode valid = (ObjectNode) JSON.readTree(body(step, own));
        String outcome = broken(step, walk.fill(step.target(), own), spoiled(valid, place, wrong));
        boolean expected =
            Expected.may(step.operation(), place, wrong, outcome)
                || (outcome.equals(ofValid) && Expected.may(step.operation(), place, wrong, "ok"));
        if (ofTheKms(target) && !expected) {
          surprises.add(step.operation() + " " + place + " = " + shown(wrong) + " gave " + outcome);
        }
      }
    }
  }

  private static boolean ofTheKms(String target) {
    return target.startsWith("/v1.0/") || target.startsWith("/v2/");
  }

  private static String shown(JsonNode wrong) {
    String text = wrong.isMissingNode() ? "nothing" : wrong.toString();
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private static final Set<String> ASK_ABOUT_ANY_KEY = Set.of("ListAliases", "CheckAccess");

  /** With ids that are valid, but another tenant's, it is as if there were no such thing. */
  private void swapForAnothers(Step step, Map<String, String> names) {
    strangers.forEach((variable, id) -> {
      String place = "$" + variable;
      // A policy may name any place.
      String asked = variable.equals("access_point") ? step.target() : step.target() + step.body();
      boolean named = asked.matches("(?s).*\\" + place + "(?![a-z_]).*");
      if (named) {
        Map<String, String> swapped = new HashMap<>(names);
        swapped.put(variable, id);
        String code =
            switch (ASK_ABOUT_ANY_KEY.contains(step.operation()) ? "list" : variable) {
              case "list" -> "ok"; // and empty, or no, as for any unknown key (quirk D14)
              case "keystore" -> "KMS.8003";
              case "grant" -> "KMS.2501";
              default -> "KMS.0207";
            };
        expect(step, walk.fill(step.target(), swapped), body(step, swapped), code);
      }
    });
  }

  /** Numbers in the query that are none, or too small, or there twice. */
  private void breakQuery(Step step, String target) {
    int mark = target.indexOf('?');
    if (mark < 0 || !ofTheKms(target)) {
      return;
    }
    Map<String, String> codes =
        Map.of("limit", "KMS.1601", "marker", "KMS.1602", "offset", "KMS.0417");
    for (String parameter : target.substring(mark + 1).split("&", -1)) {
      String name = parameter.split("=", 2)[0];
      String code = codes.get(name);
      for (String wrong : List.of("x", "-1", "1.5", "%E2%98%83")) {
        if (code != null) {
          expect(step, target.replace(parameter, name + "=" + wrong), "", code);
        }
      }
      expect(step, target + "&" + parameter, "", "KMS.0214");
    }
  }

  private void expect(Step step, String target, String body, String code) {
    assertThat(broken(step, target, body)).as(step.operation() + " " + target).isEqualTo(code);
  }

  /** Sends a broken request. What is refused changes nothing, and has its event in the log. */
  private String broken(Step step, String target, String body) {
    long changes = walk.server.changes();
    Reply reply = walk.send(step, target, body);
    String outcome = outcome(step, reply);
    boolean proved =
        !step.operation().startsWith("CreateToken") // its caller is nobody yet
            && !outcome.equals("KMS.0214"); // nor is one whose address means nothing
    if (proved) {
      assertThat(walk.recorded(reply)).as("event of " + step.operation()).isTrue();
    }
    if (!outcome.equals("ok")) {
      assertThat(walk.server.changes())
          .as(step.operation() + " was refused with " + outcome + " and changed something")
          .isEqualTo(changes);
    }
    return outcome;
  }

  /** Pointers to all members and elements, also of what is nested. */
  private static List<String> places(JsonNode node, String at) {
    List<String> places = new ArrayList<>();
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        places.add(at + "/" + i);
        places.addAll(places(node.get(i), at + "/" + i));
      }
    }
    for (String member : node.propertyNames()) {
      places.add(at + "/" + member);
      places.addAll(places(node.get(member), at + "/" + member));
    }
    return places;
  }

  /** The body with another value in one place, or with none if that is missing. */
  private static String spoiled(ObjectNode valid, String place, JsonNode wrong) {
    ObjectNode copy = valid.deepCopy();
    int last = place.lastIndexOf('/');
    JsonNode holder = copy.at(place.substring(0, last));
    String member = place.substring(last + 1);
    if (holder instanceof ArrayNode array) {
      array.remove(Integer.parseInt(member));
      if (!wrong.isMissingNode()) {
        array.insert(Integer.parseInt(member), wrong);
      }
    } else if (wrong.isMissingNode()) {
      ((ObjectNode) holder).remove(member);
    } else {
      ((ObjectNode) holder).set(member, wrong);
    }
    return copy.toString();
  }

  private String outcome(Step step, Reply reply) {
    assertThat(reply.status()).as(step.operation() + " " + reply.raw().body()).isBetween(200, 499);
    if (reply.status() < 300) {
      return "ok";
    }
    String code = reply.code();
    if (reply.status() != 429) { // that depends on how fast this machine is
      codes(step.operation()).add(code);
    }
    return code;
  }
}
