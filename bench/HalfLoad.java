import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Load at a fixed rate, by {@link OpenLoop} in a process of its own. */
final class HalfLoad {
  /** While the compiler has the generator's core, requests leave late and answers wait. */
  private static final String SHORT_COMPILATIONS = "-XX:TieredStopAtLevel=1";

  private final Yaoku yaoku;
  private final int core;

  HalfLoad(Yaoku yaoku, int core) {
    this.yaoku = yaoku;
    this.core = core;
  }

  /** Microseconds from the time a request was due to its answer. */
  record Latency(double p50, double p99) {}

  Latency run(Target target, Path requests, double rate, int seconds) throws IOException {
    List<String> command =
        new ArrayList<>(
            yaoku.java(
                "OpenLoop",
                List.of(
                    target.endpoint().toString(),
                    requests.toString(),
                    String.format(Locale.ROOT, "%.1f", rate),
                    Integer.toString(seconds))));
    command.add(1, SHORT_COMPILATIONS);
    Process generator =
        new ProcessBuilder(ServerProcess.pinned(core, command)).redirectErrorStream(true).start();
    List<String> output = generator.inputReader().lines().toList();
    return output.stream()
        .filter(line -> line.startsWith("RESULT "))
        .findFirst()
        .map(line -> line.split(" ", -1))
        .map(fields -> new Latency(Double.parseDouble(fields[1]), Double.parseDouble(fields[2])))
        .orElseThrow(() -> new IOException("no latencies:\n" + String.join("\n", output)));
  }
}
