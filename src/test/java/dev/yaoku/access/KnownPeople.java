package dev.yaoku.access;

import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A directory in memory. */
final class KnownPeople implements Directory {
  static final Principal ALICE =
      new Principal("acc", "account", "u1", "alice", true, "AK", false, null);

  private final Map<String, KnownKey> keys = new HashMap<>();
  private final Map<String, KnownToken> tokens = new HashMap<>();
  private final Map<String, KnownProject> projects = new HashMap<>();
  int lookUps;

  KnownPeople key(String id, String secret, @Nullable String securityToken) {
    keys.put(
        id,
        new KnownKey(
            ALICE,
            signingKey(secret),
            securityToken == null ? null : TokenText.sha256(securityToken),
            Instant.MAX,
            new Standing()));
    return this;
  }

  KnownPeople token(String token, KnownToken known) {
    tokens.put(TokenText.sha256(token), known);
    return this;
  }

  KnownPeople project(String id, String account, boolean enabled) {
    projects.put(id, new KnownProject(id, account, "cn-north-4", "cn-north-4", enabled));
    return this;
  }

  /** Drops the key while somebody may hold it, as a change in the store does. */
  void drop(String id) {
    KnownKey gone = keys.remove(id);
    if (gone != null) {
      gone.key().close();
    }
  }

  /** A key that others keep changing: whatever is found of it was dropped again. */
  void dropEachTime(String id) {
    KnownKey changing = keys.get(id);
    if (changing != null) {
      changing.key().close();
    }
  }

  void revoke(String token) {
    tokens.remove(TokenText.sha256(token));
  }

  static SigningKey signingKey(String secret) {
    return SigningKey.of(SecretBytes.take(secret.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Optional<KnownKey> accessKey(String id) {
    lookUps++;
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public Optional<KnownToken> token(String sha256) {
    lookUps++;
    return Optional.ofNullable(tokens.get(sha256));
  }

  @Override
  public Optional<KnownProject> project(String id) {
    return Optional.ofNullable(projects.get(id));
  }
}
