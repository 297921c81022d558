package dev.yaoku.seal;

import dev.yaoku.key.KeyId;
import dev.yaoku.seal.Wrap.Place;
import java.time.Instant;

/**
 * Where the private key of an import belongs.
 *
 * @param token the token's public id
 * @param algorithm how material is wrapped for it
 * @param expiresAt when the token's time is over
 */
public record ImportPlace(KeyId key, String token, String algorithm, Instant expiresAt) {
  Place in(String project) {
    return new Place()
        .and(project)
        .and(key.text())
        .and(token)
        .and(algorithm)
        .and(expiresAt.toEpochMilli());
  }
}
