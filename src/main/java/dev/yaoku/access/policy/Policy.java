package dev.yaoku.access.policy;

import java.util.List;

/**
 * A policy as it was written and found to be in order.
 *
 * @param id its id, for the explanation of decisions
 * @param name its name
 * @param language the generation
 * @param statements at least one
 */
public record Policy(String id, String name, Language language, List<Statement> statements) {
  /** A policy. */
  public Policy {
    statements = List.copyOf(statements);
  }
}
