import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations of the room {@code crypto} beside {@code openssl speed} and other yardsticks: one
 * thread, one core, turn by turn.
 */
final class CryptoSpeed {
  private final Plan plan;
  private final Jmh jmh;
  private final OpenSsl openSsl;
  private final Yaoku yaoku;
  private final int core;

  CryptoSpeed(Plan plan, Jmh jmh, OpenSsl openSsl, Yaoku yaoku, int core) {
    this.plan = plan;
    this.jmh = jmh;
    this.openSsl = openSsl;
    this.yaoku = yaoku;
    this.core = core;
  }

  /**
   * A line of the table.
   *
   * @param ours a benchmark of the room
   * @param yardsticks of which the fastest counts
   * @param shareMin the ratio to reach, 0 where there is none
   */
  private record Line(String name, String ours, double shareMin, String... yardsticks) {}

  private static final List<Line> LINES =
      List.of(
          new Line("RSA-2048 sign", "rsaSign", 0.90, "rsa2048 sign"),
          new Line("RSA-2048 sign, PSS", "pssSign", 0, "rsa2048 sign"),
          new Line("P-256 sign", "p256Sign", 0.80, "p256 sign"),
          new Line("P-256 verify", "p256Verify", 0.80, "p256 verify"),
          new Line("P-384 sign", "p384Sign", 2.00, "p384 sign"),
          new Line("SM2 sign", "sm2Sign", 1.50, "sm2 sign"),
          new Line("SM2 verify", "sm2Verify", 0, "sm2 verify"),
          new Line("AES-256-GCM, 4 KiB", "aead4096", 0.70, "aes-256-gcm 4 KiB"),
          new Line("  with all of a blob", "blob4096", 0, "aes-256-gcm 4 KiB"),
          new Line("XAES-256-GCM, 128 B", "aead128", 0.20, "bareGcm128"),
          new Line("  with all of a blob", "blob128", 0, "bareGcm128"),
          new Line("ML-DSA-65 sign", "mlDsaSign", 0.80, "mlDsaJdk", "mlDsaBouncyCastle"));

  void report() throws IOException {
    Map<String, List<Double>> runs = new HashMap<>();
    for (int round = 0; round < plan.rounds(); round++) {
      collect(openSsl.run(), runs);
      collect(jmh.run("RoomSpeed", Math.min(3, plan.roundSeconds())), runs);
    }
    Map<String, Double> rates = new HashMap<>();
    runs.forEach((name, values) -> rates.put(name, Medians.of(values)));
    System.out.printf(
        "%nThe room crypto, one thread on core %d, beside %s%n%-24s %12s %12s %-20s %8s%n",
        core, OpenSsl.version(), "operations a second", "Yaoku", "yardstick", "", "ratio");
    LINES.forEach(line -> print(line, rates));
    costs();
  }

  private static void collect(Map<String, Double> run, Map<String, List<Double>> runs) {
    run.forEach((name, rate) -> runs.computeIfAbsent(name, _ -> new ArrayList<>()).add(rate));
  }

  private static void print(Line line, Map<String, Double> rates) {
    double ours = rates.get(line.ours());
    String best = "";
    for (String yardstick : line.yardsticks()) {
      if (rates.containsKey(yardstick)
          && (best.isEmpty() || rates.get(yardstick) > rates.get(best))) {
        best = yardstick;
      }
    }
    if (best.isEmpty()) {
      System.out.printf("%-24s %12.0f %12s not offered by this openssl%n", line.name(), ours, "-");
      return;
    }
    double share = ours / rates.get(best);
    System.out.printf(
        "%-24s %12.0f %12.0f %-20s %6.1f %% %s%n",
        line.name(),
        ours,
        rates.get(best),
        best,
        share * 100,
        line.shareMin() == 0
            ? ""
            : "(at least %.0f %%): %s"
                .formatted(line.shareMin() * 100, share >= line.shareMin() ? "met" : "NOT MET"));
  }

  /** What each use of a pair costs, which decides where it runs. */
  private void costs() throws IOException {
    System.out.println();
    Process costs =
        new ProcessBuilder(
                ServerProcess.pinned(core, yaoku.java("dev.yaoku.crypto.RoomCosts", List.of())))
            .redirectErrorStream(true)
            .start();
    costs.inputReader().lines().forEach(System.out::println);
  }
}
