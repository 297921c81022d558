package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator's listener says of a real store. */
class StoreMetricsTest {
  private static final String FAILED = "yaoku_store_writes_failed_total";
  private static final String REFUSED = "yaoku_store_rows_refused_total";

  @TempDir Path scratch;

  private LiveServer start(String reserve) throws IOException {
    Map<String, String> more =
        Map.of("admin.address", "127.0.0.1:0", "store.sqlite.reserve", reserve);
    return new LiveServer(scratch.resolve("data"), more);
  }

  private static String page(LiveServer server) {
    URI page = URI.create("http://127.0.0.1:" + server.yaoku.adminPort() + "/metrics");
    return server.send(HttpRequest.newBuilder(page)).body();
  }

  private static double figure(LiveServer server, String name) {
    return page(server)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not on the page"));
  }

  @Test
  void commitsAreTimedAndTheirGroupsCounted() throws IOException {
    try (LiveServer server = start("1MiB")) {
      double commits = figure(server, "yaoku_store_commits_seconds_count");
      double seconds = figure(server, "yaoku_store_commits_seconds_sum");
      double writes = figure(server, "yaoku_store_group_writes_sum");

      for (int i = 0; i < 5; i++) {
        server.kms("create-key", "{'key_alias':'k" + i + "'}", "/key_info/key_id");
      }

      assertThat(figure(server, "yaoku_store_commits_seconds_count")).isGreaterThan(commits);
      assertThat(figure(server, "yaoku_store_commits_seconds_sum")).isGreaterThan(seconds);
      assertThat(figure(server, "yaoku_store_group_writes_sum")).isGreaterThanOrEqualTo(writes + 5);
      assertThat(figure(server, "yaoku_store_group_writes_count"))
          .isLessThanOrEqualTo(figure(server, "yaoku_store_commits_seconds_count"));
      assertThat(figure(server, "yaoku_store_writable")).isOne();
      assertThat(figure(server, FAILED)).isZero();
      assertThat(figure(server, REFUSED)).isZero();
    }
  }

  @Test
  void everyFigureOfOursIsInTheHandbook() throws IOException {
    String handbook = Files.readString(Path.of("docs/administration.md"));
    try (LiveServer server = start("1MiB")) {
      assertThat(
              page(server)
                  .lines()
                  .filter(line -> line.startsWith("# HELP yaoku_"))
                  .map(line -> line.split(" ", 4)[2])
                  .filter(name -> !name.endsWith("_max")))
          .hasSizeGreaterThan(10)
          .allSatisfy(name -> assertThat(handbook).contains('`' + name + '`'));
    }
  }

  @Test
  void noTwoFiguresAreDescribedByTheSameWords() throws IOException {
    try (LiveServer server = start("1MiB")) {
      assertThat(
              page(server)
                  .lines()
                  .filter(line -> line.startsWith("# HELP yaoku_"))
                  .filter(line -> !line.split(" ", 4)[2].endsWith("_max"))
                  .map(line -> line.split(" ", 4)[3]))
          .contains("requests that wait for a lane")
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void writesThatTheStoreDoesNotMakeAreCounted() throws IOException {
    start("1MiB").close();
    try (LiveServer server = start("1073741824MiB")) {
      double before = figure(server, FAILED);

      server.kms("create-key", "{'key_alias':'more'}");

      assertThat(figure(server, FAILED)).isGreaterThan(before);
      assertThat(figure(server, "yaoku_store_writable")).isZero();
    }
  }

  @Test
  void rowsThatTheServerDidNotWriteAreCounted() throws IOException, SQLException {
    String key;
    try (LiveServer server = start("1MiB")) {
      key = server.kms("create-key", "{'key_alias':'victim'}", "/key_info/key_id");
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + scratch.resolve("data/yaoku.db"));
        Statement sql = connection.createStatement()) {
      assertThat(sql.executeUpdate("UPDATE \"key\" SET state = 'disabled'")).isOne();
    }
    try (LiveServer server = start("1MiB")) {
      double before = figure(server, REFUSED);

      server.kms("describe-key", "{'key_id':'" + key + "'}");

      assertThat(figure(server, REFUSED)).isGreaterThan(before);
    }
  }
}
