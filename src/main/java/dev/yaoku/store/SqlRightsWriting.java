package dev.yaoku.store;

import dev.yaoku.store.Rights.HolderKind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Writes rights with their versions and MACs. */
final class SqlRightsWriting extends SqlRightsReading implements RightsWriting {
  private final SealedRows sql;

  SqlRightsWriting(SealedRows sql) {
    super(sql);
    this.sql = sql;
  }

  @Override
  public void update(Rows.Account account) {
    sql.replace(IdentityRows.row(account), account.rowVersion());
  }

  @Override
  public void update(Rows.Project project) {
    sql.replace(IdentityRows.row(project), project.rowVersion());
  }

  @Override
  public void removeUser(Rows.User user) {
    endSessionsOf(user.id());
    accessKeysOf(user.id()).forEach(key -> removeAccessKey(key.id()));
    sql.deleteAll(Tables.MEMBERSHIP, "user_id", user.id());
    removeAttachmentsOf(HolderKind.USER, user.id());
    sql.deleteAll(
        Tables.CERTIFICATE_USER, List.of("account", "user_id"), user.account(), user.id());
    sql.delete(IdentityRows.row(user));
  }

  private void removeAttachmentsOf(HolderKind kind, String holder) {
    sql.deleteAll(
        Tables.ATTACHMENT, List.of("holder_kind", "holder"), RightsRows.text(kind), holder);
  }

  @Override
  public boolean removeAccessKey(String id) {
    sql.written().noteWrite();
    sql.statements.execute("DELETE FROM access_key_use WHERE id = ?", id);
    return sql.delete(Row.of(Tables.ACCESS_KEY).set("id", id));
  }

  @Override
  public boolean endSessionsOf(Collection<String> holders) {
    sql.written().noteWrite();
    List<String> ended = EndedSessions.mark(sql.statements, holders);
    sql.written()
        .note(
            ended.stream()
                .map(holder -> RowChange.withoutMac(EndedSessions.TABLE, holder))
                .toList());
    return !ended.isEmpty();
  }

  /** What is removed counted no more, so that this counts as no change. */
  @Override
  public int removeEndedSessions(int most) {
    sql.written().noteWrite();
    return EndedSessions.remove(sql.statements, most);
  }

  /** No change either. */
  @Override
  public int removeEndedSessionsOf(String holder, int most) {
    sql.written().noteWrite();
    return EndedSessions.remove(sql.statements, holder, most);
  }

  private List<String> ids(String query, Object... parameters) {
    return sql.statements.list(query, Statements.TEXT, parameters);
  }

  @Override
  public void noteUse(String accessKey, Instant at) {
    sql.written().noteWrite();
    sql.statements.execute(
        """
        INSERT INTO access_key_use (id, used_at) SELECT id, ? FROM access_key WHERE id = ?
        ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at
        """,
        at.toEpochMilli(),
        accessKey);
  }

  @Override
  public void insert(Rights.Group group) {
    sql.insert(RightsRows.row(group));
  }

  @Override
  public void update(Rights.Group group) {
    sql.replace(RightsRows.row(group), group.rowVersion());
  }

  @Override
  public void remove(Rights.Group group) {
    sql.deleteAll(Tables.MEMBERSHIP, "group_id", group.id());
    removeAttachmentsOf(HolderKind.GROUP, group.id());
    sql.delete(RightsRows.row(group));
  }

  @Override
  public void insert(Rights.Membership membership) {
    sql.insert(RightsRows.row(membership));
  }

  @Override
  public void remove(Rights.Membership membership) {
    sql.delete(RightsRows.row(membership));
  }

  @Override
  public void insert(Rights.Policy policy) {
    sql.insert(RightsRows.row(policy));
  }

  @Override
  public void update(Rights.Policy policy) {
    sql.replace(RightsRows.row(policy), policy.rowVersion());
  }

  @Override
  public void remove(Rights.Policy policy) {
    sql.deleteAll(Tables.ATTACHMENT, "policy", policy.id());
    sql.delete(RightsRows.row(policy));
  }

  @Override
  public void insert(Rights.Attachment attachment) {
    sql.insert(RightsRows.row(attachment));
  }

  @Override
  public void remove(Rights.Attachment attachment) {
    sql.delete(RightsRows.row(attachment));
  }

  @Override
  public void insert(Rights.Agency agency) {
    sql.insert(RightsRows.row(agency));
  }

  @Override
  public void update(Rights.Agency agency) {
    sql.replace(RightsRows.row(agency), agency.rowVersion());
  }

  @Override
  public void remove(Rights.Agency agency) {
    endSessionsOf(agency.id());
    removeAttachmentsOf(HolderKind.AGENCY, agency.id());
    sql.delete(RightsRows.row(agency));
  }

  @Override
  public void insert(Rights.TemporaryKey key) {
    EndedSessions.mustNotBeEnding(sql.statements, key.user(), key.agency());
    sql.insert(RightsRows.row(key));
  }

  @Override
  public boolean removeTemporaryKey(String id) {
    return sql.delete(Row.of(Tables.TEMPORARY_KEY).set("id", id));
  }

  /** What ended counts no more, so that this is no change. */
  @Override
  public int removeTemporaryKeysEndedBefore(Instant time, int most) {
    List<String> ended =
        ids("SELECT id FROM temporary_key WHERE expires_at < ? LIMIT ?", time.toEpochMilli(), most);
    sql.written().unnoticed(() -> ended.forEach(this::removeTemporaryKey));
    return ended.size();
  }

  @Override
  public void removeOldestTokensOf(String user, int count) {
    ids("SELECT sha256 FROM token WHERE \"user\" = ? ORDER BY issued_at LIMIT ?", user, count)
        .forEach(sha256 -> sql.delete(Row.of(Tables.TOKEN).set("sha256", sha256)));
  }

  @Override
  public void removeOldestTemporaryKeysOf(String user, int count) {
    ids("SELECT id FROM temporary_key WHERE \"user\" = ? ORDER BY issued_at LIMIT ?", user, count)
        .forEach(this::removeTemporaryKey);
  }

  @Override
  public void insert(Rights.IdentityProvider provider) {
    sql.insert(RightsRows.row(provider));
  }

  @Override
  public void update(Rights.IdentityProvider provider) {
    sql.replace(RightsRows.row(provider), provider.rowVersion());
  }

  @Override
  public void remove(Rights.IdentityProvider provider) {
    sql.delete(RightsRows.row(provider));
  }

  @Override
  public void insert(Rights.ClientCa ca) {
    sql.insert(RightsRows.row(ca));
  }

  @Override
  public void update(Rights.ClientCa ca) {
    sql.replace(RightsRows.row(ca), ca.rowVersion());
  }

  @Override
  public void remove(Rights.ClientCa ca) {
    sql.deleteAll(Tables.CERTIFICATE_USER, List.of("account", "ca"), ca.account(), ca.name());
    sql.delete(RightsRows.row(ca));
  }

  @Override
  public void insert(Rights.CertificateUser name) {
    sql.insert(RightsRows.row(name));
  }

  @Override
  public void remove(Rights.CertificateUser name) {
    sql.delete(RightsRows.row(name));
  }
}
