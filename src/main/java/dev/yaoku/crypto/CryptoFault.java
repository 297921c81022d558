package dev.yaoku.crypto;

/**
 * The machine computed something wrong: a signature that does not verify, a key pair that does not
 * fit. Nothing of it may leave; the key or algorithm must not be used on.
 */
public final class CryptoFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CryptoFault(String message) {
    super(message);
  }

  CryptoFault(String message, Throwable cause) {
    super(message, cause);
  }
}
