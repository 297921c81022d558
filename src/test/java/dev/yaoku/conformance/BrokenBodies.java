package dev.yaoku.conformance;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Breaks every member of valid requests, one at a time and in every way, and keeps what came that
 * the contract does not have.
 */
final class BrokenBodies {
  private final Walk walk;
  private final BrokenRequests requests;
  private final Routes routes;
  private final List<String> surprises = new ArrayList<>();

  BrokenBodies(Walk walk, BrokenRequests requests, Routes routes) {
    this.walk = walk;
    this.requests = requests;
    this.routes = routes;
  }

  /** What came unexpectedly, and which members were never tried. */
  List<String> surprises() {
    return surprises;
  }

  /**
   * Breaks each member of the requests that together have every one.
   *
   * @param usual what each of these gives as it is
   */
  void breakAll(Step step, Function<Step, String> usual) throws GeneralSecurityException {
    Set<String> members = FullRequests.members(routes.body(step.operation()));
    Set<String> tried = new HashSet<>();
    for (Step full : FullRequests.of(step, members)) {
      breakEach(full, usual.apply(full), tried);
    }
    members.removeAll(tried);
    members.forEach(never -> surprises.add(step.operation() + " " + never + " was never tried"));
  }

  private void breakEach(Step full, String usual, Set<String> tried)
      throws GeneralSecurityException {
    Map<String, String> names = fresh(full);
    String whole = send(full, names, walk.body(full, names));
    if (!whole.equals(usual)) {
      surprises.add(full.operation() + " with every member gave " + whole);
    }
    send(full, names, walk.body(full, names).substring(1));
    // What can be done but once is told apart from what is wrong by a subject for each try.
    boolean once = !send(full, names, walk.body(full, names)).equals(whole);
    String valid = once ? valid(full) : whole;
    // From the end, so that where a login is for comes before who logs in: after a few wrong
    // passwords it is a matter of time whether a login is heard at all.
    for (String place : SpoiledBody.places(walk.body(full, names)).reversed()) {
      if (tried.add(SpoiledBody.ofFirst(place))) {
        for (JsonNode wrong : SpoiledBody.WRONG) {
          breakOne(full, once ? fresh(full) : names, place, wrong, valid);
        }
        Map<String, String> last = once ? fresh(full) : names;
        SpoiledBody.almost(walk.body(full, last), place)
            .ifPresent(wrong -> breakOne(full, last, place, wrong, valid));
      }
    }
  }

  private String valid(Step full) throws GeneralSecurityException {
    Map<String, String> names = fresh(full);
    return send(full, names, walk.body(full, names));
  }

  private void breakOne(
      Step full, Map<String, String> names, String place, JsonNode wrong, String valid) {
    String body = SpoiledBody.of(walk.body(full, names), place, wrong);
    String outcome = send(full, names, body);
    boolean expected =
        may(full, place, wrong, outcome)
            || (outcome.equals(valid) && may(full, place, wrong, Outcomes.OK));
    if (!expected) {
      surprises.add(
          full.operation() + " " + place + " = " + SpoiledBody.shown(wrong) + " gave " + outcome);
    }
  }

  private static boolean may(Step full, String place, JsonNode wrong, String outcome) {
    return Survey.ofTheKms(full)
        ? Expected.may(full.operation(), place, wrong, outcome)
        : ExpectedOfIdentity.may(full.operation(), place, wrong, outcome);
  }

  private Map<String, String> fresh(Step full) throws GeneralSecurityException {
    return new Subjects(walk).prepare(Subject.of(full), full, Survey.State.ENABLED);
  }

  private String send(Step full, Map<String, String> names, String body) {
    return requests.send(full, walk.fill(full.target(), names), body);
  }
}
