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

/** Reads rows by SQL that both engines speak, and checks each. */
class SqlReading implements Reading {
  private static final String IN_ORDER_OF_TAG_KEY =
      "WHERE project = ? AND key_number = ? ORDER BY tag_key";

  final SqlDialect dialect;
  final KeyIndex index;
  final RowsAtKeys atKeys;
  final MembersOfSets sets;
  private final CheckedRows sql;

  SqlReading(CheckedRows sql, SqlDialect dialect) {
    this(sql, dialect, new KeyIndex(sql.statements, dialect));
  }

  SqlReading(CheckedRows sql, SqlDialect dialect, KeyIndex index) {
    this.sql = sql;
    this.dialect = dialect;
    this.index = index;
    this.atKeys = new RowsAtKeys(sql);
    this.sets = new MembersOfSets(sql);
  }

  @Override
  public Optional<Key> key(KeyId id) {
    return keyRow(id).map(KeyRows::key);
  }

  Optional<Row> keyRow(KeyId id) {
    return sql.row(Tables.KEY, "WHERE id = ?", id.text());
  }

  @Override
  public List<KeyVersion> versions(KeyId id) {
    return atKeys.versions(id).stream().map(KeyRows::version).toList();
  }

  @Override
  public KeyFilter.Page keys(
      String project, KeyFilter filter, Instant now, From from, int limit, boolean withTags) {
    NumberSet matching = index.matching(project, filter, now);
    Position behind = from.behind();
    long offset = behind == null ? from.offset() : matching.countFrom(behind.first());
    long[] numbers = matching.page(offset, limit);
    long total = matching.count();
    return new KeyFilter.Page(
        new KeyPages(sql.statements, sql.genuine).fetch(project, numbers, filter, now, withTags),
        total,
        offset + numbers.length < total,
        numbers.length == 0 ? null : Position.behind(numbers[numbers.length - 1]));
  }

  @Override
  public boolean nameTaken(String project, String name) {
    return sql.exists(
        """
        SELECT 1 FROM "key" WHERE project = ? AND name = ? AND state <> 'PENDING_DELETION' LIMIT 1
        """,
        project,
        name);
  }

  @Override
  public Optional<Key> pendingDeletionNamed(String project, String name, Instant now) {
    return sql.row(
            Tables.KEY,
            """
            WHERE project = ? AND name = ? AND state = 'PENDING_DELETION' AND deletion_at > ?
            ORDER BY number DESC LIMIT 1
            """,
            project,
            name,
            now.toEpochMilli())
        .map(KeyRows::key);
  }

  @Override
  public Optional<Key> defaultKey(String project, String name) {
    return sql.row(
            Tables.KEY,
            "WHERE project = ? AND name = ? AND is_default = 1 ORDER BY number LIMIT 1",
            project,
            name)
        .map(KeyRows::key);
  }

  @Override
  public long defaultKeys(String project) {
    return sql.number("SELECT count(*) FROM \"key\" WHERE project = ? AND is_default = 1", project);
  }

  @Override
  public long customKeys(String project, Instant now) {
    return index.customKeys(project, now);
  }

  @Override
  public List<Tag> tags(KeyId id) {
    return keyRow(id)
        .map(key -> tagRows(key).stream().map(TagRows::tag).toList())
        .orElse(List.of());
  }

  /** All tags of a key, or a refusal if one is missing, forged, moved or set back. */
  final List<Row> tagRows(Row key) {
    List<Row> tags =
        sql
            .rows(Tables.TAG, IN_ORDER_OF_TAG_KEY, key.text("project"), key.number("number"))
            .stream()
            .map(sql.genuine::check)
            .toList();
    if (!TagRows.areThoseOf(key, tags)) {
      throw sql.genuine.refuse(key);
    }
    return tags;
  }

  @Override
  public Optional<KeyFilter.TaggedKey> taggedKey(KeyId id) {
    return keyRow(id)
        .map(row -> {
          boolean tagged = row.bytes("tag_digest").length > 0;
          List<Tag> tags = tagged ? tagRows(row).stream().map(TagRows::tag).toList() : List.of();
          return new KeyFilter.TaggedKey(KeyRows.key(row), tags);
        });
  }

  @Override
  public SortedMap<String, SortedSet<String>> projectTags(String project, Instant now) {
    return index.tags(project, now);
  }

  @Override
  public List<Key> members(String set) {
    return sets.genuine(set);
  }

  @Override
  public List<Key> allMembers(String set) {
    return sets.all(set);
  }

  @Override
  public List<KeyId> idsInSet(String set) {
    return sets.ids(set);
  }

