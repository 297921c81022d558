import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs that a cipher is given a dummy key after each use, beside all that encrypt-data
 * costs. Beyond a tenth, ciphers should forget only when they idle (SECURITY_DESIGN H5).
 */
final class Forgetting {
  private static final double SHARE_MAX = 0.10;

  private final Plan plan;
  private final Path scratch;
  private final Wrk wrk;
  private final Jmh jmh;

  Forgetting(Plan plan, Path scratch, Wrk wrk, Jmh jmh) {
    this.plan = plan;
    this.scratch = scratch;
    this.wrk = wrk;
    this.jmh = jmh;
  }

  void report(Target real) throws Exception {
    List<String> bodies = Operation.ENCRYPT.bodies(real, real.createKey("forgetting"));
    load(real, bodies, plan.warmupSeconds());
    List<Double> forget = new ArrayList<>();
    List<Double> request = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      double rate = jmh.run("RoomSpeed.forget$", Math.min(3, plan.roundSeconds())).get("forget");
      forget.add(1e6 / rate);
      request.add(load(real, bodies, plan.roundSeconds()).cpuMicros());
    }
    double share = Medians.of(forget) / Medians.of(request);
    System.out.printf(
        "%nThe dummy keys of a message's two ciphers cost %.2f µs of the %.1f µs of CPU of an"
            + " encrypt-data, %.1f %% (at most %.0f %%): %s%n",
        Medians.of(forget),
        Medians.of(request),
        share * 100,
        SHARE_MAX * 100,
        share <= SHARE_MAX ? "met" : "NOT MET: ciphers should forget when they idle");
  }

  private Wrk.Load load(Target real, List<String> bodies, int seconds) throws IOException {
    Path requests = real.write(scratch.resolve("requests"), Operation.ENCRYPT.call, bodies);
    return wrk.run(real, requests, seconds);
  }
}
