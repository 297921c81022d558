package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Rotation;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes keys. */
public final class KeyCreation {
  private static final int FIRST = 1;
  private static final int NONE = 0;
  private static final String DEFAULT_NAME = "/default";

  /** Nobody can delete a default key, so that a project must not get any number of them. */
  static final int DEFAULT_KEYS_MAX = 100;

  private final Store store;
  private final Materials materials;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Events events;
  private final Rules rules;

  KeyCreation(
      Store store,
      Materials materials,
      Randomness randomness,
      InstantSource clock,
      Events events,
      Rules rules) {
    this.store = store;
    this.materials = materials;
    this.randomness = randomness;
    this.clock = clock;
    this.events = events;
    this.rules = rules;
  }

  /**
   * A key that is asked for.
   *
   * @param keystore the keystore to file it under, {@link Keystore#BUILT_IN} for the built-in one
   * @param realm the region it shall say it is in, null for the project's
   */
  public record Order(
      String name,
      String description,
      KeySpec spec,
      KeyUsage usage,
      Origin origin,
      String enterpriseProject,
      String keystore,
      @Nullable String realm) {}

  /**
   * Makes a key. One of origin kms is enabled at once; one of external origin waits for material.
   *
   * @throws KmsException if the name is taken, the quota reached or the keystore not usable
   */
  public Key create(Caller caller, Order order) {
    Key key = keyOf(caller, order, false);
    caller.mustBeAllowed(Action.CREATE_KEY, Subject.newKey(key));
    mustOffer(order);
    @Nullable KeyVersion version = order.origin() == Origin.KMS ? firstVersion(key) : null;
    Key created =
        Entitlement.confirmed(caller, () -> store.write(tx -> insert(tx, caller, key, version)));
    caller.touched(created);
    if (created.id().equals(key.id())) {
      caller.audit().markRecorded();
    }
    return created;
  }

  /**
   * The key of a cloud service, as a customer's first use of encryption in the cloud makes it: one
   * in each project, outside the quota, open to everyone in the project whose rights cover keys in
   * general (SECURITY_DESIGN L10). Made if it is not there.
   *
   * @param service such as {@code obs}
   * @throws KmsException with {@link Problem.TooManyDefaultKeys}
   * @see "contract/semantics.md section 7"
   */
  public Default createDefault(Caller caller, String service) {
    caller.mustBeAllowed(Action.CREATE_DEFAULT_KEY);
    Key key = defaultKeyOf(caller, service + DEFAULT_NAME);
    KeyVersion version = firstVersion(key);
    Key present =
        Entitlement.confirmed(
            caller, () -> store.write(tx -> insertDefault(tx, caller, key, version)));
    boolean made = present.id().equals(key.id());
    caller.touched(present);
    if (made) {
      caller.audit().markRecorded();
    }
    return new Default(present, made);
  }

  /**
   * A key of a cloud service.
   *
   * @param made whether it was not there before
   */
  public record Default(Key key, boolean made) {}

  private Key insertDefault(Writing tx, Caller caller, Key key, KeyVersion version) {
    Acquaintance.mustBeKeptOrStand(tx, caller, clock.instant());
    Replays.refuse(tx, caller);
    Optional<Key> present = tx.defaultKey(key.project(), key.name());
    if (present.isPresent()) {
      return present.get();
    }
    if (tx.defaultKeys(key.project()) >= DEFAULT_KEYS_MAX) {
      throw new KmsException(new Problem.TooManyDefaultKeys(DEFAULT_KEYS_MAX));
    }
    tx.insert(key);
    tx.insert(version);
    tx.append(events.changed(caller, key, Statuses.OK, tx.changes()));
    return key;
  }

  private void mustOffer(Order order) {
    KeySpec spec = order.spec();
    rules.mustOffer(spec);
    if (order.origin() == Origin.EXTERNAL && !Problem.Work.IMPORT.isFor(spec, order.usage())) {
      throw new KmsException(
          new Problem.OperationNotForKey(Problem.Work.IMPORT, spec, order.usage()));
    }
  }

