package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.policy.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies may ask of who calls. */
class CallerTest {
  private static final Permissions NONE =
      new Permissions() {
        @Override
        public Decision decide(Caller caller, String project, Action action, Subject subject) {
          return Decision.NOT_ALLOWED;
        }

        @Override
        public boolean conceives(Caller caller, Action action) {
          return false;
        }
      };

  private static Caller callerBy(List<RequestHead.Header> headers) {
    Principal who = new Principal("account", "home", "user", "alice", false, "AK", false, null);
    Caller caller = new Caller(who, "project", "0".repeat(32), "192.0.2.1", NONE);
    caller.cameBy(new RequestHead("GET", Target.parse("/"), headers, "192.0.2.1", true));
    return caller;
  }

  /** SECURITY_DESIGN L4. */
  @ParameterizedTest
  @CsvSource({"1, 1", "256, 256", "257, 256", "15000, 256"})
  void policiesSeeTheFirst256CharactersOfWhatAClientCallsItself(int said, int seen) {
    Caller caller = callerBy(List.of(new RequestHead.Header("user-agent", "a".repeat(said))));
    assertThat(caller.userAgent()).isEqualTo("a".repeat(seen));
  }

  @Test
  void whoDoesNotSayWhatItIsCalledIsCalledNothing() {
    assertThat(callerBy(List.of()).userAgent()).isEmpty();
  }
}
