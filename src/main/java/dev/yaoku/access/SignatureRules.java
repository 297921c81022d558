package dev.yaoku.access;

import java.time.Duration;

/**
 * How signatures are taken.
 *
 * @param window how far the date may be from this server's clock, 1 to 15 minutes
 * @param refuseReplays whether a change is refused when its signature was seen before
 *     (SECURITY_DESIGN M4)
 * @param unsignedBodies whether a request that nobody can read on its way may leave its body out of
 *     the signature (ADR 35)
 * @param echo whether a refusal shows the canonical request; for development only (M2)
 */
public record SignatureRules(
    Duration window, boolean refuseReplays, boolean unsignedBodies, boolean echo) {
  private static final Duration WINDOW_MIN = Duration.ofMinutes(1);
  private static final Duration WINDOW_MAX = Duration.ofMinutes(15);

  /** 15 minutes, replays taken, bodies signed, no echo. */
  public static final SignatureRules USUAL = new SignatureRules(WINDOW_MAX, false, false, false);

  /** Checks the window. */
  public SignatureRules {
    if (window.compareTo(WINDOW_MIN) < 0 || window.compareTo(WINDOW_MAX) > 0) {
      throw new IllegalArgumentException("the clock window must be 1 to 15 minutes");
    }
  }
}
