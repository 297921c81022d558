package dev.yaoku.key;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A right on one key that its owner gave away.
 *
 * @param id 64 hexadecimal characters, never reused
 * @param key the key
 * @param project the key's project
 * @param grantee id of the user or account that may use the key
 * @param toAccount whether the grantee is an account: all of its users may
 * @param operations what they may do, at least one
 * @param issuer id of the user who gave it
 * @param retiring id of a user or account that may end it, or null
 * @param name at most 255 characters, or null
 * @param createdAt to the millisecond
 * @param parent id of the grant that alone let the issuer give it, or null
 */
public record Grant(
    String id,
    KeyId key,
    String project,
    String grantee,
    boolean toAccount,
    Set<GrantOperation> operations,
    String issuer,
    @Nullable String retiring,
    @Nullable String name,
    Instant createdAt,
    @Nullable String parent) {

  /** Keeps a copy of the operations, in their order. */
  public Grant {
    operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
  }

  /**
   * Those of a key's grants that have their whole chain: nobody whose own grant is gone gave them
   * (SECURITY_DESIGN M17).
   *
   * @param onKey all grants of the key
   */
  public static List<Grant> inForce(List<Grant> onKey) {
    Map<String, Grant> byId = new HashMap<>();
    onKey.forEach(grant -> byId.put(grant.id(), grant));
    return onKey.stream().filter(grant -> stands(grant, byId)).toList();
  }

  private static boolean stands(Grant grant, Map<String, Grant> byId) {
    Grant at = grant;
    for (int steps = 0; steps <= byId.size(); steps++) {
      if (at.parent == null) {
        return true;
      }
      Grant parent = byId.get(at.parent);
      if (parent == null) {
        return false;
      }
      at = parent;
    }
    return false; // a circle
  }

  /**
   * This grant, and those of the key's that were given through it, directly or not.
   *
   * @param onKey all grants of the key
   */
  public List<Grant> tree(List<Grant> onKey) {
    Set<String> ids = new HashSet<>();
    ids.add(id);
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Grant grant : onKey) {
        if (grant.parent != null && ids.contains(grant.parent)) {
          grew |= ids.add(grant.id);
        }
      }
    }
    return onKey.stream().filter(grant -> ids.contains(grant.id)).toList();
  }

  /** Whether a user of an account is the grantee. */
  public boolean isFor(String user, String account) {
    return grantee.equals(toAccount ? account : user);
  }

  /** Whether a user of an account may end it: who gave it, who is named for that, who may. */
  public boolean canBeRetiredBy(String user, String account) {
    return issuer.equals(user)
        || (retiring != null && (retiring.equals(user) || retiring.equals(account)))
        || (operations.contains(GrantOperation.RETIRE_GRANT) && isFor(user, account));
  }
}
