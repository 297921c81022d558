package dev.yaoku.secret;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who is using a secret, so that it is wiped when it is closed and nobody uses it any more.
 * Wiping under a user's hands would make it work with a key of zeros.
 *
 * <p>Every {@link #enter()} that returns needs its {@link #leave()}.
 */
public final class Uses {
  private static final int CLOSED = Integer.MIN_VALUE;

  private final AtomicInteger state = new AtomicInteger();
  private final Runnable wipe;

  /**
   * Uses of one secret.
   *
   * @param wipe what destroys the secret; runs once
   */
  public Uses(Runnable wipe) {
    this.wipe = wipe;
  }

  /**
   * Begins a use.
   *
   * @throws IllegalStateException if the secret was closed
   */
  public void enter() {
    if (!tryEnter()) {
      throw new IllegalStateException("a closed secret cannot be used");
    }
  }

  /** Begins a use unless the secret was closed; says whether it did. */
  public boolean tryEnter() {
    int now;
    do {
      now = state.get();
      if (now < 0) {
        return false;
      }
    } while (!state.compareAndSet(now, now + 1));
    return true;
  }

  /** Ends a use. The last one to leave a closed secret wipes it. */
  public void leave() {
    if (state.decrementAndGet() == CLOSED) {
      wipe.run();
    }
  }

  /** Lets no new user in, and wipes as soon as there is none. Closing again changes nothing. */
  public void close() {
    int now;
    do {
      now = state.get();
      if (now < 0) {
        return;
      }
    } while (!state.compareAndSet(now, now | CLOSED));
    if (now == 0) {
      wipe.run();
    }
  }

  /** Whether the secret was closed. */
  public boolean closed() {
    return state.get() < 0;
  }
}
