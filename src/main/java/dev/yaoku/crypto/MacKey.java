package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import dev.yaoku.secret.UseCounted;

/** A key for HMAC that is wiped when closed and nobody uses it. Safe for many threads. */
public final class MacKey extends UseCounted implements AutoCloseable {
  private final Hmac hmac;

  private MacKey(Hmac hmac) {
    this.hmac = hmac;
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
    enter();
    try {
      return hmac.of(parts);
    } finally {
      leave();
    }
  }

  @Override
  public void close() {
    retire();
  }

  @Override
  protected void wipe() {
    hmac.wipe();
  }

  @Override
  public String toString() {
    return "MacKey";
  }
}
