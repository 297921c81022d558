package dev.yaoku.server;

/**
 * Says why the server does not start and what to do about it. The message is for the person who
 * started it.
 */
public final class StartRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A refusal with what to do. */
  public StartRefused(String message) {
    super(message, null, false, false);
  }
}
