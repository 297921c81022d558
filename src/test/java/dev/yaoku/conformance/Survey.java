package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

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

  /** What identity operations are about is there only for a part of the walk. */
  private static final Map<String, String> BROKEN_AFTER =
      Map.of(
          "CreateToken", "KeystoneCreateUser", // who has a password that is known
          "CreateTemporaryAccessKey", "CreateAgency");

  private final Walk walk;
  private final Map<String, Map<State, String>> states = new TreeMap<>();
  private final Outcomes outcomes = new Outcomes();
  private final BrokenRequests requests;
  private final BrokenBodies bodies;
  private final Routes routes;
  private final Set<String> broken = new HashSet<>();

  /** A survey by a walk that has not begun. */
  Survey(Walk walk) {
    this.walk = walk;
    walk.server.stopHousekeeping();
    this.requests = new BrokenRequests(walk, outcomes);
    this.routes = Routes.of(walk.server);
    this.bodies = new BrokenBodies(walk, requests, routes);
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
    return outcomes.codes(operation);
  }

  Survey run() throws GeneralSecurityException {
    Map<String, Step> once = new LinkedHashMap<>();
    Steps.ALL.forEach(step -> once.putIfAbsent(step.operation(), step));
    walk.run(taken -> breakIdentities(taken, once));
    everyIdentityIsBroken(once.keySet());
    List<String> kinds = kinds();
    for (Step step : once.values()) {
      if (Subject.of(step) != Subject.NONE) {
        inEveryState(step, kinds);
      }
      if (ofTheKms(step)) {
        breakOneThingAtATime(step);
      } else if (!step.operation().equals("MoveClock")) {
        again(step);
      }
    }
    List<String> surprises = bodies.surprises();
    assertThat(surprises).as(String.join("\n", surprises)).isEmpty();
    return this;
  }

  /** Identities in the middle of the walk, as later ones of its steps delete them. */
  private void breakIdentities(Step taken, Map<String, Step> once) throws GeneralSecurityException {
    for (Step step : once.values()) {
      String after = BROKEN_AFTER.getOrDefault(step.operation(), step.operation());
      boolean now = after.equals(taken.operation()) && !step.body().isEmpty();
      if (now && ofIdentity(step.target()) && broken.add(step.operation())) {
        bodies.breakAll(step, ExpectedOfIdentity::usual);
        if (Steps.RESTORED_BY_THEMSELVES.contains(step.operation())) {
          walk.take(step);
        }
      }
    }
  }

  /** Each route of identities has a sample, and each that reads a body had it broken. */
  private void everyIdentityIsBroken(Set<String> sampled) {
    List<String> identities =
        routes.operations().stream().filter(name -> ofIdentity(routes.path(name))).toList();
    assertThat(identities).isNotEmpty().isSubsetOf(sampled);
    assertThat(identities)
        .filteredOn(name -> !routes.body(name).isMissingNode())
        .containsExactlyInAnyOrderElementsOf(broken);
  }

  /** When what it is about is gone. */
  private void again(Step step) {
    Map<String, String> names = walk.known();
    Reply reply = walk.send(step, walk.fill(step.target(), names), walk.body(step, names));
    outcomes.of(step, reply);
  }

  private void inEveryState(Step step, List<String> kinds) throws GeneralSecurityException {
    for (State state : State.values()) {
      inState(step, state);
    }
    if (!ANY_KIND.matcher(step.operation()).matches()) {
      for (String key : kinds) {
        onKind(step, key);
      }
    }
  }

  private void inState(Step step, State state) throws GeneralSecurityException {
    Subject subject = Subject.of(step);
    if (subject == Subject.MAC && state == State.PENDING_IMPORT) {
      return; // such a key is always made here
    }
    Map<String, String> names = new Subjects(walk).prepare(subject, step, state);
    String about = "{'key_id':'" + names.get(subject.variable.substring(1)) + "'}";
    JsonNode before = walk.client.ok("describe-key", about).json();
    Reply reply = walk.send(step, walk.fill(step.target(), names), walk.body(step, names));
    String outcome = outcomes.of(step, reply);
    if (!outcome.equals(Outcomes.OK)) {
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
    Reply reply = walk.send(step, walk.fill(step.target(), names), walk.body(step, names));
    outcomes.of(step, reply);
  }

  private void breakOneThingAtATime(Step step) throws GeneralSecurityException {
    requests.breakAround(step, new Subjects(walk).prepare(Subject.of(step), step, State.ENABLED));
    if (!step.body().isEmpty()) {
      String usual = states(step.operation()).getOrDefault(State.ENABLED, Outcomes.OK);
      bodies.breakAll(step, _ -> usual);
    }
  }

  static boolean ofTheKms(Step step) {
    return step.target().startsWith("/v1.0/") || step.target().startsWith("/v2/");
  }

  private static boolean ofIdentity(String target) {
    return target.matches("/v[35].*");
  }
}
