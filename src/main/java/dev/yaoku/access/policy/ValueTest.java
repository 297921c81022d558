package dev.yaoku.access.policy;

/** Compares a request's value with one of a policy. */
@FunctionalInterface
interface ValueTest {
  boolean passes(AskedValue asked, Work work);
}
