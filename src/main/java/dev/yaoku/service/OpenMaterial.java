package dev.yaoku.service;

import dev.yaoku.crypto.MacKey;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.SealingKey;

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

  /** The private half of a pair, which knows the public one. */
  record Pair(PrivateHalf half) implements OpenMaterial {
    @Override
    public void close() {
      half.close();
    }
  }

  /** Wipes it. */
  void close();
}
