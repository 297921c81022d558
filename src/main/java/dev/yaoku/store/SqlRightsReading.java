package dev.yaoku.store;

import dev.yaoku.store.Rights.HolderKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads rights by SQL that both engines speak. */
class SqlRightsReading implements RightsReading {
  private static final String NAMING_IN_VAIN =
      """
      WHERE enabled = 1 AND coalesce(by_administrators, 0) = 0 AND (account, name) IN
        (SELECT c.account, c.ca FROM "user" u JOIN certificate_user c
         ON u.administrator = 1 AND c.account = u.account AND c.user_id = u.id)
      ORDER BY account, name
      """;

  private static final String OF_ACCOUNT = " AND scope = '" + Rights.Attachment.ACCOUNT + "'";

  private final CheckedRows sql;

  SqlRightsReading(CheckedRows sql) {
    this.sql = sql;
  }

  @Override
  public List<Rows.User> users(String account) {
    return sql.listed(Tables.USER, IdentityRows::user, "WHERE account = ? ORDER BY name", account);
  }

  @Override
  public long userCount(String account) {
    return count("\"user\" WHERE account = ?", account);
  }

  @Override
  public List<Rows.User> administrators(String account) {
    return sql.listed(
        Tables.USER,
        IdentityRows::user,
        "WHERE account = ? AND administrator = 1 ORDER BY name",
        account);
  }

  @Override
  public long groupCount(String account) {
    return count("user_group WHERE account = ?", account);
  }

  @Override
  public long tokenCount(String user) {
    return count("token WHERE \"user\" = ?", user);
  }

  @Override
  public long temporaryKeyCount(String user) {
    return count("temporary_key WHERE \"user\" = ?", user);
  }

  private long count(String rows, Object... of) {
    return sql.statements.number("SELECT count(*) FROM " + rows, of);
  }

  @Override
  public List<Rows.AccessKey> accessKeysOf(String user) {
    return sql.listed(
        Tables.ACCESS_KEY,
        IdentityRows::accessKey,
        "WHERE \"user\" = ? ORDER BY created_at, id",
        user);
  }

  @Override
  public Map<String, Instant> lastUses(Set<String> accessKeys) {
    Map<String, Instant> uses = new HashMap<>();
    for (String id : accessKeys) {
      sql.statements
          .first("SELECT used_at FROM access_key_use WHERE id = ?", Statements.NUMBER, id)
          .ifPresent(millis -> uses.put(id, Instant.ofEpochMilli(millis)));
    }
    return uses;
  }

  @Override
  public Optional<Rights.Group> group(String id) {
    return sql.row(Tables.GROUP, "WHERE id = ?", id).map(RightsRows::group);
  }

  @Override
  public Optional<Rights.Group> groupNamed(String account, String name) {
    return sql.row(Tables.GROUP, "WHERE account = ? AND name = ?", account, name)
        .map(RightsRows::group);
  }

  @Override
  public List<Rights.Group> groups(String account) {
    return sql.listed(Tables.GROUP, RightsRows::group, "WHERE account = ? ORDER BY name", account);
  }

  @Override
  public List<Rights.Group> groupsOf(String user) {
    List<String> ids = groupIdsOf(user);
    return ids.isEmpty()
        ? List.of()
        : sql.all(
            Tables.GROUP,
            RightsRows::group,
            "WHERE id IN (" + marks(ids) + ") ORDER BY name",
            ids.toArray());
  }

  private List<String> groupIdsOf(String user) {
    return memberships("user_id", user).stream().map(Rights.Membership::group).toList();
  }

  final List<Rights.Membership> memberships(String column, String id) {
    return sql.all(
        Tables.MEMBERSHIP,
        RightsRows::membership,
        "WHERE " + column + " = ? ORDER BY created_at, group_id, user_id",
        id);
  }

  @Override
  public List<Rows.User> members(String group) {
    Set<String> genuine =
        memberships("group_id", group).stream()
            .map(Rights.Membership::user)
            .collect(Collectors.toSet());
    return sql
        .listed(
            Tables.USER,
            IdentityRows::user,
            "WHERE id IN (SELECT user_id FROM membership WHERE group_id = ?) ORDER BY name",
            group)
        .stream()
        .filter(user -> genuine.contains(user.id()))
        .toList();
  }

  @Override
  public List<String> memberIds(String group) {
    return sql.statements.list(
        "SELECT user_id FROM membership WHERE group_id = ? ORDER BY user_id",
        Statements.TEXT,
        group);
  }

  @Override
  public Optional<Rights.Membership> membership(String group, String user) {
    return sql.row(Tables.MEMBERSHIP, "WHERE group_id = ? AND user_id = ?", group, user)
        .map(RightsRows::membership);
  }

