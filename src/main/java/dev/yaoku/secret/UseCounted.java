package dev.yaoku.secret;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A secret that counts who is using it, so that it is wiped when it is retired and nobody uses it
 * any more. Wiping under a user's hands would make it work with a key of zeros.
 *
 * <p>Every {@link #enter()} that returns needs its {@link #leave()}.
 */
public abstract class UseCounted {
  private static final int RETIRED = Integer.MIN_VALUE;

  private static final AtomicIntegerFieldUpdater<UseCounted> STATE =
      AtomicIntegerFieldUpdater.newUpdater(UseCounted.class, "state");

  /** How many use it; negative when it is retired. No object of its own: there are many secrets. */
  @SuppressWarnings("FieldCanBeFinal") // STATE changes it
  private volatile int state;

  /** Not used yet. */
  protected UseCounted() {}

  /** Destroys the secret. Runs once, when nobody uses it and nobody will. */
  protected abstract void wipe();

  /**
   * Begins a use.
   *
   * @throws IllegalStateException if the secret was retired
   */
  protected final void enter() {
    if (!tryEnter()) {
      throw new IllegalStateException("a closed secret cannot be used");
    }
  }

  /** Begins a use unless the secret was retired; says whether it did. */
  protected final boolean tryEnter() {
    int now;
    do {
      now = state;
      if (now < 0) {
        return false;
      }
    } while (!STATE.compareAndSet(this, now, now + 1));
    return true;
  }

  /** Ends a use. The last one to leave a retired secret wipes it. */
  protected final void leave() {
    if (STATE.decrementAndGet(this) == RETIRED) {
      wipe();
    }
  }

  /** Lets no new user in, and wipes as soon as there is none. Retiring again changes nothing. */
  protected final void retire() {
    int now;
    do {
      now = state;
      if (now < 0) {
        return;
      }
    } while (!STATE.compareAndSet(this, now, now | RETIRED));
    if (now == 0) {
      wipe();
    }
  }

  /** Whether the secret was retired. */
  protected final boolean isRetired() {
    return state < 0;
  }
}
