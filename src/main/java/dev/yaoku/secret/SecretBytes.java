package dev.yaoku.secret;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Secret bytes that do not print, compare in constant time, and are wiped when closed.
 *
 * <p>What this cannot promise: the JVM may have copied the array while moving it. The life of the
 * bytes is made short, not their erasure certain.
 */
public final class SecretBytes extends UseCounted implements AutoCloseable {
  private final byte[] bytes;

  private SecretBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A secret with a copy of these bytes; the caller still owns, and wipes, the array. */
  public static SecretBytes copyOf(byte[] bytes) {
    return new SecretBytes(bytes.clone());
  }

  /** A secret of this very array, which the caller must not touch again. */
  public static SecretBytes take(byte[] bytes) {
    return new SecretBytes(bytes);
  }

  /** How many bytes there are. */
  public int length() {
    return bytes.length;
  }

  /**
   * Lends the bytes to a function, which must neither keep nor change them.
   *
   * @return what the function made of them
   * @throws IllegalStateException if the secret was closed
   */
  public <T> T lend(Function<byte[], T> borrower) {
    enter();
    try {
      return borrower.apply(bytes);
    } finally {
      leave();
    }
  }

  /**
   * Whether both hold the same bytes, in time that depends on the lengths only.
   *
   * @throws IllegalStateException if either was closed
   */
  public boolean matches(SecretBytes other) {
    return lend(mine -> other.lend(theirs -> MessageDigest.isEqual(mine, theirs)));
  }

  /** Wipes the bytes as soon as nobody borrows them. */
  @Override
  public void close() {
    retire();
  }

  @Override
  protected void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "SecretBytes[" + bytes.length + "]";
  }
}
