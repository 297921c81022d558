package dev.yaoku.service;

import static dev.yaoku.service.DescentWorld.isIn;
import static dev.yaoku.service.Household.OTHER_PROJECT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.ConditionKey;
import dev.yaoku.service.DescentModel.Credential;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random walks over log-ins by password and by secret access key, re-scopes, temporary keys, roles,
 * revocations and the clock, beside a naive model that computes what each credential may do and
 * until when. Nothing that is derived does more than what it came from, lives longer, counts as
 * issued later, or lives on after one of its ancestors ended.
 */
class DescentTest {
  private static final int STEPS = 5_000;
  private static final int REMEMBERED = 40;

  /** What is tried with every credential; the first three in projects, the others in accounts. */
  private static final Set<Action> TRIED =
      Set.of(
          Action.LIST_KEYS,
          Action.CREATE_KEY,
          Action.CREATE_RANDOM,
          Action.CREATE_ACCESS_KEY,
          Action.UPDATE_POLICY,
          Action.UPDATE_AGENCY,
          Action.ASSUME_AGENCY);

  @TempDir private Path directory;
  private final long seed = Long.getLong("yaoku.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private DescentWorld world;
  private Household house;
  private List<Credential> credentials;
  private DescentLogins logins;
  private DescentChanges changes;

  @BeforeEach
  void open() throws IOException {
    world = new DescentWorld(directory, random);
    house = world.house;
    credentials = world.credentials;
    logins = new DescentLogins(world);
    changes = new DescentChanges(world);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void whatIsDerivedNeitherExceedsNorOutlivesWhatItCameFrom() {
    System.out.println("DescentTest seed " + seed + " (-Dyaoku.test.seed)");
    int made = 0;
    for (int step = 0; step < STEPS; step++) {
      String what = "seed " + seed + ", step " + step;
      int before = credentials.size();
      step(what);
      made += Math.max(0, credentials.size() - before);
      for (int i = 0; i < 3; i++) {
        compare(what, world.any(credentials));
      }
      if (step % 50 == 0) {
        credentials.forEach(credential -> compare(what, credential));
        while (credentials.size() > REMEMBERED) {
          credentials.remove(1 + random.nextInt(credentials.size() - 1));
        }
      }
    }
    assertThat(made).as("credentials made").isGreaterThan(STEPS / 10);
  }

  private void step(String what) {
    switch (random.nextInt(26)) {
      case 0, 1, 2 -> logins.logIn();
      case 3, 4 -> logins.scopeAgain(what);
      case 5, 6, 7, 8 -> logins.makeKey(what);
      case 9, 10, 11 -> logins.assume(what);
      case 12 -> logins.revoke();
      case 13 -> changes.makeAccessKey();
      case 14 -> changes.changeAccessKey();
      case 15 -> changes.enable();
      case 16, 17 -> changes.give();
      case 18 -> changes.take();
      case 19 -> changes.makeAgency();
      case 20 -> changes.changeAgency();
      case 21, 22 -> house.now = house.now.plusSeconds(1 + random.nextInt(1_200));
      case 23, 24 -> logins.logInByKey(what);
      default -> {
        switch (random.nextInt(7)) {
          case 0 -> house.restart();
          case 1 -> house.now = house.now.plus(Duration.ofHours(1 + random.nextInt(30)));
          case 2 -> house.leftovers.forget(house.now);
          case 3 -> house.now = house.now.plusMillis(random.nextInt(2_000));
          case 4 -> house.identities.everythingChanged();
          case 5 -> house.room.removeEnded();
          default -> changes.password();
        }
      }
    }
  }

  /** What a condition of a policy sees. */
  private List<String> issued(Principal who) {
    Caller caller = world.caller(who, "").orElseThrow();
    Subject all = Subject.allOf(Action.LIST_KEYS, who.account());
    return new RequestCircumstances(
            caller, "", Action.LIST_KEYS, all, house.identities, house.clock)
        .values(ConditionKey.of(ConditionKey.Kind.TOKEN_ISSUED));
  }

  /** Deriving makes nothing younger; access keys that last are not issued. */
  private List<String> firstIssued(Credential credential) {
    List<Instant> issued = new ArrayList<>();
    for (Credential one = credential; one != null; one = one.parent) {
      Instant at = world.proved(one).orElseThrow().session().issuedAt();
      if (at != null) {
        issued.add(at);
      }
    }
    return issued.stream().min(Instant::compareTo).stream().map(Instant::toString).toList();
  }

  private void compare(String what, Credential credential) {
    Optional<Principal> who = world.proved(credential);
    String which = what + ": " + credential.kind + " of " + credential.chain() + " generations";
    assertThat(who.isPresent()).as(which + " lives").isEqualTo(credential.lives(house.now));
    if (who.isEmpty()) {
      return;
    }
    assertThat(who.get().account()).as(which).isEqualTo(credential.account());
    assertThat(issued(who.get())).as(which + " was issued").isEqualTo(firstIssued(credential));
    for (Action action : TRIED) {
      List<String> places =
          action.isOfAccount() ? List.of("") : List.of(PROJECT, SECOND_PROJECT, OTHER_PROJECT);
      for (String place : places) {
        boolean expected =
            (place.isEmpty() || isIn(place, credential.account())) && credential.may(action, place);
        boolean may =
            world
                .caller(who.get(), place)
                .map(caller ->
                    house
                        .permissions
                        .decide(
                            caller,
                            place,
                            action,
                            Subject.allOf(action, caller.principal().account()))
                        .allowed())
                .orElse(false);
        assertThat(may).as(which + " may " + action + " in " + place).isEqualTo(expected);
      }
    }
  }
}
