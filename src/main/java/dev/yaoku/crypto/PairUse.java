package dev.yaoku.crypto;

/** What one does with a pair of keys. */
public enum PairUse {
  /** With the private half. */
  SIGN,
  /** With the public half. */
  VERIFY,
  /** With the public half. */
  ENCRYPT,
  /** With the private half. */
  DECRYPT,
  /** With the private half and another's public one. */
  AGREE
}
