package dev.yaoku.key;

import java.time.Instant;

/**
 * A place from which capsules may be opened.
 *
 * @param id UUID text
 * @param account the account that owns it
 * @param project the project that holds it
 * @param keySpace the key space it belongs to, UUID text
 * @param name unique in the key space
 * @param kind what it is
 * @param identity the id of a machine, or the public key of a cluster or program: Base64 of its
 *     SubjectPublicKeyInfo
 * @param cluster the id of a cluster, else empty
 * @param description for people, may be empty
 * @param enabled whether its proofs are taken
 * @param wrapped the private key of a program (wrap 11), else empty
 * @param projectKeyVersion what wrapped it
 * @param handedOut whether the private key was handed out
 * @param createdBy the user's id
 * @param createdAt to the millisecond
 * @param modifiedAt to the millisecond
 * @param rowVersion counts the changes of this row, from 1
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes between row and wrap
public record AccessPoint(
    String id,
    String account,
    String project,
    String keySpace,
    String name,
    Kind kind,
    String identity,
    String cluster,
    String description,
    boolean enabled,
    byte[] wrapped,
    int projectKeyVersion,
    boolean handedOut,
    String createdBy,
    Instant createdAt,
    Instant modifiedAt,
    long rowVersion) {

  /** What an access point is. */
  public enum Kind {
    /** A machine of the cloud. */
    ECS(1),
    /** A cluster of containers, whose tokens are signed. */
    CCE(2),
    /** A program that holds a private key. */
    CUSTOM(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** What it is on the wire. */
    public int number() {
      return number;
    }
  }

  /** What is told of it when it opened a capsule. */
  public String instance() {
    return switch (kind) {
      case ECS -> identity;
      case CCE -> cluster;
      case CUSTOM -> id;
    };
  }

  /** This access point, its proofs taken or not. */
  public AccessPoint enabled(boolean next, Instant now) {
    return with(next, handedOut, now);
  }

  /** This access point after its private key was handed out. */
  public AccessPoint withKeyHandedOut() {
    return with(enabled, true, modifiedAt);
  }

  private AccessPoint with(boolean nextEnabled, boolean nextHandedOut, Instant nextModifiedAt) {
    return new AccessPoint(
        id,
        account,
        project,
        keySpace,
        name,
        kind,
        identity,
        cluster,
        description,
        nextEnabled,
        wrapped,
        projectKeyVersion,
        nextHandedOut,
        createdBy,
        createdAt,
        nextModifiedAt,
        rowVersion);
  }

  @Override
  public String toString() {
    return "AccessPoint[" + id + "]";
  }
}
