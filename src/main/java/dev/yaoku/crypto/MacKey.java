package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import dev.yaoku.secret.Uses;

/** A key for HMAC that is wiped when closed and nobody uses it. Safe for many threads. */
public final class MacKey implements AutoCloseable {
  private final Hmac hmac;
  private final Uses uses;

  private MacKey(Hmac hmac) {
    this.hmac = hmac;
    this.uses = new Uses(hmac::wipe);
  }

  /** A MAC key of these bytes, which stay the caller's to close. */
  public static MacKey of(Hash hash, SecretBytes key) {
    return key.lend(bytes -> new MacKey(new Hmac(hash, bytes)));
  }

  /**
   * The code of the parts, one after the other, as long as the hash.
   *
   * @throws IllegalStateException if the key was closed
   */
  public byte[] of(byte[]... parts) {
    uses.enter();
    try {
      return hmac.of(parts);
    } finally {
      uses.leave();
    }
  }

  @Override
  public void close() {
    uses.close();
  }

  @Override
  public String toString() {
    return "MacKey";
  }
}
