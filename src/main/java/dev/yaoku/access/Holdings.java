package dev.yaoku.access;

import dev.yaoku.access.policy.CompiledPolicies;

/** The policies that a principal holds, as they were when its request came in. */
@FunctionalInterface
public interface Holdings {
  /**
   * What counts in one place.
   *
   * @param scope the id of a project, or what stands for the account itself
   */
  CompiledPolicies in(String scope);
}
