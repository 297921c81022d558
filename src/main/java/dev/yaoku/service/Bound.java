package dev.yaoku.service;

import dev.yaoku.crypto.AssociatedData;
import dev.yaoku.crypto.Context;
import org.jspecify.annotations.Nullable;

/**
 * What a caller binds to a ciphertext and must say again to open it.
 *
 * @param additional additional authenticated data
 * @param context the older encryption context
 */
public record Bound(@Nullable String additional, @Nullable Context context) {
  private static final byte[] NOTHING = AssociatedData.encode(null, null);

  /** Whether there is any additional authenticated data. */
  boolean hasText() {
    return additional != null && !additional.isEmpty();
  }

  /** Whether there is any context. */
  boolean hasContext() {
    return switch (context) {
      case null -> false;
      case Context.Text(String text) -> !text.isEmpty();
      case Context.Members(var members) -> !members.isEmpty();
    };
  }

  /** Its canonical form. */
  byte[] encoded() {
    return additional == null && context == null
        ? NOTHING
        : AssociatedData.encode(additional, context);
  }
}
