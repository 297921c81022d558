package dev.yaoku.key;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
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
    Instant createdAt) {

  /** Keeps a copy of the operations, in their order. */
  public Grant {
    operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
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
