package dev.yaoku.service;

import dev.yaoku.crypto.BadKey;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.seal.MaterialPlace;
import dev.yaoku.seal.WrapDoesNotOpen;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Reading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, wraps and opens key material. The only code of this room that does; whoever wants to use
 * material goes through {@link OpenKey}, which asks for a permitted key (SECURITY_DESIGN H12).
 */
final class Materials {
  private static final Logger LOG = LoggerFactory.getLogger(Materials.class);

  private final ProjectKeys projectKeys;
  private final Engine engine;
  private final Randomness randomness;

  Materials(ProjectKeys projectKeys, Engine engine, Randomness randomness) {
    this.projectKeys = projectKeys;
    this.engine = engine;
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
    try (SecretBytes material = engine.generate(key.project(), key.spec())) {
      return wrap(key, version, material);
    }
  }

  /**
   * Wraps material for a version of a key.
   *
   * @param material raw bytes, PKCS#8 or a seed, as {@link Engine#generate} makes it; it stays the
   *     caller's
   */
  Made wrap(Key key, int version, SecretBytes material) {
    try (Lease<ProjectKeys.Open> projectKey = projectKeys.newest(key.project())) {
      return new Made(
          projectKey.value().key().wrapMaterial(MaterialPlace.of(key, version), material),
          projectKey.value().key().version());
    }
  }

  /**
   * Lends the project's newest key for material that is made or brought in the course of a
   * transaction.
   */
  Intake intake(String project) {
    return new Intake(projectKeys, projectKeys.newest(project), engine);
  }

  /** The same in the middle of a transaction. */
  Intake intake(Reading tx, String project) {
    return new Intake(projectKeys, projectKeys.newest(tx, project), engine);
  }

  /**
   * Lends the material of a version, in a transaction, to be wrapped for another member of the
   * key's multi-region set. The caller closes it.
   *
   * @throws KmsException with {@link Problem.RowNotGenuine} if it was moved or damaged
   */
  SecretBytes forMember(Reading tx, Key key, KeyVersion version) {
    try (Lease<ProjectKeys.Open> projectKey =
        projectKeys.version(tx, key.project(), version.projectKeyVersion())) {
      return unwrap(projectKey, key, version);
    } catch (WrapDoesNotOpen e) {
      throw unusable(key, version, e);
    }
  }

  /**
   * Opens the material of a version.
   *
   * @throws KmsException with {@link Problem.RowNotGenuine} if it was moved or damaged
   */
  OpenMaterial open(Key key, KeyVersion version) {
    try (Lease<ProjectKeys.Open> projectKey =
            projectKeys.version(key.project(), version.projectKeyVersion());
        SecretBytes material = unwrap(projectKey, key, version)) {
      return ready(key, version, material);
    } catch (WrapDoesNotOpen | BadKey e) {
      throw unusable(key, version, e);
    }
  }

  private static SecretBytes unwrap(
      Lease<ProjectKeys.Open> projectKey, Key key, KeyVersion version) {
    return projectKey
        .value()
        .key()
        .unwrapMaterial(MaterialPlace.of(key, version.number()), version.wrapped());
  }

  private static KmsException unusable(Key key, KeyVersion version, Exception why) {
    LOG.error("The material of key {} version {} is unusable", key.id(), version.number(), why);
    return new KmsException(
        new Problem.RowNotGenuine("key_versions", key.id() + "/" + version.number()));
  }

  private OpenMaterial ready(Key key, KeyVersion version, SecretBytes material) {
    KeySpec spec = key.spec();
    if (spec.isAsymmetric()) {
      Waiting.mustBeAllowed(); // reading a pair takes up to a millisecond
    }
    engine.mustWork(spec);
    if (spec.suite().isPresent()) {
      return new OpenMaterial.Sealing(
          SealingKey.of(material, spec.suite().orElseThrow(), randomness));
    }
    return spec.isAsymmetric()
        ? new OpenMaterial.Pair(
            key.id(), spec, version.materialId(), engine.cryptography().privateHalf(spec, material))
        : new OpenMaterial.Mac(engine.cryptography().macKey(spec, material));
  }
}
