import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One operation on both servers, turn by turn, so that both see the same weather. */
final class Contest {
  /**
   * With 64 callers the compiler gets little of the core: rates rise for half a minute, and of what
   * is measured earlier no run repeats another.
   */
  private static final int WARMUP_TIMES = 4;

  private final Plan plan;
  private final Path scratch;
  private final Wrk wrk;
  private final HalfLoad halfLoad;
  private final Target bare;
  private final Target real;
  private final String bareKey;
  private final String realKey;

  Contest(Plan plan, Path scratch, Wrk wrk, HalfLoad halfLoad, Target bare, Target real)
      throws IOException {
    this.plan = plan;
    this.scratch = scratch;
    this.wrk = wrk;
    this.halfLoad = halfLoad;
    this.bare = bare;
    this.real = real;
    this.bareKey = bare.createKey("bench");
    this.realKey = real.createKey("bench");
  }

  /** Medians of both, at saturation and at half of each one's own saturation. */
  record Outcome(Side bare, Side real) {
    void print(Operation operation, double fsyncMillis) {
      System.out.printf(
          "%n%-16s %9s %8s %8s %10s %10s %9s%n",
          operation.call, "answers/s", "p50 µs", "p99 µs", "half: p50", "half: p99", "CPU µs");
      bare.print("  bare Netty");
      real.print("  Yaoku");
      double share = real.load.rate() / bare.load.rate();
      System.out.printf(
          "  rate %.1f %% of bare Netty's (at least %.0f %%): %s%n",
          share * 100, operation.shareMin * 100, share >= operation.shareMin ? "met" : "NOT MET");
      double p99Max = 3 * bare.half.p99() + fsyncMillis * 1_000;
      System.out.printf(
          "  p99 at half load %.0f µs (at most %.0f, three times bare Netty's and one fsync): %s%n",
          real.half.p99(), p99Max, real.half.p99() <= p99Max ? "met" : "NOT MET");
    }
  }

  /** One server's medians. */
  record Side(Wrk.Load load, HalfLoad.Latency half) {
    void print(String name) {
      System.out.printf(
          "%-16s %9.0f %8.0f %8.0f %10.0f %10.0f %9.1f%n",
          name, load.rate(), load.p50(), load.p99(), half.p50(), half.p99(), load.cpuMicros());
    }
  }

  Outcome hold(Operation operation) throws Exception {
    List<String> bareBodies = operation.bodies(bare, bareKey);
    List<String> realBodies = operation.bodies(real, realKey);
    int warmup = WARMUP_TIMES * plan.warmupSeconds();
    wrk.warmUp(bare, signed(bare, operation, bareBodies), warmup);
    wrk.warmUp(real, signed(real, operation, realBodies), warmup);
    List<Wrk.Load> bareLoads = new ArrayList<>();
    List<Wrk.Load> realLoads = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      bareLoads.add(load(bare, operation, bareBodies, plan.roundSeconds()));
      realLoads.add(load(real, operation, realBodies, plan.roundSeconds()));
    }
    Wrk.Load bareLoad = median(bareLoads);
    Wrk.Load realLoad = median(realLoads);
    List<HalfLoad.Latency> bareHalves = new ArrayList<>();
    List<HalfLoad.Latency> realHalves = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      bareHalves.add(half(bare, operation, bareBodies, bareLoad));
      realHalves.add(half(real, operation, realBodies, realLoad));
    }
    return new Outcome(
        new Side(bareLoad, medianLatency(bareHalves)),
        new Side(realLoad, medianLatency(realHalves)));
  }

  private Wrk.Load load(Target target, Operation operation, List<String> bodies, int seconds)
      throws IOException {
    return wrk.run(target, signed(target, operation, bodies), seconds);
  }

  private HalfLoad.Latency half(
      Target target, Operation operation, List<String> bodies, Wrk.Load saturation)
      throws IOException {
    Path requests = signed(target, operation, bodies);
    return halfLoad.run(target, requests, saturation.rate() / 2, plan.roundSeconds());
  }

  private static HalfLoad.Latency medianLatency(List<HalfLoad.Latency> runs) {
    return new HalfLoad.Latency(
        median(runs, HalfLoad.Latency::p50), median(runs, HalfLoad.Latency::p99));
  }

  /** Signed anew for each run, as a signature lives 15 minutes. */
  private Path signed(Target target, Operation operation, List<String> bodies) throws IOException {
    return target.write(scratch.resolve("requests"), operation.call, bodies);
  }

  private static Wrk.Load median(List<Wrk.Load> loads) {
    return new Wrk.Load(
        median(loads, Wrk.Load::rate),
        median(loads, Wrk.Load::p50),
        median(loads, Wrk.Load::p99),
        median(loads, Wrk.Load::cpuMicros));
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> member) {
    List<T> sorted = values.stream().sorted(Comparator.comparingDouble(member)).toList();
    return member.applyAsDouble(sorted.get(sorted.size() / 2));
  }
}
