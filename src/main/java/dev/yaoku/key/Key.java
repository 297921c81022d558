package dev.yaoku.key;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Problem.Need;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A key as its owner sees it: everything but the key material.
 *
 * @param id its identity, never reused
 * @param account the account (domain) that owns it, 32 hexadecimal characters
 * @param project the project that holds it, 32 hexadecimal characters
 * @param name what the wire calls key_alias
 * @param description at most 255 characters, may be empty
 * @param spec what kind of key it is
 * @param usage what it is for; fixed for life
 * @param origin where its material comes from
 * @param state what can be done with it now
 * @param createdAt to the millisecond
 * @param realm the region it was asked to be in
 * @param enterpriseProject "0" unless it was put into another
 * @param keystore its id, {@link Keystore#BUILT_IN} unless it is in a dedicated one
 * @param isDefault whether it belongs to a cloud service and not to a customer
 * @param currentVersion the version that encrypts; 0 while there is no material
 * @param rotation how its material is renewed
 * @param materialExpiresAt when imported material expires, null for never
 * @param multiRegion how it stands to keys of the same material in other regions
 * @param rowVersion counts the changes of this row, from 1
 */
public record Key(
    KeyId id,
    String account,
    String project,
    String name,
    String description,
    KeySpec spec,
    KeyUsage usage,
    Origin origin,
    KeyState state,
    Instant createdAt,
    String realm,
    String enterpriseProject,
    String keystore,
    boolean isDefault,
    int currentVersion,
    Rotation rotation,
    @Nullable Instant materialExpiresAt,
    MultiRegion multiRegion,
    long rowVersion) {

  /**
   * Lets the key be used again; one without material waits for it.
   *
   * @throws KmsException with {@link Problem.WrongState} unless the key is disabled
   */
  public Key enable() {
    mustBeCustom();
    return switch (state) {
      case KeyState.Disabled _ ->
          in(hasMaterial() ? new KeyState.Enabled() : new KeyState.PendingImport());
      case KeyState.Enabled _, KeyState.PendingImport _, KeyState.PendingDeletion _ ->
          throw wrongState(Need.DISABLED);
    };
  }

  /**
   * Keeps the key from being used until it is enabled again.
   *
   * @throws KmsException with {@link Problem.WrongState} unless the key is enabled
   */
  public Key disable() {
    mustBeCustom();
    return switch (state) {
      case KeyState.Enabled _ -> in(new KeyState.Disabled());
      case KeyState.Disabled _, KeyState.PendingImport _, KeyState.PendingDeletion _ ->
          throw wrongState(Need.ENABLED);
    };
  }

  /**
   * Marks the key for deletion. Until then it can be restored, but not used.
   *
   * @param at when it is gone for its users
   * @throws KmsException with {@link Problem.WrongState} if deletion is already pending
   */
  public Key scheduleDeletion(Instant at) {
    mustBeCustom();
    return switch (state) {
      case KeyState.Enabled _, KeyState.Disabled _, KeyState.PendingImport _ ->
          in(new KeyState.PendingDeletion(at));
      case KeyState.PendingDeletion _ -> throw wrongState(Need.NOT_PENDING_DELETION);
    };
  }

  /**
   * Takes the mark for deletion away. The key never becomes usable by this alone, and a replica not
   * by material that comes to its primary either.
   *
   * @throws KmsException with {@link Problem.WrongState} unless deletion is pending
   */
  public Key cancelDeletion() {
    mustBeCustom();
    return switch (state) {
      case KeyState.PendingDeletion _ ->
          in(
              hasMaterial() || multiRegion.isReplica()
                  ? new KeyState.Disabled()
                  : new KeyState.PendingImport());
      case KeyState.Enabled _, KeyState.Disabled _, KeyState.PendingImport _ ->
          throw wrongState(Need.PENDING_DELETION);
    };
  }

  /**
   * This key under another name.
   *
   * @throws KmsException with {@link Problem.WrongState} while deletion is pending
   */
  public Key rename(String next) {
    mustBeChangeable();
    return with(next, description, state);
  }

  /**
   * This key with another description.
   *
   * @throws KmsException with {@link Problem.WrongState} while deletion is pending
   */
  public Key describe(String next) {
    mustBeChangeable();
    return with(name, next, state);
  }

  /**
   * Refuses what is not for the keys of cloud services.
   *
   * @throws KmsException with {@link Problem.DefaultKey}
   */
  public void mustBeCustom() {
    if (isDefault) {
      throw new KmsException(new Problem.DefaultKey());
    }
  }

  /** Whether it is where keys are unless they are filed under a dedicated keystore. */
  public boolean isInBuiltInKeystore() {
    return keystore.equals(Keystore.BUILT_IN);
  }

  /**
   * Refuses what is done to the primary of a multi-region set only.
   *
   * @throws KmsException with {@link Problem.ReadOnlyReplica}
   */
  public void mustNotBeReplica() {
    if (multiRegion.isReplica()) {
      throw new KmsException(new Problem.ReadOnlyReplica());
    }
  }

  /**
   * Refuses cryptographic use unless the key is enabled.
   *
   * @throws KmsException with {@link Problem.WrongState}
   */
  public void mustBeEnabled() {
    if (!isEnabled()) {
      throw wrongState(Need.USABLE);
    }
  }

  /**
   * The key as its users see it at a time: once its imported material has expired, the key is
   * without material, whatever the stored row still says.
   */
  public Key asOf(Instant now) {
    return materialExpiresAt == null || materialExpiresAt.isAfter(now) ? this : withoutMaterial();
  }

  /**
   * This key after a change that is possible as its users see it at a time. What is changed is the
   * stored key: a clock that is ahead hides material, and must not take it away (SECURITY_DESIGN
   * C3).
   */
  public Key changedAt(Instant now, UnaryOperator<Key> change) {
    Key _ = change.apply(asOf(now)); // refuses what is not possible
    return change.apply(this);
  }

  /**
   * This key with its current material out of reach. A replica that somebody disabled stays so:
   * only its material is the primary's, its state is its own (SECURITY_DESIGN H14).
   */
  public Key withoutMaterial() {
    KeyState next =
        switch (state) {
          case KeyState.Enabled _, KeyState.PendingImport _ -> new KeyState.PendingImport();
          case KeyState.Disabled _ ->
              multiRegion.isReplica() ? state : new KeyState.PendingImport();
          case KeyState.PendingDeletion _ -> state;
        };
    return with(name, description, next, 0, rotation, null);
  }

  /**
   * This key with usable material.
   *
   * @param version the version that encrypts from now on
   * @param expiresAt when that version expires, null for never
   */
  public Key withMaterial(int version, @Nullable Instant expiresAt) {
    KeyState next = state instanceof KeyState.PendingImport ? new KeyState.Enabled() : state;
    return with(name, description, next, version, rotation, expiresAt);
  }

  /** This key with its renewal arranged otherwise. */
  public Key renewing(Rotation next) {
    return with(name, description, state, currentVersion, next, materialExpiresAt);
  }

  /** This key in another enterprise project. */
  public Key movedTo(String nextEnterpriseProject) {
    return new Key(
        id,
        account,
        project,
        name,
        description,
        spec,
        usage,
        origin,
        state,
        createdAt,
        realm,
        nextEnterpriseProject,
        keystore,
        isDefault,
        currentVersion,
        rotation,
        materialExpiresAt,
        multiRegion,
        rowVersion);
  }

  /** This key with another place among the keys of the same material. */
  public Key withMultiRegion(MultiRegion next) {
    return with(name, description, state, currentVersion, rotation, materialExpiresAt, next);
  }

  /** This key with the material of its primary, and renewed with it. */
  public Key following(Key primary) {
    Key renewed =
        primary.hasMaterial()
            ? withMaterial(primary.currentVersion, primary.materialExpiresAt)
            : withoutMaterial();
    return renewed.renewing(primary.rotation.following());
  }

  /** The id shared by the members of a multi-region set, or empty. */
  public String set() {
    return multiRegion.set();
  }

  /** Whether the key can be used. */
  public boolean isEnabled() {
    return state instanceof KeyState.Enabled;
  }

  /** Whether there is any material to use. */
  public boolean hasMaterial() {
    return currentVersion > 0;
  }

  /** Whether the key's deletion date is reached, so that it answers as if it did not exist. */
  public boolean isGoneAt(Instant now) {
    return state instanceof KeyState.PendingDeletion(Instant at) && !at.isAfter(now);
  }

  /** When it is gone for its users, if its deletion is pending. */
  public Optional<Instant> deletionAt() {
    return state instanceof KeyState.PendingDeletion(Instant at)
        ? Optional.of(at)
        : Optional.empty();
  }

  /** This key in another state, whatever the rules say. */
  public Key in(KeyState next) {
    return with(name, description, next);
  }

  /**
   * Refuses a change to a key that is not there for long any more, or belongs to a cloud service.
   *
   * @throws KmsException with {@link Problem.DefaultKey} or {@link Problem.WrongState}
   */
  public void mustBeChangeable() {
    mustBeCustom();
    if (state instanceof KeyState.PendingDeletion) {
      throw wrongState(Need.CHANGEABLE);
    }
  }

  private KmsException wrongState(Need need) {
    return new KmsException(new Problem.WrongState(need, state));
  }

  private Key with(String nextName, String nextDescription, KeyState nextState) {
    return with(nextName, nextDescription, nextState, currentVersion, rotation, materialExpiresAt);
  }

  private Key with(
      String nextName,
      String nextDescription,
      KeyState nextState,
      int nextVersion,
      Rotation nextRotation,
      @Nullable Instant nextExpiry) {
    return with(
        nextName, nextDescription, nextState, nextVersion, nextRotation, nextExpiry, multiRegion);
  }

  private Key with(
      String nextName,
      String nextDescription,
      KeyState nextState,
      int nextVersion,
      Rotation nextRotation,
      @Nullable Instant nextExpiry,
      MultiRegion nextStanding) {
    return new Key(
        id,
        account,
        project,
        nextName,
        nextDescription,
        spec,
        usage,
        origin,
        nextState,
        createdAt,
        realm,
        enterpriseProject,
        keystore,
        isDefault,
        nextVersion,
        nextRotation,
        nextExpiry,
        nextStanding,
        rowVersion);
  }
}
