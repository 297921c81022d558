package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.ImportPlace;
import dev.yaoku.seal.MaterialPlace;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes key material that was made elsewhere, and gives it up again. */
public final class Imports {
  private static final Duration TOKEN_LIFE = Duration.ofHours(24);
  private static final int TOKENS_PER_KEY_MAX = 100;
  private static final int OK = 200;

  private final Store store;
  private final Keys keys;
  private final KeyChanges changes;
  private final Materials materials;
  private final NewVersions versions;
  private final Unwrapping unwrapping;
  private final Engine engine;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Events events;

  Imports(
      Store store,
      Keys keys,
      KeyChanges changes,
      Materials materials,
      NewVersions versions,
      Engine engine,
      Randomness randomness,
      InstantSource clock,
      Events events) {
    this.store = store;
    this.keys = keys;
    this.changes = changes;
    this.materials = materials;
    this.versions = versions;
    this.unwrapping = new Unwrapping(engine);
    this.engine = engine;
    this.randomness = randomness;
    this.clock = clock;
    this.events = events;
  }

  /**
   * What material must be wrapped with.
   *
   * @param token goes with the material
   * @param publicKey SubjectPublicKeyInfo in DER
   * @param expiresAt when both are worthless
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Parameters(KeyId key, byte[] token, byte[] publicKey, Instant expiresAt) {}

  /**
   * Material on its way in.
   *
   * @param token as {@link Parameters} had it
   * @param wrapped the symmetric key, or the temporary key that wraps the private key
   * @param privateKey PKCS#8 under the temporary key (RFC 5649), null for symmetric keys
   * @param expiresAt when the material expires, null for never
   */
  @SuppressWarnings("ArrayRecordComponent") // on its way to one operation
  public record Parcel(
      byte[] token, byte[] wrapped, byte @Nullable [] privateKey, @Nullable Instant expiresAt) {}

