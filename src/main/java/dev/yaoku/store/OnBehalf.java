package dev.yaoku.store;

import java.util.function.Supplier;

/**
 * Whether the current thread does what a caller asked for, by what was permitted to him, or the
 * server's own work, which needs nobody's permission.
 */
public final class OnBehalf {
  private static final ScopedValue<Boolean> CALLER = ScopedValue.newInstance();

  private OnBehalf() {}

  /** Does what a caller asked for. */
  public static <T> T ofCaller(Supplier<T> work) {
    return ScopedValue.where(CALLER, true).call(work::get);
  }

  /** Does what must be done whoever asked, in the middle of what a caller asked for. */
  public static <T> T ofServer(Supplier<T> work) {
    return ScopedValue.where(CALLER, false).call(work::get);
  }

  static boolean isOfCaller() {
    return CALLER.orElse(false);
  }
}
