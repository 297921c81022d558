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

  /** Its canonical form. */
  byte[] encoded() {
    return additional == null && context == null
        ? NOTHING
        : AssociatedData.encode(additional, context);
  }
}