  @Override
  public Optional<SetMember> setMember(KeyId key) {
    return sql.row(Tables.SET_MEMBER, "WHERE key_id = ?", key.text()).map(KeyRows::setMember);
  }

  @Override
  public List<SetMember> setMembers(String set) {
    return sql.listed(
        Tables.SET_MEMBER,
        KeyRows::setMember,
        "WHERE replica_set = ? ORDER BY created_at, key_id",
        set);
  }

  @Override
  public Optional<Rows.ImportToken> importToken(String id) {
    return sql.row(Tables.IMPORT_TOKEN, "WHERE id = ?", id).map(KeyRows::importToken);
  }

  @Override
  public List<Rows.ImportToken> importTokens(KeyId key) {
    return sql.listed(
        Tables.IMPORT_TOKEN,
        KeyRows::importToken,
        "WHERE key_id = ? ORDER BY created_at, id",
        key.text());
  }

  @Override
  public Optional<Grant> grant(String id) {
    return sql.row(Tables.KEY_GRANT, "WHERE id = ?", id).map(GrantRows::grant);
  }

  @Override
  public List<Grant> grantsOf(KeyId id) {
    return atKeys.grants(id);
  }

  @Override
  public long grantRows(KeyId id) {
    return atKeys.grantRows(id);
  }

  @Override
  public List<Grant> retirableGrants(String project, String user, String account, Instant now) {
    return sql
        .listed(
            Tables.KEY_GRANT,
            GrantRows::grant,
            """
            WHERE project = ? AND (issuer = ? OR retiring IN (?, ?) OR grantee IN (?, ?))
            AND key_id NOT IN
              (SELECT id FROM "key" WHERE project = ? AND deletion_at <= ?)
            ORDER BY created_at DESC, id
            """,
            project,
            user,
            user,
            account,
            user,
            account,
            project,
            now.toEpochMilli())
        .stream()
        .filter(grant -> grant.canBeRetiredBy(user, account))
        .toList();
  }

  @Override
  public Optional<Alias> alias(String project, String name) {
    return sql.row(Tables.ALIAS, "WHERE project = ? AND name = ?", project, name)
        .map(AliasRows::alias);
  }

  @Override
  public List<Alias> aliasesNamed(String account, String name) {
    return sql.all(Tables.ALIAS, AliasRows::alias, "WHERE account = ? AND name = ?", account, name);
  }

  @Override
  public List<Alias> aliasesOf(KeyId id) {
    return sql.listed(
        Tables.ALIAS,
        AliasRows::alias,
        "WHERE key_id = ? ORDER BY created_at DESC, name",
        id.text());
  }

  @Override
  public long aliasRows(KeyId id) {
    return sql.number("SELECT count(*) FROM alias WHERE key_id = ?", id.text());
  }

  @Override
  public List<Alias> aliases(String project, Instant now, From from, int limit) {
    String open =
        """
        WHERE project = ?
        AND key_id NOT IN (SELECT id FROM "key" WHERE project = ? AND deletion_at <= ?)
        """;
    long millis = now.toEpochMilli();
    Position behind = from.behind();
    long offset =
        behind == null
            ? from.offset()
            : sql.number(
                "SELECT count(*) FROM alias " + open + upTo("name"),
                project,
                project,
                millis,
                behind.first(),
                behind.first(),
                behind.second());
    return sql.listed(
        Tables.ALIAS,
        AliasRows::alias,
        open + "ORDER BY created_at DESC, name LIMIT ? OFFSET ?",
        project,
        project,
        millis,
        limit,
        offset);
  }

  /** Entries of a list before a place, by time of creation and then by a name. */
  private static String upTo(String name) {
    return "AND (created_at > ? OR (created_at = ? AND " + name + " <= ?))";
  }

  @Override
  public Optional<Keystore> keystore(String project, String id) {
    return sql.row(Tables.KEYSTORE, "WHERE id = ?", id)
        .map(KeyRows::keystore)
        .filter(keystore -> keystore.project().equals(project));
  }

  @Override
  public List<Keystore> keystores(String project, From from, int limit) {
    Position behind = from.behind();
    long offset =
        behind == null
            ? from.offset()
            : sql.number(
                "SELECT count(*) FROM keystore WHERE project = ? " + upTo("id"),
                project,
                behind.first(),
                behind.first(),
                behind.second());
    return sql.listed(
        Tables.KEYSTORE,
        KeyRows::keystore,
        "WHERE project = ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?",
        project,
        limit,
        offset);
  }

  @Override
  public long keystoreCount(String project) {
    return sql.number("SELECT count(*) FROM keystore WHERE project = ?", project);
  }

