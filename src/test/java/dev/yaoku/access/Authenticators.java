package dev.yaoku.access;

import dev.yaoku.secret.SecretBytes;
import java.time.InstantSource;

/** Authenticators with one clock for everything, that lock no access keys. */
public final class Authenticators {
  private Authenticators() {}

  /** One over a directory. */
  public static RequestAuthenticator of(
      Directory directory,
      FailureThrottle throttle,
      SignatureRules rules,
      InstantSource clock,
      SecretBytes dummy) {
    return new RequestAuthenticator(
        directory, throttle, new LockOut(false, clock), rules, clock, clock, dummy);
  }
}
