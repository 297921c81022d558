package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.policy.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallerTest {
  private static final Permissions NOTHING =
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

  private static String userAgent(String sent) {
    Principal who = new Principal("account", "acme", "user", "alice", false, "key", false, null);
    Caller caller = new Caller(who, "", "0".repeat(32), "192.0.2.1", NOTHING);
    List<RequestHead.Header> headers = List.of(new RequestHead.Header("user-agent", sent));
    caller.cameBy(Heads.plain("GET", Target.parse("/"), headers, "192.0.2.1", true));
    return caller.userAgent();
  }

  /** They compare it with as many patterns as their author likes. */
  @Test
  void policiesSeeTheBeginningOfWhatAClientCallsItself() {
    assertThat(userAgent("curl/8")).isEqualTo("curl/8");
    assertThat(userAgent("a".repeat(256) + "b")).isEqualTo("a".repeat(256));
  }
}