  private Key insert(Writing tx, Caller caller, Key key, @Nullable KeyVersion version) {
    Acquaintance.mustBeKeptOrStand(tx, caller, clock.instant());
    Replays.refuse(tx, caller);
    mustTake(tx, key);
    Optional<Key> instead = insteadOf(tx, key);
    if (instead.isPresent()) {
      return instead.get();
    }
    mustHaveRoom(tx, key.project(), clock.instant(), rules);
    tx.insert(key);
    if (version != null) {
      tx.insert(version);
    }
    tx.append(events.changed(caller, key, Statuses.OK, tx.changes()));
    return key;
  }

  /**
   * Puts a key into a project where its name is free and there is room.
   *
   * @throws KmsException with {@link Problem.NameTaken} or {@link Problem.KeyQuotaReached}
   */
  void insertIfRoom(Writing tx, Key key) {
    if (insteadOf(tx, key).isPresent()) {
      throw new KmsException(new Problem.NameTaken());
    }
    mustHaveRoom(tx, key.project(), clock.instant(), rules);
    tx.insert(key);
  }

  /** Refuses a keystore that cannot take the key. */
  private static void mustTake(Writing tx, Key key) {
    if (key.isInBuiltInKeystore()) {
      return;
    }
    Keystore keystore =
        tx.keystore(key.project(), key.keystore())
            .orElseThrow(() -> new KmsException(new Problem.KeystoreNotFound()));
    if (!keystore.enabled()) {
      throw new KmsException(new Problem.KeystoreNotUsable());
    }
    if (key.origin() == Origin.EXTERNAL) {
      throw new KmsException(new Problem.NoImportIntoKeystore());
    }
  }

  /** Refuses a name that is taken; under one rule the key that has it is the answer. */
  private Optional<Key> insteadOf(Writing tx, Key key) {
    Rules.NameRule rule = rules.names();
    if (rule == Rules.NameRule.DUPLICATES) {
      return Optional.empty();
    }
    if (tx.nameTaken(key.project(), key.name())) {
      throw new KmsException(new Problem.NameTaken());
    }
    if (rule == Rules.NameRule.UNIQUE) {
      return Optional.empty();
    }
    Optional<Key> pending = tx.pendingDeletionNamed(key.project(), key.name(), clock.instant());
    if (pending.isPresent() && rule == Rules.NameRule.UNIQUE_WITH_PENDING) {
      throw new KmsException(new Problem.NameTaken());
    }
    return pending;
  }

  /**
   * Refuses one more key where there are as many as there may be.
   *
   * @throws KmsException with {@link Problem.KeyQuotaReached}
   */
  static void mustHaveRoom(Reading tx, String project, Instant now, Rules rules) {
    if (tx.customKeys(project, now) >= rules.keysPerProjectMax()) {
      throw new KmsException(new Problem.KeyQuotaReached(rules.keysPerProjectMax()));
    }
  }

  private Key defaultKeyOf(Caller caller, String name) {
    Order order =
        new Order(
            name,
            "",
            KeySpec.AES_256,
            KeyUsage.ENCRYPT_DECRYPT,
            Origin.KMS,
            "0",
            Keystore.BUILT_IN,
            null);
    return keyOf(caller, order, true);
  }

  private Key keyOf(Caller caller, Order order, boolean isDefault) {
    boolean external = order.origin() == Origin.EXTERNAL;
    return new Key(
        new KeyId(randomness.uuid().toString()),
        caller.principal().account(),
        caller.project(),
        order.name(),
        order.description(),
        order.spec(),
        order.usage(),
        order.origin(),
        external ? new KeyState.PendingImport() : new KeyState.Enabled(),
        Times.now(clock),
        order.realm() == null ? caller.region() : order.realm(),
        order.enterpriseProject(),
        order.keystore(),
        isDefault,
        external ? NONE : FIRST,
        Rotation.NONE,
        null,
        MultiRegion.NONE,
        1);
  }

  private KeyVersion firstVersion(Key key) {
    Materials.Made made = materials.make(key, FIRST);
    return new KeyVersion(
        key.id(),
        FIRST,
        randomness.uuid().toString(),
        made.wrapped(),
        made.projectKeyVersion(),
        new byte[0],
        false,
        key.createdAt(),
        null,
        1);
  }
}
