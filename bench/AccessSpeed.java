import dev.yaoku.cli.RequestSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What rights cost: one decision about many policies, and encrypt-data by a thousand users with
 * policies beside encrypt-data by the one administrator of an empty installation, turn by turn.
 */
final class AccessSpeed {
  private static final int USERS = 1_000;
  private static final int POLICIES = 200;
  private static final int EVERYBODY_SECONDS = 60;
  private static final double SHARE_MIN = 0.95;
  private static final double MICROS_MAX = 2;

  private final Plan plan;
  private final Path scratch;
  private final Wrk wrk;
  private final Jmh jmh;
  private final Yaoku yaoku;
  private final int core;

  AccessSpeed(Plan plan, Path scratch, Wrk wrk, Jmh jmh, Yaoku yaoku, int core) {
    this.plan = plan;
    this.scratch = scratch;
    this.wrk = wrk;
    this.jmh = jmh;
    this.yaoku = yaoku;
    this.core = core;
  }

  void report() throws Exception {
    decisions();
    crowd();
  }

  private void decisions() throws IOException {
    System.out.printf("%nOne decision about 20 policies of 10 statements%n");
    new TreeMap<>(jmh.run("PolicySpeed", Math.min(3, plan.roundSeconds())))
        .forEach((name, rate) ->
            System.out.printf(
                "  %-16s %.3f µs (below %.0f): %s%n",
                name, 1e6 / rate, MICROS_MAX, 1e6 / rate < MICROS_MAX ? "met" : "NOT MET"));
  }

  private void crowd() throws Exception {
    Path crowded = yaoku.founded("access-crowd");
    yaoku.onStopped(crowded, "Crowd", Integer.toString(USERS), Integer.toString(POLICIES));
    try (Target one = yaoku.start(yaoku.freshData("access-one"), core);
        Target many = yaoku.start(crowded, core)) {
      List<RequestSigner> users =
          IntStream.range(0, USERS)
              .mapToObj(user -> many.signer(Crowd.accessKey(user), Crowd.secretKey(user)))
              .toList();
      List<String> oneBodies = Operation.ENCRYPT.bodies(one, one.createKey("bench"), USERS);
      List<String> manyBodies = Operation.ENCRYPT.bodies(many, many.createKey("bench"), USERS);
      // Everybody once, so that nobody is new.
      wrk.runOnce(
          many,
          many.write(scratch.resolve("requests"), Operation.ENCRYPT.call, manyBodies, users),
          EVERYBODY_SECONDS);
      // Twice as long as elsewhere: the code that decides about policies must be warm too.
      for (int i = 0; i < 2; i++) {
        load(one, oneBodies, List.of(), plan.warmupSeconds());
        load(many, manyBodies, users, plan.warmupSeconds());
      }
      List<Double> oneRates = new ArrayList<>();
      List<Double> manyRates = new ArrayList<>();
      for (int round = 0; round < plan.rounds(); round++) {
        oneRates.add(load(one, oneBodies, List.of(), plan.roundSeconds()));
        manyRates.add(load(many, manyBodies, users, plan.roundSeconds()));
      }
      double share = Medians.of(manyRates) / Medians.of(oneRates);
      System.out.printf(
          "encrypt-data by one administrator %.0f/s; by %d users, each with %d of %d policies,"
              + " %.0f/s, %.1f %% (at least %.0f %%): %s%n",
          Medians.of(oneRates),
          USERS,
          Crowd.POLICIES_A_USER,
          POLICIES,
          Medians.of(manyRates),
          share * 100,
          SHARE_MIN * 100,
          share >= SHARE_MIN ? "met" : "NOT MET");
    }
  }

  /** Signed anew for each run, as a signature lives 15 minutes; by the administrator if by none. */
  private double load(Target target, List<String> bodies, List<RequestSigner> signers, int seconds)
      throws IOException {
    Path file = scratch.resolve("requests");
    Path requests =
        signers.isEmpty()
            ? target.write(file, Operation.ENCRYPT.call, bodies)
            : target.write(file, Operation.ENCRYPT.call, bodies, signers);
    return wrk.run(target, requests, seconds).rate();
  }
}
