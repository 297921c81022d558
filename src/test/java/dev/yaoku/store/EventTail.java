package dev.yaoku.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yaoku.audit.Entries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What comes to the log of a store, seen behind the back of whoever writes it. */
public final class EventTail {
  private final Opening database;

  /** Null where events are in the database only. */
  private final @Nullable Path store;

  private final Map<Path, Long> read = new HashMap<>();
  private long lastRow;

  /** How a connection to the database is opened. */
  @FunctionalInterface
  public interface Opening {
    /** A new one. */
    Connection open() throws SQLException;
  }

  /**
   * A tail that has seen nothing yet.
   *
   * @param store the file of the store
   */
  public EventTail(Path store) {
    this.database = () -> DriverManager.getConnection("jdbc:sqlite:" + store);
    this.store = store;
  }

  /** The same of a store that keeps its events in the database. */
  public EventTail(Opening database) {
    this.database = database;
    this.store = null;
  }

  /** The whole log of a store, in order of time. */
  public static List<AuditRow> all(Path store) {
    return new EventTail(store).news();
  }

  /** What an event says, without the salt before it. */
  public static JsonNode json(AuditRow event) {
    byte[] entry = event.entry();
    int salt = Entries.SALT_BYTES;
    return JsonMapper.shared().readTree(new String(entry, salt, entry.length - salt, UTF_8));
  }

  /** The events since the last look, in order of time. */
  public List<AuditRow> news() {
    List<AuditRow> news = new ArrayList<>();
    try {
      newsOfTable(news);
      if (store != null) {
        for (Path file : EventFiles.of(store).list()) {
          readOn(file, news);
        }
      }
    } catch (IOException | SQLException e) {
      throw new IllegalStateException("the log cannot be read", e);
    }
    news.sort(Comparator.comparingLong(AuditRow::atMillis));
    return news;
  }

  private void newsOfTable(List<AuditRow> news) throws SQLException {
    try (Connection connection = database.open();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT seq, at, account, entry FROM audit WHERE seq > ? ORDER BY seq")) {
      statement.setLong(1, lastRow);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lastRow = row.getLong(1);
          news.add(new AuditRow(row.getLong(2), row.getString(3), row.getBytes(4)));
        }
      }
    }
  }

  private void readOn(Path file, List<AuditRow> news) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      EventFormat.readHead(in);
      long seen = read.getOrDefault(file, 0L);
      in.skipNBytes(seen);
      @Nullable AuditRow event = EventFormat.read(in);
      while (event != null) {
        news.add(event);
        seen += recordBytes(event);
        event = EventFormat.read(in);
      }
      read.put(file, seen);
    }
  }

  private static int recordBytes(AuditRow event) {
    return 17 + event.account().length() + event.entry().length;
  }
}
