package dev.yaoku.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets a thread's claim on a core. Java's own thread priorities mean nothing on Linux, and on other
 * systems these calls are others or mean the whole process, so there nothing is done.
 *
 * @see "setpriority(2) and sched(7): on Linux both are about one thread"
 */
final class Niceness {
  private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
  private static final Linker LINKER = Linker.nativeLinker();
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
  private static final int CALLING_THREAD = 0;
  private static final int PRIO_PROCESS = 0;
  private static final int NICE = 5;

  /** By more, code stays slow for long where all cores are busy. */
  private static final int NICE_COMPILER = 4;

  private static final Path THREADS = Path.of("/proc/self/task");
  private static final Pattern COMPILERS = Pattern.compile("C[12] Compiler");
  private static final int SCHED_IDLE = 5;
  private static final int NO_PRIORITY = 0;

  // struct sched_attr, sched_setattr(2)
  private static final int ATTRIBUTES_BYTES = 48;
  private static final int FLAGS_AT = 8;
  private static final int NICE_AT = 16;
  private static final int RUNTIME_AT = 24;
  private static final long KEEP_POLICY = 0x08;
  private static final long SLICE_NANOS = 100_000; // the least that is taken

  private Niceness() {}

  /** Lets all other threads go first from now on. */
  static void yieldToOthers() {
    if (LINUX) {
      beNice(CALLING_THREAD, NICE);
    }
  }

  /**
   * Lets the compilers of the JVM, and those that they start, give way from now on. They compile
   * for minutes after a start, and each time they have the core an answer waits for milliseconds.
   */
  static void letCompilersYield() {
    if (!LINUX) {
      return;
    }
    try (Stream<Path> threads = Files.list(THREADS)) {
      threads
          .filter(Niceness::isCompiler)
          .forEach(
              thread -> beNice(Integer.parseInt(thread.getFileName().toString()), NICE_COMPILER));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("the compilers keep their priority", e);
    }
  }

  private static boolean isCompiler(Path thread) {
    try {
      return COMPILERS.matcher(Files.readString(thread.resolve("comm"))).lookingAt();
    } catch (IOException ended) {
      return false;
    }
  }

  private static void beNice(int thread, int nice) {
    noteUnless(
        (int)
                call(
                    "setpriority",
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT),
                    PRIO_PROCESS,
                    thread,
                    nice)
            == 0);
  }

  /**
   * Takes what others leave from now on. A thread that is merely nice still keeps the core to the
   * end of its time slice, some milliseconds, when another wakes up; this one leaves it at once.
   */
  static void runWhenIdle() {
    if (!LINUX) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment priority = arena.allocateFrom(ValueLayout.JAVA_INT, NO_PRIORITY);
      noteUnless(
          (int)
                  call(
                      "sched_setscheduler",
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS),
                      CALLING_THREAD,
                      SCHED_IDLE,
                      priority)
              == 0);
    }
  }

  /**
   * Asks for the core often and for a short time from now on: when this thread wakes up, it need
   * not wait for the end of another's time slice, some milliseconds. Its policy and niceness stay.
   * Linux takes the wish since 6.12 and ignores it before.
   */
  static void answerPromptly() {
    long number = numberOfSetAttributes();
    if (!LINUX || number < 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
      attributes.set(ValueLayout.JAVA_INT, 0, ATTRIBUTES_BYTES);
      attributes.set(ValueLayout.JAVA_LONG, FLAGS_AT, KEEP_POLICY);
      attributes.set(ValueLayout.JAVA_INT, NICE_AT, niceness());
      attributes.set(ValueLayout.JAVA_LONG, RUNTIME_AT, SLICE_NANOS);
      noteUnless(
          (long)
                  call(
                      "syscall",
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_LONG),
                      number,
                      (long) CALLING_THREAD,
                      attributes,
                      0L)
              == 0);
    }
  }

  /** The C library has no name for this call yet. */
  private static long numberOfSetAttributes() {
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> 314;
      case "aarch64" -> 274;
      default -> -1;
    };
  }

  private static int niceness() {
    return (int)
        call(
            "getpriority",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            PRIO_PROCESS,
            CALLING_THREAD);
  }

  private static void noteUnless(boolean done) {
    if (!done) {
      LOG.debug("a thread keeps its priority");
    }
  }

  @SuppressWarnings("restricted") // the only way to reach these calls
  private static Object call(String name, FunctionDescriptor shape, Object... arguments) {
    MethodHandle function = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape);
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }
}
