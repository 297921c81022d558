package dev.yaoku.service;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.Randomness;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A token for one import: {@code 59 01}, a public id of 16 bytes, 160 random bytes. The store knows
 * its SHA-256 only.
 *
 * @see "SECURITY_DESIGN section 4, Tokens"
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record ImportToken(byte[] bytes) {
  /** How long a token is. */
  static final int LENGTH = 178;

  private static final int ID_FROM = 2;
  private static final int ID_TO = 18;

  static ImportToken fresh(Randomness randomness) {
    byte[] bytes = new byte[LENGTH];
    bytes[0] = 0x59;
    bytes[1] = 1;
    byte[] random = randomness.bytes(LENGTH - ID_FROM);
    System.arraycopy(random, 0, bytes, ID_FROM, random.length);
    return new ImportToken(bytes);
  }

  /** Its public id, 32 hexadecimal characters. */
  String id() {
    return HexFormat.of().formatHex(Arrays.copyOfRange(bytes, ID_FROM, ID_TO));
  }

  /** What it is found by. */
  String sha256() {
    return HexFormat.of().formatHex(Hashes.sha256(bytes));
  }

  @Override
  public String toString() {
    return "ImportToken[" + id() + "]";
  }
}
