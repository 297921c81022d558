package dev.yaoku.store;

import dev.yaoku.store.Rights.HolderKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What can be read about who may do what. Every row is checked before it is returned; in lists,
 * rows that are not genuine are left out and reported, but for those that can take rights away:
 * there, one such row refuses all.
 */
public interface RightsReading {
  /** All users of an account, by name. */
  List<Rows.User> users(String account);

  /** How many users an account has; their rows are not looked at. */
  long userCount(String account);

  /** Those users of an account who may do everything there, by name. */
  List<Rows.User> administrators(String account);

  /** How many tokens of a user are kept, ended ones too; their rows are not looked at. */
  long tokenCount(String user);

  /** The same for temporary access keys. */
  long temporaryKeyCount(String user);

  /** The permanent access keys of a user, oldest first. */
  List<Rows.AccessKey> accessKeysOf(String user);

  /** When access keys were last used, about; those never used are not there. */
  Map<String, Instant> lastUses(Set<String> accessKeys);

  /** The group of this id. */
  Optional<Rights.Group> group(String id);

  /** The group of this name in an account. */
  Optional<Rights.Group> groupNamed(String account, String name);

  /** All groups of an account, by name. */
  List<Rights.Group> groups(String account);

  /** How many groups an account has; their rows are not looked at. */
  long groupCount(String account);

  /** The groups that a user is in, by name. */
  List<Rights.Group> groupsOf(String user);

  /** The users in a group, by name. */
  List<Rows.User> members(String group);

  /** The ids of those who are said to be in a group; no row is looked at, genuine or not. */
  List<String> memberIds(String group);

  /** That a user is in a group. */
  Optional<Rights.Membership> membership(String group, String user);

  /** The policy of this id. */
  Optional<Rights.Policy> policy(String id);

  /** The policies of these ids, as far as they are there. */
  List<Rights.Policy> policies(Set<String> ids);

  /** The policy of this name in an account. */
  Optional<Rights.Policy> policyNamed(String account, String name);

  /** All policies that an account wrote, by name. */
  List<Rights.Policy> policies(String account);

  /** How many policies an account wrote; their rows are not looked at. */
  long policyCount(String account);

  /** What somebody holds himself. */
  List<Rights.Attachment> attachmentsOf(HolderKind kind, String holder);

  /** What a user holds by being in groups. */
  List<Rights.Attachment> attachmentsOfGroupsOf(String user);

  /**
   * The policies that a holder holds for the account itself, a user through groups, too, with the
   * MACs of their rows; empty for one without a row. No row is checked, so it gives nobody a right:
   * it is compared with what was there when they were.
   */
  Map<String, String> policiesOfAccount(HolderKind kind, String holder);

  /** The same of all that a holder holds, each by where it holds it and which it is. */
  Map<String, String> policiesHeld(HolderKind kind, String holder);

  /** What a holder holds for the account itself; a user through groups, too. */
  List<Rights.Attachment> ofAccount(HolderKind kind, String holder);

  /** Which users, groups or agencies are said to hold a policy; no row is looked at. */
  List<String> holderIds(HolderKind kind, String account, String policy);

  /** How often anything is held in an account; the rows are not looked at. */
  long attachmentCount(String account);

  /** How often a policy is held in an account; the rows are not looked at. */
  long attachmentCountOfPolicy(String account, String policy);

  /** All that anybody holds in an account. */
  List<Rights.Attachment> attachments(String account);

  /** One attachment. */
  Optional<Rights.Attachment> attachment(
      HolderKind kind, String holder, String scope, String policy);

  /** The agency of this id. */
  Optional<Rights.Agency> agency(String id);

  /** The agency of this name in an account. */
  Optional<Rights.Agency> agencyNamed(String account, String name);

  /** All agencies of an account, by name. */
  List<Rights.Agency> agencies(String account);

  /** The temporary access key of this public name. */
  Optional<Rights.TemporaryKey> temporaryKey(String id);

  /** The identity provider of this id. */
  Optional<Rights.IdentityProvider> identityProvider(String id);

  /** All identity providers. */
  List<Rights.IdentityProvider> identityProviders();

  /** All identity providers of an account, by name. */
  List<Rights.IdentityProvider> identityProviders(String account);

  /**
   * The issuers that count and in whose certificates administrators are said to have names, though
   * they vouch for none.
   */
  List<Rights.ClientCa> clientCasNamingAdministratorsInVain();

  /** All issuers of client certificates. */
  List<Rights.ClientCa> clientCas();

  /** The issuers of client certificates of an account, by name. */
  List<Rights.ClientCa> clientCas(String account);

  /** One issuer. */
  Optional<Rights.ClientCa> clientCa(String account, String name);

  /** Which user a name in a certificate of this issuer is. */
  Optional<Rights.CertificateUser> certificateUser(String account, String ca, String name);

  /** Which users these names in certificates of an issuer are. */
  List<Rights.CertificateUser> certificateUsers(String account, String ca, Set<String> names);

  /** All names of an issuer's certificates that are users. */
  List<Rights.CertificateUser> certificateUsers(String account, String ca);

  /** How many names an issuer's certificates have that are users; their rows are not looked at. */
  long certificateUserCount(String account, String ca);
}
