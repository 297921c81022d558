package dev.yaoku.store;

import java.io.Serial;

/**
 * All sessions of somebody were ended and their rows are still there. A new one would be among
 * them, so that it is not taken before they are gone ({@link
 * RightsWriting#removeEndedSessionsOf(String, int)}).
 */
public final class SessionsEnding extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String holder;

  SessionsEnding(String holder) {
    super("the sessions of " + holder + " are being ended", null, false, false);
    this.holder = holder;
  }

  /** The user, or the agency. */
  public String holder() {
    return holder;
  }
}
