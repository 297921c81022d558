package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the rows of a store that an earlier version of the program made. */
class MigratedRowsTest {
  @TempDir private Path scratch;

  /** What is authenticated of a row is the row, so that a table can be laid anew. */
  @ParameterizedTest
  @EnumSource
  void aliasesOfAnEarlierStoreStayAndEachProjectMayHaveItsOwn(Engine engine) throws Exception {
    Database database = Database.empty(engine, scratch);
    database.migrateTo("14");
    database.run(alias(engine, "one"));
    assertThatThrownBy(() -> database.run(alias(engine, "two"))).isInstanceOf(SQLException.class);

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);

    database.run(alias(engine, "two"));
    assertThatThrownBy(() -> database.run(alias(engine, "two"))).isInstanceOf(SQLException.class);
    assertThat(database.texts("SELECT project || name || key_id || alias FROM alias ORDER BY 1"))
        .containsExactly("oneappkey-1alias/app", "twoappkey-1alias/app");
  }

  /** Which keys have a trait was kept in rows of 4,096, as their bits or, where shorter, a list. */
  @ParameterizedTest
  @EnumSource
  void setsOfKeysOfAnEarlierStoreHoldTheSameKeys(Engine engine) throws Exception {
    Database database = Database.empty(engine, scratch);
    database.migrateTo("20");
    String bits = "ff" + "00".repeat(6) + "01" + "00".repeat(503) + "80";
    database.run(setBefore(engine, "one", "all", "", "", 0, "0001" + "0fff"));
    database.run(setBefore(engine, "one", "all", "", "", 1, bits));
    database.run(setBefore(engine, "one", "all", "", "", 3, "0000"));
    database.run(setBefore(engine, "one", "all", "", "", 4, "0002"));
    database.run(setBefore(engine, "one", "tag", "a", "b", 4, "0003"));
    database.run(setBefore(engine, "one", "tag", "a", "c", 4, "0004"));
    database.run(setBefore(engine, "one", "tag", "b", "c", 4, "0005"));
    database.run(setBefore(engine, "one", "tag-key", "b", "c", 4, "0006"));
    database.run(setBefore(engine, "two", "tag-key", "b", "c", 4, "0007"));

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);

    try (Connection connection = database.source().getConnection()) {
      KeySets sets = new KeySets(new Statements(connection));
      assertThat(numbers(sets.set("one", "all", "", "")))
          .containsExactly(
              16_386,
              12_288,
              8_128 + 7,
              4_096 + 63,
              4_096 + 62,
              4_096 + 61,
              4_096 + 60,
              4_096 + 59,
              4_096 + 58,
              4_096 + 57,
              4_096 + 56,
              4_096,
              4_095,
              1);
      assertThat(numbers(sets.set("one", "tag", "a", "b"))).containsExactly(16_387);
      assertThat(numbers(sets.set("one", "tag", "a", "c"))).containsExactly(16_388);
      assertThat(numbers(sets.set("one", "tag", "b", "c"))).containsExactly(16_389);
      assertThat(numbers(sets.set("one", "tag-key", "b", "c"))).containsExactly(16_390);
      assertThat(numbers(sets.set("two", "tag-key", "b", "c"))).containsExactly(16_391);
    }
    assertThat(database.texts("SELECT count(*) FROM trait_set")).containsExactly("7");
  }

  /** Copying is part of the transaction in which the schema changes. */
  @ParameterizedTest
  @EnumSource
  void setsThatCannotBeCopiedStayAndTheNextStartCopiesThem(Engine engine) throws Exception {
    Database database = Database.empty(engine, scratch);
    database.migrateTo("20");
    database.run(
        """
        INSERT INTO key_set WITH RECURSIVE n(bucket) AS
          (SELECT 0 UNION ALL SELECT bucket + 4 FROM n WHERE bucket < 4396)
        SELECT 'one', 'all', '', '', bucket, %s FROM n
        """
            .formatted(bytes(engine, "0001")));
    for (String damaged : List.of("000102", "1000", "8001", "00".repeat(514))) {
      database.run(setBefore(engine, "two", "all", "", "", 0, damaged));
      assertThatThrownBy(() ->
              Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING))
          .as(damaged)
          .isInstanceOf(StoreException.class)
          .hasStackTraceContaining("index of keys is damaged");
      assertThat(database.history()).last().isEqualTo("20");
      assertThat(database.texts("SELECT count(*) FROM key_set")).containsExactly("1101");
      database.run("DELETE FROM key_set WHERE project = 'two'");
    }
    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);
    assertThat(database.texts("SELECT count(*) FROM trait_set")).containsExactly("1100");
  }

  /** Whatever their keys are, and with no place, which their MACs do not cover. */
  @ParameterizedTest
  @EnumSource
  void versionsAndGrantsOfAnEarlierStoreStayAsTheyAre(Engine engine) throws Exception {
    Database database = Database.empty(engine, scratch);
    database.migrateTo("21");
    database.run(key(engine, "key-b", "one", 2));
    database.run(version(engine, "key-b", 1, "null"));
    database.run(version(engine, "key-b", 2, "7"));
    database.run(version(engine, "gone", 1, "null"));
    database.run(grant(engine, "grant-1", "key-b", "one", "null"));
    database.run(grant(engine, "grant-2", "gone", "two", "'grant-0'"));

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);

    String hex = engine == Engine.SQLITE ? "hex(%s)" : "upper(encode(%s, 'hex'))";
    String bytes = hex.formatted("wrapped") + "||'/'||" + hex.formatted("row_mac");
    assertThat(
            database.texts(
                """
                SELECT key_id||'/'||version||'/'||material_id||'/'||%s||'/'||%s||'/'
                ||coalesce(expires_at, -1)||'/'||row_version||'/'||project_key_version||waiting
                ||coalesce(project, '-')||coalesce(key_number, -1)
                FROM key_version ORDER BY key_id, version
                """
                    .formatted(bytes, hex.formatted("fingerprint"))))
        .containsExactly(
            "gone/1/m1/AB01/CD01/EF/-1/31/40--1",
            "key-b/1/m1/AB01/CD01/EF/-1/31/40--1",
            "key-b/2/m2/AB02/CD02/EF/7/32/40--1");
    assertThat(
            database.texts(
                """
                SELECT id||'/'||project||'/'||key_id||'/'||grantee||grantee_type||operations
                ||issuer||coalesce(retiring, '-')||coalesce(name, '-')||created_at||row_version||'/'
                ||coalesce(parent, '-')||'/'||%s||coalesce(key_number, -1)
                FROM key_grant ORDER BY id
                """
                    .formatted(hex.formatted("row_mac"))))
        .containsExactly(
            "grant-1/one/key-b/whouserdecrypt-datame--51/-/CD-1",
            "grant-2/two/gone/whouserdecrypt-datame--51/grant-0/CD-1");
    assertThatThrownBy(() -> database.run(version(engine, "key-b", 2, "null")))
        .as("a version is there once")
        .isInstanceOf(SQLException.class);
  }

  /** A migration must not leave what a later destruction would not find (SECURITY_DESIGN C3). */
  @Test
  void materialThatAMigrationMovedIsNowhereOnceItIsDestroyed() throws Exception {
    Database database = Database.empty(Engine.SQLITE, scratch);
    database.migrateTo("21");
    database.run(key(Engine.SQLITE, "key-a", "one", 1));
    database.run(version(Engine.SQLITE, "key-a", 1, "null"));
    String mark = "5ec4e7".repeat(20);
    database.run("UPDATE key_version SET wrapped = x'" + mark + "'");
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(fileAsHex()).contains(mark);

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);
    assertThat(database.texts("SELECT lower(hex(wrapped)) FROM key_version")).containsExactly(mark);
    database.run("DELETE FROM key_version");
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");

    assertThat(fileAsHex()).doesNotContain(mark);
  }

  private String fileAsHex() throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(scratch.resolve("yaoku.db")));
  }

  private static String key(Engine engine, String id, String project, int number) {
    return """
    INSERT INTO "key" (id, account, project, number, name, description, spec, usage, origin, state,
      created_at, realm, enterprise_project, keystore, is_default, current_version,
      rotation_enabled, rotation_interval_days, rotation_count, replica_set, tag_digest,
      row_version, system_key_version, row_mac)
    VALUES ('%s', 'a', '%s', %d, 'n', '', 'AES_256', 'ENCRYPT_DECRYPT', 'KMS', 'ENABLED',
      1, 'r', '0', '0', 0, 1, 0, 0, 0, '', %s, 1, 1, %s)
    """
        .formatted(id, project, number, bytes(engine, ""), bytes(engine, "cd"));
  }

  private static String version(Engine engine, String key, int number, String expiresAt) {
    return """
    INSERT INTO key_version (key_id, version, material_id, wrapped, project_key_version,
      fingerprint, waiting, created_at, expires_at, row_version, system_key_version, row_mac)
    VALUES ('%s', %d, 'm%d', %s, 4, %s, 0, 5, %s, 3%d, 1, %s)
    """
        .formatted(
            key,
            number,
            number,
            bytes(engine, "ab0" + number),
            bytes(engine, "ef"),
            expiresAt,
            number,
            bytes(engine, "cd0" + number));
  }

  private static String grant(Engine engine, String id, String key, String project, String parent) {
    return """
    INSERT INTO key_grant (id, key_id, project, grantee, grantee_type, operations, issuer,
      created_at, row_version, system_key_version, row_mac, parent)
    VALUES ('%s', '%s', '%s', 'who', 'user', 'decrypt-data', 'me', 5, 1, 1, %s, %s)
    """
        .formatted(id, key, project, bytes(engine, "cd"), parent);
  }

  private static String bytes(Engine engine, String hex) {
    return (engine == Engine.SQLITE ? "x'" : "'\\x") + hex + "'";
  }

  private static long[] numbers(NumberSet set) {
    return set.page(0, 100);
  }

  private static String setBefore(
      Engine engine,
      String project,
      String facet,
      String name,
      String value,
      int bucket,
      String hex) {
    return "INSERT INTO key_set VALUES ('%s', '%s', '%s', '%s', %d, %s)"
        .formatted(project, facet, name, value, bucket, bytes(engine, hex));
  }

  private static String alias(Engine engine, String project) {
    return "INSERT INTO alias (account, name, project, key_id, alias, created_at, updated_at,"
        + " row_version, system_key_version, row_mac) VALUES ('acme', 'app', '"
        + project
        + "', 'key-1', 'alias/app', 1, 2, 1, 1, "
        + (engine == Engine.SQLITE ? "x'00'" : "'\\x00'")
        + ")";
  }
}
