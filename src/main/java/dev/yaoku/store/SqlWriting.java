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
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes rows with their versions and MACs, and keeps the index of keys. */
final class SqlWriting extends SqlReading implements Writing {
  private final List<AuditRow> events = new ArrayList<>();
  private final Written written;

  /** Versions that keys had before this transaction changed their tags. */
  private final Map<KeyId, Long> versionsBeforeTags = new HashMap<>();

  /** Rows of keys as the transaction has them by now: nobody else changes them meanwhile. */
  private final Map<String, Row> keyRows = new HashMap<>(2);

  SqlWriting(Statements statements, SqlDialect dialect, GenuineRows genuine, KeyIndex index) {
    super(statements, dialect, genuine, index);
    this.written = new Written(statements, dialect);
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
    Row known = keyRows.get(id.text());
    Optional<Row> row =
        known == null
            ? row(Tables.KEY, "WHERE id = ?" + dialect.forUpdate(), id.text())
            : Optional.of(known);
    row.ifPresent(there -> keyRows.put(id.text(), there));
    return row.map(KeyRows::key);
  }

  @Override
  Optional<Row> keyRow(KeyId id) {
    Row known = keyRows.get(id.text());
    return known == null ? super.keyRow(id) : Optional.of(known);
  }

  @Override
  public void insert(Key key) {
    Row row =
        KeyRows.row(key, Row.of(Tables.KEY))
            .set("number", index.nextNumber(key.project()))
            .set("tag_digest", TagRows.digest(List.of()));
    written.noteNewKey(key.id().text());
    insert(row);
    index.add(row);
  }

  @Override
  public Key update(Key key) {
    Row before = keyRow(key.id()).orElseThrow(() -> changedMeanwhile("key", key.id().text()));
    long version = before.rowVersion();
    long oldest = versionsBeforeTags.getOrDefault(key.id(), version);
    if (key.rowVersion() > version || key.rowVersion() < oldest) {
      throw changedMeanwhile("key", key.id().text());
    }
    if (!key.project().equals(before.text("project"))) {
      throw new IllegalArgumentException("a key stays in its project");
    }
    Row after = KeyRows.row(key, before.copy());
    replace(before, after);
    index.move(before, after);
    return KeyRows.key(after);
  }

  @Override
  public void purge(KeyId id) {
    Row key = keyRow(id).orElseThrow(() -> changedMeanwhile("key", id.text()));
    String project = key.text("project");
    long number = key.number("number");
    for (Row tag : tagRows(key)) {
      index.removeTag(project, number, TagRows.tag(tag));
      delete(tag);
    }
    for (KeyVersion version : versions(id)) {
      delete(KeyRows.row(version));
    }
    aliasesOf(id).forEach(this::remove);
    grantsOf(id).forEach(this::remove);
    for (Rows.ImportToken token : importTokens(id)) {
      delete(KeyRows.row(token));
    }
    index.remove(key);
    delete(key);
    written.notePurge();
    String set = KeyRows.key(key).set();
    if (!set.isEmpty() && !anyMemberLives(set)) {
      setMembers(set).forEach(member -> delete(KeyRows.row(member)));
    }
  }

  @Override
  public void insert(SetMember member) {
    insert(KeyRows.row(member));
  }

  @Override
  public void insert(KeyVersion version) {
    insert(KeyRows.row(version));
  }

  @Override
  public void update(KeyVersion version) {
    replace(KeyRows.row(version), version.rowVersion());
    if (version.wrapped().length == 0) {
      written.notePurge();
    }
  }

  @Override
  public void remove(KeyVersion version) {
    delete(KeyRows.row(version));
    written.notePurge();
  }

  @Override
  public void insert(Rows.ImportToken token) {
    insert(KeyRows.row(token));
  }

  @Override
  public void update(Rows.ImportToken token) {
    replace(KeyRows.row(token), token.rowVersion());
    if (token.wrapped().length == 0) {
      written.notePurge();
    }
  }

  @Override
  public boolean removeImportToken(String id) {
    // Where it was emptied before, the log was folded then.
    importToken(id).filter(token -> token.wrapped().length > 0).ifPresent(_ -> written.notePurge());
    return delete(Row.of(Tables.IMPORT_TOKEN).set("id", id));
  }

  @Override
  public List<Tag> putTags(KeyId id, List<Tag> tags) {
    Row key = keyRow(id).orElseThrow(() -> changedMeanwhile("key", id.text()));
    if (key.flag("is_default")) {
      throw new IllegalArgumentException("keys of cloud services have no tags");
    }
    SortedMap<String, Row> rows = tagsByKey(key);
    for (Tag tag : tags) {
      Row before = rows.get(tag.key());
      if (before != null && before.text("tag_value").equals(tag.value())) {
        continue;
      }
      Row after = TagRows.row(key, tag);
      if (before == null) {
        insert(after);
      } else {
        replace(before, after);
        index.removeTag(key.text("project"), key.number("number"), TagRows.tag(before));
      }
      index.addTag(key.text("project"), key.number("number"), tag);
      rows.put(tag.key(), after);
    }
    rememberTags(key, rows);
    return rows.values().stream().map(TagRows::tag).toList();
  }

