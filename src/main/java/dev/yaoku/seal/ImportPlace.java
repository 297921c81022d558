package dev.yaoku.seal;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.KeyId;
import dev.yaoku.seal.Wrap.Place;
import java.time.Instant;

/**
 * Where the private half of a wrapping key for imports belongs. Wrapped for one place it opens at
 * no other: not for another key, another token, another algorithm, nor with another end.
 *
 * @param token the id of the import token, 32 hexadecimal characters
 * @param expiresAt to the millisecond
 */
public record ImportPlace(
    KeyId key, String token, EncryptionAlgorithm algorithm, Instant expiresAt) {
  Place in(String project) {
    return new Place()
        .and(project)
        .and(key.text())
        .and(token)
        .and(algorithm.name())
        .and(expiresAt.toEpochMilli());
  }
}
