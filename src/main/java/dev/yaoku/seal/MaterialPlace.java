package dev.yaoku.seal;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.Origin;
import dev.yaoku.seal.Wrap.Place;
import java.util.Locale;

/**
 * Where key material belongs. Material wrapped for one place opens at no other.
 *
 * @param version the version of the key's material, from 1
 * @param set id shared by the members of a multi-region set, or empty
 */
public record MaterialPlace(
    KeyId key, int version, KeySpec spec, KeyUsage usage, Origin origin, String set) {

  /** The place of one version of a key. */
  public static MaterialPlace of(Key key, int version) {
    return new MaterialPlace(key.id(), version, key.spec(), key.usage(), key.origin(), key.set());
  }

  Place in(String project, int projectKeyVersion) {
    return new Place()
        .and(project)
        .and(key.text())
        .and(version)
        .and(spec.name())
        .and(usage.name())
        .and(origin.name().toLowerCase(Locale.ROOT))
        .and(set)
        .and(projectKeyVersion);
  }
}
