package dev.yaoku.crypto;

import java.util.Optional;

/** How keys authenticate messages. Names are those of the wire. */
public enum MacAlgorithm {
  HMAC_SHA_256(Hash.SHA_256),
  HMAC_SHA_384(Hash.SHA_384),
  HMAC_SHA_512(Hash.SHA_512),
  HMAC_SM3(Hash.SM3);

  private final Hash hash;

  MacAlgorithm(Hash hash) {
    this.hash = hash;
  }

  /** The hash under the MAC. Its length is that of the code. */
  public Hash hash() {
    return hash;
  }

  /** The algorithm of this name. */
  public static Optional<MacAlgorithm> named(String name) {
    return Names.find(values(), name);
  }
}