  @Override
  public Optional<Rights.Policy> policy(String id) {
    return sql.row(Tables.POLICY, "WHERE id = ?", id).map(RightsRows::policy);
  }

  @Override
  public List<Rights.Policy> policies(Set<String> ids) {
    return ids.isEmpty()
        ? List.of()
        : sql.all(
            Tables.POLICY, RightsRows::policy, "WHERE id IN (" + marks(ids) + ")", ids.toArray());
  }

  @Override
  public Optional<Rights.Policy> policyNamed(String account, String name) {
    return sql.row(Tables.POLICY, "WHERE account = ? AND name = ?", account, name)
        .map(RightsRows::policy);
  }

  @Override
  public List<Rights.Policy> policies(String account) {
    return sql.listed(
        Tables.POLICY, RightsRows::policy, "WHERE account = ? ORDER BY name", account);
  }

  @Override
  public long policyCount(String account) {
    return count("policy WHERE account = ?", account);
  }

  @Override
  public List<Rights.Attachment> attachmentsOf(HolderKind kind, String holder) {
    return sql.all(
        Tables.ATTACHMENT,
        RightsRows::attachment,
        "WHERE holder_kind = ? AND holder = ? ORDER BY created_at, scope, policy",
        RightsRows.text(kind),
        holder);
  }

  @Override
  public List<Rights.Attachment> attachmentsOfGroupsOf(String user) {
    return attachmentsOfGroups(groupIdsOf(user), "");
  }

  @Override
  public Map<String, String> policiesOfAccount(HolderKind kind, String holder) {
    Map<String, String> found = new HashMap<>();
    sql.statements.each(
        """
        SELECT held.policy, policy.row_mac FROM (
          SELECT policy FROM attachment WHERE holder_kind = ? AND holder = ? AND scope = ?
          UNION SELECT policy FROM attachment WHERE holder_kind = ? AND scope = ?
            AND holder IN (SELECT group_id FROM membership WHERE user_id = ?)) AS held
        LEFT JOIN policy ON policy.id = held.policy
        """,
        row -> found.put(row.text(1), hex(row.bytesOrNull(2))),
        RightsRows.text(kind),
        holder,
        Rights.Attachment.ACCOUNT,
        RightsRows.text(HolderKind.GROUP),
        Rights.Attachment.ACCOUNT,
        holder);
    return found;
  }

  @Override
  public Map<String, String> policiesHeld(HolderKind kind, String holder) {
    Map<String, String> found = new HashMap<>();
    sql.statements.each(
        """
        SELECT held.scope, held.policy, policy.row_mac FROM (
          SELECT scope, policy FROM attachment WHERE holder_kind = ? AND holder = ?
          UNION SELECT scope, policy FROM attachment WHERE holder_kind = ?
            AND holder IN (SELECT group_id FROM membership WHERE user_id = ?)) AS held
        LEFT JOIN policy ON policy.id = held.policy
        """,
        row -> found.put(row.text(1) + "/" + row.text(2), hex(row.bytesOrNull(3))),
        RightsRows.text(kind),
        holder,
        RightsRows.text(HolderKind.GROUP),
        holder);
    return found;
  }

  private static String hex(byte @Nullable [] bytes) {
    return bytes == null ? "" : HexFormat.of().formatHex(bytes);
  }

  @Override
  public List<Rights.Attachment> ofAccount(HolderKind kind, String holder) {
    List<Rights.Attachment> found =
        new ArrayList<>(
            sql.all(
                Tables.ATTACHMENT,
                RightsRows::attachment,
                "WHERE holder_kind = ? AND holder = ?" + OF_ACCOUNT,
                RightsRows.text(kind),
                holder));
    if (kind == HolderKind.USER) {
      found.addAll(attachmentsOfGroups(groupIdsOf(holder), OF_ACCOUNT));
    }
    return found;
  }

  private List<Rights.Attachment> attachmentsOfGroups(List<String> groups, String condition) {
    return groups.isEmpty()
        ? List.of()
        : sql.all(
            Tables.ATTACHMENT,
            RightsRows::attachment,
            "WHERE holder_kind = 'group' AND holder IN (%s)%s ORDER BY created_at, holder, scope, policy"
                .formatted(marks(groups), condition),
            groups.toArray());
  }

  @Override
  public List<String> holderIds(HolderKind kind, String account, String policy) {
    return sql.statements.list(
        """
        SELECT DISTINCT holder FROM attachment
        WHERE policy = ? AND account = ? AND holder_kind = ? ORDER BY holder
        """,
        Statements.TEXT,
        policy,
        account,
        RightsRows.text(kind));
  }

