package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.OTHER_PROJECT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.Subject;
import dev.yaoku.access.Target;
import dev.yaoku.access.TokenText;
import dev.yaoku.access.policy.ConditionKey;
import dev.yaoku.key.KmsException;
import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
  private static final int CHAIN_MAX = 7;
  private static final String NOWHERE = "@";
  private static final String EVERYWHERE = "*";
  private static final String SOURCE = "192.0.2.1";

  /** What is tried with every credential; the first three in projects, the others in accounts. */
  private static final Set<Action> TRIED =
      Set.of(
          Action.LIST_KEYS,
          Action.CREATE_KEY,
          Action.CREATE_RANDOM,
          Action.CREATE_ACCESS_KEY,
          Action.ASSUME_AGENCY);

  /** Policies by the name of what they allow. */
  private static final Map<String, Set<Action>> ALLOWING =
      Map.of(
          "kms:cmk:list", Set.of(Action.LIST_KEYS),
          "kms:cmk:create", Set.of(Action.CREATE_KEY),
          "kms:*:*", Set.of(Action.LIST_KEYS, Action.CREATE_KEY, Action.CREATE_RANDOM),
          "iam:tokens:assume", Set.of(Action.ASSUME_AGENCY),
          "iam:*:*", Set.of(Action.ASSUME_AGENCY, Action.CREATE_ACCESS_KEY));

  private static final List<String> NAMES = ALLOWING.keySet().stream().sorted().toList();

  @TempDir private Path directory;
  private Household house;
  private final long seed = Long.getLong("yaoku.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  // The model

  private enum Kind {
    ACCESS_KEY,
    TOKEN,
    TEMPORARY
  }

  /** A user or an agency, with what it holds: scope, a blank, the name of a policy. */
  private static final class Holder {
    final String id;
    final String account;
    final boolean administrator;
    final Set<String> held = new HashSet<>();
    boolean there = true;
    String trusted = "";
    String name = "";
    Instant closes = Instant.MAX;
    Instant made = Instant.MIN;

    Holder(String id, String account, boolean administrator) {
      this.id = id;
      this.account = account;
      this.administrator = administrator;
    }
  }

  private static final class Credential {
    final Kind kind;
    final String name;
    final @Nullable Credential parent;
    final Holder person;
    final @Nullable Holder agency;
    final List<Set<Action>> narrowings;
    final @Nullable String project;
    final boolean direct;
    final Instant end;
    boolean ended;
    boolean off;

    Credential(
        Kind kind,
        String name,
        @Nullable Credential parent,
        Holder person,
        @Nullable Holder agency,
        List<Set<Action>> narrowings,
        @Nullable String project,
        boolean direct,
        Instant end) {
      this.kind = kind;
      this.name = name;
      this.parent = parent;
      this.person = person;
      this.agency = agency;
      this.narrowings = narrowings;
      this.project = project;
      this.direct = direct;
      this.end = end;
    }

    String account() {
      return agency == null ? person.account : agency.account;
    }

    boolean lives(Instant now) {
      boolean plays =
          agency == null
              || (agency.there
                  && agency.trusted.equals(person.account)
                  && now.isBefore(agency.closes));
      return !ended
          && !off
          && person.there
          && plays
          && now.isBefore(end)
          && (parent == null || parent.lives(now));
    }

    int chain() {
      return parent == null ? 1 : 1 + parent.chain();
    }

    boolean may(Action action, String place) {
      boolean ofAccount = place.isEmpty();
      boolean reaches = ofAccount || (kind == Kind.TOKEN ? place.equals(project) : isFor(place));
      Holder holder = agency == null ? person : agency;
      boolean lasting = action != Action.CREATE_ACCESS_KEY || direct;
      return reaches
          && lasting
          && narrowings.stream().allMatch(narrowing -> narrowing.contains(action))
          && (holder.administrator
              || ALLOWING.entrySet().stream()
                  .filter(policy -> policy.getValue().contains(action))
                  .anyMatch(policy ->
                      ofAccount
                          ? holder.held.contains(NOWHERE + " " + policy.getKey())
                          : holder.held.contains(place + " " + policy.getKey())
                              || holder.held.contains(EVERYWHERE + " " + policy.getKey())));
    }

    private boolean isFor(String place) {
      return project == null || place.equals(project);
    }
  }

  private final Map<String, Holder> people = new HashMap<>();
  private final List<Holder> agencies = new ArrayList<>();
  private final List<Credential> credentials = new ArrayList<>();
  private final Map<String, String> policies = new HashMap<>();
  private final Map<String, String> secrets =
      new HashMap<>(Map.of(Household.ACCESS_KEY, Household.SECRET));
  private int named;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    people.put(ALICE, new Holder(ALICE, ACCOUNT, true));
    people.put(BOB, new Holder(BOB, ACCOUNT, false));
    people.put(CAROL, new Holder(CAROL, OTHER_ACCOUNT, true));
    credentials.add(
        new Credential(
            Kind.ACCESS_KEY,
            Household.ACCESS_KEY,
            null,
            person(ALICE),
            null,
            List.of(),
            null,
            true,
            Instant.MAX));
    for (String administrator : List.of(ALICE, CAROL)) {
      for (String name : NAMES) {
        Policies.Order order =
            new Policies.Order("p" + NAMES.indexOf(name), "", "XA", document(name));
        policies.put(
            person(administrator).account + name,
            house.services.policies().create(house.caller(administrator), order).id());
      }
    }
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static String document(String action) {
    return "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\""
        + action
        + "\"]}]}";
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
        compare(what, any(credentials));
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

  // One step

  private void step(String what) {
    switch (random.nextInt(26)) {
      case 0, 1, 2 -> logIn();
      case 3, 4 -> scopeAgain(what);
      case 5, 6, 7, 8 -> makeKey(what);
      case 9, 10, 11 -> assume(what);
      case 12 -> revoke();
      case 13 -> makeAccessKey();
      case 14 -> changeAccessKey();
      case 15 -> enable();
      case 16, 17 -> give();
      case 18 -> take();
      case 19 -> makeAgency();
      case 20 -> changeAgency();
      case 21, 22 -> house.now = house.now.plusSeconds(1 + random.nextInt(1_200));
      case 23, 24 -> logInByKey(what);
      default -> {
        switch (random.nextInt(7)) {
          case 0 -> house.restart();
          case 1 -> house.now = house.now.plus(Duration.ofHours(1 + random.nextInt(30)));
          case 2 -> house.leftovers.forget(house.now);
          case 3 -> house.now = house.now.plusMillis(random.nextInt(2_000));
          case 4 -> house.identities.everythingChanged();
          case 5 -> house.room.removeEnded();
          default -> password();
        }
      }
    }
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Holder person(String id) {
    return Objects.requireNonNull(people.get(id));
  }

  private Holder anybody() {
    return person(any(List.of(ALICE, BOB, CAROL)));
  }

  private Caller administratorOf(String account) {
    return house.caller(account.equals(ACCOUNT) ? ALICE : CAROL);
  }

  /** A project, or null for the account. */
  private @Nullable String scope() {
    return any(java.util.Arrays.asList(null, PROJECT, SECOND_PROJECT, OTHER_PROJECT));
  }

  private static TokenScope scope(@Nullable String project) {
    return project == null ? new TokenScope.Unsaid() : new TokenScope.ProjectId(project);
  }

  private static boolean isIn(@Nullable String project, String account) {
    return project == null || project.equals(OTHER_PROJECT) == account.equals(OTHER_ACCOUNT);
  }

  private static boolean succeeds(Runnable work) {
    try {
      work.run();
      return true;
    } catch (KmsException refused) {
      return false;
    }
  }

  private void logIn() {
    Holder person = anybody();
    if (!person.there) {
      return;
    }
    String project = scope();
    while (!isIn(project, person.account)) {
      project = scope();
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
  private void logInByKey(String what) {
    List<Credential> keys = credentials.stream().filter(c -> secrets.containsKey(c.name)).toList();
    Credential from = any(keys);
    String project = scope();
    List<Tokens.New> made = new ArrayList<>();
    boolean done =
        succeeds(() -> {
          try (var secret = Household.text(Objects.requireNonNull(secrets.get(from.name)))) {
            Principal who = house.accessKeyLogin().prove(from.name, secret, SOURCE);
            made.add(house.tokens.issue(caller(who, "").orElseThrow(), scope(project), from.name));
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

  private String keptSecret(String accessKey, SecretBytes secret) {
    try (secret) {
      secrets.put(accessKey, secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
    }
    return accessKey;
  }

  private void scopeAgain(String what) {
    Credential from = any(credentials);
    String project = scope();
    List<Tokens.New> made = new ArrayList<>();
    boolean done =
        succeeds(() -> {
          Tokens.Parent parent = house.tokens.parent(from.name, SOURCE);
          Caller caller = caller(parent.who(), "").orElseThrow();
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

  private void makeKey(String what) {
    Credential from = any(credentials);
    String policy = random.nextInt(3) == 0 ? any(NAMES) : null;
    Duration life = Duration.ofSeconds(900 + random.nextInt(85_501));
    List<TemporaryKeys.New> made = new ArrayList<>();
    boolean done =
        succeeds(() ->
            made.add(
                house.temporaryKeys.make(
                    callerBy(from),
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
    keptSecret(made.access(), made.secret());
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

  private void assume(String what) {
    if (agencies.isEmpty()) {
      return;
    }
    Credential from = any(credentials);
    Holder agency = any(agencies);
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
                      callerBy(from),
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
    String project = scope();
    List<Tokens.New> made = new ArrayList<>();
    boolean done =
        succeeds(() ->
            made.add(house.tokens.assume(callerBy(from), stored(from), role, scope(project))));
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

  private void revoke() {
    Credential one = any(credentials);
    if (one.kind == Kind.TOKEN && one.lives(house.now)) {
      house.tokens.revoke(callerBy(one), one.name);
      one.ended = true;
    }
  }

  private void makeAccessKey() {
    Holder person = anybody();
    List<AccessKeys.New> made = new ArrayList<>();
    if (succeeds(
        () ->
            made.add(
                house
                    .services
                    .accessKeys()
                    .create(administratorOf(person.account), person.id, "")))) {
      AccessKeys.New key = made.getFirst();
      credentials.add(
          new Credential(
              Kind.ACCESS_KEY,
              keptSecret(key.key().id(), key.secret()),
              null,
              person,
              null,
              List.of(),
              null,
              true,
              Instant.MAX));
    }
  }

  private void changeAccessKey() {
    List<Credential> keys =
        credentials.stream().filter(c -> c.kind == Kind.ACCESS_KEY && !c.ended).toList();
    if (keys.isEmpty()) {
      return;
    }
    Credential key = any(keys);
    Caller administrator = administratorOf(key.person.account);
    if (random.nextBoolean()) {
      house.services.accessKeys().delete(administrator, key.name);
      key.ended = true;
    } else {
      key.off = !key.off;
      house.services.accessKeys().update(administrator, key.name, !key.off, null);
    }
    endSessions(key.person);
  }

  private void endSessions(Holder person) {
    credentials.stream()
        .filter(c -> c.person == person && c.kind != Kind.ACCESS_KEY)
        .forEach(this::end);
  }

  /** What was forgotten by this test lives on as an ancestor, so all of the line is marked. */
  private void end(Credential credential) {
    for (Credential c = credential; c != null; c = c.parent) {
      if (c.kind != Kind.ACCESS_KEY && c.person == credential.person) {
        c.ended = true;
      }
    }
  }

  private void endRoles(Holder agency) {
    credentials.stream()
        .filter(c -> c.agency == agency)
        .forEach(c -> {
          for (Credential one = c; one != null; one = one.parent) {
            if (one.agency == agency) {
              one.ended = true;
            }
          }
        });
  }

  private void enable() {
    Holder bob = person(BOB);
    bob.there = !bob.there;
    house
        .services
        .users()
        .update(house.caller(ALICE), BOB, new Users.Change(null, null, bob.there, null, null));
    if (!bob.there) {
      endSessions(bob);
    }
  }

  private void password() {
    try (var text = Household.text("Correct-Horse-" + random.nextInt(1_000))) {
      house.services.users().setPassword(house.caller(ALICE), BOB, text);
      endSessions(person(BOB));
    }
  }

  private static Attachments.Holder holder(Holder holder) {
    return holder.name.isEmpty()
        ? new Attachments.Holder.User(holder.id)
        : new Attachments.Holder.Agency(holder.id);
  }

  private Holder anyHolder() {
    List<Holder> there = agencies.stream().filter(a -> a.there).toList();
    return there.isEmpty() || random.nextBoolean() ? person(BOB) : any(there);
  }

  private void give() {
    Holder to = anyHolder();
    String place = any(List.of(NOWHERE, EVERYWHERE, projectOf(to)));
    String policy = any(NAMES);
    house
        .services
        .attachments()
        .attach(administratorOf(to.account), holder(to), place, idOf(to.account, policy));
    to.held.add(place + " " + policy);
  }

  private String idOf(String account, String policy) {
    return Objects.requireNonNull(policies.get(account + policy));
  }

  private String projectOf(Holder holder) {
    return holder.account.equals(ACCOUNT) ? any(List.of(PROJECT, SECOND_PROJECT)) : OTHER_PROJECT;
  }

  private void take() {
    Holder from = anyHolder();
    if (from.held.isEmpty()) {
      return;
    }
    String one = any(from.held.stream().sorted().toList());
    String[] parts = one.split(" ", 2);
    house
        .services
        .attachments()
        .detach(
            administratorOf(from.account), holder(from), parts[0], idOf(from.account, parts[1]));
    from.held.remove(one);
    if (from.name.isEmpty()) {
      endSessions(from);
    } else {
      endRoles(from);
    }
  }

  private void makeAgency() {
    if (agencies.stream().filter(a -> a.there).count() >= 6) {
      return;
    }
    String account = random.nextInt(3) == 0 ? ACCOUNT : OTHER_ACCOUNT;
    String trusted = random.nextInt(4) == 0 ? OTHER_ACCOUNT : ACCOUNT;
    String name = "agency" + named++;
    Duration life = random.nextBoolean() ? Duration.ZERO : Duration.ofDays(1);
    Agencies.Shown made =
        house
            .services
            .agencies()
            .create(administratorOf(account), name, "", new Agencies.Trusted(trusted, null), life);
    Holder agency = new Holder(made.id(), account, false);
    agency.name = name;
    agency.trusted = trusted;
    agency.made = made.createdAt();
    agency.closes = life.isZero() ? Instant.MAX : made.createdAt().plus(life);
    agencies.add(agency);
  }

  private void changeAgency() {
    List<Holder> there = agencies.stream().filter(a -> a.there).toList();
    if (there.isEmpty()) {
      return;
    }
    Holder agency = any(there);
    Caller administrator = administratorOf(agency.account);
    Agencies services = house.services.agencies();
    switch (random.nextInt(3)) {
      case 0 -> {
        services.delete(administrator, agency.id);
        agency.there = false;
        endRoles(agency);
      }
      case 1 -> {
        agency.trusted = agency.trusted.equals(ACCOUNT) ? OTHER_ACCOUNT : ACCOUNT;
        services.update(
            administrator, agency.id, null, new Agencies.Trusted(agency.trusted, null), null);
        endRoles(agency);
      }
      default -> {
        Duration life =
            random.nextBoolean() ? Duration.ZERO : Duration.ofHours(1 + random.nextInt(100));
        services.update(administrator, agency.id, null, null, life);
        agency.closes = life.isZero() ? Instant.MAX : agency.made.plus(life);
      }
    }
  }

  // What is so

  /** Who a request with this credential is from, as a server finds out. */
  private Optional<Principal> proved(Credential credential) {
    return credential.kind == Kind.TOKEN
        ? house
            .identities
            .token(TokenText.sha256(credential.name))
            .filter(known -> house.now.isBefore(known.expiresAt()))
            .map(known -> known.principal())
        : house
            .identities
            .accessKey(credential.name)
            .filter(known -> house.now.isBefore(known.expiresAt()))
            .map(known -> known.principal());
  }

  private Caller callerBy(Credential credential) {
    Supplier<KmsException> nobody =
        () -> new KmsException(new dev.yaoku.key.Problem.NoCredentials());
    return proved(credential).flatMap(who -> caller(who, "")).orElseThrow(nobody);
  }

  private Optional<Caller> caller(Principal who, String project) {
    Caller caller =
        house.admission.callerOf(who, Optional.empty(), project, "0".repeat(32), SOURCE);
    RequestHead head = new RequestHead("GET", Target.parse("/"), List.of(), SOURCE, true);
    return succeeds(() -> house.admission.confine(caller, head))
        ? Optional.of(caller)
        : Optional.empty();
  }

  /** What a condition of a policy sees. */
  private List<String> issued(Principal who) {
    Caller caller = caller(who, "").orElseThrow();
    Subject all = Subject.allOf(Action.LIST_KEYS, who.account());
    return new RequestCircumstances(
            caller, "", Action.LIST_KEYS, all, house.identities, house.clock)
        .values(ConditionKey.of(ConditionKey.Kind.TOKEN_ISSUED));
  }

  /** Deriving makes nothing younger; access keys that last are not issued. */
  private List<String> firstIssued(Credential credential) {
    List<Instant> issued = new ArrayList<>();
    for (Credential one = credential; one != null; one = one.parent) {
      Instant at = proved(one).orElseThrow().session().issuedAt();
      if (at != null) {
        issued.add(at);
      }
    }
    return issued.stream().min(Instant::compareTo).stream().map(Instant::toString).toList();
  }

  private void compare(String what, Credential credential) {
    Optional<Principal> who = proved(credential);
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
            caller(who.get(), place)
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
