package dev.yaoku.service;

import dev.yaoku.access.SigningKey;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import org.jspecify.annotations.Nullable;

/**
 * A secret that belongs to no access key. Where a request names an access key that is not there,
 * this secret is opened in place of one, so that the answer takes as much work as for an access key
 * that is there, and nobody can tell the two apart by time. Nobody knows the secret; if somebody
 * did, a signature made with it would fit, but the request would be refused all the same.
 */
final class Decoy {
  private static final int SECRET_BYTES = 40;

  /** The name of no account, user or access key. */
  static final String NOBODY = "-";

  private final Hierarchy hierarchy;
  private volatile @Nullable Wrapped wrapped;

  Decoy(Hierarchy hierarchy) {
    this.hierarchy = hierarchy;
  }

  /** As much work as to open the secret of an access key. */
  SigningKey open() {
    Wrapped once = wrapped;
    if (once == null) {
      once = wrap();
      wrapped = once;
    }
    return SigningKey.of(
        hierarchy.unwrapSecretAccessKey(NOBODY, NOBODY, NOBODY, Identities.PERMANENT, once));
  }

  private Wrapped wrap() {
    try (SecretBytes nobodys = hierarchy.randomSecret(SECRET_BYTES)) {
      return hierarchy.wrapSecretAccessKey(NOBODY, NOBODY, NOBODY, Identities.PERMANENT, nobodys);
    }
  }
}
