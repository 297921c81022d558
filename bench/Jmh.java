import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the benchmarks of {@code room} in a JVM of their own, with the server's Java options. */
final class Jmh {
  private static final int SCORE_FIELD = 4;

  private final Yaoku yaoku;
  private final Path scratch;
  private final int core;

  Jmh(Yaoku yaoku, Path scratch, int core) {
    this.yaoku = yaoku;
    this.scratch = scratch;
    this.core = core;
  }

  /**
   * Operations a second on one thread, by the benchmark's name.
   *
   * @param pattern a regular expression of benchmarks
   * @param seconds how long each is measured, after two seconds of warm-up
   */
  Map<String, Double> run(String pattern, int seconds) throws IOException {
    Path result = scratch.resolve("jmh.csv");
    Files.deleteIfExists(result);
    List<String> options =
        List.of(
            pattern,
            "-f",
            "1",
            "-wi",
            "2",
            "-w",
            "1",
            "-i",
            Integer.toString(seconds),
            "-r",
            "1",
            "-foe",
            "true",
            "-rf",
            "csv",
            "-rff",
            result.toString());
    Process jmh =
        new ProcessBuilder(ServerProcess.pinned(core, yaoku.java("org.openjdk.jmh.Main", options)))
            .redirectErrorStream(true)
            .start();
    List<String> output = jmh.inputReader().lines().toList();
    if (!Files.exists(result)) {
      throw new IOException("JMH failed:\n" + String.join("\n", output));
    }
    Map<String, Double> scores = new HashMap<>();
    for (String line : Files.readAllLines(result)) {
      String[] fields = line.replace("\"", "").split(",", -1);
      if (fields[0].contains("Speed.")) {
        String name = fields[0].substring(fields[0].lastIndexOf('.') + 1);
        scores.put(name, Double.parseDouble(fields[SCORE_FIELD]));
      }
    }
    return scores;
  }
}
