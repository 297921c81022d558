package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Field;
import dev.yaoku.key.ImportRules;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NoImport;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Key material that customers bring, and take away again.
 *
 * @see "contract/semantics.md, section 8; contract/operations-new.md, Import while enabled"
 */
public final class Imports {
  private final Store store;
  private final Keys keys;
  private final KeyChanges changes;
  private final Materials materials;
  private final Followers followers;
  private final Engine engine;
  private final Received received;
  private final ImportTokens tokens;
  private final ImportAttempts attempts;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Rules rules;

  Imports(
      Store store,
      Keys keys,
      KeyChanges changes,
      Materials materials,
      Followers followers,
      Engine engine,
      Randomness randomness,
      Events events,
      InstantSource clock,
      Rules rules) {
    this.store = store;
    this.keys = keys;
    this.changes = changes;
    this.materials = materials;
    this.followers = followers;
    this.engine = engine;
    this.received = new Received(engine, randomness);
    this.tokens = new ImportTokens(randomness);
    this.attempts = new ImportAttempts(store, events);
    this.randomness = randomness;
    this.clock = clock;
    this.rules = rules;
  }

  /**
   * What an importer needs.
   *
   * @param publicKey SubjectPublicKeyInfo in DER
   * @param expiresAt when the token ends
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Parameters(KeyId key, String token, byte[] publicKey, Instant expiresAt) {}

  /** Makes a wrapping key, and a token that stands for it. */
  public Parameters parameters(
      Caller caller, KeyReference reference, EncryptionAlgorithm algorithm) {
    Key key = permitted(caller, Action.GET_IMPORT_PARAMETERS, reference);
    Instant now = Times.now(clock);
    KeySpec spec = Received.wrappingSpec(algorithm);
    rules.mustOffer(spec);
    // Before a key pair is made for nothing, and once more with the row.
    store.read(tx -> {
      ImportTokens.mustHaveRoom(tx, key, now);
      return true;
    });
    try (Intake intake = materials.intake(key.project());
        SecretBytes wrappingKey = engine.generate(key.project(), spec);
        PrivateHalf half = engine.cryptography().privateHalf(spec, wrappingKey)) {
      ImportTokens.Made made = tokens.make(intake, key, algorithm, wrappingKey, now);
      changes.change(
          new Asked(
              caller, Action.GET_IMPORT_PARAMETERS, new KeyReference.Id(key.id()), Statuses.OK),
          (tx, locked) -> {
            ImportRules.mustTakeMaterial(locked.asOf(now));
            ImportTokens.mustHaveRoom(tx, locked, now);
            tx.insert(made.row());
            return locked;
          });
      return new Parameters(
          key.id(), made.text(), half.publicHalf().encoded(), made.row().expiresAt());
    }
  }

  /** Looks before anything slow is done; the transaction looks again. */
  private Key permitted(Caller caller, Action action, KeyReference reference) {
    try (OpenKey open = keys.open(caller, reference)) {
      Key key = caller.mustBeAllowed(action, open.key()).key();
      ImportRules.mustTakeMaterial(key);
      return key;
    }
  }

  /**
   * What an importer sends.
   *
   * @param encrypted the material, or the temporary key that wraps the private key
   * @param privateKey the wrapped private key of an asymmetric key, null if none was sent, empty if
   *     what was sent is no such thing; other keys ignore it
   * @param expiresAt when the material shall expire, null for never
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Delivery(
      String token, byte[] encrypted, byte @Nullable [] privateKey, @Nullable Instant expiresAt) {}

  /**
   * Takes material. A key that waits for material becomes usable; for an enabled key it waits to be
   * rotated to. A delivery that is complete and comes with a good token is one of the token's
   * attempts, whatever becomes of it.
   *
   * @throws KmsException with {@link Problem.NotImported}
   */
  public void take(Caller caller, KeyReference reference, Delivery delivery) {
    Key key = permitted(caller, Action.IMPORT_MATERIAL, reference);
    Instant now = Times.now(clock);
    // Like permitted: what is refused here waits for no turn to write, and is no attempt.
    store.read(tx -> ImportTokens.find(tx, key, delivery.token(), now));
    mustBeComplete(key, delivery, now);
    Rows.ImportToken token = attempts.begin(caller, key, delivery.token(), now);
    try {
      take(caller, key, token, delivery, now);
    } catch (KmsException e) {
      attempts.failed(key, token);
      throw e;
    }
  }

  private static void mustBeComplete(Key key, Delivery delivery, Instant now) {
    Instant expiry = delivery.expiresAt();
    boolean asymmetric = key.spec().isAsymmetric();
    if (asymmetric && expiry != null) {
      throw new KmsException(
          new Problem.BadValue(
              Field.OTHER, "expiration_time", "Asymmetric key material does not expire."));
    }
    if (expiry != null && !expiry.isAfter(now)) {
      throw ImportTokens.refuse(NoImport.EXPIRY_IS_PAST);
    }
    byte[] privateKey = delivery.privateKey();
    if (asymmetric && (privateKey == null || privateKey.length == 0)) {
      throw ImportTokens.refuse(
          privateKey == null ? NoImport.PRIVATE_KEY_MISSING : NoImport.PRIVATE_KEY_BAD);
    }
  }

