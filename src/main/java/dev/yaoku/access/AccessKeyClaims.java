package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * Claims to have an access key: who may make one, what it comes to, and what is counted of that,
 * whether it is made by a signature or by showing the secret (SECURITY_DESIGN H8, H9, M3).
 */
final class AccessKeyClaims {
  /** So often a key is looked up that is dropped each time before it was used. */
  private static final int TRIES_MAX = 4;

  private final Directory directory;
  private final FailureThrottle throttle;
  private final LockOut lockOut;
  private final InstantSource clock;
  private final SigningKey dummy;

  AccessKeyClaims(
      Directory directory,
      FailureThrottle throttle,
      LockOut lockOut,
      InstantSource clock,
      SecretBytes dummy) {
    this.directory = directory;
    this.throttle = throttle;
    this.lockOut = lockOut;
    this.clock = clock;
    this.dummy = SigningKey.of(dummy.lend(SecretBytes::copyOf));
  }

  /**
   * Call before a claim.
   *
   * @throws KmsException with {@link Problem.Throttled} or {@link Problem.AccessKeyLocked}
   */
  void mustBeLetIn(String accessKey, String source) {
    throttle.mustBeLetIn(source, accessKey);
    lockOut.mustNotBeLocked(accessKey);
  }

  /** Whoever has not proved anything from there yet is a stranger. */
  Claim claim(String accessKey, String source) {
    Optional<Directory.KnownKey> kept = directory.keptAccessKey(accessKey);
    if (kept.isPresent() && kept.get().standing().wasProvedFrom(source, clock.millis())) {
      return Claim.of(kept.get());
    }
    return throttle.isProven(source, accessKey)
        ? directory.accessKey(accessKey).map(Claim::of).orElse(nobodys())
        : directory.secretForStranger(accessKey).map(Claim::of).orElse(nobodys());
  }

  /** A claim to an access key that there cannot be. */
  Claim nobodys() {
    return new Claim(dummy, false, null);
  }

  /**
   * What a claim comes to. A key that is dropped while the body is on its way is looked up again:
   * what holds now is true.
   *
   * @param check whether this is the key; nothing if it was closed meanwhile
   * @throws KmsException with {@link Problem.Throttled} if the key is changed all the time
   * @throws dev.yaoku.key.NotInMemory if something must be looked up and this thread must not wait
   */
  Claim.Outcome settle(
      Claim first, String accessKey, String source, Function<SigningKey, Optional<Boolean>> check) {
    Claim claim = first;
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      Optional<Boolean> right = check.apply(claim.key());
      if (right.isPresent()) {
        return settled(claim, accessKey, right.get());
      }
      claim = claim(accessKey, source);
    }
    throw new KmsException(new Problem.Throttled(1));
  }

  private Claim.Outcome settled(Claim claim, String accessKey, boolean right) {
    if (!claim.there()) {
      return new Claim.Unknown();
    }
    if (!right) {
      return new Claim.Wrong();
    }
    Directory.KnownKey known = claim.known();
    return known != null
        ? new Claim.Right(known)
        : directory
            .accessKey(accessKey)
            .<Claim.Outcome>map(Claim.Right::new)
            .orElseGet(Claim.Unknown::new);
  }

  /** The access key of this name, which was there, if it may be used now. */
  Directory.KnownKey stillThere(String accessKey) {
    Directory.KnownKey key =
        directory
            .accessKey(accessKey)
            .orElseThrow(
                () -> Authorization.bad("access key " + accessKey + " has ended meanwhile"));
    mustBeAlive(key);
    return key;
  }

  /** A temporary key has an end. */
  void mustBeAlive(Directory.KnownKey key) {
    if (key.isOver(clock.instant())) {
      throw new KmsException(new Problem.TokenExpired());
    }
  }

  /** Counts a claim that came to nothing. */
  void failed(String accessKey, String source) {
    lockOut.failed(accessKey);
    throttle.failed(source, accessKey);
  }

  /** Notes that a claim was right. */
  void succeeded(String accessKey, String source) {
    lockOut.succeeded(accessKey);
    throttle.succeeded(source, accessKey);
    directory.used(accessKey);
  }

  /** The same of who may come often: by name it is noted once a minute, as the standing knows. */
  void succeeded(String accessKey, String source, Standing standing) {
    long now = clock.millis();
    if (standing.wasProvedFrom(source, now)) {
      lockOut.succeeded(accessKey);
    } else {
      succeeded(accessKey, source);
      standing.provedFrom(source, now);
    }
  }
}
