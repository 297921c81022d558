import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/** What many keys cost: the same calls against stores of different sizes. */
final class Scale {
  private static final int WRITERS = 48;
  private static final int CALLS = 200;
  private static final int PAGE = 10;

  private final Target target;
  private final int keys;

  /** A store of a size, what its calls take in milliseconds, and what it costs to have it. */
  record Store(int keys, Map<String, Double> medians, double readyMillis, double residentMiB) {}

  Scale(Target target, int keys) {
    this.target = target;
    this.keys = keys;
  }

  /**
   * Fills the store through its own API: keys with five tags each, one of them shared by ten keys.
   */
  void fill() throws IOException {
    String[] ids = new String[keys];
    inParallel(i -> ids[i] = create(i));
    inParallel(i -> tag(ids[i], i));
  }

  private String create(int number) {
    try {
      return target.createKey("scale-" + number);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tag(String id, int number) {
    List<Map<String, String>> tags =
        List.of(
            Map.of("key", "group", "value", "g" + number / 10),
            Map.of("key", "stage", "value", number % 3 == 0 ? "production" : "test"),
            Map.of("key", "team", "value", "team" + number % 40),
            Map.of("key", "number", "value", "n" + number),
            Map.of("key", "origin", "value", "bench"));
    try {
      target.client.post(
          target.path(id + "/tags/action"), Map.of("action", "create", "tags", tags));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void inParallel(IntConsumer work) throws IOException {
    Semaphore writers = new Semaphore(WRITERS);
    List<Future<?>> pending = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < keys; i++) {
        int number = i;
        writers.acquireUninterruptibly();
        pending.add(
            threads.submit(() -> {
              try {
                work.accept(number);
              } finally {
                writers.release();
              }
            }));
      }
      for (Future<?> each : pending) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the store could not be filled", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Median milliseconds of each call, by name. */
  Map<String, Double> measure() throws IOException {
    String someKey = firstOf(Integer.toString(keys / 2));
    Map<String, Double> medians = new LinkedHashMap<>();
    medians.put("list-keys, first page", list("0"));
    medians.put("list-keys, marker in the middle", list(Integer.toString(keys / 2)));
    medians.put("list-keys, last page", list(Integer.toString(keys - PAGE)));
    medians.put("list by tags, 10 keys match", byTag("group", "g" + keys / 20));
    medians.put("list by tags, a third matches", byTag("stage", "production"));
    medians.put("describe-key", median("describe-key", Map.of("key_id", someKey)));
    return medians;
  }

  private String firstOf(String marker) throws IOException {
    return target
        .client
        .post(target.path("list-keys"), Map.of("limit", "1", "marker", marker))
        .at("/keys/0")
        .asString();
  }

  private double list(String marker) throws IOException {
    return median("list-keys", Map.of("limit", Integer.toString(PAGE), "marker", marker));
  }

  private double byTag(String key, String value) throws IOException {
    return median(
        "resource_instances/action",
        Map.of(
            "action", "filter",
            "limit", Integer.toString(PAGE),
            "tags", List.of(Map.of("key", key, "values", List.of(value)))));
  }

  private double median(String call, Map<String, ?> body) throws IOException {
    double[] millis = new double[CALLS];
    for (int i = -CALLS; i < CALLS; i++) { // the first half warms up
      long begun = System.nanoTime();
      target.client.post(target.path(call), body);
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begun) / 1e6;
      }
    }
    Arrays.sort(millis);
    return millis[CALLS / 2];
  }
}
