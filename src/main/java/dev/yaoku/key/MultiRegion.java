package dev.yaoku.key;

/**
 * How a key stands to the keys of the same material in other regions.
 *
 * @param role what it is among them
 * @param set id shared by all of them, empty for a key that is alone. Once a key has one it is
 *     never changed; the wraps of its material are bound to it (SECURITY_DESIGN H14).
 */
public record MultiRegion(Role role, String set) {
  /** Of a key that is alone. */
  public static final MultiRegion NONE = new MultiRegion(Role.SINGLE, "");

  /** What a key is, in the words of {@code multi_region_key_type} and of policies. */
  public enum Role {
    /** Alone. */
    SINGLE,
    /** The one whose material is renewed. */
    PRIMARY,
    /** One whose material follows the primary's. */
    REPLICA
  }

  /** Refuses a role without a set, and a set without a role. */
  public MultiRegion {
    if (set.isEmpty() != (role == Role.SINGLE)) {
      throw new IllegalArgumentException(role + " in set '" + set + "'");
    }
  }

  /** The same set, another role in it. */
  public MultiRegion as(Role next) {
    return new MultiRegion(next, set);
  }

  /** Whether the material is another key's to renew. */
  public boolean isReplica() {
    return role == Role.REPLICA;
  }
}
