package dev.yaoku.service;

import static dev.yaoku.service.DescentModel.ALLOWING;
import static dev.yaoku.service.DescentModel.NOWHERE;
import static dev.yaoku.service.DescentWorld.NAMES;
import static dev.yaoku.service.DescentWorld.SOURCE;
import static dev.yaoku.service.DescentWorld.document;
import static dev.yaoku.service.DescentWorld.isIn;
import static dev.yaoku.service.DescentWorld.scope;
import static dev.yaoku.service.DescentWorld.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.TokenText;
import dev.yaoku.service.DescentModel.Credential;
import dev.yaoku.service.DescentModel.Holder;
import dev.yaoku.service.DescentModel.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Steps of {@link DescentTest}: somebody gets a credential by another, or gives one up. */
final class DescentLogins {
  private static final int CHAIN_MAX = 7;

  private final DescentWorld world;
  private final Household house;
  private final Random random;
  private final List<Credential> credentials;

  DescentLogins(DescentWorld world) {
    this.world = world;
    this.house = world.house;
    this.random = world.random;
    this.credentials = world.credentials;
  }

  void logIn() {
    Holder person = world.anybody();
    if (!person.there) {
      return;
    }
    String project = world.scope();
    while (!isIn(project, person.account)) {
      project = world.scope();
    }
    Tokens.New made = house.issue(person.id, scope(project));
    credentials.add(
        new Credential(
            Kind.TOKEN,
            made.text().value(),
            null,
            person,
            null,
            List.of(),
            project,
            true,
            house.now.plus(Duration.ofHours(24))));
  }

  /** A temporary access key gets no token by its secret, so that none outlives it. */
  void logInByKey(String what) {
    List<Credential> keys =
        credentials.stream().filter(c -> world.secrets.containsKey(c.name)).toList();
    Credential from = world.any(keys);
    String project = world.scope();
    List<Tokens.New> made = new ArrayList<>();
    boolean done =
        succeeds(() -> {
          try (var secret = Household.text(Objects.requireNonNull(world.secrets.get(from.name)))) {
            Principal who = house.accessKeyLogin().prove(from.name, secret, SOURCE);
            made.add(
                house.tokens.issue(world.caller(who, "").orElseThrow(), scope(project), from.name));
          }
        });
    boolean allowed =
        from.kind == Kind.ACCESS_KEY && from.lives(house.now) && isIn(project, from.account());
    assertThat(done).as(what + ": a token by a secret").isEqualTo(allowed);
    if (done) {
      credentials.add(
          new Credential(
              Kind.TOKEN,
              made.getFirst().text().value(),
              from,
              from.person,
              null,
              List.of(),
              project,
              true,
              house.now.plus(Duration.ofHours(24))));
    }
  }

