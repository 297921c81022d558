package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of a server, read behind its back. */
final class AuditLog {
  private static final int SALT_BYTES = 16;

  private final String url;
  private long read;

  AuditLog(Path data) {
    url = "jdbc:sqlite:" + data.resolve("yaoku.db");
  }

  /** The events since the last look, in order. */
  List<JsonNode> news() throws SQLException {
    List<JsonNode> news = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT seq, entry FROM audit WHERE seq > ? ORDER BY seq")) {
      statement.setLong(1, read);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          read = row.getLong(1);
          byte[] entry = row.getBytes(2);
          news.add(
              JsonMapper.shared()
                  .readTree(new String(entry, SALT_BYTES, entry.length - SALT_BYTES, UTF_8)));
        }
      }
    }
    return news;
  }
}
