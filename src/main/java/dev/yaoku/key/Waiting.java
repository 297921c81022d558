package dev.yaoku.key;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** Whether the current thread may wait for the store. Event loops forbid it around each request. */
public final class Waiting {
  private static final ThreadLocal<Boolean> FORBIDDEN = ThreadLocal.withInitial(() -> false);
  private static final ThreadLocal<Boolean> COMPUTES = ThreadLocal.withInitial(() -> false);

  private Waiting() {}

  /**
   * Call before anything that may wait.
   *
   * @throws NotInMemory if this thread must not wait
   */
  public static void mustBeAllowed() {
    if (FORBIDDEN.get()) {
      throw NotInMemory.SIGNAL;
    }
  }

  /**
   * Call before anything that takes a core for long.
   *
   * @throws NotInMemory if this thread must not be held
   */
  public static void mustBeAllowedToCompute() {
    if (FORBIDDEN.get() && !COMPUTES.get()) {
      throw NotInMemory.COMPUTES;
    }
  }

  /** Runs the work on a thread that may compute for long, but must not wait. */
  public static <T> T forbiddenButComputing(Supplier<T> work) {
    COMPUTES.set(true);
    try {
      return forbidden(work);
    } finally {
      COMPUTES.set(false);
    }
  }

  /** Does the work on a thread that must not wait. */
  public static <T> void forbidden(T with, Consumer<? super T> work) {
    FORBIDDEN.set(true);
    try {
      work.accept(with);
    } finally {
      FORBIDDEN.set(false);
    }
  }

  /** Runs the work on a thread that must not wait. */
  public static <T> T forbidden(Supplier<T> work) {
    FORBIDDEN.set(true);
    try {
      return work.get();
    } finally {
      FORBIDDEN.set(false);
    }
  }
}
