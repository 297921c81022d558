package dev.yaoku.service;

import static dev.yaoku.service.DescentModel.ALLOWING;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.OTHER_PROJECT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Heads;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.Target;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.KmsException;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.DescentModel.Credential;
import dev.yaoku.service.DescentModel.Holder;
import dev.yaoku.service.DescentModel.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A household, and beside it what {@link DescentTest} believes of it. */
final class DescentWorld implements AutoCloseable {
  static final String SOURCE = "192.0.2.1";
  static final List<String> NAMES = ALLOWING.keySet().stream().sorted().toList();

  final Household house;
  final Random random;
  final List<Holder> agencies = new ArrayList<>();
  final List<Credential> credentials = new ArrayList<>();
  final Map<String, String> secrets = new HashMap<>(Map.of(Household.ACCESS_KEY, Household.SECRET));
  private final Map<String, Holder> people = new HashMap<>();
  private final Map<String, String> policies = new HashMap<>();

  DescentWorld(Path directory, Random random) throws IOException {
    house = new Household(directory);
    this.random = random;
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

  @Override
  public void close() {
    house.close();
  }

  static String document(String action) {
    return "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\""
        + action
        + "\"]}]}";
  }

  <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  Holder person(String id) {
    return Objects.requireNonNull(people.get(id));
  }

  Holder anybody() {
    return person(any(List.of(ALICE, BOB, CAROL)));
  }

  Caller administratorOf(String account) {
    return house.caller(account.equals(ACCOUNT) ? ALICE : CAROL);
  }

  /** A project, or null for the account. */
  @Nullable String scope() {
    return any(java.util.Arrays.asList(null, PROJECT, SECOND_PROJECT, OTHER_PROJECT));
  }

  static TokenScope scope(@Nullable String project) {
    return project == null ? new TokenScope.Unsaid() : new TokenScope.ProjectId(project);
  }

  static boolean isIn(@Nullable String project, String account) {
    return project == null || project.equals(OTHER_PROJECT) == account.equals(OTHER_ACCOUNT);
  }

  static boolean succeeds(Runnable work) {
    try {
      work.run();
      return true;
    } catch (KmsException refused) {
      return false;
    }
  }

  String keptSecret(String accessKey, SecretBytes secret) {
    try (secret) {
      secrets.put(accessKey, secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
    }
    return accessKey;
  }

  String idOf(String account, String policy) {
    return Objects.requireNonNull(policies.get(account + policy));
  }

  void endSessions(Holder person) {
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

  void endRoles(Holder agency) {
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

  /** Who a request with this credential is from, as a server finds out. */
  Optional<Principal> proved(Credential credential) {
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

  Caller callerBy(Credential credential) {
    Supplier<KmsException> nobody =
        () -> new KmsException(new dev.yaoku.key.Problem.NoCredentials());
    return proved(credential).flatMap(who -> caller(who, "")).orElseThrow(nobody);
  }

  Optional<Caller> caller(Principal who, String project) {
    Caller caller =
        house.admission.callerOf(who, Optional.empty(), project, "0".repeat(32), SOURCE);
    RequestHead head = Heads.plain("GET", Target.parse("/"), List.of(), SOURCE, true);
    return succeeds(() -> house.admission.confine(caller, head))
        ? Optional.of(caller)
        : Optional.empty();
  }
}
