package dev.yaoku.crypto;

/**
 * A sealed text that does not open: damaged, of another key, place or context. Whoever sent it is
 * told that and no more; the reason is for the log.
 */
public final class DoesNotOpen extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why it does not open. */
  public enum Reason {
    /** It is not of the form at all, or of another kind than expected. */
    FORM,
    /** Made with another key, nonce, head or associated data. */
    COMMITMENT,
    /** Key and associated data are right; what they protect was changed. */
    TAG
  }

  /** A refusal without a stack trace: it is an answer, not a fault, and can come often. */
  public DoesNotOpen(Reason reason) {
    super("does not open", null, false, false);
    this.reason = reason;
  }

  /** Why, for the log only. */
  public Reason reason() {
    return reason;
  }
}
