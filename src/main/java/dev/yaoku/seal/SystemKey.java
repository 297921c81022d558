package dev.yaoku.seal;

import dev.yaoku.crypto.Hash;
import dev.yaoku.crypto.Hkdf;
import dev.yaoku.crypto.MacKey;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.crypto.Suite;
import dev.yaoku.secret.SecretBytes;

/** One version of the system key, open: it wraps credentials and authenticates rows. */
final class SystemKey implements AutoCloseable {
  private final SealingKey sealing;
  private final MacKey rows;
  private final MacKey absent;

  private SystemKey(SealingKey sealing, MacKey rows, MacKey absent) {
    this.sealing = sealing;
    this.rows = rows;
    this.absent = absent;
  }

  static SystemKey of(SecretBytes key, Randomness randomness) {
    return new SystemKey(
        SealingKey.of(key, Suite.AES, randomness), macKey(key, "row"), macKey(key, "absent"));
  }

  private static MacKey macKey(SecretBytes key, String purpose) {
    try (SecretBytes subkey = Hkdf.subkey(Hash.SHA_256, key, purpose)) {
      return MacKey.of(Hash.SHA_256, subkey);
    }
  }

  SealingKey sealing() {
    return sealing;
  }

  MacKey rows() {
    return rows;
  }

  /** Makes what stands for that which is not there. */
  MacKey absent() {
    return absent;
  }

  @Override
  public void close() {
    sealing.close();
    rows.close();
    absent.close();
  }
}
