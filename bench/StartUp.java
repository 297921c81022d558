import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** From the command to the first answered request, on all cores. */
final class StartUp {
  private static final int TIMES = 5;
  private static final int MILLIS_MAX = 1_500;

  private final Yaoku yaoku;

  StartUp(Yaoku yaoku) {
    this.yaoku = yaoku;
  }

  void report() throws IOException {
    double[] first = new double[TIMES];
    double[] later = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      Path data = yaoku.freshData("start");
      first[i] = millisToAnswer(data);
      later[i] = millisToAnswer(data);
    }
    double later50 = median(later);
    System.out.printf(
        "%nStart to first answered request: first start %.0f ms, later starts %.0f ms (below %d):"
            + " %s%n",
        median(first), later50, MILLIS_MAX, later50 < MILLIS_MAX ? "met" : "NOT MET");
  }

  private double millisToAnswer(Path data) throws IOException {
    long begun = System.nanoTime();
    try (Target target = yaoku.start(data)) {
      target.client.post(target.path("list-keys"), Map.of("limit", "1"));
      return (System.nanoTime() - begun) / 1e6;
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
