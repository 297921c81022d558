package dev.yaoku.service;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long what was looked up counts: twice the time since the first look-up, within limits.
 *
 * <p>A server that begins under load looks everything up once, and would do so again only when what
 * it found has ended, a minute or more later. By then the JVM has compiled the code for requests,
 * and has never seen that something known must be looked up anew. When that happens, it throws the
 * compiled code away (deoptimisation), and answers take a tenth of a second until it is compiled
 * again (ADR 5). So at first things are looked up anew after 2, 6 and 18 seconds, while the JVM is
 * still compiling. It depends on nothing but the time, so nobody learns from it what others do.
 */
final class GrowingLife {
  private static final long NEVER = Long.MIN_VALUE;

  private final long least;
  private final long most;
  private final AtomicLong first = new AtomicLong(NEVER);

  /**
   * A life that has not begun.
   *
   * @param least the shortest, in the clock's unit
   * @param most the longest, if it is not shorter
   */
  GrowingLife(long least, long most) {
    this.least = Math.min(least, most);
    this.most = most;
  }

  /** How long something counts that is looked up now, in the clock's unit. */
  long from(long now) {
    first.compareAndSet(NEVER, now);
    return Math.clamp((now - first.get()) * 2, least, most);
  }
}
