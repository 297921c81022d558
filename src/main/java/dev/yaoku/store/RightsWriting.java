package dev.yaoku.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What can be changed about who may do what. See {@link Writing}. */
public interface RightsWriting extends RightsReading {
  /** Replaces an account's row. */
  void update(Rows.Account account);

  /** Replaces a project's row. */
  void update(Rows.Project project);

  /**
   * Removes a user with all that is the user's alone: access keys, tokens, memberships, policies
   * held, names in certificates.
   */
  void removeUser(Rows.User user);

  /** Removes an access key, and says whether it was there. */
  boolean removeAccessKey(String id);

  /**
   * Ends all tokens and temporary access keys of a person, or of those who play a role; says
   * whether there were any that had not been ended. It takes one row however many there are; theirs
   * are to be removed afterwards, and none is issued before.
   *
   * @param holder the id of a user or an agency
   */
  default boolean endSessionsOf(String holder) {
    return endSessionsOf(List.of(holder));
  }

  /** The same of several; says whether any of them had any. */
  boolean endSessionsOf(Collection<String> holders);

  /** Removes the rows of sessions that were ended, so many at most; says how many. */
  int removeEndedSessions(int most);

  /**
   * Removes the rows of ended sessions of one user or agency, so many at most; says how many. Where
   * they are fewer, sessions can be issued there again. If they were not all ended, nothing
   * happens.
   */
  int removeEndedSessionsOf(String holder, int most);

  /** Notes when a lasting access key was used; of others, and of those that are gone, nothing. */
  void noteUse(String accessKey, Instant at);

  /** Adds a group. */
  void insert(Rights.Group group);

  /** Replaces a group's row. */
  void update(Rights.Group group);

  /** Removes a group with its memberships and the policies it holds. */
  void remove(Rights.Group group);

  /** Puts a user into a group. */
  void insert(Rights.Membership membership);

  /** Takes a user out of a group. */
  void remove(Rights.Membership membership);

  /** Adds a policy. */
  void insert(Rights.Policy policy);

  /** Replaces a policy's row. */
  void update(Rights.Policy policy);

  /** Removes a policy; nobody holds it any more. */
  void remove(Rights.Policy policy);

  /** Gives somebody a policy. */
  void insert(Rights.Attachment attachment);

  /** Takes a policy from somebody. */
  void remove(Rights.Attachment attachment);

  /** Adds an agency. */
  void insert(Rights.Agency agency);

  /** Replaces an agency's row. */
  void update(Rights.Agency agency);

  /** Removes an agency with the policies it holds, and ends those who play it. */
  void remove(Rights.Agency agency);

  /**
   * Adds a temporary access key.
   *
   * @throws SessionsEnding if all sessions of its person or role were ended and are still there
   */
  void insert(Rights.TemporaryKey key);

  /** Removes a temporary access key; says whether it was there. */
  boolean removeTemporaryKey(String id);

  /** Removes temporary access keys that ended before the time, so many at most; says how many. */
  int removeTemporaryKeysEndedBefore(Instant time, int most);

  /** Removes so many tokens of a user, those first that were issued first. */
  void removeOldestTokensOf(String user, int count);

  /** The same for temporary access keys. */
  void removeOldestTemporaryKeysOf(String user, int count);

  /** Adds an identity provider. */
  void insert(Rights.IdentityProvider provider);

  /** Replaces an identity provider's row. */
  void update(Rights.IdentityProvider provider);

  /** Removes an identity provider. */
  void remove(Rights.IdentityProvider provider);

  /** Adds an issuer of client certificates. */
  void insert(Rights.ClientCa ca);

  /** Replaces an issuer's row. */
  void update(Rights.ClientCa ca);

  /** Removes an issuer with all names of its certificates. */
  void remove(Rights.ClientCa ca);

  /** Says which user a name in a certificate is. */
  void insert(Rights.CertificateUser name);

  /** Takes a name in a certificate from its user. */
  void remove(Rights.CertificateUser name);
}
