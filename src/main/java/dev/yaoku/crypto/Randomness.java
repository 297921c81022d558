package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The one source of random bytes, handed to everything that needs some (SECURITY_DESIGN H6).
 *
 * <p>Each call reads the kernel's generator, with no buffer in between: a buffer is cloned with a
 * virtual machine's snapshot and would yield the same keys twice. Only {@link #hedge} has one,
 * because hedged nonces make a repeat harmless.
 *
 * <p>A generator that repeats 32 bytes is broken beyond use, and the process stops.
 */
public final class Randomness {
  private static final int WATCHED_BYTES = 32;
  private static final int HEDGE_BUFFER_BYTES = 4096;
  private static final int STARTUP_READS = 8;
  private static final int STUCK_EXIT_CODE = 70;

  private final Source source;
  private final Runnable stop;
  private final AtomicReference<byte @Nullable []> lastSeen = new AtomicReference<>();
  private final Pool<ByteBuffer> hedges;

  /** Where random bytes come from. */
  @FunctionalInterface
  public interface Source {
    /** Fresh bytes in a new array of exactly this length. */
    byte[] read(int length);
  }

  private Randomness(Source source, Runnable stop) {
    this.source = source;
    this.stop = stop;
    this.hedges = new Pool<>(() -> ByteBuffer.allocate(HEDGE_BUFFER_BYTES).limit(0));
    for (int i = 0; i < STARTUP_READS; i++) {
      bytes(WATCHED_BYTES);
    }
  }

  /** The kernel's generator, tested before it is returned. A repeat halts the process. */
  public static Randomness kernel() {
    try {
      // generateSeed of this one reads /dev/urandom on each call; nextBytes would buffer and mix.
      SecureRandom kernel = SecureRandom.getInstance("NativePRNGNonBlocking", Providers.SUN);
      return new Randomness(kernel::generateSeed, Randomness::halt);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this system has no kernel generator to read", e);
    }
  }

  /**
   * Another source, for tests of what depends on randomness.
   *
   * @param stop what happens when the source repeats itself
   */
  public static Randomness of(Source source, Runnable stop) {
    return new Randomness(source, stop);
  }

  /** Fresh bytes from the kernel. */
  public byte[] bytes(int length) {
    byte[] read = source.read(Math.max(length, WATCHED_BYTES));
    watch(read);
    if (read.length == length) {
      return read;
    }
    byte[] result = Arrays.copyOf(read, length);
    Arrays.fill(read, (byte) 0);
    return result;
  }

  /** A fresh secret from the kernel. */
  public SecretBytes secret(int length) {
    return SecretBytes.take(bytes(length));
  }

  /** A random UUID (version 4). */
  public UUID uuid() {
    ByteBuffer bits = ByteBuffer.wrap(bytes(16));
    long high = (bits.getLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
    long low = (bits.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /**
   * Bytes that make nonces differ, from a small buffer. Never for keys, tokens, salts or anything
   * else that must not repeat.
   */
  byte[] hedge(int length) {
    ByteBuffer buffer = hedges.borrow();
    if (buffer.remaining() < length) {
      byte[] fresh = source.read(HEDGE_BUFFER_BYTES);
      watch(fresh);
      buffer.clear().put(fresh).flip();
    }
    byte[] result = new byte[length];
    buffer.get(result);
    hedges.giveBack(buffer);
    return result;
  }

  /** This source as libraries want it. */
  public SecureRandom asSecureRandom() {
    return new RandomnessAdapter(this::bytes);
  }

  /** Compares with the last read by hash, so that no key lies about here. */
  private void watch(byte[] read) {
    byte[] seen = Hash.SHA_256.digestAfter(read, 0, WATCHED_BYTES);
    byte[] last = lastSeen.getAndSet(seen);
    if (last != null && Arrays.equals(seen, last)) {
      stop.run();
      throw new IllegalStateException("the random number generator repeats itself");
    }
  }

  /** Stops the process at once: nothing that is still to be done may be done with such numbers. */
  static void halt() {
    LoggerFactory.getLogger(Randomness.class)
        .error("The kernel's random number generator repeats itself. Stopping at once.");
    Runtime.getRuntime().halt(STUCK_EXIT_CODE);
  }
}
