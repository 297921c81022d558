package dev.yaoku.key;

/**
 * Carries a refusal from where it is found to the edge, where it is audited, translated and sent.
 */
public final class KmsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /** A refusal. Expected, so no stack trace is taken. */
  public KmsException(Problem problem) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
  }

  /** Why the request is refused. */
  public Problem problem() {
    return problem;
  }
}
