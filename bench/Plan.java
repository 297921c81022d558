import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param warmupSeconds load on each server and operation before anything counts; parts whose rates
 *     rise for longer take several times as much
 * @param roundSeconds length of one run
 * @param rounds runs of which the median counts
 * @param keys of the stores that are compared, the smallest first
 * @param refusals of each cause, to compare their times
 * @param parts what is measured
 * @param calls what the servers are asked for under load
 */
record Plan(
    int warmupSeconds,
    int roundSeconds,
    int rounds,
    List<Integer> keys,
    int refusals,
    Set<Part> parts,
    List<Operation> calls) {
  private static final List<Operation> ALL = List.of(Operation.values());
  private static final Set<Part> ALL_PARTS = EnumSet.allOf(Part.class);
  private static final List<Integer> SIZES = List.of(1_000, 100_000, 1_000_000);
  private static final Plan FULL = new Plan(10, 10, 3, SIZES, 10_000, ALL_PARTS, ALL);
  private static final Plan QUICK =
      new Plan(3, 3, 1, List.of(1_000, 10_000), 1_000, ALL_PARTS, ALL);
  private static final String USAGE =
      """
      Usage: yaoku bench [--quick] [--only PART] [--call NAME]
        --quick   short rounds and a smaller store: minutes less, figures rougher
        --only    one part: load (against bare Netty), control (changes beside the
                  store alone), scale (many keys), start, crypto (beside
                  openssl speed), sign (over HTTP), access (policies, and many users
                  beside one), timing (of refusals), neighbours (a good caller
                  beside bad ones) or residue (of secrets in the process's memory)
        --call    under load only this call, such as encrypt-data\
      """;

  static Plan of(List<String> arguments) {
    Plan plan = FULL;
    for (int i = 0; i < arguments.size(); i++) {
      switch (arguments.get(i)) {
        case "--quick" -> plan = QUICK.with(plan);
        case "--only" -> {
          if (++i == arguments.size()) {
            throw usage(2);
          }
          plan = plan.only(arguments.get(i));
        }
        case "--call" -> {
          if (++i == arguments.size()) {
            throw usage(2);
          }
          plan = plan.calling(arguments.get(i));
        }
        case "--help", "-h" -> throw usage(0);
        default -> throw usage(2);
      }
    }
    return plan;
  }

  private Plan with(Plan chosen) {
    return new Plan(
        warmupSeconds, roundSeconds, rounds, keys, refusals, chosen.parts, chosen.calls);
  }

  private Plan only(String word) {
    Part part = Part.named(word).orElseThrow(() -> usage(2));
    return new Plan(warmupSeconds, roundSeconds, rounds, keys, refusals, Set.of(part), calls);
  }

  private Plan calling(String call) {
    List<Operation> one = ALL.stream().filter(operation -> operation.call.equals(call)).toList();
    if (one.isEmpty()) {
      throw usage(2);
    }
    return new Plan(warmupSeconds, roundSeconds, rounds, keys, refusals, parts, one);
  }

  private static RuntimeException usage(int exitCode) {
    System.err.println(USAGE);
    System.exit(exitCode);
    return new IllegalStateException();
  }
}
