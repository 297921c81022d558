import dev.yaoku.key.Tag;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What many keys cost: the same calls against stores of different sizes. */
final class Scale {
  private static final int CALLS = 200;
  private static final int PAGE = 10;
  private static final List<String> EVEN_TEAMS =
      IntStream.range(0, 20).mapToObj(team -> "team" + 2 * team).toList();
  private static final Map<String, ?> PRODUCTION = tag("stage", List.of("production"));
  private static final Map<String, ?> TEST = tag("stage", List.of("test"));

  private final Target target;
  private final int keys;

  /** A store of a size, what its calls take in milliseconds, and what it costs to have it. */
  record Store(int keys, Map<String, Double> medians, double readyMillis, double residentMiB) {}

  Scale(Target target, int keys) {
    this.target = target;
    this.keys = keys;
  }

  /** Five tags of a key, one of them shared by ten keys. */
  static List<Tag> tags(int number) {
    return List.of(
        new Tag("group", "g" + number / 10),
        new Tag("stage", number % 3 == 0 ? "production" : "test"),
        new Tag("team", "team" + number % 40),
        new Tag("number", "n" + number),
        new Tag("origin", "bench"));
  }

  /** Median milliseconds of each call, by name. */
  Map<String, Double> measure() throws IOException {
    String someKey = firstOf(Integer.toString(keys / 2));
    Map<String, Double> medians = new LinkedHashMap<>();
    medians.put("list-keys, first page", list("0"));
    medians.put("list-keys, marker in the middle", list(Integer.toString(keys / 2)));
    medians.put("list-keys, last page", list(Integer.toString(keys - PAGE)));
    medians.put(
        "list by tags, 10 keys match", byTags(List.of(tag("group", List.of("g" + keys / 20)))));
    medians.put("list by tags, a third matches", byTags(List.of(PRODUCTION)));
    medians.put(
        "list by two tags, a 60th matches", byTags(List.of(TEST, tag("team", List.of("team7")))));
    medians.put(
        "list by two tags, 20 values", byTags(List.of(PRODUCTION, tag("team", EVEN_TEAMS))));
    medians.put("list by state, a tenth matches", list(Map.of("key_state", "3"), "0"));
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
    return list(Map.of(), marker);
  }

  private double list(Map<String, String> filter, String marker) throws IOException {
    Map<String, String> body = new HashMap<>(filter);
    body.put("limit", Integer.toString(PAGE));
    body.put("marker", marker);
    return median("list-keys", body);
  }

  private static Map<String, ?> tag(String key, List<String> values) {
    return Map.of("key", key, "values", values);
  }

  private double byTags(List<Map<String, ?>> tags) throws IOException {
    return median(
        "resource_instances/action",
        Map.of("action", "filter", "limit", Integer.toString(PAGE), "tags", tags));
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