  @Override
  public long attachmentCount(String account) {
    return count("attachment WHERE account = ?", account);
  }

  @Override
  public long attachmentCountOfPolicy(String account, String policy) {
    return count("attachment WHERE policy = ? AND account = ?", policy, account);
  }

  @Override
  public List<Rights.Attachment> attachments(String account) {
    return sql.listed(
        Tables.ATTACHMENT,
        RightsRows::attachment,
        "WHERE account = ? ORDER BY created_at, holder, scope, policy",
        account);
  }

  @Override
  public Optional<Rights.Attachment> attachment(
      HolderKind kind, String holder, String scope, String policy) {
    return sql.row(
            Tables.ATTACHMENT,
            "WHERE holder_kind = ? AND holder = ? AND scope = ? AND policy = ?",
            RightsRows.text(kind),
            holder,
            scope,
            policy)
        .map(RightsRows::attachment);
  }

  @Override
  public Optional<Rights.Agency> agency(String id) {
    return sql.row(Tables.AGENCY, "WHERE id = ?", id).map(RightsRows::agency);
  }

  @Override
  public Optional<Rights.Agency> agencyNamed(String account, String name) {
    return sql.row(Tables.AGENCY, "WHERE account = ? AND name = ?", account, name)
        .map(RightsRows::agency);
  }

  @Override
  public List<Rights.Agency> agencies(String account) {
    return sql.listed(
        Tables.AGENCY, RightsRows::agency, "WHERE account = ? ORDER BY name", account);
  }

  @Override
  public Optional<Rights.TemporaryKey> temporaryKey(String id) {
    return sql.row(Tables.TEMPORARY_KEY, "WHERE id = ?" + EndedSessions.NO_ENDED_TEMPORARY_KEY, id)
        .map(RightsRows::temporaryKey);
  }

  @Override
  public Optional<Rights.IdentityProvider> identityProvider(String id) {
    return sql.row(Tables.IDENTITY_PROVIDER, "WHERE id = ?", id).map(RightsRows::identityProvider);
  }

  @Override
  public List<Rights.IdentityProvider> identityProviders() {
    return sql.listed(
        Tables.IDENTITY_PROVIDER, RightsRows::identityProvider, "ORDER BY account, name");
  }

  @Override
  public List<Rights.IdentityProvider> identityProviders(String account) {
    return sql.listed(
        Tables.IDENTITY_PROVIDER,
        RightsRows::identityProvider,
        "WHERE account = ? ORDER BY name",
        account);
  }

  @Override
  public List<Rights.ClientCa> clientCasNamingAdministratorsInVain() {
    return sql.listed(Tables.CLIENT_CA, RightsRows::clientCa, NAMING_IN_VAIN);
  }

  @Override
  public List<Rights.ClientCa> clientCas() {
    return sql.listed(Tables.CLIENT_CA, RightsRows::clientCa, "ORDER BY account, name");
  }

  @Override
  public List<Rights.ClientCa> clientCas(String account) {
    return sql.listed(
        Tables.CLIENT_CA, RightsRows::clientCa, "WHERE account = ? ORDER BY name", account);
  }

  @Override
  public Optional<Rights.ClientCa> clientCa(String account, String name) {
    return sql.row(Tables.CLIENT_CA, "WHERE account = ? AND name = ?", account, name)
        .map(RightsRows::clientCa);
  }

  @Override
  public Optional<Rights.CertificateUser> certificateUser(String account, String ca, String name) {
    return sql.row(
            Tables.CERTIFICATE_USER, "WHERE account = ? AND ca = ? AND name = ?", account, ca, name)
        .map(RightsRows::certificateUser);
  }

  @Override
  public List<Rights.CertificateUser> certificateUsers(
      String account, String ca, Set<String> names) {
    return names.isEmpty()
        ? List.of()
        : sql.all(
            Tables.CERTIFICATE_USER,
            RightsRows::certificateUser,
            "WHERE account = ? AND ca = ? AND name IN (%s)".formatted(marks(names)),
            Stream.concat(Stream.of(account, ca), names.stream()).toArray());
  }

  @Override
  public List<Rights.CertificateUser> certificateUsers(String account, String ca) {
    return sql.listed(
        Tables.CERTIFICATE_USER,
        RightsRows::certificateUser,
        "WHERE account = ? AND ca = ? ORDER BY name",
        account,
        ca);
  }

  @Override
  public long certificateUserCount(String account, String ca) {
    return count("certificate_user WHERE account = ? AND ca = ?", account, ca);
  }

  private static String marks(Collection<?> values) {
    return String.join(", ", Collections.nCopies(values.size(), "?"));
  }
}
