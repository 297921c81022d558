package dev.yaoku.key;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An opening policy that capsules refer to by its id.
 *
 * @param id UUID text
 * @param account the account that owns it
 * @param project the project that holds it
 * @param keySpace the key space it belongs to, UUID text
 * @param name unique in the key space
 * @param policy what it says
 * @param description for people, may be empty
 * @param createdBy the user's id
 * @param createdAt to the millisecond
 * @param modifiedAt to the millisecond
 * @param openedAt when a capsule was last opened under it; null if never
 * @param rowVersion counts the changes of this row, from 1
 */
public record KeyPolicy(
    String id,
    String account,
    String project,
    String keySpace,
    String name,
    OpeningPolicy policy,
    String description,
    String createdBy,
    Instant createdAt,
    Instant modifiedAt,
    @Nullable Instant openedAt,
    long rowVersion) {

  /** This policy with another text. */
  public KeyPolicy saying(OpeningPolicy next, String nextDescription, Instant now) {
    return new KeyPolicy(
        id,
        account,
        project,
        keySpace,
        name,
        next,
        nextDescription,
        createdBy,
        createdAt,
        now,
        openedAt,
        rowVersion);
  }

  /** This policy after a capsule was opened under it. */
  public KeyPolicy opened(Instant now) {
    return new KeyPolicy(
        id,
        account,
        project,
        keySpace,
        name,
        policy,
        description,
        createdBy,
        createdAt,
        modifiedAt,
        now,
        rowVersion);
  }

  /** Whether it lets an access point open a capsule now. */
  public boolean allows(AccessPoint from, Instant now) {
    return from.keySpace().equals(keySpace) && policy.allows(from.id(), now);
  }
}
