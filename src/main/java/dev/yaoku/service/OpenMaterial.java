package dev.yaoku.service;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.MacKey;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.key.KeyId;

/** The material of one version, ready for use, of the kind that its key's spec says. */
sealed interface OpenMaterial {
  /** Encrypts data and wraps data keys. */
  record Sealing(SealingKey key) implements OpenMaterial {
    @Override
    public void close() {
      key.close();
    }
  }

  /** Makes codes of messages. */
  record Mac(MacKey key) implements OpenMaterial {
    @Override
    public void close() {
      key.close();
    }
  }

  /**
   * A pair.
   *
   * @param key whose it is
   * @param material its id, which all keys of a multi-region set share
   * @param half the private half, which knows the public one
   */
  record Pair(KeyId key, KeySpec spec, String material, PrivateHalf half) implements OpenMaterial {
    @Override
    public void close() {
      half.close();
    }
  }

  /** Wipes it. */
  void close();
}
