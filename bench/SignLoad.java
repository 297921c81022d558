import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signatures over HTTP on one core, with everything on; what they leave of the core to symmetric
 * requests beside them; and how long creating an RSA key takes.
 */
final class SignLoad {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BODIES = 256;
  private static final double P256_SHARE_MIN = 0.22;
  private static final double RSA_SHARE_MIN = 0.80;
  private static final double SIGNATURES_MAX = 3;

  /**
   * Beside this load the compiler gets little of the core, and needs half a minute for its work.
   */
  private static final int P256_WARMUP_TIMES = 4;

  /** What is called a tenth as often is compiled later. */
  private static final int RSA_WARMUP_TIMES = 6;

  private static final double ENCRYPT_RATE = 500;
  private static final int CREATIONS = 5;

  private final Plan plan;
  private final Path scratch;
  private final Wrk wrk;
  private final HalfLoad fixedRate;
  private final Jmh jmh;
  private final OpenSsl openSsl;

  SignLoad(Plan plan, Path scratch, Wrk wrk, HalfLoad fixedRate, Jmh jmh, OpenSsl openSsl) {
    this.plan = plan;
    this.scratch = scratch;
    this.wrk = wrk;
    this.fixedRate = fixedRate;
    this.jmh = jmh;
    this.openSsl = openSsl;
  }

  void report(Target bare, Target real) throws Exception {
    System.out.println();
    // Before there is load, so that the core is free.
    double raw = openSsl.run().get("rsa2048 sign");
    double room = jmh.run("RoomSpeed.rsaSign", plan.roundSeconds()).get("rsaSign");
    double encrypt = saturation(bare, "encrypt-data", encryptions(bare.createKey("bench")));
    String ecKey = real.createKey("p256", "EC_P256");
    List<String> ec = signatures(ecKey, "ECDSA_SHA_256");
    double p256 = saturation(real, "sign", ec, P256_WARMUP_TIMES * plan.warmupSeconds());
    verdict("P-256 sign", p256, encrypt, "of bare Netty's encrypt-data", P256_SHARE_MIN);

    String rsaKey = real.createKey("rsa", "RSA_2048");
    real.process.untilIdle(); // another pair takes the place of this one
    List<String> rsa = signatures(rsaKey, "RSASSA_PKCS1_V1_5_SHA_256");
    double rate = saturation(real, "sign", rsa, RSA_WARMUP_TIMES * plan.warmupSeconds());
    verdict("RSA-2048 sign", rate, raw, "of the core's raw rate (openssl)", RSA_SHARE_MIN);
    System.out.printf("  the room crypto by itself signs %.0f a second on this core%n", room);

    beside(bare, real, rsa, 1e6 / raw);
    creations(real);
  }

  private static void verdict(
      String name, double rate, double yardstick, String of, double shareMin) {
    double share = rate / yardstick;
    System.out.printf(
        "%-16s %9.0f answers/s, %.1f %% of %.0f, %s (at least %.0f %%): %s%n",
        name,
        rate,
        share * 100,
        yardstick,
        of,
        shareMin * 100,
        share >= shareMin ? "met" : "NOT MET");
  }

  private double saturation(Target target, String call, List<String> bodies) throws IOException {
    return saturation(target, call, bodies, plan.warmupSeconds());
  }

  private double saturation(Target target, String call, List<String> bodies, int warmupSeconds)
      throws IOException {
    wrk.warmUp(target, written(target, call, bodies), warmupSeconds);
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      rates.add(wrk.run(target, written(target, call, bodies), plan.roundSeconds()).rate());
    }
    return Medians.of(rates);
  }

  /** Signed anew for each run, as a signature lives 15 minutes. */
  private Path written(Target target, String call, List<String> bodies) throws IOException {
    return target.write(scratch.resolve("requests-" + call), call, bodies);
  }

  /** Encrypt-data at a fixed rate, alone and while RSA signatures fill the core. */
  private void beside(Target bare, Target real, List<String> rsa, double signatureMicros)
      throws Exception {
    List<String> encryptions = encryptions(real.createKey("beside"));
    int seconds = plan.roundSeconds();
    HalfLoad.Latency bareAlone =
        fixedRate.run(bare, written(bare, "encrypt-data", encryptions), ENCRYPT_RATE, seconds);
    HalfLoad.Latency alone =
        fixedRate.run(real, written(real, "encrypt-data", encryptions), ENCRYPT_RATE, seconds);
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      Path signing = written(real, "sign", rsa);
      CompletableFuture<Wrk.Load> load =
          CompletableFuture.supplyAsync(() -> unchecked(real, signing, seconds + 2));
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      HalfLoad.Latency beside =
          fixedRate.run(real, written(real, "encrypt-data", encryptions), ENCRYPT_RATE, seconds);
      p50.add(beside.p50());
      p99.add(beside.p99());
      rates.add(load.get().rate());
    }
    double limit = SIGNATURES_MAX * signatureMicros;
    double disk = Fsync.pacedP99Micros(scratch, ENCRYPT_RATE, seconds);
    System.out.printf(
        "encrypt-data at %.0f/s: alone p50 %.0f µs, p99 %.0f µs; beside %.0f RSA-2048 signatures a"
            + " second p50 %.0f µs, p99 %.0f µs (below three signatures' time, %.0f µs; alone bare"
            + " Netty has a p99 of %.0f µs, and a loop that only makes a page durable, as often,"
            + " one of %.0f µs): %s%n",
        ENCRYPT_RATE,
        alone.p50(),
        alone.p99(),
        Medians.of(rates),
        Medians.of(p50),
        Medians.of(p99),
        limit,
        bareAlone.p99(),
        disk,
        Medians.of(p99) < limit ? "met" : "NOT MET");
  }

  private Wrk.Load unchecked(Target target, Path requests, int seconds) {
    try {
      return wrk.run(target, requests, seconds);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Creating RSA keys: from pairs made ahead, and then made while the caller waits. */
  private static void creations(Target real) throws IOException {
    real.process.untilIdle();
    for (String spec : List.of("RSA_2048", "RSA_3072", "RSA_4096")) {
      creation(real, spec, 0); // the kind is tried before its first use
      double ahead = creation(real, spec, 1);
      double[] made = new double[CREATIONS];
      for (int i = 0; i < CREATIONS; i++) {
        made[i] = creation(real, spec, i + 2);
      }
      System.out.printf(
          "create-key %s: %.1f ms with a pair made ahead, %.1f ms (median of %d) beyond a project's"
              + " share of them%n",
          spec, ahead, Medians.of(made), CREATIONS);
    }
  }

  private static double creation(Target real, String spec, int number) throws IOException {
    long begun = System.nanoTime();
    real.createKey(spec + "-" + number, spec);
    return (System.nanoTime() - begun) / 1e6;
  }

  private static List<String> encryptions(String key) {
    return bodies(bytes -> Map.of("key_id", key, "plain_text", hex(bytes)));
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  private static List<String> signatures(String key, String algorithm) {
    return bodies(bytes ->
        Map.of(
            "key_id",
            key,
            "message",
            Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes, 32)),
            "message_type",
            "DIGEST",
            "signing_algorithm",
            algorithm));
  }

  private static List<String> bodies(java.util.function.Function<byte[], Map<String, ?>> members) {
    Random random = new Random(1);
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < BODIES; i++) {
      byte[] bytes = new byte[64];
      random.nextBytes(bytes);
      bodies.add(JSON.writeValueAsString(members.apply(bytes)));
    }
    return bodies;
  }
}
