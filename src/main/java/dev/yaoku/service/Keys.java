package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Remembered;
import dev.yaoku.key.Alias;
import dev.yaoku.key.Grant;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.SetMember;
import dev.yaoku.store.Elsewhere;
import dev.yaoku.store.KeyFilter;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds keys by what requests call them, and keeps the busy ones in memory. */
public final class Keys {
  private static final int ABSENT_MAX = 10_000;
  private static final Duration READ_AGAIN_AFTER = Duration.ofMillis(100);

  private final Store store;
  private final Materials materials;
  private final ProjectKeys projectKeys;
  private final InstantSource clock;
  private final SecretCache<KeyId, CachedKey> cache;
  private final SecretCache<AliasName, Named> aliases;
  private final SecretCache<MakerName, Home> homes;

  /**
   * Ids that no key has, and when that was found out. The key of another tenant is refused from
   * memory; without this, one that nobody has would cost a look into the store each time, and time
   * would tell the two apart. An id is made at random and known to nobody before its key is there,
   * so none of these becomes a key's.
   */
  private final Remembered<KeyId, Long> absent;

  /** The same of those that no key had, not even one that is purged and whose set lives on. */
  private final Remembered<KeyId, Long> unheardOf;

  private final LongSupplier nanos;
  private final long keptNanos;
  private final boolean grantsCascade;

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
    this.grantsCascade = rules.grantsCascade();
    this.nanos = nanos;
    this.keptNanos = rules.cachedFor().toNanos();
    this.absent = new Remembered<>(ABSENT_MAX, this::isOld, _ -> {});
    this.unheardOf = new Remembered<>(ABSENT_MAX, this::isOld, _ -> {});
    this.cache =
        new SecretCache<>(
            rules.cachedKeysMax(),
            rules.cachedBytesMax(),
            rules.cachedFor(),
            nanos,
            store::view,
            CachedKey::weight);
    this.aliases = names(rules);
    this.homes = names(rules);
  }

  private <K, V extends SecretCache.Kept> SecretCache<K, V> names(Rules rules) {
    return new SecretCache<>(
        rules.cachedKeysMax(), Long.MAX_VALUE, rules.cachedFor(), nanos, store::view, _ -> 1);
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
    caller.audit().about(id);
    if (!id.canExist()) {
      throw notFound();
    }
    Lease<CachedKey> lease = borrow(id);
    CachedKey found = lease.value();
    caller.keys().showGrants(id, found.grants());
    caller.keys().show(id, found::tags, found::aliases);
    if (isOpenTo(caller, found.key())) {
      return new OpenKey(lease, this::again, materials, clock.instant());
    }
    lease.close();
    throw notFound();
  }

  /**
   * A key read again, where another server may have changed it since. Callers choose when: that one
   * is read so often at most.
   */
  private @Nullable Lease<CachedKey> again(KeyId id) {
    if (!store.isShared()) {
      return null;
    }
    cache.dropIfOlder(id, READ_AGAIN_AFTER);
    return borrow(id);
  }

  private Lease<CachedKey> borrow(KeyId id) {
    mustBeHeardOf(absent, id);
    return cache.borrow(id, this::load);
  }

  private void mustBeHeardOf(Remembered<KeyId, Long> none, KeyId id) {
    Long since = none.get(id);
    if (since != null && !isOld(since)) {
      throw notFound();
    }
  }

  private boolean isOld(long at) {
    return nanos.getAsLong() - at > keptNanos;
  }

  /**
   * The key that opens what another made: that key itself where it is at home; else the member of
   * its multi-region set that is in the caller's project. Permission and state are that member's.
   *
   * @param maker the key that a ciphertext names
   * @throws KmsException with {@link Problem.KeyNotFound} if there is none for this caller
   */
  OpenKey openFor(Caller caller, KeyId maker) {
    caller.audit().about(maker);
    return open(caller, isHere(caller, maker) ? maker : memberHere(caller, maker));
  }

  /** Whether the key is in the caller's project, or alone in the world. */
  private boolean isHere(Caller caller, KeyId maker) {
    if (!maker.canExist()) {
      throw notFound();
    }
    try (Lease<CachedKey> lease = borrow(maker)) {
      Key key = lease.value().key();
      boolean gone = key.isGoneAt(clock.instant());
      return key.set().isEmpty() || (key.project().equals(caller.project()) && !gone);
    } catch (KmsException e) {
      if (e.problem() instanceof Problem.KeyNotFound) {
        return false; // it may be purged, and others of its set live
      }
      throw e;
    }
  }

  private KeyId memberHere(Caller caller, KeyId maker) {
    mustBeHeardOf(unheardOf, maker);
    MakerName wanted = new MakerName(maker, caller.project());
    try (Lease<Home> lease = homes.borrow(wanted, this::load)) {
      return lease.value().key();
    }
  }

  private Home load(MakerName wanted) {
    Instant now = clock.instant();
    return store.read(tx -> {
      KeyId maker = wanted.maker();
      String set =
          tx.key(maker)
              .map(Key::set)
              .or(() -> tx.setMember(maker).map(SetMember::set))
              .orElseThrow(() -> notThere(unheardOf, maker));
      return tx.members(set).stream()
          .filter(key -> key.project().equals(wanted.project()) && !key.isGoneAt(now))
          .findFirst()
          .map(key -> new Home(key.id()))
          .orElse(new Home(maker));
    });
  }

  private record MakerName(KeyId maker, String project) {}

  /** Which key stands in for another in a project; there is nothing secret about it. */
  private record Home(KeyId key) implements SecretCache.Kept {
    @Override
    public void close() {}
  }

  /**
   * The id that a name stands for.
   *
   * @throws KmsException with {@link Problem.KeyNotFound} if it stands for none
   */
  KeyId idOf(Caller caller, KeyReference reference) {
    KeyId id = resolved(caller, reference);
    caller.audit().about(id);
    return id;
  }

  private KeyId resolved(Caller caller, KeyReference reference) {
    return switch (reference) {
      case KeyReference.Id(KeyId id) -> id;
      case KeyReference.Alias(String name) -> named(caller, name);
      case KeyReference.Urn urn when !urn.region().equals(caller.region()) ->
          throw new KmsException(new Problem.MalformedKeyId());
      case KeyReference.Urn urn when urn.type().equals("KeyId") ->
          ownedBy(caller, urn.account(), KeyId.parse(urn.name()));
      case KeyReference.Urn urn when urn.account().equals(caller.principal().account()) ->
          named(caller, urn.name());
      case KeyReference.Urn _ -> throw notFound();
    };
  }

  /** The same key, which is not there under the name of another account. */
  private KeyId ownedBy(Caller caller, String account, KeyId id) {
    caller.audit().about(id);
    if (!id.canExist()) {
      throw notFound();
    }
    try (Lease<CachedKey> lease = borrow(id)) {
      if (!lease.value().key().account().equals(account)) {
        throw notFound();
      }
    }
    return id;
  }

  /** An alias stands for a key of the path's project only, which is the caller's. */
  private KeyId named(Caller caller, String name) {
    AliasName wanted = new AliasName(caller.project(), name);
    try (Lease<Named> lease = aliases.borrow(wanted, this::load)) {
      KeyId key = lease.value().alias().key();
      caller.keys().calledBy(key, name);
      return key;
    }
  }

  private Named load(AliasName wanted) {
    return store
        .read(tx -> tx.alias(wanted.project(), wanted.name()))
        .map(Named::new)
        .orElseThrow(Keys::notFound);
  }

  private record AliasName(String project, String name) {}

  /** An alias in memory; there is nothing secret about it. */
  private record Named(Alias alias) implements SecretCache.Kept {
    @Override
    public void close() {}
  }

  /** Forgets what an alias stood for. */
  void aliasChanged(String project, String name) {
    aliases.drop(new AliasName(project, name));
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

  /** Those of a key's grants that count. */
  List<Grant> inForce(List<Grant> onKey) {
    return grantsCascade ? Grant.inForce(onKey) : onKey;
  }

  /** The key as its users see it now. */
  Key asOfNow(Key key) {
    return key.asOf(clock.instant());
  }

  /** Forgets what is in memory of a key that was changed. */
  void changed(KeyId id) {
    cache.drop(id);
    absent.remove(id);
    unheardOf.remove(id);
  }

  /** Forgets what is in memory of keys whose multi-region set was changed. */
  void setChanged(Collection<KeyId> members) {
    members.forEach(this::changed);
    homes.dropAll();
  }

  /** The keys whose rows a transaction has changed so far. */
  static List<KeyId> changedBy(Writing tx) {
    return tx.changes().stream()
        .filter(change -> change.table().equals("key"))
        .map(change -> new KeyId(change.primaryKey()))
        .toList();
  }

  /** Forgets what is in memory of keys that another server changed, and by what names they go. */
  public void changedElsewhere(Elsewhere changed) {
    if (changed.isOfNoKey()) {
      return;
    }
    aliases.dropAll();
    setChanged(changed.keys());
    if (!changed.keystores().isEmpty() || !changed.projects().isEmpty()) {
      cache.dropIf(kept -> changed.mayBeOf(kept.key()));
    }
  }

  /**
   * Forgets the keys of a keystore, which was changed. Those of others stay (SECURITY_DESIGN H9).
   */
  void keystoreChanged(String keystore) {
    cache.dropIf(kept -> kept.key().keystore().equals(keystore));
  }

  /** Forgets all keys in memory, because something that many of them depend on was changed. */
  public void changedAll() {
    cache.dropAll();
    aliases.dropAll();
    homes.dropAll();
    absent.removeIf(_ -> true);
    unheardOf.removeIf(_ -> true);
  }

  /** Wipes what was in memory for too long. To be called every few seconds. */
  public void sweep() {
    cache.sweep();
    aliases.sweep();
    homes.sweep();
    projectKeys.sweep();
    absent.removeIf(this::isOld);
    unheardOf.removeIf(this::isOld);
  }

  /** How many keys are in memory. */
  public int inMemory() {
    return cache.size();
  }

  private CachedKey load(KeyId id) {
    return store.read(tx -> {
      Optional<KeyFilter.TaggedKey> found = tx.taggedKey(id);
      // Also where there is no key, so that it takes about as long as one of another tenant.
      List<KeyVersion> versions = tx.versions(id);
      List<Grant> grants = inForce(tx.grantsOf(id));
      List<String> names = aliasNames(tx, id);
      KeyFilter.TaggedKey tagged = found.orElseThrow(() -> notThere(absent, id));
      Key key = tagged.key();
      LostMaterial.Left left = LostMaterial.without(tx, key, versions, clock.instant());
      return new CachedKey(
          new KeyFilter.TaggedKey(left.key(), tagged.tags()),
          left.versions(),
          grants,
          names,
          keystoreOf(tx, key),
          membersOf(tx, key));
    });
  }

  private KmsException notThere(Remembered<KeyId, Long> none, KeyId id) {
    none.put(id, nanos.getAsLong());
    return notFound();
  }

  private static Set<KeyId> membersOf(Reading tx, Key key) {
    return key.set().isEmpty()
        ? Set.of()
        : tx.setMembers(key.set()).stream()
            .map(SetMember::key)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The names of a key's aliases, without the prefix. */
  static List<String> aliasNames(Reading tx, KeyId id) {
    return tx.aliasesOf(id).stream().map(Alias::name).toList();
  }

  private static @Nullable Keystore keystoreOf(Reading tx, Key key) {
    return key.isInBuiltInKeystore()
        ? null
        : tx.keystore(key.project(), key.keystore()).orElse(null);
  }

  static KmsException notFound() {
    return new KmsException(new Problem.KeyNotFound());
  }
}
