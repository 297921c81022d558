package dev.yaoku.store;

import dev.yaoku.key.Alias;
import dev.yaoku.key.Grant;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.SetMember;
import dev.yaoku.key.Tag;
import java.util.List;
import java.util.Optional;

/**
 * What can be changed in a transaction. Rows get their version and MAC here; row versions passed in
 * are those read: if the row has another by now, IllegalStateException. A new row starts at version
 * 1, whatever is passed in. Before the system key is open nothing can be written but events.
 */
public interface Writing extends Reading {
  /** The key, kept from changing until the transaction ends. */
  Optional<Key> lockKey(KeyId id);

  /** Adds a key; it becomes the newest of its project. */
  void insert(Key key);

  /**
   * Replaces a key's row. The key must have been read in this transaction, or not have changed
   * since.
   */
  Key update(Key key);

  /**
   * Removes a key with its versions and tags for good. Of a multi-region set it is remembered as a
   * member until the last one goes.
   */
  void purge(KeyId id);

  /** Adds a version of a key's material. */
  void insert(KeyVersion version);

  /** Replaces a version's row. */
  void update(KeyVersion version);

  /** Removes a version with its material for good. */
  void remove(KeyVersion version);

  /** Adds a member to a multi-region set. */
  void insert(SetMember member);

  /** Adds an import token. */
  void insert(Rows.ImportToken token);

  /** Replaces an import token's row. */
  void update(Rows.ImportToken token);

  /** Removes an import token; says whether it was there. */
  boolean removeImportToken(String id);

  /**
   * Sets tags of a key; a tag key that is there already gets the new value. The key's own row
   * changes too, as it knows its tags by a digest. Keys of cloud services have no tags.
   *
   * @return how many tags the key has then
   */
  int putTags(KeyId id, List<Tag> tags);

  /** Removes tags by key; says how many there were. */
  int removeTags(KeyId id, List<String> tagKeys);

  /** Adds a grant. */
  void insert(Grant grant);

  /** Removes a grant. */
  void remove(Grant grant);

  /** Adds an alias. */
  void insert(Alias alias);

  /** Replaces an alias's row. */
  Alias update(Alias alias);

  /** Removes an alias. */
  void remove(Alias alias);

  /** Adds a keystore. */
  void insert(Keystore keystore);

  /** Replaces a keystore's row. */
  void update(Keystore keystore);

  /** Removes a keystore. */
  void removeKeystore(String project, String id);

  @Override
  KeySpaceWriting keySpaces();

  /** Adds an account. */
  void insert(Rows.Account account);

  /** Adds a project. */
  void insert(Rows.Project project);

  /** Adds a user. */
  void insert(Rows.User user);

  /** Replaces a user's row. */
  void update(Rows.User user);

  /** Adds an access key. */
  void insert(Rows.AccessKey accessKey);

  /** Replaces an access key's row. */
  void update(Rows.AccessKey accessKey);

  /**
   * Adds a token.
   *
   * @throws SessionsEnding if all sessions of its person or role were ended and are still there
   */
  void insert(Rows.Token token);

  /** Removes a token; says whether it was there. */
  boolean removeToken(String sha256);

  /** Removes tokens that ended before the time, so many at most; says how many. */
  int removeTokensEndedBefore(long epochMillis, int most);

  @Override
  RightsWriting rights();

  /** Adds a refused request, unless it is there. */
  void insert(Refusal refusal);

  /** Forgets refused requests before the time, so many at most; says how many. */
  int forgetRefusalsBefore(long epochMillis, int most);

  /**
   * Forgets the oldest refused requests of an account that has more of them than are kept, so many
   * at most; says how many.
   */
  int forgetOldestRefusals(String account, int kept, int most);

  /** Remembers a signature, hashed; false if it was seen before. */
  boolean rememberSignature(String sha256, long forgetAtMillis);

  /** Forgets signatures whose time is over; says how many. */
  int forgetSignaturesBefore(long epochMillis, int most);

  /** Adds a version of the system key. */
  void insert(Rows.SystemKey systemKey);

  /** Adds a version of a project's key. */
  void insert(Rows.ProjectKey projectKey);

  /** Sets a setting of the installation. */
  void putSetting(String name, String value);

  /**
   * Stores a setting that is read anew in each transaction that needs it, so that no other server
   * has to forget anything.
   */
  void noteSetting(String name, String value);

  /** Appends an event to the log in this transaction. */
  void append(AuditRow event);

  /** The rights-bearing rows changed so far in this transaction, in order. */
  List<RowChange> changes();
}
