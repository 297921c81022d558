package dev.yaoku.access.policy;

import org.jspecify.annotations.Nullable;

/**
 * What the policies of a principal say to one request, and which statement said it.
 *
 * @param outcome the answer
 * @param by the statement that decided; null where none did
 */
public record Decision(Outcome outcome, @Nullable By by) {
  /** The answers. */
  public enum Outcome {
    /** A statement allows it and none denies it. */
    ALLOWED,
    /** A statement denies it. */
    DENIED,
    /** No statement of the policy that narrows the session allows it. */
    OUTSIDE_SESSION,
    /** No statement allows it. */
    NOT_ALLOWED
  }

  /**
   * A statement of a policy.
   *
   * @param policyId the policy's id
   * @param policyName the policy's name
   * @param number which statement, from 1
   * @param sid the statement's name; empty if it has none
   */
  public record By(String policyId, String policyName, int number, String sid) {}

  /** That no statement allows it. */
  public static final Decision NOT_ALLOWED = new Decision(Outcome.NOT_ALLOWED, null);

  /** That the session is too narrow. */
  public static final Decision OUTSIDE_SESSION = new Decision(Outcome.OUTSIDE_SESSION, null);

  /** Whether the request may be answered. */
  public boolean allowed() {
    return outcome == Outcome.ALLOWED;
  }

  /** Whether not even a grant allows it: something denies it, or the session is too narrow. */
  public boolean overridesGrants() {
    return outcome == Outcome.DENIED || outcome == Outcome.OUTSIDE_SESSION;
  }

  /** One sentence for a person who asks why. */
  public String sentence() {
    return switch (outcome) {
      case ALLOWED -> "Allowed by " + statement() + ".";
      case DENIED -> "Denied by " + statement() + ".";
      case OUTSIDE_SESSION -> "No statement of the session's policy allows it.";
      case NOT_ALLOWED -> "No statement allows it.";
    };
  }

  private String statement() {
    if (by == null) {
      return "no statement";
    }
    String sid = by.sid().isEmpty() ? "" : " (" + by.sid() + ")";
    return "statement " + by.number() + sid + " of policy " + by.policyName();
  }
}