  @Override
  public boolean keystoreAliasTaken(String project, String alias) {
    return sql.exists("SELECT 1 FROM keystore WHERE project = ? AND alias = ?", project, alias);
  }

  @Override
  public boolean clusterTaken(String project, String cluster) {
    return sql.exists(
        "SELECT 1 FROM keystore WHERE project = ? AND cluster = ? LIMIT 1", project, cluster);
  }

  @Override
  public boolean keystoreHoldsKeys(String keystore, Instant now) {
    // The second condition lets the partial index serve; keys in "0" are not asked about.
    return sql.exists(
        """
        SELECT 1 FROM "key" WHERE keystore = ? AND keystore <> '0'
        AND (deletion_at IS NULL OR deletion_at > ?) LIMIT 1
        """,
        keystore,
        now.toEpochMilli());
  }

  @Override
  public DueReading due() {
    return new SqlDueReading(sql);
  }

  @Override
  public KeySpaceReading keySpaces() {
    return new SqlKeySpaceReading(sql);
  }

  @Override
  public Optional<Rows.Account> account(String id) {
    return sql.row(Tables.ACCOUNT, "WHERE id = ?", id).map(IdentityRows::account);
  }

  @Override
  public List<Rows.Account> accounts() {
    return sql.listed(Tables.ACCOUNT, IdentityRows::account, "ORDER BY created_at, id");
  }

  @Override
  public List<String> accountsWithoutProjectIn(String region) {
    return sql.statements.list(
        """
        SELECT id FROM account WHERE NOT EXISTS
          (SELECT 1 FROM project WHERE project.account = account.id AND project.region = ?)
        ORDER BY id
        """,
        Statements.TEXT,
        region);
  }

  @Override
  public Optional<Rows.Account> accountNamed(String name) {
    return sql.row(Tables.ACCOUNT, "WHERE name = ?", name).map(IdentityRows::account);
  }

  @Override
  public Optional<Refusal> refusal(String requestId) {
    return RefusalRows.of(sql.statements, requestId);
  }

  @Override
  public long refusalCount(String account) {
    return RefusalRows.count(sql.statements, account);
  }

  @Override
  public Optional<Rows.Project> project(String id) {
    return sql.row(Tables.PROJECT, "WHERE id = ?", id).map(IdentityRows::project);
  }

  @Override
  public List<Rows.Project> projects(String account) {
    return sql.listed(
        Tables.PROJECT, IdentityRows::project, "WHERE account = ? ORDER BY name", account);
  }

  @Override
  public Optional<Rows.User> user(String id) {
    return sql.row(Tables.USER, "WHERE id = ?", id).map(IdentityRows::user);
  }

  @Override
  public Optional<Rows.User> userNamed(String account, String name) {
    return sql.row(Tables.USER, "WHERE account = ? AND name = ?", account, name)
        .map(IdentityRows::user);
  }

  @Override
  public Optional<Rows.AccessKey> accessKey(String id) {
    return sql.row(Tables.ACCESS_KEY, "WHERE id = ?", id).map(IdentityRows::accessKey);
  }

  @Override
  public Optional<Rows.Token> token(String sha256) {
    return sql.row(Tables.TOKEN, "WHERE sha256 = ?" + EndedSessions.NO_ENDED_TOKEN, sha256)
        .map(IdentityRows::token);
  }

  @Override
  public RightsReading rights() {
    return new SqlRightsReading(sql);
  }

  @Override
  public List<Rows.SystemKey> systemKeys() {
    return sql.all(Tables.SYSTEM_KEY, IdentityRows::systemKey, "ORDER BY version");
  }

  @Override
  public List<Rows.ProjectKey> projectKeys(String project) {
    return sql.all(
        Tables.PROJECT_KEY,
        IdentityRows::projectKey,
        "WHERE project = ? ORDER BY version",
        project);
  }

  @Override
  public Optional<String> setting(String name) {
    return sql.row(Tables.SETTING, "WHERE name = ?", name).map(row -> row.text("value"));
  }

  /** Checks everything that was read before the system key was open. */
  final void verifyBoot() {
    sql.rows(Tables.SETTING, "ORDER BY name").forEach(sql.genuine::check);
    sql.rows(Tables.SYSTEM_KEY, "ORDER BY version").forEach(sql.genuine::check);
  }

  /** The newest migration that was done. */
  final int schemaVersion() {
    return sql.statements.list(Migrations.DONE, Statements.TEXT).stream()
        .mapToInt(Migrations::number)
        .max()
        .orElse(0);
  }

  @Override
  public long changeSequence() {
    return sql.number("SELECT value FROM change_sequence WHERE id = ?", 1);
  }
}