  void scopeAgain(String what) {
    Credential from = world.any(credentials);
    String project = world.scope();
    List<Tokens.New> made = new ArrayList<>();
    boolean done =
        succeeds(() -> {
          Tokens.Parent parent = house.tokens.parent(from.name, SOURCE);
          Caller caller = world.caller(parent.who(), "").orElseThrow();
          made.add(house.tokens.derive(caller, parent, scope(project)));
        });
    boolean allowed =
        from.kind == Kind.TOKEN
            && from.direct
            && from.parent == null
            && from.lives(house.now)
            && isIn(project, from.account());
    assertThat(done).as(what + ": another scope").isEqualTo(allowed);
    if (done) {
      assertThat(made.getFirst().issued().expiresAt()).as(what).isBeforeOrEqualTo(from.end);
      credentials.add(
          new Credential(
              Kind.TOKEN,
              made.getFirst().text().value(),
              from,
              from.person,
              null,
              from.narrowings,
              project,
              false,
              from.end));
    }
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static String stored(Credential credential) {
    return credential.kind == Kind.TOKEN ? TokenText.sha256(credential.name) : credential.name;
  }

  void makeKey(String what) {
    Credential from = world.any(credentials);
    String policy = random.nextInt(3) == 0 ? world.any(NAMES) : null;
    Duration life = Duration.ofSeconds(900 + random.nextInt(85_501));
    List<TemporaryKeys.New> made = new ArrayList<>();
    boolean done =
        succeeds(() ->
            made.add(
                house.temporaryKeys.make(
                    world.callerBy(from),
                    stored(from),
                    new TemporaryKeys.Order(life, policy == null ? null : document(policy)))));
    boolean allowed = from.lives(house.now) && from.chain() <= CHAIN_MAX;
    assertThat(done).as(what + ": a key").isEqualTo(allowed);
    if (done) {
      boolean everywhere = from.kind != Kind.TOKEN || from.direct || from.project != null;
      remember(
          what,
          from,
          from.agency,
          policy,
          life,
          made.getFirst(),
          everywhere ? from.project : NOWHERE);
    }
  }

  private void remember(
      String what,
      Credential from,
      @Nullable Holder agency,
      @Nullable String policy,
      Duration life,
      TemporaryKeys.New made,
      @Nullable String project) {
    world.keptSecret(made.access(), made.secret());
    Instant closes = agency == null ? Instant.MAX : agency.closes;
    Instant end = earlier(earlier(house.now.plus(life), from.end), closes);
    assertThat(made.expiresAt()).as(what).isEqualTo(end);
    credentials.add(
        new Credential(
            Kind.TEMPORARY,
            made.access(),
            from,
            from.person,
            agency,
            narrowed(from, policy),
            project,
            false,
            end));
  }

  private static List<Set<Action>> narrowed(Credential from, @Nullable String policy) {
    List<Set<Action>> all = new ArrayList<>(from.narrowings);
    if (policy != null) {
      all.add(Objects.requireNonNull(ALLOWING.get(policy)));
    }
    return all;
  }

  void assume(String what) {
    if (world.agencies.isEmpty()) {
      return;
    }
    Credential from = world.any(credentials);
    Holder agency = world.any(world.agencies);
    Role role = new Role(agency.account, null, agency.name, null);
    boolean open =
        from.lives(house.now)
            && from.agency == null
            && from.chain() <= CHAIN_MAX
            && from.may(Action.ASSUME_AGENCY, "")
            && agency.there
            && agency.trusted.equals(from.person.account)
            && house.now.isBefore(agency.closes);
    if (random.nextBoolean()) {
      Duration life = Duration.ofSeconds(900 + random.nextInt(85_501));
      List<TemporaryKeys.New> made = new ArrayList<>();
      boolean done =
          succeeds(() ->
              made.add(
                  house.temporaryKeys.assume(
                      world.callerBy(from),
                      stored(from),
                      role,
                      new TemporaryKeys.Order(life, null),
                      201)));
      assertThat(done).as(what + ": a role").isEqualTo(open);
      if (done) {
        remember(what, from, agency, null, life, made.getFirst(), null);
      }
      return;
    }
    String project = world.scope();
    List<Tokens.New> made = new ArrayList<>();
    boolean done =
        succeeds(() ->
            made.add(
                house.tokens.assume(world.callerBy(from), stored(from), role, scope(project))));
    assertThat(done)
        .as(what + ": a token of a role")
        .isEqualTo(open && isIn(project, agency.account));
    if (done) {
      Instant end = earlier(earlier(house.now.plus(Duration.ofHours(24)), from.end), agency.closes);
      assertThat(made.getFirst().issued().expiresAt()).as(what).isEqualTo(end);
      credentials.add(
          new Credential(
              Kind.TOKEN,
              made.getFirst().text().value(),
              from,
              from.person,
              agency,
              from.narrowings,
              project,
              false,
              end));
    }
  }

  void revoke() {
    Credential one = world.any(credentials);
    if (one.kind == Kind.TOKEN && one.lives(house.now)) {
      house.services.subjectTokens().revoke(world.callerBy(one), one.name);
      one.ended = true;
    }
  }
}
