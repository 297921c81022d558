package dev.yaoku.server;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers a thread's claim on a core. Java's own thread priorities mean nothing on Linux.
 *
 * @see "setpriority(2): on Linux it is about one thread"
 */
final class Niceness {
  private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;
  private static final int NICE = 10;
  private static final int NICEST = 19;

  private Niceness() {}

  /** Lets all other threads go first from now on. */
  static void yieldToOthers() {
    set(NICE);
  }

  /** Takes what others leave from now on. */
  static void runWhenIdle() {
    set(NICEST);
  }

  @SuppressWarnings("restricted") // the only way to reach this call
  private static void set(int niceness) {
    Linker linker = Linker.nativeLinker();
    MethodHandle setPriority =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setpriority"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    try {
      if ((int) setPriority.invokeExact(PRIO_PROCESS, CALLING_THREAD, niceness) != 0) {
        LOG.debug("a thread keeps its priority");
      }
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }
}
