import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures Yaoku against bare Netty and prints tables. See docs/benchmark.md for how to read them.
 */
final class Bench {
  private static final int SERVER_CORE = 0;
  private static final int LOAD_CORE = 1;
  private static final int MIB_MAX = 350;

  private final Plan plan;
  private final Path scratch;
  private final Yaoku yaoku;
  private final Wrk wrk;
  private final HalfLoad halfLoad;
  private final Jmh jmh;
  private final OpenSsl openSsl;
  private double fsyncMillis;

  private Bench(Plan plan, Path home, Path installation) throws IOException {
    this.plan = plan;
    this.scratch = Files.createDirectories(home.resolve("target/bench"));
    this.yaoku = new Yaoku(home, installation);
    this.wrk = new Wrk(home.resolve("bench/load.lua"), LOAD_CORE);
    this.halfLoad = new HalfLoad(yaoku, LOAD_CORE);
    this.jmh = new Jmh(yaoku, scratch, SERVER_CORE);
    this.openSsl = new OpenSsl(SERVER_CORE, Math.min(3, plan.roundSeconds()));
  }

  public static void main(String[] args) throws Exception {
    Plan plan = Plan.of(List.of(args).subList(2, args.length));
    Bench bench = new Bench(plan, Path.of(args[0]), Path.of(args[1]));
    bench.run();
  }

  private void run() throws Exception {
    System.out.println(plan);
    fsyncMillis = Fsync.medianMillis(scratch);
    System.out.printf("One fsync on this disk: %.2f ms%n", fsyncMillis);
    for (Part part : Part.values()) {
      if (plan.parts().contains(part)) {
        run(part);
      }
    }
  }

  private void run(Part part) throws Exception {
    switch (part) {
      case LOAD -> againstBareNetty();
      case CONTROL -> new ControlPlane(scratch, wrk, yaoku, SERVER_CORE, plan.rounds()).report();
      case SCALE -> new ManyKeys(plan, yaoku).report();
      case START -> new StartUp(yaoku).report();
      case CRYPTO -> {
        new CryptoSpeed(plan, jmh, openSsl, yaoku, SERVER_CORE).report();
        forgetting();
      }
      case SIGN -> signatures();
      case ACCESS -> new AccessSpeed(plan, scratch, wrk, jmh, yaoku, SERVER_CORE).report();
      case TIMING -> refusals();
      case NEIGHBOURS -> neighbours();
      case RESIDUE -> residue();
    }
  }

  private void signatures() throws Exception {
    Path data = yaoku.freshData("sign");
    try (Target real = yaoku.start(data, SERVER_CORE);
        Target bare = yaoku.startBare(data, SERVER_CORE)) {
      real.process.settle();
      new SignLoad(plan, scratch, wrk, halfLoad, jmh, openSsl).report(bare, real);
    }
  }

  private void forgetting() throws Exception {
    try (Target real = yaoku.start(yaoku.freshData("forgetting"), SERVER_CORE)) {
      new Forgetting(plan, scratch, wrk, jmh).report(real);
    }
  }

  private void refusals() throws IOException {
    Timing timing = new Timing(plan.refusals());
    Path data = yaoku.founded("timing");
    String users = Integer.toString(timing.users());
    String policies = Integer.toString(Crowd.POLICIES_A_USER);
    String foreignKey = yaoku.onStopped(data, "Crowd", users, policies);
    try (Target real = yaoku.startPatient(data, SERVER_CORE)) {
      timing.report(real, foreignKey);
    }
    try (Target java = yaoku.startPatient(data, SERVER_CORE, "YAOKU_CRYPTO_NATIVE=false")) {
      timing.reportWithoutNativeCode(java);
    }
  }

  private void neighbours() throws Exception {
    try (Target real = yaoku.start(yaoku.freshData("neighbours"), SERVER_CORE)) {
      new Neighbours(plan, scratch, wrk, halfLoad, yaoku, LOAD_CORE).report(real, fsyncMillis);
    }
  }

  private void residue() throws IOException {
    Path data = yaoku.freshData("residue");
    try (Target real = yaoku.start(data)) {
      new Residue(scratch).report(real, data);
    }
  }

  private void againstBareNetty() throws Exception {
    Path data = yaoku.freshData("load");
    try (Target real = yaoku.start(data, SERVER_CORE);
        Target bare = yaoku.startBare(data, SERVER_CORE)) {
      real.process.settle();
      Contest contest = new Contest(plan, scratch, wrk, halfLoad, bare, real);
      Map<Operation, Contest.Outcome> outcomes = new EnumMap<>(Operation.class);
      for (Operation operation : plan.calls()) {
        outcomes.put(operation, contest.hold(operation));
        outcomes.get(operation).print(operation, fsyncMillis);
      }
      long peak = real.process.peakMiB();
      System.out.printf(
          "%nResident memory under load, at most: bare Netty %d MiB, Yaoku %d MiB (below %d): %s%n",
          bare.process.peakMiB(), peak, MIB_MAX, peak < MIB_MAX ? "met" : "NOT MET");
    }
  }
}
