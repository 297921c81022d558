import java.util.List;

/**
 * How much is measured.
 *
 * @param warmupSeconds load on each server and operation before anything counts
 * @param roundSeconds length of one run
 * @param rounds runs of which the median counts
 * @param keysFew the smaller store
 * @param keysMany the larger store
 * @param calls what the servers are asked for under load
 */
record Plan(
    int warmupSeconds,
    int roundSeconds,
    int rounds,
    int keysFew,
    int keysMany,
    boolean load,
    boolean scale,
    boolean start,
    List<Operation> calls) {
  private static final List<Operation> ALL = List.of(Operation.values());
  private static final Plan FULL = new Plan(10, 10, 3, 1_000, 100_000, true, true, true, ALL);
  private static final Plan QUICK = new Plan(3, 3, 1, 1_000, 10_000, true, true, true, ALL);
  private static final String USAGE =
      """
      Usage: yaoku bench [--quick] [--only load|scale|start] [--call NAME]
        --quick   short rounds and a smaller store: minutes less, figures rougher
        --only    one part: load against bare Netty, many keys, or start-up
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

  private Plan with(Plan parts) {
    return new Plan(
        warmupSeconds,
        roundSeconds,
        rounds,
        keysFew,
        keysMany,
        parts.load,
        parts.scale,
        parts.start,
        parts.calls);
  }

  private Plan only(String part) {
    if (!List.of("load", "scale", "start").contains(part)) {
      throw usage(2);
    }
    return new Plan(
        warmupSeconds,
        roundSeconds,
        rounds,
        keysFew,
        keysMany,
        part.equals("load"),
        part.equals("scale"),
        part.equals("start"),
        calls);
  }

  private Plan calling(String call) {
    List<Operation> one = ALL.stream().filter(operation -> operation.call.equals(call)).toList();
    if (one.isEmpty()) {
      throw usage(2);
    }
    return new Plan(
        warmupSeconds, roundSeconds, rounds, keysFew, keysMany, load, scale, start, one);
  }

  private static RuntimeException usage(int exitCode) {
    System.err.println(USAGE);
    System.exit(exitCode);
    return new IllegalStateException();
  }
}
