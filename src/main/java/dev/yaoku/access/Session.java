package dev.yaoku.access;

import dev.yaoku.access.policy.CompiledPolicies;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a proved identity was come by, as far as it limits what can be done with it (SECURITY_DESIGN
 * H11).
 *
 * @param role the agency that a member of another account plays, or null
 * @param temporary whether the credential is a temporary access key
 * @param derived whether the credential is a token that was derived from another
 * @param narrowing what alone may be done, whatever is allowed otherwise; null for no such limit
 * @param issuedAt when the credential was issued; null for one that lasts
 * @param since when the first of those that it was derived from was issued, or it itself: deriving
 *     makes nothing younger; null for one that lasts
 */
public record Session(
    @Nullable Role role,
    boolean temporary,
    boolean derived,
    @Nullable CompiledPolicies narrowing,
    @Nullable Instant issuedAt,
    @Nullable Instant since) {
  /** As far as the clocks of two machines may be apart, as for signatures. */
  public static final Duration ISSUED_AHEAD_MAX = Duration.ofMinutes(15);

  /** Of a person who proved who it is by a password, a lasting access key or the like. */
  public static final Session PLAIN = new Session(null, false, false, null, null, null);

  /**
   * A role that somebody plays.
   *
   * @param agency the agency's id
   * @param agencyName its name
   * @param user the person behind it
   * @param userAccount that person's account
   * @param name a name for the session
   */
  public record Role(
      String agency, String agencyName, String user, String userAccount, String name) {}

  /** The same, playing a role. */
  public Session playing(Role played) {
    return new Session(played, temporary, derived, narrowing, issuedAt, since);
  }

  /** The same, narrowed to these policies; null for none. Not where policies narrow it already. */
  Session narrowedTo(@Nullable CompiledPolicies policies) {
    if (narrowing != null) {
      throw new IllegalStateException("a session is narrowed already");
    }
    return new Session(role, temporary, derived, policies, issuedAt, since);
  }

  /**
   * Whether whoever has the credential is less than the person behind it, so that it makes and
   * reads nothing that lasts: no access keys, users, policies, identity providers, agencies.
   */
  public boolean isLesser() {
    return role != null || temporary || derived || narrowing != null;
  }

  /**
   * Whether a credential counts at this time. One that was issued in the future was issued by a
   * clock that was ahead: when that is set right, it must not live on by as much.
   *
   * @param issuedAt null for one that lasts
   */
  public static boolean isOfNow(Instant now, @Nullable Instant issuedAt, Instant expiresAt) {
    return now.isBefore(expiresAt)
        && (issuedAt == null || !issuedAt.isAfter(now.plus(ISSUED_AHEAD_MAX)));
  }
}
