import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same calls, starts and memory by the number of keys in the store. */
final class ManyKeys {
  private static final double CALL_MAX = 2.0;
  private static final double START_MAX = 1.5;
  private static final int STARTS = 5;

  private final Plan plan;
  private final Yaoku yaoku;

  ManyKeys(Plan plan, Yaoku yaoku) {
    this.plan = plan;
    this.yaoku = yaoku;
  }

  void report() throws IOException {
    System.out.println();
    double empty = readyMillis(yaoku.founded("empty"));
    List<Scale.Store> stores = new ArrayList<>();
    for (int keys : plan.keys()) {
      stores.add(filled(keys));
    }
    Scale.Store few = stores.getFirst();
    for (Scale.Store many : stores.subList(1, stores.size())) {
      System.out.printf(
          "%n%-34s %12d %12d %8s%n", "ms by keys in the store", few.keys(), many.keys(), "ratio");
      few.medians().forEach((name, ms) -> row(name, ms, many.medians().get(name), CALL_MAX));
      row("start to ready, beside an empty one", empty, many.readyMillis(), START_MAX);
      System.out.printf(
          "%-34s %12.0f %12.0f%n", "resident memory, MiB", few.residentMiB(), many.residentMiB());
    }
  }

  private static void row(String name, double few, double many, double max) {
    System.out.printf(
        "%-34s %12.2f %12.2f %7.2fx (at most %.1fx): %s%n",
        name, few, many, many / few, max, many <= max * few ? "met" : "NOT MET");
  }

  private Scale.Store filled(int keys) throws IOException {
    Path data = yaoku.founded("keys-" + keys);
    fill(data, keys);
    double ready = readyMillis(data);
    try (Target target = yaoku.start(data)) {
      return new Scale.Store(
          keys, new Scale(target, keys).measure(), ready, target.process.residentMiB());
    }
  }

  /** Through the store's bulk path, while no server runs. */
  private void fill(Path data, int keys) throws IOException {
    String seconds = yaoku.onStopped(data, "BulkFill", Integer.toString(keys));
    System.out.printf("Filled a store with %d keys in %s s%n", keys, seconds);
  }

  private double readyMillis(Path data) throws IOException {
    double[] ready = new double[STARTS];
    for (int i = 0; i < ready.length; i++) {
      try (Target target = yaoku.start(data)) {
        ready[i] = target.process.untilReady().toNanos() / 1e6;
      }
    }
    Arrays.sort(ready);
    return ready[ready.length / 2];
  }
}
