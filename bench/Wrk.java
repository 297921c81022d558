import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Load at saturation by wrk: 64 connections that always have a request under way. */
final class Wrk {
  static final int CONNECTIONS = 64;
  private static final int WARM_UP_PARTS = 2;

  private final Path script;
  private final int core;

  Wrk(Path script, int core) {
    this.script = script;
    this.core = core;
  }

  /**
   * What one run showed.
   *
   * @param rate answers a second
   * @param p50 microseconds
   * @param p99 microseconds
   * @param cpuMicros CPU of the server for one answer, microseconds
   */
  record Load(double rate, double p50, double p99, double cpuMicros) {}

  Load run(Target target, Path requests, int seconds) throws IOException {
    return run(target, seconds, List.of(requests.toString()));
  }

  /**
   * Load before anything counts, in several parts: that connections end, with answers on their way,
   * is news for which the compiler throws code away, too.
   */
  void warmUp(Target target, Path requests, int seconds) throws IOException {
    for (int part = 0; part < WARM_UP_PARTS; part++) {
      run(target, requests, Math.max(1, seconds / WARM_UP_PARTS));
    }
  }

  /** Sends every request once, and stops when there are no more, or when the time is over. */
  Load runOnce(Target target, Path requests, int seconds) throws IOException {
    return run(target, seconds, List.of(requests.toString(), "once"));
  }

  private Load run(Target target, int seconds, List<String> arguments) throws IOException {
    double cpuBefore = target.process.cpuSeconds();
    List<String> words =
        new ArrayList<>(
            List.of(
                "wrk",
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "-s",
                script.toString(),
                target.endpoint().toString(),
                "--"));
    words.addAll(arguments);
    List<String> command = ServerProcess.pinned(core, words);
    Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> output = wrk.inputReader().lines().toList();
    double cpu = target.process.cpuSeconds() - cpuBefore;
    return output.stream()
        .filter(line -> line.startsWith("RESULT "))
        .findFirst()
        .map(line -> read(line, target, cpu))
        .orElseThrow(() -> new IOException("wrk failed:\n" + String.join("\n", output)));
  }

  private static Load read(String line, Target target, double cpu) {
    String[] fields = line.split(" ", -1);
    double answers = Double.parseDouble(fields[1]);
    if (!fields[5].equals("0")) {
      throw new IllegalStateException(
          target.name + " refused or lost " + fields[5] + " of " + fields[1] + " requests");
    }
    return new Load(
        answers / (Double.parseDouble(fields[2]) / 1e6),
        Double.parseDouble(fields[3]),
        Double.parseDouble(fields[4]),
        cpu * 1e6 / answers);
  }
}
