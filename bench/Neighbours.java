import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a good caller notices of bad ones, server on one core: wrong signatures and passwords for
 * his own names, then all that costs a server work before it knows who asks, then a full load of
 * data calls beside calls that manage keys.
 */
final class Neighbours {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double P99_TIMES_MAX = 2;
  private static final double RATE_SHARE_MIN = 0.5;
  private static final double P99_MILLIS_MAX = 100;
  private static final double GOOD_RATE = 200;
  private static final double CHANGES_RATE = 20;
  private static final int WRONG = 10_000;
  private static final int BIG_BODY_BYTES = 12 << 20;

  private final Plan plan;
  private final Path scratch;
  private final Wrk wrk;
  private final HalfLoad halfLoad;
  private final Yaoku yaoku;
  private final int loadCore;

  Neighbours(Plan plan, Path scratch, Wrk wrk, HalfLoad halfLoad, Yaoku yaoku, int loadCore) {
    this.plan = plan;
    this.scratch = scratch;
    this.wrk = wrk;
    this.halfLoad = halfLoad;
    this.yaoku = yaoku;
    this.loadCore = loadCore;
  }

  void report(Target target, double fsyncMillis) throws IOException, InterruptedException {
    int seconds = plan.roundSeconds();
    Path good = encryptions(target);
    wrk.run(target, good, plan.warmupSeconds());
    HalfLoad.Latency alone = halfLoad.run(target, good, GOOD_RATE, seconds);
    double rateAlone = wrk.run(target, good, seconds).rate();
    System.out.printf(
        "%nBeside bad neighbours, encrypt-data: alone p50 %.2f ms, p99 %.2f ms at %.0f/s; %.0f/s at"
            + " most%n",
        alone.p50() / 1e3, alone.p99() / 1e3, GOOD_RATE, rateAlone);
    wrongProofs(target, good, alone, fsyncMillis);
    strangers(target, good, rateAlone);
    changesBesideData(target, good);
  }

