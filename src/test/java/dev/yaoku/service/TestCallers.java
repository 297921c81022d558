package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Admission;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Permissions;
import dev.yaoku.access.Principal;
import dev.yaoku.access.SignatureMark;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Decision;
import java.util.Optional;
import java.util.Set;

/** TestCallers who proved who they are, and may do what a test neither denies nor forbids. */
final class TestCallers {
  private final Admission admission;

  /**
   * TestCallers in one world.
   *
   * @param denied what no policy allows to anybody
   * @param forbidden what a policy forbids to everybody, so that no grant can allow it
   */
  TestCallers(Set<Action> denied, Set<Action> forbidden) {
    this.admission = new Admission(new NotAsked(), new OwnAccount(denied, forbidden));
  }

  /** A user of an account, in one of its projects and that project's region. */
  Caller caller(
      String account, String project, String region, String user, Optional<SignatureMark> mark) {
    Principal who = new Principal(account, "acme", user, "someone", true, "YK1", false, null);
    Caller caller = admission.callerOf(who, mark, project, "0".repeat(32), "127.0.0.1");
    caller.foundIn(region);
    return caller;
  }

  /** Who calls is known without it. */
  private record NotAsked() implements Directory {
    @Override
    public Optional<KnownKey> accessKey(String id) {
      return Optional.empty();
    }

    @Override
    public Optional<KnownToken> token(String sha256) {
      return Optional.empty();
    }

    @Override
    public Optional<KnownProject> project(String id) {
      return Optional.empty();
    }
  }

  private record OwnAccount(Set<Action> denied, Set<Action> forbidden) implements Permissions {
    @Override
    public Decision decide(Caller caller, String project, Action action, Subject subject) {
      if (forbidden.contains(action)) {
        return new Decision(Decision.Outcome.DENIED, null);
      }
      return denied.contains(action)
          ? Decision.NOT_ALLOWED
          : new Decision(Decision.Outcome.ALLOWED, null);
    }

    @Override
    public boolean conceives(Caller caller, Action action) {
      return true;
    }
  }
}
