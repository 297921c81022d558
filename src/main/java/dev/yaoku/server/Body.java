package dev.yaoku.server;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;

/** The body of one request as it arrives, up to its route's limit. */
final class Body {
  private static final byte[] EMPTY = new byte[0];

  /** What a head announces may never come: a longer body gets its memory as it arrives. */
  private static final int AT_ONCE_BYTES = 1024;

  private final int bytesMax;
  private final int declared;
  private final boolean expectsContinue;
  private boolean continued;
  private byte[] bytes;
  private int length;

  private Body(int bytesMax, int declared, boolean expectsContinue) {
    this.bytesMax = bytesMax;
    this.declared = declared;
    this.bytes = declared > 0 ? new byte[Math.min(declared, AT_ONCE_BYTES)] : EMPTY;
    this.expectsContinue = expectsContinue;
  }

  /**
   * What the head announces.
   *
   * @throws KmsException with {@link Problem.BodyTooLong}
   */
  static Body expected(Announced announced, int bytesMax) {
    if (announced.bytes() > bytesMax) {
      throw new KmsException(new Problem.BodyTooLong(bytesMax));
    }
    return new Body(bytesMax, (int) announced.bytes(), announced.awaited());
  }

  /** Whether the client waits to be told to send the body; it is told once. */
  boolean continueExpected() {
    boolean now = expectsContinue && !continued;
    continued = true;
    return now;
  }

  /** Whether the client waits for a word that it will not get, as the request is refused. */
  boolean neverContinued() {
    return expectsContinue && !continued;
  }

  /**
   * Adds what arrived and clears it there.
   *
   * @throws KmsException with {@link Problem.BodyTooLong}
   */
  void add(Buffer arrived) {
    ByteBuf more = ((BufferInternal) arrived).getByteBuf();
    int count = more.readableBytes();
    if (count > bytesMax - length) {
      wipe();
      throw new KmsException(new Problem.BodyTooLong(bytesMax));
    }
    if (length + count > bytes.length) {
      byte[] longer = Arrays.copyOf(bytes, longer(length + count));
      Arrays.fill(bytes, (byte) 0);
      bytes = longer;
    }
    more.getBytes(more.readerIndex(), bytes, length, count);
    length += count;
    if (!more.isReadOnly()) {
      more.setZero(more.readerIndex(), count);
    }
  }

  /** Twice as much as there was, but no more than is announced, if it is. */
  private int longer(int needed) {
    int doubled = Math.max(needed, length * 2);
    return needed <= declared ? Math.min(doubled, declared) : doubled;
  }

  /** All of it. */
  byte[] bytes() {
    if (bytes.length != length) {
      byte[] exact = Arrays.copyOf(bytes, length);
      Arrays.fill(bytes, (byte) 0);
      bytes = exact;
    }
    return bytes;
  }

  /** Overwrites it with zeros. */
  void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }
}