  private Path encryptions(Target target) throws IOException {
    String key = target.createKey("good");
    String body = JSON.writeValueAsString(Map.of("key_id", key, "plain_text", "x".repeat(128)));
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      bodies.add(body);
    }
    return target.write(scratch.resolve("good"), "encrypt-data", bodies);
  }

  /** SECURITY_DESIGN H8. */
  private void wrongProofs(Target target, Path good, HalfLoad.Latency alone, double fsyncMillis)
      throws IOException, InterruptedException {
    Process hostile =
        hostile(
            target,
            2 * plan.roundSeconds() + 4,
            List.of(
                stream("signatures", signatures(target, target.accessKey()), 0, "127.0.0.31"),
                stream("more", signatures(target, target.accessKey()), 0, "127.0.0.32"),
                stream("passwords", passwords(), 50, "127.0.0.33")));
    HalfLoad.Latency first = halfLoad.run(target, good, GOOD_RATE, plan.roundSeconds());
    HalfLoad.Latency beside = halfLoad.run(target, good, GOOD_RATE, plan.roundSeconds());
    double max = P99_TIMES_MAX * Math.max(alone.p99() / 1e3, fsyncMillis);
    System.out.printf(
        "  wrong signatures and passwords  p99 %8.2f ms (at most %.2f): %-8s (%.2f at first)%n"
            + "    they were told %s%n",
        beside.p99() / 1e3, max, met(beside.p99() / 1e3 <= max), first.p99() / 1e3, told(hostile));
  }

  /** SECURITY_DESIGN H9. */
  private void strangers(Target target, Path good, double rateAlone)
      throws IOException, InterruptedException {
    List<byte[]> big = List.of(bigBody(target));
    Process hostile =
        hostile(
            target,
            3 * plan.roundSeconds() + 6,
            List.of(
                stream("passwords", passwords(), 50, "127.0.0.33"),
                stream("unknown", unknown(target), 2_000, "127.0.0.34"),
                stream("big", big, 0, "127.0.0.35"),
                stream("pairs", pairs(target), 0, "127.0.0.36")));
    double first = wrk.run(target, good, plan.roundSeconds()).rate();
    double rate = wrk.run(target, good, plan.roundSeconds()).rate();
    HalfLoad.Latency beside = halfLoad.run(target, good, GOOD_RATE, plan.roundSeconds());
    System.out.printf(
        "  log-ins, names, bodies, pairs   %8.0f/s = %.0f %% (at least %.0f %%): %-8s (%.0f %% at"
            + " first)%n",
        rate,
        100 * rate / rateAlone,
        100 * RATE_SHARE_MIN,
        met(rate >= RATE_SHARE_MIN * rateAlone),
        100 * first / rateAlone);
    System.out.printf(
        "                                  p99 %8.2f ms (at most %.0f): %s%n    they were told"
            + " %s%n",
        beside.p99() / 1e3,
        P99_MILLIS_MAX,
        met(beside.p99() / 1e3 <= P99_MILLIS_MAX),
        told(hostile));
  }

  /** Whoever manages keys is served while others use them as fast as they can. */
  private void changesBesideData(Target target, Path good)
      throws IOException, InterruptedException {
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < CHANGES_RATE * plan.roundSeconds(); i++) {
      changes.add(JSON.writeValueAsString(Map.of("key_alias", "beside-" + i)));
    }
    Path file = target.write(scratch.resolve("beside"), "create-key", changes);
    Thread load =
        Thread.ofPlatform()
            .start(() -> {
              try {
                wrk.run(target, good, plan.roundSeconds() + 2);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    HalfLoad.Latency beside = halfLoad.run(target, file, CHANGES_RATE, plan.roundSeconds());
    load.join();
    System.out.printf(
        "  create-key beside a full load   p99 %8.2f ms (at most %.0f): %s%n",
        beside.p99() / 1e3, P99_MILLIS_MAX, met(beside.p99() / 1e3 <= P99_MILLIS_MAX));
  }

  private static String met(boolean met) {
    return met ? "met" : "NOT MET";
  }

  private List<String> stream(String name, List<byte[]> requests, double rate, String source)
      throws IOException {
    Path file = Hostile.write(scratch.resolve("hostile-" + name), requests);
    return List.of(file.toString(), String.format(Locale.ROOT, "%.1f", rate), source);
  }

  private Process hostile(Target target, int seconds, List<List<String>> streams)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(target.endpoint().toString());
    arguments.add(Integer.toString(seconds));
    streams.forEach(arguments::addAll);
    List<String> command = ServerProcess.pinnedAndIdle(loadCore, yaoku.java("Hostile", arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String told(Process hostile) throws IOException, InterruptedException {
    List<String> output = hostile.inputReader().lines().toList();
    hostile.waitFor();
    return output.stream()
        .filter(line -> line.startsWith("RESULT"))
        .map(line -> line.substring("RESULT".length()).strip())
        .findFirst()
        .orElseThrow(() -> new IOException("no result:\n" + String.join("\n", output)));
  }

  private static List<byte[]> signatures(Target target, String accessKey) {
    var wrong = target.signer(accessKey, "not the key of this access key, not it");
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < WRONG / 2; i++) {
      requests.add(target.request("describe-key", "{\"key_id\":\"" + i + "\"}", wrong));
    }
    return requests;
  }

  private static List<byte[]> unknown(Target target) {
    Random random = new Random(1);
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < WRONG; i++) {
      StringBuilder name = new StringBuilder("YK");
      while (name.length() < 20) {
        name.append((char) ('A' + random.nextInt(26)));
      }
      requests.add(target.request("describe-key", "{}", target.signer(name.toString(), "none")));
    }
    return requests;
  }

  private static List<byte[]> passwords() {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String body =
          ("{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{"
                  + "\"name\":\"admin\",\"password\":\"wrong-%d\",\"domain\":{\"name\":\"nobody\"}"
                  + "}}}}}")
              .formatted(i);
      requests.add(
          ("POST /v3/auth/tokens HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                  + "content-length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.US_ASCII));
    }
    return requests;
  }

  private static List<byte[]> pairs(Target target) {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      requests.add(
          target.request(
              "create-key",
              JSON.writeValueAsString(
                  Map.of(
                      "key_alias", "pair-" + i,
                      "key_spec", "RSA_4096",
                      "key_usage", "SIGN_VERIFY"))));
    }
    return requests;
  }

  private static byte[] bigBody(Target target) {
    byte[] body = new byte[BIG_BODY_BYTES];
    Arrays.fill(body, (byte) 'x');
    return target.request("encrypt-data", new String(body, StandardCharsets.US_ASCII));
  }
}
