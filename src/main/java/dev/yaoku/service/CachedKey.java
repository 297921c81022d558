package dev.yaoku.service;

import dev.yaoku.key.Grant;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.Tag;
import dev.yaoku.store.KeyFilter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A key as one snapshot of the store shows it, with what is needed to use it. Material is opened
 * when it is first asked for.
 */
final class CachedKey implements SecretCache.Kept {
  /** What a key takes in memory, very roughly, without and with each version and grant. */
  private static final int GRANT_BYTES = 512;

  private static final int LABEL_BYTES = 256;

  private static final int KEY_BYTES = 1_024;

  private static final int VERSION_BYTES = 1_536;
  private static final int PAIR_BYTES = 8_192;

  private final Key key;
  private final List<KeyVersion> versions;
  private final List<Grant> grants;
  private final List<Tag> tags;
  private final List<String> aliases;
  private final @Nullable Keystore keystore;
  private final Set<KeyId> members;
  private final ConcurrentMap<Integer, OpenMaterial> opened = new ConcurrentHashMap<>(2);

  CachedKey(
      KeyFilter.TaggedKey tagged,
      List<KeyVersion> versions,
      List<Grant> grants,
      List<String> aliases,
      @Nullable Keystore keystore,
      Set<KeyId> members) {
    this.key = tagged.key();
    this.tags = List.copyOf(tagged.tags());
    this.aliases = List.copyOf(aliases);
    this.grants = List.copyOf(grants);
    this.versions = versions;
    this.members = members;
    this.keystore = keystore;
  }

  Key key() {
    return key;
  }

  List<Grant> grants() {
    return grants;
  }

  /** All members of its multi-region set, purged ones too; empty for a key that is alone. */
  Set<KeyId> members() {
    return members;
  }

  List<Tag> tags() {
    return tags;
  }

  /** The names of its aliases, without the prefix. */
  List<String> aliases() {
    return aliases;
  }

  @Nullable Keystore keystore() {
    return keystore;
  }

  /** The versions of its material, oldest first. */
  List<KeyVersion> versions() {
    return versions;
  }

  /** A version that encrypts or once did, whether or not its material is here; null if none. */
  @Nullable KeyVersion version(int number) {
    KeyVersion version = numbered(number);
    return version == null || version.waiting() ? null : version;
  }

  /** They are numbered without gaps, unless the first ones were removed. */
  private @Nullable KeyVersion numbered(int number) {
    int expected = number - 1;
    if (expected >= 0 && expected < versions.size() && versions.get(expected).number() == number) {
      return versions.get(expected);
    }
    for (KeyVersion version : versions) {
      if (version.number() == number) {
        return version;
      }
    }
    return null;
  }

  /** The opened material of a version, or null if the key has no such material. */
  @Nullable OpenMaterial material(int number, Materials materials) {
    OpenMaterial open = opened.get(number);
    if (open != null) {
      return open;
    }
    KeyVersion version = version(number);
    return version == null || version.wrapped().length == 0
        ? null
        : opened.computeIfAbsent(number, _ -> materials.open(key, version));
  }

  long weight() {
    long each = key.spec().isAsymmetric() ? PAIR_BYTES : VERSION_BYTES;
    long labels = (long) LABEL_BYTES * (tags.size() + aliases.size());
    return KEY_BYTES + each * versions.size() + (long) GRANT_BYTES * grants.size() + labels;
  }

  @Override
  public void close() {
    opened.values().forEach(OpenMaterial::close);
  }
}
