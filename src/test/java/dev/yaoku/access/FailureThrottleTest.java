package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureThrottleTest {
  private Instant now = Checking.NOW;
  private final InstantSource clock = () -> now;
  private final FailureThrottle throttle =
      new FailureThrottle(new FailureThrottle.Limits(10, 2, 5, 1, 100), clock);

  @Test
  void aSourceThatFailsTooOftenWaits() {
    for (int i = 0; i < 10; i++) {
      throttle.mustBeLetIn("192.0.2.1", "K" + i);
      throttle.failed("192.0.2.1", "K" + i);
    }
    refused("192.0.2.1", "K99");
    letIn("192.0.2.2", "K0");
    now = now.plusSeconds(1);
    letIn("192.0.2.1", "K99");
  }

  @Test
  void aPairOfSourceAndCredentialWaitsSooner() {
    for (int i = 0; i < 5; i++) {
      throttle.failed("192.0.2.1", "K");
    }
    refused("192.0.2.1", "K");
    letIn("192.0.2.1", "L");
    letIn("192.0.2.2", "K");
  }

  @Test
  void whoHasSucceededIsNeverStoppedByOthersFailures() {
    throttle.succeeded("192.0.2.1", "K");
    for (int i = 0; i < 1_000; i++) {
      throttle.failed("192.0.2.1", "K");
    }
    letIn("192.0.2.1", "K");
    refused("192.0.2.1", "L");
  }

  @Test
  void halfAnIpv6AddressIsOneSource() {
    for (int i = 0; i < 10; i++) {
      throttle.failed("2001:db8:1:2::" + i, "K" + i);
    }
    refused("2001:db8:1:2:ffff::1", "X");
    letIn("2001:db8:1:3::1", "X");
    assertThat(FailureThrottle.network("no:address")).isEqualTo("no:address");
  }

  @Test
  void whatIsKeptInMindIsBounded() {
    for (int i = 0; i < 1_000; i++) {
      for (int failures = 0; failures < 10; failures++) {
        throttle.failed("s" + i, "K");
      }
      throttle.succeeded("p" + i, "K");
    }
    assertThat(thousand(i -> waits("s" + i, "L"))).as("sources").isBetween(50L, 100L);
    assertThat(thousand(i -> throttle.isProven("p" + i, "K"))).as("proven").isBetween(50L, 100L);
  }

  @Test
  void howManyPairsOfASourceAreKeptInMindIsBounded() {
    FailureThrottle ofPairs =
        new FailureThrottle(new FailureThrottle.Limits(0, 0, 1, 1, 100), clock);
    for (int i = 0; i < 1_000; i++) {
      ofPairs.failed("s", "K" + i);
    }
    assertThat(thousand(i -> waits(ofPairs, "s", "K" + i))).isBetween(50L, 100L);
  }

  private static long thousand(IntPredicate isTrue) {
    return IntStream.range(0, 1_000).filter(isTrue).count();
  }

  @Test
  void withoutLimitsNobodyWaits() {
    FailureThrottle open = new FailureThrottle(FailureThrottle.Limits.NONE, clock);
    for (int i = 0; i < 1_000; i++) {
      open.failed("s", "K");
    }
    assertThatCode(() -> open.mustBeLetIn("s", "K")).doesNotThrowAnyException();
  }

  @Test
  void tenThousandBadSignaturesFromElsewhereDoNotStopTheOwner() {
    KnownPeople people = new KnownPeople().key(TestRequest.AK, TestRequest.SK, null);
    Checking checking = new Checking(people, SignatureRules.USUAL, throttle, Checking.NOW);
    for (int i = 0; i < 10_000; i++) {
      TestRequest bad = TestRequest.of("GET", "/").signature("0".repeat(64));
      bad.source = "198.51.100." + i % 50;
      assertThat(checking.problemOf(bad))
          .isInstanceOfAny(Problem.BadSignature.class, Problem.Throttled.class);
    }
    TestRequest good =
        TestRequest.of("GET", "/")
            .signature("9a8a903e62be57d524ae0cc1b12653c87a522052756f8105b875966bc3692d96");
    good.source = "192.0.2.77";
    assertThat(checking.accepts(good)).isEqualTo(KnownPeople.ALICE);
  }

  private boolean waits(String source, String credential) {
    return waits(throttle, source, credential);
  }

  private static boolean waits(FailureThrottle throttle, String source, String credential) {
    try {
      throttle.mustBeLetIn(source, credential);
      return false;
    } catch (KmsException e) {
      assertThat(e.problem()).isInstanceOf(Problem.Throttled.class);
      return true;
    }
  }

  private void letIn(String source, String credential) {
    assertThatCode(() -> throttle.mustBeLetIn(source, credential)).doesNotThrowAnyException();
  }

  private void refused(String source, String credential) {
    assertThatThrownBy(() -> throttle.mustBeLetIn(source, credential))
        .isInstanceOfSatisfying(
            KmsException.class, e -> assertThat(e.problem()).isInstanceOf(Problem.Throttled.class));
  }
}
