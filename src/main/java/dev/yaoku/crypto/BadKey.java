package dev.yaoku.crypto;

/** Bytes from outside that are no key of the kind they should be. Says nothing of a secret. */
public final class BadKey extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadKey(String message) {
    super(message, null, false, false);
  }
}
