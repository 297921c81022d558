package dev.yaoku.access.policy;

/**
 * How much one decision compares. Tenants write what is compared, callers say what with, and
 * decisions are made on event loops and in the store's writer; so there is an end to it. Beyond it
 * a statement that denies counts as one that applies and one that allows as one that does not. For
 * one thread.
 */
final class Work {
  /** So much takes some tenths of a millisecond. */
  static final int STEPS_MAX = 65_536;

  private final int stepsMax;
  private long steps;

  /** Of a decision. */
  Work() {
    this(STEPS_MAX);
  }

  /** Of so many steps. */
  Work(int stepsMax) {
    this.stepsMax = stepsMax;
  }

  /** Work that nobody waits for. */
  static Work unlimited() {
    return new Work(Integer.MAX_VALUE);
  }

  /** Notes so many steps. */
  void spend(int more) {
    steps += more;
  }

  /** Whether no more should be compared. */
  boolean isSpent() {
    return steps >= stepsMax;
  }

  /** How many steps were made. */
  long steps() {
    return steps;
  }
}
