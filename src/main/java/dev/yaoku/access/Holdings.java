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

  /**
   * Puts together what counts in one place, where that takes long, before anything that must not
   * wait.
   *
   * @param scope as in {@link #in}
   * @throws dev.yaoku.key.NotInMemory if that was not done and this thread must not wait
   */
  default void prepare(String scope) {}
}
