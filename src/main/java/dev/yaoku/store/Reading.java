package dev.yaoku.store;

import dev.yaoku.key.Alias;
import dev.yaoku.key.Grant;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.SetMember;
import dev.yaoku.key.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** What can be read in a transaction. Every rights-bearing row is checked before it is returned. */
public interface Reading {
  /**
   * The key, whoever owns it. Permission is the caller's business. Gone keys (time reached) are
   * returned too.
   */
  Optional<Key> key(KeyId id);

  /** The versions of a key's material, oldest first. */
  List<KeyVersion> versions(KeyId id);

  /**
   * Keys of a project, newest first; keys whose deletion date is reached at {@code now} do not
   * appear. Rows that are not genuine are left out and recorded.
   *
   * @param from where the page begins
   * @param limit how many at most
   * @param withTags whether to read tags too
   */
  KeyFilter.Page keys(
      String project, KeyFilter filter, Instant now, From from, int limit, boolean withTags);

  /** Whether a key of the project that is not pending deletion has this name. */
  boolean nameTaken(String project, String name);

  /**
   * The newest key of the project with this name that is pending deletion, its date not yet reached
   * at {@code now}.
   */
  Optional<Key> pendingDeletionNamed(String project, String name, Instant now);

  /** The key of a cloud service that has this name in the project. */
  Optional<Key> defaultKey(String project, String name);

  /** How many keys of cloud services the project has. */
  long defaultKeys(String project);

  /** Keys of the project in any state, default keys left out, gone ones left out. */
  long customKeys(String project, Instant now);

  /** The tags of a key, ordered by tag key. */
  List<Tag> tags(KeyId id);

  /** The key with its tags, both as of one moment; keys without tags cost no second look. */
  Optional<KeyFilter.TaggedKey> taggedKey(KeyId id);

  /**
   * All tag keys of a project with their values, but for what only keys have whose deletion date is
   * reached at {@code now}.
   */
  SortedMap<String, SortedSet<String>> projectTags(String project, Instant now);

  /**
   * The keys of a multi-region set that are not purged, oldest first. Rows that are not genuine are
   * left out and reported.
   */
  List<Key> members(String set);

  /**
   * The same where every single one matters: one that is not genuine refuses all, also where only a
   * row that was edited says that it is of the set.
   */
  List<Key> allMembers(String set);

  /**
   * The ids of all keys of which any row says that they are of a set, purged keys too. These rows
   * are not checked, so that it proves nothing.
   */
  List<KeyId> idsInSet(String set);

  /** To which set a key belongs, though it may be purged. */
  Optional<SetMember> setMember(KeyId key);

  /** All that belong to a set, purged keys too, in the order in which they came. */
  List<SetMember> setMembers(String set);

  /** The import token of this id. */
  Optional<Rows.ImportToken> importToken(String id);

  /** The import tokens of a key, oldest first. */
  List<Rows.ImportToken> importTokens(KeyId key);

  /** The grant of this id. */
  Optional<Grant> grant(String id);

  /** The grants on a key, newest first. */
  List<Grant> grantsOf(KeyId id);

  /** How many grants there are on a key at most: rows that are not genuine count here, too. */
  long grantRows(KeyId id);

  /**
   * The grants on keys of a project that a user of an account may end, newest first; those on keys
   * whose deletion date is reached at {@code now} do not appear.
   */
  List<Grant> retirableGrants(String project, String user, String account, Instant now);

  /** The alias of this name in a project. */
  Optional<Alias> alias(String project, String name);

  /** The aliases of this name in the projects of an account, in any order. */
  List<Alias> aliasesNamed(String account, String name);

  /** The aliases of a key, newest first. */
  List<Alias> aliasesOf(KeyId id);

  /** How many aliases a key has at most: rows that are not genuine count here, too. */
  long aliasRows(KeyId id);

  /**
   * Aliases of a project, newest first; those of keys whose deletion date is reached at {@code now}
   * do not appear.
   */
  List<Alias> aliases(String project, Instant now, From from, int limit);

  /** One keystore. */
  Optional<Keystore> keystore(String project, String id);

  /** Keystores of a project, newest first. */
  List<Keystore> keystores(String project, From from, int limit);

  /** How many keystores the project has. */
  long keystoreCount(String project);

  /** Whether a keystore of the project has this alias. */
  boolean keystoreAliasTaken(String project, String alias);

  /** Whether a keystore of the project is backed by this cluster. */
  boolean clusterTaken(String project, String cluster);

  /**
   * Whether any key, in any state, is filed under the keystore; those whose deletion date is
   * reached at {@code now} do not count.
   */
  boolean keystoreHoldsKeys(String keystore, Instant now);

  /** What is due by time. */
  DueReading due();

  /** What can be read of key spaces: their policies and access points. */
  KeySpaceReading keySpaces();

  // Identity

  /** The account of this id. */
  Optional<Rows.Account> account(String id);

  /** All accounts, oldest first. */
  List<Rows.Account> accounts();

  /** The ids of accounts that have no project in a region. */
  List<String> accountsWithoutProjectIn(String region);

  /** The account of this name. */
  Optional<Rows.Account> accountNamed(String name);

  /** The project of this id. */
  Optional<Rows.Project> project(String id);

  /** All projects of an account, by name. */
  List<Rows.Project> projects(String account);

  /** The user of this id. */
  Optional<Rows.User> user(String id);

  /** The user of this name in the account. */
  Optional<Rows.User> userNamed(String account, String name);

  /** The access key of this public name. */
  Optional<Rows.AccessKey> accessKey(String id);

  /** The token with this SHA-256, 64 hexadecimal characters. */
  Optional<Rows.Token> token(String sha256);

  /** What can be read about who may do what. */
  RightsReading rights();

  /** The refused request of this id. */
  Optional<Refusal> refusal(String requestId);

  /** How many refused requests of an account are kept. */
  long refusalCount(String account);

  // Key hierarchy

  /** All versions of the system key, oldest first. */
  List<Rows.SystemKey> systemKeys();

  /** All versions of a project's key, oldest first. */
  List<Rows.ProjectKey> projectKeys(String project);

  /**
   * A setting of the installation: its id, the root key's fingerprint, marks. Not authenticated
   * before the root key is open.
   */
  Optional<String> setting(String name);

  /** Counts all changes ever committed; never goes back in a genuine store. */
  long changeSequence();
}
