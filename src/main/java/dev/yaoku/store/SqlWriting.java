package dev.yaoku.store;

import dev.yaoku.key.Alias;
import dev.yaoku.key.Grant;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.SetMember;
import dev.yaoku.key.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what a task changes, and keeps the index of keys. */
final class SqlWriting extends SqlReading implements Writing {
  private final List<AuditRow> events = new ArrayList<>();
  private final SealedRows sql;
  private final Written written;

  /** Versions that keys had before this transaction changed their tags. */
  private final Map<KeyId, Long> versionsBeforeTags = new HashMap<>();

  SqlWriting(SealedRows sql, SqlDialect dialect, KeyIndex index) {
    super(sql, dialect, index);
    this.sql = sql;
    this.written = sql.written();
  }

  /** The events so far, which go with those of the other tasks of the transaction. */
  List<AuditRow> events() {
    return events;
  }

  /** What was done so far. */
  Written written() {
    return written;
  }

  @Override
  public Optional<Key> lockKey(KeyId id) {
    Optional<Row> row =
        sql.knownKey(id.text())
            .or(() -> sql.row(Tables.KEY, "WHERE id = ?" + dialect.forUpdate(), id.text()));
    row.ifPresent(sql::remember);
    return row.map(KeyRows::key);
  }

  @Override
  Optional<Row> keyRow(KeyId id) {
    return sql.knownKey(id.text()).or(() -> super.keyRow(id));
  }

  @Override
  public void insert(Key key) {
    Row row =
        KeyRows.row(key, Row.of(Tables.KEY))
            .set("number", index.nextNumber(key.project()))
            .set("tag_digest", TagRows.digest(List.of()));
    written.noteNewKey(key.id().text());
    sql.insert(row);
    index.add(row);
  }

  @Override
  public Key update(Key key) {
    Row before =
        keyRow(key.id()).orElseThrow(() -> SealedRows.changedMeanwhile("key", key.id().text()));
    long version = before.rowVersion();
    long oldest = versionsBeforeTags.getOrDefault(key.id(), version);
    if (key.rowVersion() > version || key.rowVersion() < oldest) {
      throw SealedRows.changedMeanwhile("key", key.id().text());
    }
    if (!key.project().equals(before.text("project"))) {
      throw new IllegalArgumentException("a key stays in its project");
    }
    Row after = KeyRows.row(key, before.copy());
    sql.replace(before, after);
    index.move(before, after);
    return KeyRows.key(after);
  }

  @Override
  public void purge(KeyId id) {
    Row key = keyRow(id).orElseThrow(() -> SealedRows.changedMeanwhile("key", id.text()));
    String project = key.text("project");
    long number = key.number("number");
    for (Row tag : tagRows(key)) {
      index.removeTag(project, number, TagRows.tag(tag));
      sql.delete(tag);
    }
    atKeys.versions(id).forEach(sql::delete);
    aliasesOf(id).forEach(this::remove);
    grantsOf(id).forEach(this::remove);
    // Its number may be given anew, and what was laid there must not be the next key's.
    sql.statements.execute("DELETE FROM key_grant " + RowsAtKeys.AT_KEY, id.text());
    for (Rows.ImportToken token : importTokens(id)) {
      sql.delete(KeyRows.row(token));
    }
    index.remove(key);
    sql.delete(key);
    written.notePurge();
    String set = KeyRows.key(key).set();
    if (!set.isEmpty() && !sets.anyLives(set)) {
      setMembers(set).forEach(member -> sql.delete(KeyRows.row(member)));
    }
  }

  @Override
  public void insert(SetMember member) {
    sql.insert(KeyRows.row(member));
  }

  @Override
  public void insert(KeyVersion version) {
    sql.insert(placed(version));
  }

  @Override
  public void update(KeyVersion version) {
    sql.replace(asStored(version), version.rowVersion());
    if (version.wrapped().length == 0) {
      written.notePurge();
    }
  }

  @Override
  public void remove(KeyVersion version) {
    sql.delete(asStored(version));
    written.notePurge();
  }

  @Override
  public void insert(Rows.ImportToken token) {
    sql.insert(KeyRows.row(token));
  }

  @Override
  public void update(Rows.ImportToken token) {
    sql.replace(KeyRows.row(token), token.rowVersion());
    if (token.wrapped().length == 0) {
      written.notePurge();
    }
  }

