package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.policy.Circumstances;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.Resource;
import dev.yaoku.crypto.RevocationLists;
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

/** What narrows access keys takes its share of the heap and no more, however many there are. */
class NarrowingRoomTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Resource KEY = Resource.key("cn-north-4", ACCOUNT, "0".repeat(36));

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

  private static boolean allows(CompiledPolicies policies, Action action) {
    return policies.decide(action, KEY, Circumstances.NONE).allowed();
  }

  @Test
  void policiesThatNarrowAccessKeysStayWithinTheirShareAndNarrowAllTheSame() {
    long share = 500_000;
    Identities identities =
        new Identities(
            house.store,
            house.hierarchy,
            house.clock,
            new Identities.Limits(10_000, MINUTE, share),
            RevocationLists.none());
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
