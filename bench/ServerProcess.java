import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server in a process of its own, and what the kernel says about it. */
final class ServerProcess implements AutoCloseable {
  private static final String READY = "is ready: ";
  private static final double TICKS_A_SECOND = 100; // USER_HZ, fixed in the kernel's interface

  private static final Duration BEFORE_PAIRS_AHEAD = Duration.ofSeconds(31);
  private static final Duration IDLE_FOR = Duration.ofSeconds(1);
  private static final double IDLE_CPU_SECONDS = 0.05;
  private static final Duration IDLE_AFTER_MAX = Duration.ofSeconds(90);

  private final Process process;
  private final Path output;
  private final URI endpoint;
  private final Duration untilReady;

  private ServerProcess(Process process, Path output, URI endpoint, Duration untilReady) {
    this.process = process;
    this.output = output;
    this.endpoint = endpoint;
    this.untilReady = untilReady;
  }

  /** Starts a command, its output in a file as in life, and waits for its "is ready" line. */
  static ServerProcess start(List<String> command) throws IOException {
    Path output = Files.createTempFile("yaoku-bench", ".log");
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    String ready = readyLine(process, output);
    Duration untilReady = Duration.ofNanos(System.nanoTime() - begun);
    URI endpoint = URI.create(ready.substring(ready.indexOf(READY) + READY.length()).strip());
    return new ServerProcess(process, output, endpoint, untilReady);
  }

  private static String readyLine(Process process, Path output) throws IOException {
    while (true) {
      boolean alive = process.isAlive();
      for (String line : Files.readAllLines(output)) {
        if (line.contains(READY)) {
          return line;
        }
      }
      if (!alive) {
        throw new IOException("the server did not start:\n" + Files.readString(output));
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  /** The command, on one core only, and there only while nothing else wants it. */
  static List<String> pinnedAndIdle(int core, List<String> command) {
    List<String> idle = new ArrayList<>(List.of("chrt", "--idle", "0"));
    idle.addAll(pinned(core, command));
    return idle;
  }

  /** The command, on one core only. */
  static List<String> pinned(int core, List<String> command) {
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
    pinned.addAll(command);
    return pinned;
  }

  URI endpoint() {
    return endpoint;
  }

  long pid() {
    return process.pid();
  }

  Duration untilReady() {
    return untilReady;
  }

  /**
   * Waits until the server has done what it does by itself after a start: from half a minute on it
   * makes RSA pairs ahead, which would take until the end of the measurement beside a full load.
   */
  void settle() throws IOException {
    LockSupport.parkNanos(BEFORE_PAIRS_AHEAD.toNanos());
    untilIdle();
  }

  /** Waits until the server leaves its core alone, but not for ever. */
  void untilIdle() throws IOException {
    long deadline = System.nanoTime() + IDLE_AFTER_MAX.toNanos();
    double used = cpuSeconds();
    double before;
    do {
      before = used;
      LockSupport.parkNanos(IDLE_FOR.toNanos());
      used = cpuSeconds();
    } while (used - before > IDLE_CPU_SECONDS && System.nanoTime() < deadline);
  }

  /** Seconds of CPU used so far, user and system. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  long residentMiB() throws IOException {
    return memoryMiB("VmRSS:");
  }

  /** The most that was ever resident. */
  long peakMiB() throws IOException {
    return memoryMiB("VmHWM:");
  }

  private long memoryMiB(String name) throws IOException {
    for (String line : Files.readAllLines(proc("status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no resident memory is shown");
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Files.delete(output);
  }
}
