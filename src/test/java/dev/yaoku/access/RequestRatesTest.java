package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestRatesTest {
  private final AtomicLong nanos = new AtomicLong(-7);

  private static Caller caller(String user, String project) {
    Principal who = new Principal("account", "", user, user, false, "", false, null);
    return new Caller(who, project, "", "", new NoRights());
  }

  private record NoRights() implements Permissions {
    @Override
    public dev.yaoku.access.policy.Decision decide(
        Caller caller, String project, Action action, Subject subject) {
      throw new AssertionError("is not asked");
    }

    @Override
    public boolean conceives(Caller caller, Action action) {
      throw new AssertionError("is not asked");
    }
  }

  private static int passed(RequestRates rates, String user, String project, int tries) {
    int passed = 0;
    for (int i = 0; i < tries; i++) {
      try {
        rates.count(caller(user, project));
        passed++;
      } catch (KmsException tooMany) {
        assertThat(tooMany.problem()).isEqualTo(new Problem.Throttled(1));
      }
    }
    return passed;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aSecondsWorthIsTakenAtOnceAndThenTheRate() {
    RequestRates rates = new RequestRates(10, 0, nanos::get);

    assertThat(passed(rates, "a", "p", 50)).isEqualTo(10);
    pass(Duration.ofMillis(200));
    assertThat(passed(rates, "a", "p", 50)).isEqualTo(2);
    pass(Duration.ofHours(1));
    assertThat(passed(rates, "a", "p", 50)).isEqualTo(10);
  }

  @Test
  void eachUserHasHisOwnAndAProjectHasOneForAll() {
    RequestRates rates = new RequestRates(10, 15, nanos::get);

    assertThat(passed(rates, "a", "p", 50)).isEqualTo(10);
    assertThat(passed(rates, "b", "p", 50)).isEqualTo(5);
    assertThat(passed(rates, "c", "q", 50)).isEqualTo(10);
    assertThat(passed(rates, "d", "", 50)).isEqualTo(10);
  }

  @Test
  void withoutLimitsNothingIsCounted() {
    assertThat(passed(RequestRates.NONE, "a", "p", 10_000)).isEqualTo(10_000);
  }
}
