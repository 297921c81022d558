import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes with a durable commit, over HTTP, against the store alone with as many callers, turn by
 * turn. The first turns of each are warm-up.
 */
final class ControlPlane {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double SHARE_MIN = 0.60;
  private static final int SECONDS = 5;

  /**
   * So many turns, of the server and of the store alone, before anything counts: half a minute of
   * each change, as the compiler gets little of the core beside 64 callers.
   */
  static final int WARM_UPS = 6;

  /** More than any server answers in the time, as each is sent once. */
  private static final int REQUESTS = 120_000;

  /** So many keys bear the tags, aliases and grants; a key takes 20, 50 and 100. */
  private static final int KEYS = 16_000;

  /** So many keys a round are disabled one after the other, enabled, and disabled again. */
  private static final int SWITCHED = 1_000;

  private final Path scratch;
  private final Wrk wrk;
  private final Yaoku yaoku;
  private final int serverCore;
  private final int rounds;
  private final List<String> keys = new ArrayList<>();

  ControlPlane(Path scratch, Wrk wrk, Yaoku yaoku, int serverCore, int rounds) {
    this.scratch = scratch;
    this.wrk = wrk;
    this.yaoku = yaoku;
    this.serverCore = serverCore;
    this.rounds = rounds;
  }

  void report() throws IOException {
    Path data = yaoku.freshData("control");
    Map<Change, List<Double>> rates = new LinkedHashMap<>();
    List<Double> bare = new ArrayList<>();
    try (Target target = yaoku.start(data, serverCore)) {
      for (int i = 0; i < KEYS + SWITCHED * (WARM_UPS + rounds); i++) {
        keys.add(target.createKey("key-" + i));
      }
      for (int round = 0; round < WARM_UPS + rounds; round++) {
        boolean counts = round >= WARM_UPS;
        if (counts) {
          bare.add(bareRate());
        }
        for (Change change : Change.values()) {
          double rate = rate(target, change, round);
          if (counts) {
            rates.computeIfAbsent(change, _ -> new ArrayList<>()).add(rate);
          }
        }
      }
    }
    print(Medians.of(bare), rates);
  }

  private static void print(double bare, Map<Change, List<Double>> rates) {
    System.out.printf(
        "%nChanges by %d callers, durable: the store alone %.0f/s%n", Wrk.CONNECTIONS, bare);
    rates.forEach((change, all) -> {
      double rate = Medians.of(all);
      System.out.printf(
          "  %-16s %9.0f/s %6.1f %% (at least %.0f %%): %s%n",
          change.title,
          rate,
          100 * rate / bare,
          100 * SHARE_MIN,
          rate >= SHARE_MIN * bare ? "met" : "NOT MET");
    });
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

  /** Requests that are each good once are sent once, as long as they last. */
  private double rate(Target target, Change change, int round) throws IOException {
    List<Target.Order> orders = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      int key = change == Change.STATE ? KEYS + round * SWITCHED + i % SWITCHED : i % KEYS;
      orders.add(change.order(keys.get(key), i, "%d-%d".formatted(round, i)));
    }
    Path file = target.write(scratch.resolve("changes"), orders);
    double rate = wrk.runOnce(target, file, SECONDS).rate();
    if (rate * SECONDS > REQUESTS * 0.99) {
      throw new IOException(
          "all %d requests were answered before the time was over: more are needed"
              .formatted(REQUESTS));
    }
    return rate;
  }

  /** What is changed. */
  private enum Change {
    CREATE_KEY("create-key") {
      @Override
      Target.Order order(String key, int number, String name) {
        return call("create-key", Map.of("key_alias", "made-" + name));
      }
    },
    STATE("disable, enable") {
      @Override
      Target.Order order(String key, int number, String name) {
        boolean on = number / SWITCHED % 2 == 0;
        return call(on ? "disable-key" : "enable-key", Map.of("key_id", key));
      }
    },
    CREATE_TAG("create tag") {
      @Override
      Target.Order order(String key, int number, String name) {
        Map<String, String> tag = Map.of("key", "k" + number / KEYS, "value", name);
        return call(key + "/tags", Map.of("tag", tag));
      }
    },
    CREATE_ALIAS("create alias") {
      @Override
      Target.Order order(String key, int number, String name) {
        return call("aliases", Map.of("key_id", key, "alias", "alias/a" + name));
      }
    },
    CREATE_GRANT("create-grant") {
      @Override
      Target.Order order(String key, int number, String name) {
        String grantee = ("0".repeat(32) + name.replace("-", "f")).substring(name.length());
        return call(
            "create-grant",
            Map.of(
                "key_id", key,
                "grantee_principal", grantee,
                "operations", List.of("describe-key")));
      }
    };

    final String title;

    Change(String title) {
      this.title = title;
    }

    /** One request; the name is new each time. */
    abstract Target.Order order(String key, int number, String name);

    static Target.Order call(String call, Map<String, ?> body) {
      return new Target.Order(call, JSON.writeValueAsString(body));
    }
  }
}
