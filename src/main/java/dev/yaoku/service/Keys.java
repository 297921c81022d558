package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.key.Alias;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Finds keys by what requests call them, and keeps the busy ones in memory. */
public final class Keys {
  /** The keystore that is no keystore: where keys are unless they are filed under one. */
  static final String BUILT_IN_KEYSTORE = "0";

  private final Store store;
  private final Materials materials;
  private final ProjectKeys projectKeys;
  private final InstantSource clock;
  private final Rules rules;
  private final SecretCache<KeyId, CachedKey> cache;
  private final SecretCache<AliasName, Named> aliases;

  Keys(
      Store store,
      Materials materials,
      ProjectKeys projectKeys,
      InstantSource clock,
      LongSupplier nanos,
      Rules rules) {
    this.store = store;
    this.materials = materials;
    this.projectKeys = projectKeys;
    this.clock = clock;
    this.rules = rules;
    this.cache =
        new SecretCache<>(
            rules.cachedKeysMax(),
            rules.cachedBytesMax(),
            rules.cachedFor(),
            nanos,
            CachedKey::weight);
    this.aliases =
        new SecretCache<>(rules.cachedKeysMax(), Long.MAX_VALUE, rules.cachedFor(), nanos, _ -> 1);
  }

  /**
   * The key that a name stands for, resolved once; the caller's permission is asked for next.
   *
   * @throws KmsException with {@link Problem.KeyNotFound} if there is none for this caller
   */
  OpenKey open(Caller caller, KeyReference reference) {
    return open(caller, idOf(caller, reference));
  }

  /** The key of this id. */
  OpenKey open(Caller caller, KeyId id) {
    if (!id.canExist()) {
      throw notFound();
    }
    Lease<CachedKey> lease = cache.borrow(id, this::load);
    caller.show(id, lease.value().grants());
    if (isOpenTo(caller, lease.value().key())) {
      return new OpenKey(lease, materials, clock.instant());
    }
    lease.close();
    throw notFound();
  }

  /**
   * The id that a name stands for.
   *
   * @throws KmsException with {@link Problem.KeyNotFound} if it stands for none
   */
  KeyId idOf(Caller caller, KeyReference reference) {
    return switch (reference) {
      case KeyReference.Id(KeyId id) -> id;
      case KeyReference.Alias(String name) -> named(caller, name);
      case KeyReference.Urn urn when !urn.region().equals(rules.region()) ->
          throw new KmsException(new Problem.MalformedKeyId());
      case KeyReference.Urn urn when urn.type().equals("KeyId") -> KeyId.parse(urn.name());
      case KeyReference.Urn urn when urn.account().equals(caller.principal().account()) ->
          named(caller, urn.name());
      case KeyReference.Urn _ -> throw notFound();
    };
  }

  /** An alias stands for a key of the caller's account and the path's project only. */
  private KeyId named(Caller caller, String name) {
    AliasName wanted = new AliasName(caller.principal().account(), name);
    try (Lease<Named> lease = aliases.borrow(wanted, this::load)) {
      Alias alias = lease.value().alias();
      if (!alias.project().equals(caller.project())) {
        throw notFound();
      }
      return alias.key();
    }
  }

  private Named load(AliasName wanted) {
    return store
        .read(tx -> tx.alias(wanted.account(), wanted.name()))
        .map(Named::new)
        .orElseThrow(Keys::notFound);
  }

  private record AliasName(String account, String name) {}

  /** An alias in memory; there is nothing secret about it. */
  private record Named(Alias alias) implements SecretCache.Kept {
    @Override
    public void close() {}
  }

  /** Forgets what an alias stood for. */
  void aliasChanged(String account, String name) {
    aliases.drop(new AliasName(account, name));
  }

  /**
   * Whether there is such a key as far as the caller is concerned. A key lives in its project, but
   * for those who have a grant on it, and is gone for everybody from the moment of its deletion
   * date.
   */
  boolean isOpenTo(Caller caller, Key key) {
    return (key.project().equals(caller.project()) || caller.hasGrantOn(key))
        && !key.isGoneAt(clock.instant());
  }

  /** The key as its users see it now. */
  Key asOfNow(Key key) {
    return key.asOf(clock.instant());
  }

  /** Forgets what is in memory of a key that was changed. */
  void changed(KeyId id) {
    cache.drop(id);
  }

  /** Forgets all keys in memory, because something that many of them depend on was changed. */
  public void changedAll() {
    cache.dropAll();
    aliases.dropAll();
  }

  /** Wipes what was in memory for too long. To be called every few seconds. */
  public void sweep() {
    cache.sweep();
    aliases.sweep();
    projectKeys.sweep();
  }

  /** How many keys are in memory. */
  public int inMemory() {
    return cache.size();
  }

  private CachedKey load(KeyId id) {
    return store.read(tx -> {
      Key key = tx.key(id).orElseThrow(Keys::notFound);
      return new CachedKey(key, tx.versions(id), tx.grantsOf(id), keystoreOf(tx, key));
    });
  }

  private static @Nullable Keystore keystoreOf(Reading tx, Key key) {
    return key.keystore().equals(BUILT_IN_KEYSTORE)
        ? null
        : tx.keystore(key.project(), key.keystore()).orElse(null);
  }

  static KmsException notFound() {
    return new KmsException(new Problem.KeyNotFound());
  }
}