  private void take(
      Caller caller, Key key, Rows.ImportToken token, Delivery delivery, Instant now) {
    try (Intake intake = materials.intake(key.project());
        SecretBytes wrappingKey =
            intake.openImportKey(
                ImportTokens.placeOf(token), token.projectKeyVersion(), token.wrapped());
        SecretBytes material =
            received.open(
                key.spec(),
                token.algorithm(),
                wrappingKey,
                delivery.encrypted(),
                delivery.privateKey())) {
      changes.change(
          new Asked(caller, Action.IMPORT_MATERIAL, new KeyReference.Id(key.id()), Statuses.OK),
          (tx, locked) -> {
            ImportRules.mustTakeMaterial(locked.asOf(now));
            if (!tx.removeImportToken(token.id())) {
              throw ImportTokens.refuse(NoImport.BAD_TOKEN);
            }
            return followers.lead(
                tx, place(tx, locked, intake, material, delivery.expiresAt(), now));
          });
    }
  }

  /**
   * Puts material where it belongs: back into its version, into the first, or into the next. What
   * waited until it expired is no version of the key any more, and does not come back.
   */
  private Key place(
      Writing tx,
      Key key,
      Intake intake,
      SecretBytes material,
      @Nullable Instant expiresAt,
      Instant now) {
    byte[] fingerprint = intake.fingerprint(key.id(), material);
    List<KeyVersion> versions = tx.versions(key.id());
    List<KeyVersion> known = versions.stream().filter(v -> !v.waiting()).toList();
    List<KeyVersion> standing =
        versions.stream().filter(v -> !(v.waiting() && v.isExpiredAt(now))).toList();
    Optional<KeyVersion> same =
        standing.stream()
            .filter(version -> Hashes.constantTimeEquals(version.fingerprint(), fingerprint))
            .findFirst()
            .or(() -> followers.known(tx, key, standing, material));
    if (same.isPresent()) {
      KeyVersion recognised = same.get().recognisedBy(fingerprint);
      return bringBack(tx, key, intake, material, recognised, known, expiresAt, now);
    }
    boolean pending = isPending(key, now);
    if (pending && !known.isEmpty()) {
      throw ImportTokens.refuse(NoImport.DIFFERS);
    }
    versions.stream().filter(KeyVersion::waiting).forEach(tx::remove);
    int number = known.isEmpty() ? 1 : known.getLast().number() + 1;
    Materials.Made made = intake.wrap(key, number, material);
    tx.insert(
        new KeyVersion(
            key.id(),
            number,
            randomness.uuid().toString(),
            made.wrapped(),
            made.projectKeyVersion(),
            fingerprint,
            !pending,
            now,
            expiresAt,
            1));
    return pending ? tx.update(key.withMaterial(number, expiresAt)) : key;
  }

  private static boolean isPending(Key key, Instant now) {
    return key.asOf(now).state() instanceof KeyState.PendingImport;
  }

  private static Key bringBack(
      Writing tx,
      Key key,
      Intake intake,
      SecretBytes material,
      KeyVersion version,
      List<KeyVersion> known,
      @Nullable Instant expiresAt,
      Instant now) {
    boolean pending = isPending(key, now);
    // Older versions may come back too; the key is whole only with the one that encrypts. A key can
    // have lost sight of that one while it is there.
    boolean current = !version.waiting() && version.number() == known.getLast().number();
    boolean missed = !version.isHereAt(now) || (pending && current);
    if (!missed || (pending && version.waiting())) {
      throw ImportTokens.refuse(NoImport.DIFFERS);
    }
    Materials.Made made = intake.wrap(key, version.number(), material);
    tx.update(version.filled(made.wrapped(), made.projectKeyVersion(), expiresAt));
    return current ? tx.update(key.asOf(now).withMaterial(version.number(), expiresAt)) : key;
  }

  /**
   * Destroys all imported material of a key, which stays and can take the same material again.
   *
   * @throws KmsException with {@link Problem.NotImported} if it cannot be deleted
   */
  public Key delete(Caller caller, KeyReference reference) {
    return changes.reduce(
        new Asked(caller, Action.DELETE_MATERIAL, reference, Statuses.OK),
        (tx, key) -> {
          ImportRules.mustGiveUpMaterial(keys.asOfNow(key));
          for (KeyVersion version : tx.versions(key.id())) {
            if (version.waiting()) {
              tx.remove(version);
            } else if (version.wrapped().length > 0) {
              tx.update(version.emptied());
            }
          }
          return followers.lead(tx, tx.update(key.withoutMaterial()));
        });
  }
}