  @Override
  public int removeTags(KeyId id, List<String> tagKeys) {
    Row key = keyRow(id).orElseThrow(() -> changedMeanwhile("key", id.text()));
    SortedMap<String, Row> rows = tagsByKey(key);
    int removed = 0;
    for (String tagKey : tagKeys) {
      Row row = rows.remove(tagKey);
      if (row != null) {
        delete(row);
        index.removeTag(key.text("project"), key.number("number"), TagRows.tag(row));
        removed++;
      }
    }
    rememberTags(key, rows);
    return removed;
  }

  private SortedMap<String, Row> tagsByKey(Row key) {
    SortedMap<String, Row> rows = new TreeMap<>(Utf8Order.INSTANCE);
    tagRows(key).forEach(row -> rows.put(row.text("tag_key"), row));
    return rows;
  }

  private void rememberTags(Row key, SortedMap<String, Row> tags) {
    byte[] digest = TagRows.digest(List.copyOf(tags.values()));
    if (!Arrays.equals(digest, key.bytes("tag_digest"))) {
      versionsBeforeTags.putIfAbsent(new KeyId(key.text("id")), key.rowVersion());
      replace(key, key.copy().set("tag_digest", digest));
    }
  }

  @Override
  public void insert(Grant grant) {
    insert(GrantRows.row(grant));
  }

  @Override
  public void remove(Grant grant) {
    delete(GrantRows.row(grant));
  }

  @Override
  public void insert(Alias alias) {
    insert(AliasRows.row(alias));
  }

  @Override
  public Alias update(Alias alias) {
    Row row = AliasRows.row(alias);
    // The key that has the name so far loses it, which other servers must hear of, too.
    statements
        .first(
            "SELECT key_id FROM alias WHERE project = ? AND name = ?",
            Statements.TEXT,
            row.value("project"),
            row.value("name"))
        .ifPresent(written::noteTouched);
    replace(row, alias.rowVersion());
    return AliasRows.alias(row);
  }

  @Override
  public void remove(Alias alias) {
    delete(AliasRows.row(alias));
  }

  @Override
  public void insert(Keystore keystore) {
    insert(KeyRows.row(keystore));
  }

  @Override
  public void update(Keystore keystore) {
    replace(KeyRows.row(keystore), keystore.rowVersion());
  }

  @Override
  public void removeKeystore(String project, String id) {
    keystore(project, id).ifPresent(keystore -> delete(KeyRows.row(keystore)));
  }

  @Override
  public KeySpaceWriting keySpaces() {
    return new SqlKeySpaceWriting(this);
  }

  @Override
  public void insert(Rows.Account account) {
    insert(IdentityRows.row(account));
  }

  @Override
  public void insert(Rows.Project project) {
    insert(IdentityRows.row(project));
  }

  @Override
  public void insert(Rows.User user) {
    insert(IdentityRows.row(user));
  }

  @Override
  public void update(Rows.User user) {
    replace(IdentityRows.row(user), user.rowVersion());
  }

  @Override
  public void insert(Rows.AccessKey accessKey) {
    insert(IdentityRows.row(accessKey));
  }

  @Override
  public void update(Rows.AccessKey accessKey) {
    replace(IdentityRows.row(accessKey), accessKey.rowVersion());
  }

  @Override
  public void insert(Rows.Token token) {
    mustNotBeEnding(token.user(), token.lineage().agency());
    insert(IdentityRows.row(token));
  }

  @Override
  public boolean removeToken(String sha256) {
    return delete(Row.of(Tables.TOKEN).set("sha256", sha256));
  }

  @Override
  public int removeTokensEndedBefore(long epochMillis, int most) {
    List<String> ended =
        statements.list(
            "SELECT sha256 FROM token WHERE expires_at < ? LIMIT ?",
            Statements.TEXT,
            epochMillis,
            most);
    ended.forEach(this::removeToken);
    return ended.size();
  }

  @Override
  public RightsWriting rights() {
    return new SqlRightsWriting(this);
  }

  @Override
  public void insert(Refusal refusal) {
    written.noteWrite();
    // Like an event it decides nothing, so that it counts as no change.
    RefusalRows.insert(statements, refusal);
  }

  @Override
  public int forgetRefusalsBefore(long epochMillis, int most) {
    written.noteWrite();
    return RefusalRows.forgetBefore(statements, epochMillis, most);
  }

