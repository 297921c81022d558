import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import tools.jackson.databind.json.JsonMapper;

/** Changes with a durable commit, over HTTP, against the store alone with as many callers. */
final class ControlPlane {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double SHARE_MIN = 0.60;
  private static final int SECONDS = 5;

  /** More than any server answers in the time, as each may be sent once. */
  private static final int REQUESTS = 100_000;

  /** So many keys bear the aliases and grants; a key takes 50 and 100. */
  private static final int KEYS = 2_500;

  private final Path scratch;
  private final Wrk wrk;
  private final Yaoku yaoku;
  private final int serverCore;

  ControlPlane(Path scratch, Wrk wrk, Yaoku yaoku, int serverCore) {
    this.scratch = scratch;
    this.wrk = wrk;
    this.yaoku = yaoku;
    this.serverCore = serverCore;
  }

  void report() throws IOException {
    double bare = bareRate();
    System.out.printf(
        "%nChanges by %d callers, durable: the store alone %.0f/s%n", Wrk.CONNECTIONS, bare);
    Path data = yaoku.freshData("control");
    try (Target target = yaoku.start(data, serverCore)) {
      List<String> keys = keys(target);
      row("create-key", target, bare, "create-key", i -> Map.of("key_alias", "made-" + i));
      row("disable-key", target, bare, "disable-key", i -> Map.of("key_id", keys.get(i)), KEYS);
      row("enable-key", target, bare, "enable-key", i -> Map.of("key_id", keys.get(i)), KEYS);
      tags(target, bare, keys);
      row(
          "create alias",
          target,
          bare,
          "aliases",
          i -> Map.of("key_id", keys.get(i % KEYS), "alias", "alias/a" + i),
          KEYS * 40);
      row(
          "create-grant",
          target,
          bare,
          "create-grant",
          i ->
              Map.of(
                  "key_id", keys.get(i % KEYS),
                  "grantee_principal", "%032x".formatted(i),
                  "operations", List.of("describe-key")),
          KEYS * 40);
    }
  }

  private double bareRate() throws IOException {
    Path file = yaoku.freshData("bare-store");
    Files.createDirectories(file);
    List<String> command =
        ServerProcess.pinned(
            serverCore,
            yaoku.java(
                "BareStore",
                List.of(
                    file.resolve("bare.db").toString(),
                    Integer.toString(Wrk.CONNECTIONS),
                    Integer.toString(SECONDS))));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> output = process.inputReader().lines().toList();
    return output.stream()
        .filter(line -> line.startsWith("RESULT "))
        .mapToDouble(line -> Double.parseDouble(line.substring(7)))
        .findFirst()
        .orElseThrow(() -> new IOException("the bare store failed:\n" + String.join("\n", output)));
  }

  private static List<String> keys(Target target) throws IOException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(target.createKey("key-" + i));
    }
    return Collections.unmodifiableList(keys);
  }

  private void tags(Target target, double bare, List<String> keys) throws IOException {
    String key = keys.getFirst();
    row(
        "create tag",
        target,
        bare,
        key + "/tags",
        i -> Map.of("tag", Map.of("key", "k" + i % 10, "value", "v" + i)));
  }

  private void row(
      String name, Target target, double bare, String call, IntFunction<Map<String, ?>> body)
      throws IOException {
    row(name, target, bare, call, body, REQUESTS);
  }

  /** Requests that are each good once are sent once, as long as they last. */
  private void row(
      String name,
      Target target,
      double bare,
      String call,
      IntFunction<Map<String, ?>> body,
      int requests)
      throws IOException {
    List<String> bodies = new ArrayList<>(requests);
    for (int i = 0; i < requests; i++) {
      bodies.add(JSON.writeValueAsString(body.apply(i)));
    }
    Path file = target.write(scratch.resolve("changes"), call, bodies);
    double rate = wrk.runOnce(target, file, SECONDS).rate();
    System.out.printf(
        "  %-14s %9.0f/s %6.1f %% (at least %.0f %%): %s%n",
        name,
        rate,
        100 * rate / bare,
        100 * SHARE_MIN,
        rate >= SHARE_MIN * bare ? "met" : "NOT MET");
  }
}