  @Override
  public boolean removeImportToken(String id) {
    // Where it was emptied before, the log was folded then.
    importToken(id).filter(token -> token.wrapped().length > 0).ifPresent(_ -> written.notePurge());
    return sql.delete(Row.of(Tables.IMPORT_TOKEN).set("id", id));
  }

  @Override
  public int putTags(KeyId id, List<Tag> tags) {
    Row key = keyRow(id).orElseThrow(() -> SealedRows.changedMeanwhile("key", id.text()));
    if (key.flag("is_default")) {
      throw new IllegalArgumentException("keys of cloud services have no tags");
    }
    KeyTags now = new KeyTags(sql, key, tags.stream().map(Tag::key).toList());
    for (Tag tag : tags) {
      Row before = now.find(tag.key()).orElse(null);
      if (before == null || !TagRows.tag(before).equals(tag)) {
        now.put(written(key, before, tag));
      }
    }
    rememberTags(key, now);
    return now.count();
  }

  private Row written(Row key, @Nullable Row before, Tag tag) {
    Row after = TagRows.row(key, tag);
    if (before == null) {
      sql.insert(after);
    } else {
      sql.replace(before, after);
      index.removeTag(key.text("project"), key.number("number"), TagRows.tag(before));
    }
    index.addTag(key.text("project"), key.number("number"), tag);
    return after;
  }

  @Override
  public int removeTags(KeyId id, List<String> tagKeys) {
    Row key = keyRow(id).orElseThrow(() -> SealedRows.changedMeanwhile("key", id.text()));
    KeyTags now = new KeyTags(sql, key, tagKeys);
    int before = now.count();
    for (String tagKey : tagKeys) {
      now.find(tagKey)
          .ifPresent(row -> {
            sql.delete(row);
            index.removeTag(key.text("project"), key.number("number"), TagRows.tag(row));
            now.remove(tagKey);
          });
    }
    rememberTags(key, now);
    return before - now.count();
  }

  private void rememberTags(Row key, KeyTags now) {
    byte[] digest = now.digest();
    if (!Arrays.equals(digest, key.bytes("tag_digest"))) {
      versionsBeforeTags.putIfAbsent(new KeyId(key.text("id")), key.rowVersion());
      sql.replace(key, key.copy().set("tag_digest", digest));
    }
  }

  @Override
  public void insert(Grant grant) {
    sql.insert(GrantRows.row(grant).set("key_number", keyOf(grant.key()).number("number")));
  }

  @Override
  public void remove(Grant grant) {
    sql.delete(GrantRows.row(grant));
  }

  private Row keyOf(KeyId id) {
    return keyRow(id).orElseThrow(() -> SealedRows.changedMeanwhile("key", id.text()));
  }

  private Row placed(KeyVersion version) {
    Row key = keyOf(version.key());
    return KeyRows.row(version)
        .set("project", key.text("project"))
        .set("key_number", key.number("number"));
  }

  /** With a place, unless the row is one of an earlier store, which has none. */
  private Row asStored(KeyVersion version) {
    Row placed = placed(version);
    boolean there =
        sql.exists(
            "SELECT 1 FROM key_version WHERE project = ? AND key_number = ? AND version = ?",
            placed.text("project"),
            placed.number("key_number"),
            version.number());
    return there ? placed : KeyRows.row(version);
  }

  @Override
  public void insert(Alias alias) {
    sql.insert(AliasRows.row(alias));
  }

  @Override
  public Alias update(Alias alias) {
    Row row = AliasRows.row(alias);
    // The key that has the name so far loses it, which other servers must hear of, too.
    sql.statements
        .first(
            "SELECT key_id FROM alias WHERE project = ? AND name = ?",
            Statements.TEXT,
            row.value("project"),
            row.value("name"))
        .ifPresent(written::noteTouched);
    sql.replace(row, alias.rowVersion());
    return AliasRows.alias(row);
  }

  @Override
  public void remove(Alias alias) {
    sql.delete(AliasRows.row(alias));
  }

  @Override
  public void insert(Keystore keystore) {
    sql.insert(KeyRows.row(keystore));
  }

  @Override
  public void update(Keystore keystore) {
    sql.replace(KeyRows.row(keystore), keystore.rowVersion());
  }