  @Override
  public int forgetOldestRefusals(String account, int kept, int most) {
    written.noteWrite();
    return RefusalRows.forgetOldest(statements, account, kept, most);
  }

  @Override
  public boolean rememberSignature(String sha256, long forgetAtMillis) {
    written.noteChange();
    return statements.execute(
            """
            INSERT INTO seen_signature (sha256, forget_at) VALUES (?, ?)
            ON CONFLICT (sha256) DO NOTHING
            """,
            sha256,
            forgetAtMillis)
        == 1;
  }

  @Override
  public int forgetSignaturesBefore(long epochMillis) {
    written.noteWrite(); // and no change: no server remembers a signature beside the database
    return statements.execute("DELETE FROM seen_signature WHERE forget_at < ?", epochMillis);
  }

  @Override
  public void insert(Rows.SystemKey systemKey) {
    insert(IdentityRows.row(systemKey));
  }

  @Override
  public void insert(Rows.ProjectKey projectKey) {
    insert(IdentityRows.row(projectKey));
  }

  @Override
  public void putSetting(String name, String value) {
    Row after = Row.of(Tables.SETTING).set("name", name).set("value", value);
    row(Tables.SETTING, "WHERE name = ?", name)
        .ifPresentOrElse(before -> replace(after, before.rowVersion()), () -> insert(after));
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

  void insert(Row row) {
    written.noteWrite();
    genuine.seal(row, 1);
    List<@Nullable Object> parameters = new ArrayList<>();
    for (int i = 0; i < row.table().columns().size(); i++) {
      parameters.add(row.value(i));
    }
    parameters.add(row.mac());
    statements.execute(row.table().insert(), parameters.toArray());
    remember(row);
    written.note(row, row.rowVersion(), HexFormat.of().formatHex(row.mac()));
  }

  void replace(Row row, long versionBefore) {
    genuine.seal(row, versionBefore + 1);
    replace(row, versionBefore, row.table().changing());
  }

  /** Replaces a row that this transaction read, as far as it differs. */
  private void replace(Row before, Row after) {
    genuine.seal(after, before.rowVersion() + 1);
    replace(after, before.rowVersion(), after.differences(before));
  }

  private void replace(Row row, long versionBefore, long positions) {
    written.noteWrite();
    Table table = row.table();
    List<@Nullable Object> parameters = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      if ((positions & 1L << i) != 0) {
        parameters.add(row.value(i));
      }
    }
    parameters.add(row.mac());
    table.primaryKey().forEach(column -> parameters.add(row.value(column)));
    parameters.add(versionBefore);
    if (statements.execute(table.update(positions), parameters.toArray()) != 1) {
      throw changedMeanwhile(table.name(), row.primaryKey());
    }
    remember(row);
    written.note(row, row.rowVersion(), HexFormat.of().formatHex(row.mac()));
  }

  boolean delete(Row row) {
    written.noteWrite();
    Table table = row.table();
    if (table == Tables.KEY) {
      keyRows.remove(row.primaryKey());
    }
    @Nullable Object[] key = table.primaryKey().stream().map(row::value).toArray();
    boolean there = statements.execute(table.delete(), key) == 1;
    if (there) {
      written.note(row, 0, "");
    }
    return there;
  }

  /**
   * Deletes all rows of a table that have a value in a column, and says so in one {@link
   * RowChange}, however many they are: of many people there may be too many to name.
   */
  int deleteAll(Table table, String column, String value) {
    written.noteWrite();
    int gone =
        statements.execute(
            "DELETE FROM %s WHERE \"%s\" = ?".formatted(table.name(), column), value);
    if (gone > 0) {
      written.note(List.of(RowChange.allGone(table.name(), column, value)));
    }
    return gone;
  }

  /** Ends all sessions of users and agencies, and says so in a {@link RowChange} for each. */
  boolean endSessionsOf(Collection<String> holders) {
    written.noteWrite();
    List<String> ended = EndedSessions.mark(statements, holders);
    written.note(
        ended.stream().map(holder -> RowChange.withoutMac(EndedSessions.TABLE, holder)).toList());
    return !ended.isEmpty();
  }

  /** A session that is issued now would be among those that were ended. */
  void mustNotBeEnding(String user, @Nullable String agency) {
    EndedSessions.among(statements, user, agency)
        .ifPresent(holder -> {
          throw new SessionsEnding(holder);
        });
  }

  private void remember(Row row) {
    if (row.table() == Tables.KEY) {
      keyRows.put(row.primaryKey(), row);
    }
  }

  private static IllegalStateException changedMeanwhile(String table, String primaryKey) {
    return new IllegalStateException(
        "%s %s is not there any more or changed since it was read".formatted(table, primaryKey));
  }
}
