package dev.yaoku.audit;

/**
 * Who did something. What entries say of it is written once, so that it need not be written again
 * for every request of somebody who is kept in memory. Immutable.
 */
public final class Actor {
  private static final int EXPECTED_BYTES = 224;

  private final String account;
  private final String user;

  /** Members of an entry, each with its comma: the account's, then the others. */
  private final byte[] members;

  private final int accountEnd;

  /**
   * Somebody.
   *
   * @param account whose the event is
   * @param user user id, or empty
   * @param userName user name, or empty
   * @param credential public name of the credential, or empty
   */
  public Actor(String account, String user, String userName, String credential) {
    this.account = account;
    this.user = user;
    JsonBytes out = JsonBytes.continued(EXPECTED_BYTES);
    Entries.text(out, "domain_id", account);
    this.accountEnd = out.length();
    Entries.text(out, "user_id", user);
    Entries.text(out, "user_name", userName);
    Entries.text(out, "credential", credential);
    this.members = out.toBytes();
  }

  /** The server itself, in the log of an account. */
  public static Actor server(String account) {
    return new Actor(account, "", "", "");
  }

  /** Whose the event is. */
  public String account() {
    return account;
  }

  /** User id, or empty. */
  public String user() {
    return user;
  }

  void writeAccount(JsonBytes out) {
    out.members(members, 0, accountEnd);
  }

  void writeOthers(JsonBytes out) {
    out.members(members, accountEnd, members.length);
  }

  @Override
  public String toString() {
    return "Actor[" + account + "/" + user + "]";
  }
}
