package dev.yaoku.key;

/** Where key material comes from. */
public enum Origin {
  /** Made here. */
  KMS,
  /** Brought by the customer. */
  EXTERNAL
}
