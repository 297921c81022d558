package dev.yaoku.service;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.seal.MaterialPlace;
import dev.yaoku.secret.SecretBytes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes further versions of symmetric keys. */
final class NewVersions {
  private static final byte[] NO_FINGERPRINT = {};

  private final Randomness randomness;

  NewVersions(Randomness randomness) {
    this.randomness = randomness;
  }

  /** The number of the version after these. */
  static int after(List<KeyVersion> versions) {
    return versions.stream().mapToInt(KeyVersion::number).max().orElse(0) + 1;
  }

  /** A version with fresh material. */
  KeyVersion made(Key key, int number, ProjectKeys.Open wrapping, Instant now) {
    try (SecretBytes material = randomness.secret(key.spec().rawBytes())) {
      return of(key, number, wrapping, material, NO_FINGERPRINT, false, now, null);
    }
  }

  /** A version with material from elsewhere. */
  KeyVersion imported(
      Key key,
      int number,
      ProjectKeys.Open wrapping,
      SecretBytes material,
      boolean waiting,
      Instant now,
      @Nullable Instant expiresAt) {
    byte[] fingerprint = wrapping.key().fingerprint(key.id(), material);
    return of(key, number, wrapping, material, fingerprint, waiting, now, expiresAt);
  }

  private KeyVersion of(
      Key key,
      int number,
      ProjectKeys.Open wrapping,
      SecretBytes material,
      byte[] fingerprint,
      boolean waiting,
      Instant now,
      @Nullable Instant expiresAt) {
    return new KeyVersion(
        key.id(),
        number,
        randomness.uuid().toString(),
        wrapping.key().wrapMaterial(MaterialPlace.of(key, number), material),
        wrapping.key().version(),
        fingerprint,
        waiting,
        now,
        expiresAt,
        1);
  }
}
