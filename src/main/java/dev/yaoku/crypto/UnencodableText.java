package dev.yaoku.crypto;

/** Text with an unpaired surrogate, which no encoding can carry. Says nothing of the text. */
public final class UnencodableText extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnencodableText() {
    super("the text has an unpaired surrogate", null, false, false);
  }
}
