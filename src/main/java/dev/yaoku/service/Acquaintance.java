package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Standing;
import dev.yaoku.audit.Actor;
import org.jspecify.annotations.Nullable;

/** What services remember beside a credential: how events name its owner, and what that holds. */
final class Acquaintance extends Standing {
  private volatile @Nullable Actor actor;
  private volatile LookUps.@Nullable Found<HeldPolicies.Held> held;

  /** The caller as events name it. */
  static Actor actor(Caller caller) {
    Principal who = caller.principal();
    return caller.standing() instanceof Acquaintance known ? known.actor(who) : newActor(who);
  }

  private Actor actor(Principal who) {
    Actor known = actor;
    if (known == null) {
      known = newActor(who);
      actor = known;
    }
    return known;
  }

  private static Actor newActor(Principal who) {
    return new Actor(who.account(), who.user(), who.userName(), who.credential());
  }

  /** What the owner held when that was last looked up; null if it was not. */
  LookUps.@Nullable Found<HeldPolicies.Held> held() {
    return held;
  }

  /** Remembers what the owner holds. */
  void held(LookUps.Found<HeldPolicies.Held> seen) {
    held = seen;
  }
}
