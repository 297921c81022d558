package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Action;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Holdings;
import dev.yaoku.access.Principal;
import dev.yaoku.access.policy.Circumstances;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.Resource;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Waiting;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.Attachment;
import dev.yaoku.store.Rights.HolderKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiled policies take their share of the heap and no more, whatever tenants write (ADR 37). */
class PolicyRoomTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Resource KEY = Resource.key("cn-north-4", ACCOUNT, "0".repeat(36));
  private static final String SMALL =
      """
      {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["kms:cmk:list"]}]}
      """;

  @TempDir private Path directory;
  private Household house;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
  }

  @AfterEach
  void close() {
    house.close();
  }

  /** Allows one action, and names as many resources besides as 6 KiB have room for. */
  private static String big(String action, int seed) {
    String resources =
        IntStream.range(0, 110)
            .mapToObj(i -> "\"a:::b:%d-%d\"".formatted(seed, i))
            .collect(Collectors.joining(","));
    String statement = "{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Resource\":[" + resources + "]}";
    return "{\"Version\":\"5.0\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"%s\"]},%s]}"
        .formatted(action, String.join(",", List.of(statement, statement, statement)));
  }

  private void policy(String id, String document) {
    house.store.write(tx -> {
      tx.rights()
          .insert(new Rights.Policy(id, ACCOUNT, id, "", "XA", document, house.now, house.now, 1));
      return 0;
    });
  }

  private void hold(String user, String scope, String policy) {
    house.store.write(tx -> {
      tx.rights()
          .insert(new Attachment(HolderKind.USER, user, scope, policy, ACCOUNT, house.now, 1));
      return 0;
    });
  }

  private HeldPolicies held(long bytesMax) {
    return new HeldPolicies(house.store, house.clock, 100, MINUTE, bytesMax);
  }

  private Principal who(String user) {
    return house.caller(user).principal();
  }

  private static boolean allows(CompiledPolicies policies, Action action) {
    return policies.decide(action, KEY, Circumstances.NONE).allowed();
  }

  @Test
  void aPolicyThatWasChangedIsNotKeptAsItWas() {
    for (int i = 0; i < 20; i++) {
      policy("p" + i, big("kms:cmk:list", i));
      hold(BOB, Attachment.ALL_PROJECTS, "p" + i);
    }
    HeldPolicies held = held(Long.MAX_VALUE);
    held.of(who(BOB));
    long first = held.bytes();
    for (int i = 1; i <= 10; i++) {
      String document = big(i % 2 == 0 ? "kms:cmk:list" : "kms:cmk:get", i);
      house.store.write(tx -> {
        Rights.Policy before = tx.rights().policy("p0").orElseThrow();
        tx.rights()
            .update(
                new Rights.Policy(
                    "p0",
                    ACCOUNT,
                    "p0",
                    "",
                    "XA",
                    document,
                    before.createdAt(),
                    house.now,
                    before.rowVersion()));
        return 0;
      });
      held.policyChanged("p0");
      CompiledPolicies now = held.of(who(BOB)).in(PROJECT);
      assertThat(allows(now, Action.DESCRIBE_KEY)).isEqualTo(i % 2 == 1);
      assertThat(held.bytes()).isBetween(first * 9 / 10, first * 11 / 10);
    }
    held.everythingChanged();
    assertThat(held.bytes()).isZero();
  }

  @Test
  void oneRequestPutsTogetherWhatIsHeldInItsProjectAndNotInAHundred() {
    for (int i = 0; i < 20; i++) {
      policy("p" + i, big("kms:cmk:list", i));
      hold(BOB, Attachment.ALL_PROJECTS, "p" + i);
    }
    policy("more", SMALL.replace("list", "get"));
    hold(BOB, project(0), "more");
    HeldPolicies one = held(Long.MAX_VALUE);
    Holdings inOne = one.of(who(BOB));
    inOne.prepare(project(0));
    for (int i = 1; i < 100; i++) {
      hold(BOB, project(i), "more");
    }
    HeldPolicies all = held(Long.MAX_VALUE);
    Holdings inAll = all.of(who(BOB));
    inAll.prepare(project(0));

    assertThat(all.bytes()).isLessThan(one.bytes() + 100 * 1_000);
    assertThat(Waiting.forbidden(() -> allows(inAll.in(project(0)), Action.DESCRIBE_KEY))).isTrue();
    assertThatThrownBy(() ->
            Waiting.forbidden(() -> {
              inAll.prepare(project(1));
              return 0;
            }))
        .isInstanceOf(NotInMemory.class);
    assertThat(allows(inAll.in(project(1)), Action.DESCRIBE_KEY)).isTrue();
    assertThat(allows(inAll.in(PROJECT), Action.DESCRIBE_KEY)).isFalse();
  }

  @Test
  void setsOfAHundredProjectsStayWithinTheShareAndDecideRight() {
    for (int i = 0; i < 100; i++) {
      policy("q" + i, big(i % 2 == 0 ? "kms:cmk:get" : "kms:cmk:list", i));
      hold(BOB, project(i), "q" + i);
    }
    HeldPolicies whole = held(Long.MAX_VALUE);
    whole.of(who(BOB));
    long share = whole.bytes() + 50_000;
    HeldPolicies held = held(share);
    for (int i = 0; i < 100; i++) {
      Holdings bob = held.of(who(BOB));
      bob.prepare(project(i));
      assertThat(allows(bob.in(project(i)), Action.DESCRIBE_KEY)).isEqualTo(i % 2 == 0);
      assertThat(held.bytes()).isLessThanOrEqualTo(share);
    }
  }

  @Test
  void whoHoldsLittleStaysWhenManyHoldMuch() {
    policy("small", SMALL);
    hold(BOB, Attachment.ALL_PROJECTS, "small");
    CountingStore store = new CountingStore(house.store);
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, MINUTE, 300_000);
    Acquaintance known = new Acquaintance();
    Holdings small = held.of(who(BOB), known);
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String agency = "agency" + i;
      policy("q" + i, big("kms:cmk:get", i));
      house.store.write(tx -> {
        tx.rights()
            .insert(
                new Attachment(
                    HolderKind.USER,
                    agency,
                    Attachment.ALL_PROJECTS,
                    agency.replace("agency", "q"),
                    ACCOUNT,
                    house.now,
                    1));
        return 0;
      });
      many.add(agency);
    }
    Principal bob = who(BOB);
    for (String user : many) {
      assertThat(allows(held.of(as(bob, user)).in(PROJECT), Action.DESCRIBE_KEY)).isTrue();
      assertThat(held.bytes()).isLessThanOrEqualTo(300_000);
    }
    store.asked();
    assertThat(held.of(bob, known)).isSameAs(small);
    assertThat(held.of(bob)).isSameAs(small);
    assertThat(store.asked()).isEmpty();
  }

  private static Principal as(Principal who, String user) {
    return new Principal(
        who.account(),
        who.accountName(),
        user,
        user,
        false,
        who.credential(),
        who.byToken(),
        who.tokenProject());
  }

  private static String project(int number) {
    return "%032x".formatted(0xa000 + number);
  }

  @Test
  void policiesThatNarrowAccessKeysStayWithinTheirShareAndNarrowAllTheSame() {
    long share = 500_000;
    Identities identities =
        new Identities(
            house.store,
            house.hierarchy,
            house.clock,
            new Identities.Limits(10_000, MINUTE, share));
    Directory.KnownKey lasting = identities.accessKey(ACCESS_KEY).orElseThrow();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keys.add(temporaryKey(big(i % 2 == 0 ? "kms:cmk:get" : "kms:cmk:list", i)));
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 40; i++) {
        Principal who = identities.accessKey(keys.get(i)).orElseThrow().principal();
        CompiledPolicies narrowing = Objects.requireNonNull(who.session().narrowing());
        assertThat(allows(narrowing, Action.DESCRIBE_KEY)).isEqualTo(i % 2 == 0);
        assertThat(identities.narrowingBytes()).isPositive().isLessThanOrEqualTo(share);
      }
    }
    assertThat(keys.stream().filter(key -> identities.keptAccessKey(key).isPresent()).count())
        .isBetween(2L, 39L);
    assertThat(identities.keptAccessKey(ACCESS_KEY)).contains(lasting);
    identities.everythingChanged();
    assertThat(identities.narrowingBytes()).isZero();
  }

  private String temporaryKey(String policy) {
    TemporaryKeys.New made =
        house.temporaryKeys.make(
            house.caller(ALICE),
            ACCESS_KEY,
            new TemporaryKeys.Order(Duration.ofMinutes(15), policy));
    made.secret().close();
    return made.access();
  }
}
