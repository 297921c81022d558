package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * One policy, compiled as far as that does not depend on what else somebody holds: sets of policies
 * share it. Immutable, for any number of threads.
 */
public final class PolicyParts {
  private static final int OWN_BYTES = 100;

  private final List<StatementParts> statements;
  private final int weight;

  private PolicyParts(List<StatementParts> statements) {
    this.statements = List.copyOf(statements);
    this.weight = OWN_BYTES + statements.stream().mapToInt(StatementParts::weight).sum();
  }

  /** Compiles a policy that the reader read. */
  public static PolicyParts of(Policy policy) {
    List<StatementParts> statements = new ArrayList<>();
    for (int index = 0; index < policy.statements().size(); index++) {
      statements.add(StatementParts.of(policy, index));
    }
    return new PolicyParts(statements);
  }

  List<StatementParts> statements() {
    return statements;
  }

  /** How much of the heap it takes, in bytes, about. */
  public int weight() {
    return weight;
  }
}
