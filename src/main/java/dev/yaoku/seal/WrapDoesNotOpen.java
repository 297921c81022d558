package dev.yaoku.seal;

import dev.yaoku.crypto.DoesNotOpen;

/**
 * A key or record that this server wrapped does not open: the row was moved or damaged, or the key
 * above it is not the one that wrapped it. Nothing was changed.
 */
public final class WrapDoesNotOpen extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final DoesNotOpen.Reason reason;

  WrapDoesNotOpen(Wrap wrap, DoesNotOpen cause) {
    super(sentence(wrap, cause.reason()), cause);
    this.reason = cause.reason();
  }

  private static String sentence(Wrap wrap, DoesNotOpen.Reason reason) {
    return "The stored "
        + wrap.secret()
        + " does not open: "
        + switch (reason) {
          case FORM -> "it is not of the form at all.";
          case COMMITMENT -> "it was wrapped by another key, for another place, or is damaged.";
          case TAG -> "key and place are right, but it is damaged.";
        };
  }

  /** What failed, for the log. */
  public DoesNotOpen.Reason reason() {
    return reason;
  }
}