  /**
   * A fresh pair and token for importing into a key. Earlier ones stay valid, up to a hundred.
   *
   * @param algorithm how the material will be wrapped
   */
  public Parameters parameters(
      Caller caller, KeyReference reference, EncryptionAlgorithm algorithm) {
    try (OpenKey open = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.GET_IMPORT_PARAMETERS, open.key());
      Key key = permitted.key();
      mustTakeMaterial(key);
      KeySpec pair =
          algorithm == EncryptionAlgorithm.SM2_ENCRYPT ? KeySpec.SM2 : KeySpec.RSA_2048;
      try (SecretBytes privateKey = engine.generate(pair);
          PrivateHalf half = engine.cryptography().privateHalf(pair, privateKey);
          Lease<ProjectKeys.Open> wrapping = materials.wrapping(key.project())) {
        ImportToken token = ImportToken.fresh(randomness);
        Rows.ImportToken row =
            row(key, token, algorithm, privateKey, wrapping.value());
        store.write(tx -> insert(tx, caller, key, row));
        caller.markRecorded();
        return new Parameters(
            key.id(), token.bytes(), half.publicHalf().encoded(), row.expiresAt());
      }
    }
  }

  private Rows.ImportToken row(
      Key key,
      ImportToken token,
      EncryptionAlgorithm algorithm,
      SecretBytes privateKey,
      ProjectKeys.Open wrapping) {
    Instant now = Times.now(clock);
    Instant end = now.plus(TOKEN_LIFE);
    ImportPlace place = new ImportPlace(key.id(), token.id(), algorithm.name(), end);
    return new Rows.ImportToken(
        token.sha256(),
        token.id(),
        key.account(),
        key.project(),
        key.id().text(),
        algorithm.name(),
        wrapping.key().wrapImportKey(place, privateKey),
        wrapping.key().version(),
        now,
        end);
  }

  private boolean insert(Writing tx, Caller caller, Key key, Rows.ImportToken row) {
    Replays.refuse(tx, caller);
    tx.insert(row, TOKENS_PER_KEY_MAX);
    tx.append(events.changed(caller, key, OK, tx.changes()));
    return true;
  }

  /**
   * Takes material in. A key that waits for its first material, or has lost what it had, is enabled
   * by it; a symmetric key that is enabled keeps it waiting for {@link Rotations#onDemand}.
   */
  public void take(Caller caller, KeyReference reference, Parcel parcel) {
    Key seen = permitted(caller, reference);
    mustTakeMaterial(seen);
    mustExpireLater(seen, parcel.expiresAt());
    Rows.ImportToken token = tokenFor(seen, parcel.token());
    try (SecretBytes material = opened(seen, token, parcel);
        Lease<ProjectKeys.Open> wrapping = materials.wrapping(seen.project())) {
      changes.change(
          caller,
          Action.IMPORT_MATERIAL,
          reference,
          OK,
          (tx, locked) -> {
            Key key = locked.at(clock.instant());
            mustTakeMaterial(key);
            return taken(tx, key, material, wrapping.value(), parcel.expiresAt());
          });
    }
  }

  private Key permitted(Caller caller, KeyReference reference) {
    try (OpenKey open = keys.open(caller, reference)) {
      return caller.mustBeAllowed(Action.IMPORT_MATERIAL, open.key()).key();
    }
  }

  private static void mustTakeMaterial(Key key) {
    key.mustBeCustom();
    mustBeExternal(key);
    if (!key.keystore().equals(Keys.BUILT_IN_KEYSTORE)) {
      throw new KmsException(new Problem.NoImportIntoKeystore());
    }
    switch (key.state()) {
      case KeyState.PendingImport _ -> {}
      case KeyState.Enabled _ when key.spec().suite().isPresent() -> {}
      case KeyState.Enabled _, KeyState.Disabled _ ->
          throw new KmsException(new Problem.NotPendingImport());
      case KeyState.PendingDeletion state ->
          throw new KmsException(new Problem.WrongState(Problem.Need.USABLE, state));
    }
  }

  private static void mustBeExternal(Key key) {
    if (key.origin() != Origin.EXTERNAL) {
      throw new KmsException(new Problem.NotExternal());
    }
  }

  private void mustExpireLater(Key key, @Nullable Instant expiresAt) {
    if (expiresAt == null) {
      return;
    }
    if (key.spec().isAsymmetric()) {
      throw new KmsException(
          new Problem.BadValue(
              Field.OTHER,
              "expiration_time",
              "The material of an asymmetric key cannot expire. Leave expiration_time out."));
    }
    if (!expiresAt.isAfter(clock.instant())) {
      throw new KmsException(
          new Problem.BadValue(
              Field.MATERIAL_EXPIRY,
              "expiration_time",
              "expiration_time must be in the future, in seconds since 1970."));
    }
  }

  private Rows.ImportToken tokenFor(Key key, byte[] bytes) {
    String sha256 = HexFormat.of().formatHex(Hashes.sha256(bytes));
    Rows.ImportToken token =
        store
            .read(tx -> tx.importToken(sha256))
            .filter(found -> found.project().equals(key.project()))
            .orElseThrow(() -> new KmsException(new Problem.BadImportToken()));
    if (!token.key().equals(key.id().text())) {
      throw new KmsException(new Problem.ImportTokenOfOtherKey());
    }
    if (!token.expiresAt().isAfter(clock.instant())) {
      throw new KmsException(new Problem.ImportTokenExpired());
    }
    return token;
  }

  private SecretBytes opened(Key key, Rows.ImportToken token, Parcel parcel) {
    ImportPlace place =
        new ImportPlace(key.id(), token.token(), token.algorithm(), token.expiresAt());
    EncryptionAlgorithm algorithm = EncryptionAlgorithm.valueOf(token.algorithm());
    try (Lease<ProjectKeys.Open> wrapping =
            materials.wrapping(key.project(), token.projectKeyVersion());
        SecretBytes privateKey =
            wrapping.value().key().unwrapImportKey(place, token.wrapped())) {
      return unwrapping.material(key.spec(), algorithm, privateKey, parcel);
    }
  }

  private Key taken(
      Writing tx,
      Key key,
      SecretBytes material,
      ProjectKeys.Open wrapping,
      @Nullable Instant expiresAt) {
    List<KeyVersion> before = tx.versions(key.id());
    byte[] fingerprint = wrapping.key().fingerprint(key.id(), material);
    KeyVersion same =
        before.stream()
            .filter(v -> Hashes.constantTimeEquals(v.fingerprint(), fingerprint))
            .findFirst()
            .orElse(null);
    if (same != null && same.isUsableAt(clock.instant())) {
      throw new KmsException(new Problem.OtherMaterial());
    }
    if (same != null && same.wasCurrent()) {
      return restored(tx, key, same, material, wrapping, expiresAt);
    }
    boolean first = before.stream().noneMatch(KeyVersion::wasCurrent);
    if (key.state() instanceof KeyState.PendingImport && !first) {
      throw new KmsException(new Problem.OtherMaterial());
    }
    return added(tx, key, before, first, material, wrapping, expiresAt);
  }

  /** Material that the key had comes back; with its last material the key can be used again. */
  private static Key restored(
      Writing tx,
      Key key,
      KeyVersion version,
      SecretBytes material,
      ProjectKeys.Open wrapping,
      @Nullable Instant expiresAt) {
    byte[] wrapped =
        wrapping
            .key()
            .wrapMaterial(MaterialPlace.of(key, version.number()), material);
    tx.update(version.with(wrapped, wrapping.key().version(), expiresAt));
    boolean last =
        tx.versions(key.id()).stream()
            .filter(KeyVersion::wasCurrent)
            .allMatch(other -> other.number() <= version.number());
    return last && !(key.state() instanceof KeyState.Enabled)
        ? tx.update(key.withMaterial(version.number(), expiresAt))
        : key;
  }

  private Key added(
      Writing tx,
      Key key,
      List<KeyVersion> before,
      boolean first,
      SecretBytes material,
      ProjectKeys.Open wrapping,
      @Nullable Instant expiresAt) {
    before.stream().filter(KeyVersion::waiting).forEach(tx::remove);
    int number = NewVersions.after(before.stream().filter(KeyVersion::wasCurrent).toList());
    tx.insert(
        versions.imported(
            key, number, wrapping, material, !first, Times.now(clock), expiresAt));
    return first ? tx.update(key.withMaterial(number, expiresAt)) : key;
  }

  /** Destroys a key's imported material at once. Only the same material can come back. */
  public void delete(Caller caller, KeyReference reference) {
    changes.reduce(
        caller,
        Action.DELETE_MATERIAL,
        reference,
        OK,
        (tx, locked) -> {
          Key key = locked.at(clock.instant());
          key.mustBeCustom();
          mustBeExternal(key);
          if (key.spec().isAsymmetric()) {
            throw new KmsException(new Problem.AsymmetricMaterialStays());
          }
          mustHaveMaterial(key);
          tx.versions(key.id()).forEach(version -> emptied(tx, version));
          return tx.update(key.withoutMaterial());
        });
  }

  private static void mustHaveMaterial(Key key) {
    boolean has =
        key.state() instanceof KeyState.Enabled || key.state() instanceof KeyState.Disabled;
    if (!has) {
      throw new KmsException(new Problem.MaterialNotDeletable());
    }
  }

  private static void emptied(Writing tx, KeyVersion version) {
    if (version.waiting()) {
      tx.remove(version);
    } else if (version.wrapped().length > 0) {
      tx.update(version.empty());
    }
  }
}
