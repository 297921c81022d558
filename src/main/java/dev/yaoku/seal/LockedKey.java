package dev.yaoku.seal;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.crypto.Suite;
import dev.yaoku.secret.LockedBytes;
import dev.yaoku.secret.SecretBytes;
import java.util.function.Function;

/**
 * A key of the hierarchy that is used rarely and worth the most: it lives outside the heap, and its
 * subkeys are made for one use and wiped after it (SECURITY_DESIGN M9).
 */
final class LockedKey implements AutoCloseable {
  private final LockedBytes key;
  private final Randomness randomness;

  LockedKey(SecretBytes key, Randomness randomness) {
    this.key = LockedBytes.copyOf(key);
    this.randomness = randomness;
  }

  /** Uses the key once. */
  <T> T use(Function<SealingKey, T> work) {
    return key.lend(bytes -> {
      try (SealingKey sealing = SealingKey.of(bytes, Suite.AES, randomness)) {
        return work.apply(sealing);
      }
    });
  }

  /** Whether its page cannot be swapped out. */
  boolean isLocked() {
    return key.locked();
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "LockedKey";
  }
}
