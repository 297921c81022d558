package dev.yaoku.crypto;

import javax.security.auth.DestroyFailedException;
import javax.security.auth.Destroyable;

/** What is done with private keys of any provider. */
final class PrivateKeys {
  private PrivateKeys() {}

  /** Destroys a key where it can be destroyed. */
  static void destroy(Destroyable key) {
    try {
      key.destroy();
    } catch (DestroyFailedException _) {
      // The JDK's own keys for RSA and EC cannot be destroyed. Dropping them is all there is.
    }
  }
}
