package dev.yaoku.server;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process's memory to itself: no core files, and no other process of the same user may
 * read or trace it.
 *
 * @see "SECURITY_DESIGN M9; prctl(2), setrlimit(2)"
 */
final class ProcessGuard {
  private static final int PR_SET_DUMPABLE = 4;
  private static final int RLIMIT_CORE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(ProcessGuard.class);

  private ProcessGuard() {}

  /** The same; where the system does not agree, the process goes on and says so. */
  static void raiseOrWarn() {
    warnUnless(raise());
  }

  static void warnUnless(boolean raised) {
    if (!raised) {
      LOG.warn(
          "The system does not let the server keep its memory to itself: it may leave a core file,"
              + " or other processes of its user may read it. Look at what keeps it from prctl or"
              + " setrlimit, such as a filter of system calls, and let nothing else run as its"
              + " user.");
    }
  }

  /**
   * Guards the process from now on.
   *
   * @return whether the system agreed to all of it
   */
  static boolean raise() {
    boolean undumpable =
        call(
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            "prctl",
            PR_SET_DUMPABLE,
            0L,
            0L,
            0L,
            0L);
    return noCore() && undumpable;
  }

  private static boolean noCore() {
    try (Arena arena = Arena.ofConfined()) {
      MemoryLayout rlimit = MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
      MemorySegment zero = arena.allocate(rlimit);
      return call(
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
          "setrlimit",
          RLIMIT_CORE,
          zero);
    }
  }

  @SuppressWarnings("restricted") // the only way to reach these two calls
  private static boolean call(FunctionDescriptor form, String name, Object... arguments) {
    Linker linker = Linker.nativeLinker();
    MethodHandle handle = linker.downcallHandle(linker.defaultLookup().findOrThrow(name), form);
    try {
      return (int) handle.invokeWithArguments(arguments) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }
}
