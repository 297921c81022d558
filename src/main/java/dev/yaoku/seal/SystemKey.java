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

  private SystemKey(SealingKey sealing, MacKey rows) {
    this.sealing = sealing;
    this.rows = rows;
  }

  static SystemKey of(SecretBytes key, Randomness randomness) {
    try (SecretBytes row = Hkdf.subkey(Hash.SHA_256, key, "row")) {
      return new SystemKey(SealingKey.of(key, Suite.AES, randomness), MacKey.of(Hash.SHA_256, row));
    }
  }

  SealingKey sealing() {
    return sealing;
  }

  MacKey rows() {
    return rows;
  }

  @Override
  public void close() {
    sealing.close();
    rows.close();
  }
}
