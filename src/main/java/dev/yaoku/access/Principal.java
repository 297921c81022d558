package dev.yaoku.access;

import dev.yaoku.access.policy.CompiledPolicies;
import org.jspecify.annotations.Nullable;

/**
 * A proved identity.
 *
 * @param account the account (domain) id
 * @param accountName the account's name
 * @param user the user's id; the agency's where somebody plays a role
 * @param userName the user's name; of a role, the agency's name, a slash and the session's name
 * @param administrator whether everything in the account is open to this user
 * @param credential public name of what proved it: access key id, or the first 8 hexadecimal digits
 *     of a token's hash
 * @param byToken whether a token proved it, and not a signature
 * @param tokenProject the only project that the credential is for; null for signatures and domain
 *     tokens
 * @param session how the identity was come by
 */
public record Principal(
    String account,
    String accountName,
    String user,
    String userName,
    boolean administrator,
    String credential,
    boolean byToken,
    @Nullable String tokenProject,
    Session session) {
  /** A person who proved itself directly. */
  public Principal(
      String account,
      String accountName,
      String user,
      String userName,
      boolean administrator,
      String credential,
      boolean byToken,
      @Nullable String tokenProject) {
    this(
        account,
        accountName,
        user,
        userName,
        administrator,
        credential,
        byToken,
        tokenProject,
        Session.PLAIN);
  }

  /**
   * Whether the credential is good where a path names this project of its account. A signature is
   * good in each, and a token in its own only: one for the whole account in none.
   */
  boolean mayEnter(String project) {
    return tokenProject == null ? !byToken : tokenProject.equals(project);
  }

  /**
   * Whether the credential is for one project, and for another than this. One for the whole account
   * is for none: where the path names no project, the body may say which of them it is about.
   */
  public boolean isForAnotherProject(String than) {
    return tokenProject != null && !tokenProject.equals(than);
  }

  /** The same for one project only. */
  Principal in(String project) {
    return with(project, session);
  }

  /**
   * The same, narrowed to these policies; null for none.
   *
   * @throws IllegalStateException if policies narrow it already, which must not be forgotten
   */
  public Principal narrowedTo(@Nullable CompiledPolicies policies) {
    return with(tokenProject, session.narrowedTo(policies));
  }

  private Principal with(@Nullable String project, Session as) {
    return new Principal(
        account, accountName, user, userName, administrator, credential, byToken, project, as);
  }

  /** The name in the newer policies, such as {@code iam::account:user:name}. */
  public String urn() {
    Session.Role role = session.role();
    return role == null
        ? "iam::" + account + ":user:" + userName
        : "sts::" + account + ":assumed-agency:" + role.agencyName() + "/" + role.name();
  }

  /** The id of the person behind it, which is another account's where a role is played. */
  public String person() {
    return session.role() == null ? user : session.role().user();
  }
}
