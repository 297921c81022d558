package dev.yaoku.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Copies table {@code key_set} to {@code trait_set}, with 16,384 numbers a row instead of 4,096:
 * who looks for tags with many values reads thousands of rows, and what each of them costs is the
 * row, not its length. The name is another one so that a server of an earlier version that shares
 * the database fails at it, and does not read or write what it does not understand.
 */
final class WiderSets implements JavaMigration {
  /** Rows that are read, and written, by one journey to PostgreSQL. */
  private static final int ROWS_AT_ONCE = 1_000;

  private static final int OLD_BUCKET_BITS = 12;
  private static final int OLD_FULL_BYTES = (1 << OLD_BUCKET_BITS) / Byte.SIZE;

  private final SqlDialect dialect;

  WiderSets(SqlDialect dialect) {
    this.dialect = dialect;
  }

  /** The set that the copy has come to, and the bucket of it that is being filled. */
  private record Filling(
      String project, String facet, String name, String value, long bucket, NumberSet numbers) {
    boolean goesOnWith(Filling other) {
      return bucket == other.bucket
          && value.equals(other.value)
          && name.equals(other.name)
          && facet.equals(other.facet)
          && project.equals(other.project);
    }
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    try (Statement statement = connection.createStatement()) {
      if (dialect == SqlDialect.POSTGRES) {
        // A server of an earlier version may be changing it.
        statement.execute("LOCK TABLE key_set IN ACCESS EXCLUSIVE MODE");
      }
      statement.execute(
          """
          CREATE TABLE trait_set (
            project %1$s NOT NULL,
            facet %1$s NOT NULL,
            name %1$s NOT NULL,
            value %1$s NOT NULL,
            bucket %2$s NOT NULL,
            numbers %3$s NOT NULL,
            PRIMARY KEY (project, facet, name, value, bucket)
          ) %4$s
          """
              .formatted(type("text"), type("number"), type("bytes"), type("clustered")));
      if (dialect == SqlDialect.POSTGRES) {
        // Otherwise it would try in vain to compress each bucket, and then keep it elsewhere.
        statement.execute("ALTER TABLE trait_set ALTER COLUMN numbers SET STORAGE PLAIN");
      }
      copy(connection);
      statement.execute("DROP TABLE key_set");
    }
  }

  private String type(String name) {
    return dialect.types().getOrDefault(name, "");
  }

  private static void copy(Connection connection) throws SQLException {
    try (Statement before = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO trait_set VALUES (?, ?, ?, ?, ?, ?)")) {
      before.setFetchSize(ROWS_AT_ONCE);
      try (ResultSet row =
          before.executeQuery(
              """
              SELECT project, facet, name, value, bucket, numbers FROM key_set
              ORDER BY project, facet, name, value, bucket
              """)) {
        copy(row, insert);
      }
    }
  }

  private static void copy(ResultSet row, PreparedStatement insert) throws SQLException {
    Filling filling = null;
    for (int read = 1; row.next(); read++) {
      long first = row.getLong(5) << OLD_BUCKET_BITS;
      Filling next =
          new Filling(
              row.getString(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              NumberSet.bucketOf(first),
              new NumberSet());
      if (filling == null || !filling.goesOnWith(next)) {
        write(filling, insert);
        filling = next;
      }
      add(first, row.getBytes(6), filling.numbers());
      if (read % ROWS_AT_ONCE == 0) {
        insert.executeBatch();
      }
    }
    write(filling, insert);
    insert.executeBatch();
  }

  /** Adds a bucket as it was kept before: its bits, or its numbers where those are shorter. */
  private static void add(long first, byte[] bucket, NumberSet numbers) {
    ByteBuffer from = ByteBuffer.wrap(bucket);
    if (bucket.length == OLD_FULL_BYTES) {
      for (int i = 0; from.hasRemaining(); i += Long.SIZE) {
        for (long word = from.getLong(); word != 0; word &= word - 1) {
          numbers.add(first + i + Long.numberOfTrailingZeros(word));
        }
      }
      return;
    }
    mustBeSound(bucket.length % Short.BYTES == 0 && bucket.length < OLD_FULL_BYTES);
    while (from.hasRemaining()) {
      int number = from.getShort();
      mustBeSound(number >= 0 && number < 1 << OLD_BUCKET_BITS);
      numbers.add(first + number);
    }
  }

  private static void mustBeSound(boolean sound) {
    if (!sound) {
      throw new StoreException("The index of keys is damaged: restore the store from a backup.");
    }
  }

  private static void write(@Nullable Filling filling, PreparedStatement insert)
      throws SQLException {
    byte[] numbers = filling == null ? null : filling.numbers().bucket(filling.bucket());
    if (filling != null && numbers != null) {
      insert.setString(1, filling.project());
      insert.setString(2, filling.facet());
      insert.setString(3, filling.name());
      insert.setString(4, filling.value());
      insert.setLong(5, filling.bucket());
      insert.setBytes(6, numbers);
      insert.addBatch();
    }
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("21");
  }

  @Override
  public String getDescription() {
    return "wider sets";
  }

  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }
}
