package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.MacKey;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A key that a name was resolved to, once. Its material is reached only with the permission for
 * this very key, which only a caller gives (SECURITY_DESIGN H12). While it is open, nothing wipes
 * the material.
 */
final class OpenKey implements AutoCloseable {
  private final Lease<CachedKey> lease;
  private final Again again;
  private final Materials materials;
  private final Instant now;
  private final Key key;
  private @Nullable Lease<CachedKey> newer;

  /** Reads keys again that another server may have changed. */
  @FunctionalInterface
  interface Again {
    /** The key as it is now; null where nobody else can have changed it. */
    @Nullable Lease<CachedKey> read(KeyId key);
  }

  /**
   * An open key.
   *
   * @param again reads it again where a ciphertext is of a later version than is known of
   * @param now what counts as expired
   */
  OpenKey(Lease<CachedKey> lease, Again again, Materials materials, Instant now) {
    this.lease = lease;
    this.again = again;
    this.materials = materials;
    this.now = now;
    this.key = lease.value().key().asOf(now);
  }

  /** The key, to ask permission for. */
  Key key() {
    return key;
  }

  /** The versions whose material is here, oldest first. */
  List<KeyVersion> versions() {
    return lease.value().versions().stream().filter(v -> v.isHereAt(now)).toList();
  }

  /**
   * Whether this key opens what another made: itself, or another member of its multi-region set.
   * Then the request is about that one, too.
   *
   * @param maker the key that a ciphertext names
   */
  boolean opensFor(Caller caller, KeyId maker) {
    if (maker.equals(key.id())) {
      return true;
    }
    boolean isMember = knowing(k -> k.members().contains(maker)).members().contains(maker);
    if (isMember) {
      caller.audit().alsoAbout(maker);
    }
    return isMember;
  }

  /**
   * The key as it was read, or read again if there is something that it does not know of: another
   * server may have rotated or replicated it a moment ago, and what was encrypted since is not to
   * be called wrong. What was permitted for the key as it was read first counts for it.
   *
   * @throws KmsException with {@link Problem.WrongState} if it serves no longer
   */
  private CachedKey knowing(Predicate<CachedKey> what) {
    if (newer == null && !what.test(lease.value())) {
      newer = again.read(key.id());
      if (newer != null) {
        newer.value().key().asOf(now).mustBeEnabled();
      }
    }
    return newer == null ? lease.value() : newer.value();
  }

  /** The dedicated keystore that it is filed under, or null. */
  @Nullable Keystore keystore() {
    return lease.value().keystore();
  }

  /**
   * Refuses a use that the key's kind or state forbids, in the contract's order.
   *
   * @throws KmsException with the first thing that is in the way
   */
  void mustServe(Problem.Work work) {
    if (!work.isFor(key().spec(), key().usage())) {
      throw new KmsException(new Problem.OperationNotForKey(work, key().spec(), key().usage()));
    }
    key().mustBeEnabled();
    if (!key().isInBuiltInKeystore()) {
      Keystore keystore = keystore();
      if (keystore == null || !keystore.enabled()) {
        throw new KmsException(new Problem.KeystoreNotUsable());
      }
    }
  }

  /**
   * What seals with a version, or null if there is none.
   *
   * @param permitted what the caller made of {@link #key()}
   * @throws KmsException with {@link Problem.WrongState} if there was, and it has not been imported
   *     again
   */
  @Nullable SealingKey material(UsableKey permitted, int version) {
    return open(permitted, version) instanceof OpenMaterial.Sealing(SealingKey key) ? key : null;
  }

  @SuppressWarnings("ReferenceEquality") // the very object that was permitted, not one like it
  private @Nullable OpenMaterial open(UsableKey permitted, int version) {
    if (permitted.key() != key()) {
      throw new IllegalStateException("permission was given for another key");
    }
    CachedKey knowing = knowing(k -> k.version(version) != null);
    KeyVersion found = knowing.version(version);
    if (found != null && !found.isHereAt(now)) {
      throw new KmsException(
          new Problem.WrongState(Problem.Need.USABLE, new KeyState.PendingImport()));
    }
    return knowing.material(version, materials);
  }

  /** The material that encrypts. */
  SealingKey currentMaterial(UsableKey permitted) {
    if (current(permitted) instanceof OpenMaterial.Sealing(SealingKey key)) {
      return key;
    }
    throw otherKind(permitted);
  }

  /** The pair of an asymmetric key. */
  OpenMaterial.Pair pair(UsableKey permitted) {
    if (current(permitted) instanceof OpenMaterial.Pair pair) {
      return pair;
    }
    throw otherKind(permitted);
  }

  /** What makes codes of messages. */
  MacKey mac(UsableKey permitted) {
    if (current(permitted) instanceof OpenMaterial.Mac(MacKey key)) {
      return key;
    }
    throw otherKind(permitted);
  }

  private OpenMaterial current(UsableKey permitted) {
    OpenMaterial material = open(permitted, permitted.key().currentVersion());
    if (material == null) {
      throw new KmsException(
          new Problem.RowNotGenuine("key_versions", permitted.key().id().text()));
    }
    return material;
  }

  private static IllegalStateException otherKind(UsableKey permitted) {
    return new IllegalStateException(
        "material of " + permitted.key().spec() + " is of another kind");
  }

  @Override
  public void close() {
    lease.close();
    if (newer != null) {
      newer.close();
    }
  }
}