  @Override
  public void removeKeystore(String project, String id) {
    keystore(project, id).ifPresent(keystore -> sql.delete(KeyRows.row(keystore)));
  }

  @Override
  public KeySpaceWriting keySpaces() {
    return new SqlKeySpaceWriting(sql);
  }

  @Override
  public void insert(Rows.Account account) {
    sql.insert(IdentityRows.row(account));
  }

  @Override
  public void insert(Rows.Project project) {
    sql.insert(IdentityRows.row(project));
  }

  @Override
  public void insert(Rows.User user) {
    sql.insert(IdentityRows.row(user));
  }

  @Override
  public void update(Rows.User user) {
    sql.replace(IdentityRows.row(user), user.rowVersion());
  }

  @Override
  public void insert(Rows.AccessKey accessKey) {
    sql.insert(IdentityRows.row(accessKey));
  }

  @Override
  public void update(Rows.AccessKey accessKey) {
    sql.replace(IdentityRows.row(accessKey), accessKey.rowVersion());
  }

  @Override
  public void insert(Rows.Token token) {
    EndedSessions.mustNotBeEnding(sql.statements, token.user(), token.lineage().agency());
    sql.insert(IdentityRows.row(token));
  }

  @Override
  public boolean removeToken(String sha256) {
    return sql.delete(Row.of(Tables.TOKEN).set("sha256", sha256));
  }

  @Override
  public int removeTokensEndedBefore(long epochMillis, int most) {
    List<String> ended =
        sql.statements.list(
            "SELECT sha256 FROM token WHERE expires_at < ? LIMIT ?",
            Statements.TEXT,
            epochMillis,
            most);
    written.unnoticed(() -> ended.forEach(this::removeToken)); // they counted no more
    return ended.size();
  }

  @Override
  public RightsWriting rights() {
    return new SqlRightsWriting(sql);
  }

  @Override
  public void insert(Refusal refusal) {
    written.noteWrite();
    // Like an event it decides nothing, so that it counts as no change.
    RefusalRows.insert(sql.statements, refusal);
  }

  @Override
  public int forgetRefusalsBefore(long epochMillis, int most) {
    written.noteWrite();
    return RefusalRows.forgetBefore(sql.statements, epochMillis, most);
  }

  @Override
  public int forgetOldestRefusals(String account, int kept, int most) {
    written.noteWrite();
    return RefusalRows.forgetOldest(sql.statements, account, kept, most);
  }

  @Override
  public boolean rememberSignature(String sha256, long forgetAtMillis) {
    written.noteChange();
    return sql.statements.execute(
            """
            INSERT INTO seen_signature (sha256, forget_at) VALUES (?, ?)
            ON CONFLICT (sha256) DO NOTHING
            """,
            sha256,
            forgetAtMillis)
        == 1;
  }

  @Override
  public int forgetSignaturesBefore(long epochMillis, int most) {
    written.noteWrite(); // and no change: no server remembers a signature beside the database
    return sql.statements.execute(
        """
        DELETE FROM seen_signature WHERE sha256 IN
          (SELECT sha256 FROM seen_signature WHERE forget_at < ? ORDER BY forget_at LIMIT ?)
        """,
        epochMillis,
        most);
  }

  @Override
  public void insert(Rows.SystemKey systemKey) {
    sql.insert(IdentityRows.row(systemKey));
  }

  @Override
  public void insert(Rows.ProjectKey projectKey) {
    sql.insert(IdentityRows.row(projectKey));
  }

  @Override
  public void putSetting(String name, String value) {
    Row after = Row.of(Tables.SETTING).set("name", name).set("value", value);
    sql.row(Tables.SETTING, "WHERE name = ?", name)
        .ifPresentOrElse(
            before -> sql.replace(after, before.rowVersion()), () -> sql.insert(after));
  }

  /** Removes a setting, genuine or not. */
  void removeSetting(String name) {
    sql.delete(Row.of(Tables.SETTING).set("name", name));
  }

  @Override
  public void noteSetting(String name, String value) {
    written.unnoticed(() -> putSetting(name, value));
  }

  @Override
  public void append(AuditRow event) {
    events.add(event);
  }

  @Override
  public List<RowChange> changes() {
    return written.changes();
  }
}
