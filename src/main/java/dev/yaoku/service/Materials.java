package dev.yaoku.service;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.crypto.Suite;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.MaterialPlace;
import dev.yaoku.seal.WrapDoesNotOpen;
import dev.yaoku.secret.SecretBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, wraps and opens key material. The only code of this room that does; whoever wants to use
 * material goes through {@link OpenKey}, which asks for a permitted key (SECURITY_DESIGN H12).
 */
final class Materials {
  private static final Logger LOG = LoggerFactory.getLogger(Materials.class);

  private final ProjectKeys projectKeys;
  private final Randomness randomness;

  Materials(ProjectKeys projectKeys, Randomness randomness) {
    this.projectKeys = projectKeys;
    this.randomness = randomness;
  }

  /**
   * Material that was made and wrapped, not yet stored.
   *
   * @param wrapped wrap 4
   */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes on their way to a row
  record Made(byte[] wrapped, int projectKeyVersion) {}

  /** Makes fresh material for a version of a key. */
  Made make(Key key, int version) {
    try (Lease<ProjectKeys.Open> projectKey = projectKeys.newest(key.project());
        SecretBytes material = randomness.secret(suiteOf(key.spec()).keyBytes())) {
      return new Made(
          projectKey.value().key().wrapMaterial(MaterialPlace.of(key, version), material),
          projectKey.value().key().version());
    }
  }

  /**
   * Opens the material of a version.
   *
   * @throws KmsException with {@link Problem.RowNotGenuine} if it was moved or damaged
   */
  SealingKey open(Key key, KeyVersion version) {
    try (Lease<ProjectKeys.Open> projectKey =
            projectKeys.version(key.project(), version.projectKeyVersion());
        SecretBytes material =
            projectKey
                .value()
                .key()
                .unwrapMaterial(MaterialPlace.of(key, version.number()), version.wrapped())) {
      return SealingKey.of(material, suiteOf(key.spec()), randomness);
    } catch (WrapDoesNotOpen e) {
      LOG.error("The material of key {} version {} is unusable", key.id(), version.number(), e);
      throw new KmsException(
          new Problem.RowNotGenuine("key_versions", key.id() + "/" + version.number()));
    }
  }

  private static Suite suiteOf(KeySpec spec) {
    return spec.suite()
        .orElseThrow(() -> new IllegalStateException(spec + " keys are not of a suite"));
  }
}
