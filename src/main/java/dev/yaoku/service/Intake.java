package dev.yaoku.service;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.seal.ImportPlace;
import dev.yaoku.seal.MaterialPlace;
import dev.yaoku.seal.ProjectKey;
import dev.yaoku.secret.SecretBytes;

/**
 * A project's newest key, borrowed for as long as new material comes in. Nothing here reads the
 * store, so all of it can be called in a transaction.
 */
final class Intake implements AutoCloseable {
  private final ProjectKeys projectKeys;
  private final String project;
  private final Engine engine;
  private final Lease<ProjectKeys.Open> lease;

  /**
   * Borrows.
   *
   * @param newest the project's newest key
   */
  Intake(ProjectKeys projectKeys, Lease<ProjectKeys.Open> newest, Engine engine) {
    this.projectKeys = projectKeys;
    this.project = newest.value().key().project();
    this.engine = engine;
    this.lease = newest;
  }

  private ProjectKey projectKey() {
    return lease.value().key();
  }

  /** The version of the project's key that wraps here. */
  int projectKeyVersion() {
    return projectKey().version();
  }

  /** Makes material for a version of a key. */
  Materials.Made make(Key key, int version) {
    try (SecretBytes material = engine.generate(key.project(), key.spec())) {
      return wrap(key, version, material);
    }
  }

  /** Wraps material for a version of a key. */
  Materials.Made wrap(Key key, int version, SecretBytes material) {
    if (!key.project().equals(project)) {
      throw new IllegalStateException("material of another project's key");
    }
    byte[] wrapped = projectKey().wrapMaterial(MaterialPlace.of(key, version), material);
    return new Materials.Made(wrapped, projectKeyVersion());
  }

  /** What recognises the material when it comes again. */
  byte[] fingerprint(KeyId key, SecretBytes material) {
    return projectKey().fingerprint(key, material);
  }

  /** Wraps the private half of a wrapping key. */
  byte[] wrapImportKey(ImportPlace place, SecretBytes privateHalf) {
    return projectKey().wrapImportKey(place, privateHalf);
  }

  /**
   * Opens the private half of a wrapping key. Reads the store if an older project key wrapped it.
   */
  SecretBytes openImportKey(ImportPlace place, int projectKeyVersion, byte[] wrapped) {
    try (Lease<ProjectKeys.Open> wrapping = projectKeys.version(project, projectKeyVersion)) {
      return wrapping.value().key().unwrapImportKey(place, wrapped);
    }
  }

  @Override
  public void close() {
    lease.close();
  }
}
