package dev.yaoku.crypto;

/** The form in which customers bring key material of a kind. */
public enum Importing {
  /** They cannot. */
  NOT,
  /** The bytes of the key themselves. */
  RAW,
  /** A private key in PKCS#8. */
  PKCS8
}
