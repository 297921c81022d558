package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Standing;
import dev.yaoku.access.TokenText;
import dev.yaoku.audit.Actor;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What services remember beside a credential: how events name its owner, what that holds, and how
 * to ask whether the credential still counts.
 */
final class Acquaintance extends Standing {
  private final Proof proof;

  /** What its holder is told once it counts no longer. */
  private final Problem ended;

  private final Validity validity;
  private volatile @Nullable Actor actor;
  private volatile LookUps.@Nullable Found<HeldPolicies.Held> held;

  /** A credential, as one transaction after the other may see it. */
  interface Proof {
    /**
     * Whose it is, whatever narrows it; nothing if it does not count now.
     *
     * @throws KmsException with {@link Problem.NotConfirmed} if that takes more than looking at
     *     rows
     */
    Optional<Principal> holder(Reading tx, Instant now);
  }

  /**
   * What is remembered from now on.
   *
   * @param validity from before anything of it was read
   */
  Acquaintance(Proof proof, Problem ended, Validity validity) {
    this.proof = proof;
    this.ended = ended;
    this.validity = validity;
  }

  /**
   * Of an access key or a token.
   *
   * @param credential the public name of the one, the SHA-256 of the other
   */
  static Acquaintance of(String credential, Validity validity) {
    return new Acquaintance(
        (tx, now) -> Ancestor.find(tx, credential, now).map(Ancestor::who),
        credential.length() == TokenText.SHA256_DIGITS
            ? new Problem.BadToken()
            : new Problem.BadSignature("access key " + credential + " ended meanwhile"),
        validity);
  }

  /**
   * Asks whether what proved who calls still counts, and for the same: it may have ended since the
   * request was let in. Whoever proved it in the body of the request is not asked again.
   *
   * @throws KmsException with {@link Problem.BadToken}, {@link Problem.BadSignature} or {@link
   *     Problem.BadCertificate}; with {@link Problem.NotConfirmed} if that is not known here
   */
  static void mustStand(Reading tx, Caller caller, Instant now) {
    if (caller.standing() instanceof Acquaintance known
        && known.proof.holder(tx, now).filter(who -> isSame(who, caller.principal())).isEmpty()) {
      throw new KmsException(known.ended);
    }
  }

  /**
   * The same for what is made too often to read so much for each: as long as this is in memory,
   * nothing has ended it that this server was told of, and it is not read again. Nor is what the
   * caller holds. To be called by transactions that {@link Entitlement#confirmed} runs.
   *
   * @throws KmsException as in {@link #mustStand}
   */
  static void mustBeKeptOrStand(Reading tx, Caller caller, Instant now) {
    if (caller.standing() instanceof Acquaintance known && !known.validity.lasts()) {
      mustStand(tx, caller, now);
    }
    Entitlement.mustBeKept(tx, caller);
  }

  /** Notes that a credential is in memory no more: it may have ended. */
  static void forget(Standing standing) {
    if (standing instanceof Acquaintance known) {
      known.validity.end();
    }
  }

  /** Whether two are the same in the same account, with as much in their hands. */
  static boolean isSame(Principal one, Principal other) {
    return one.account().equals(other.account())
        && one.user().equals(other.user())
        && one.administrator() == other.administrator();
  }

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

  /** Remembers what the owner holds; null for nothing. */
  void held(LookUps.@Nullable Found<HeldPolicies.Held> seen) {
    held = seen;
  }
}
