package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.store.PostgresProcess;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Servers of one database that do not have alike what all of them must. */
@EnabledIf(value = PostgresProcess.CAN_RUN, disabledReason = PostgresProcess.MISSING)
class SettingsOfServersTest {
  private static final String DIFFERENT = "keys.purge-grace";
  private static final String STARTED_BEFORE = "last started on this database";
  private static final String STARTED_LATER = "started later on this database";

  @TempDir Path scratch;
  private String database = "";
  private LiveServer first;

  @BeforeEach
  void startsTheFirst() throws IOException, SQLException {
    database = PostgresProcess.shared().newDatabase(null);
    first = new LiveServer(scratch.resolve("first"), settings("admin.address", "127.0.0.1:0"));
  }

  @AfterEach
  void stopsIt() throws IOException, SQLException {
    first.close();
    PostgresProcess.shared().dropDatabase(database);
  }

  private Map<String, String> settings(String name, String value) throws IOException {
    Map<String, String> settings =
        new HashMap<>(PostgresServerTest.settings(PostgresProcess.shared().settings(database)));
    settings.put(name, value);
    return settings;
  }

  private LiveServer second(String name, String value) throws IOException {
    return LiveServer.beside(scratch.resolve("first"), settings(name, value));
  }

  private void firstLooks() {
    first.yaoku.wiring().housekeeping().round();
  }

  /** What the first server's gauge says. */
  private String differ() throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + first.yaoku.adminPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("yaoku_settings_differ "))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void bothSayOnceWhichSettingAndWhatEachHas() throws Exception {
    try (CapturedLog log = new CapturedLog();
        LiveServer second = second(DIFFERENT, "0s")) {
      firstLooks();
      firstLooks();
      second.yaoku.wiring().housekeeping().round();
      assertThat(log.text())
          .containsOnlyOnce(STARTED_BEFORE + " had keys.purge-grace = 7d, this one has 0s.")
          .containsOnlyOnce(STARTED_BEFORE)
          .containsOnlyOnce(STARTED_LATER + " has keys.purge-grace = 0s, this one has 7d.")
          .containsOnlyOnce(STARTED_LATER);
      assertThat(differ()).endsWith(" 1.0");
    }
  }

  @Test
  void serversThatHaveAllOfItAlikeSayNothing() throws Exception {
    try (CapturedLog log = new CapturedLog();
        LiveServer second = second("keys.cache-count", "2000")) {
      firstLooks();
      second.yaoku.wiring().housekeeping().round();
      assertThat(log.text()).doesNotContain(STARTED_BEFORE).doesNotContain(STARTED_LATER);
      assertThat(differ()).endsWith(" 0.0");
    }
  }

  @Test
  void theGaugeGoesBackWhenTheOtherStartsWithTheSame() throws Exception {
    second(DIFFERENT, "0s").close();
    firstLooks();
    assertThat(differ()).endsWith(" 1.0");
    Map<String, String> same = settings("root-key", scratch.resolve("first/root.key").toString());
    new LiveServer(scratch.resolve("beside first"), same).close();
    firstLooks();
    assertThat(differ()).endsWith(" 0.0");
  }

  /** A program of another time may have settings that this one does not have, and the reverse. */
  @Test
  void settingsThatOnlyOneOfThemKnowsDoNotDiffer() throws Exception {
    Store store = first.yaoku.installation().store();
    store.write(tx -> {
      tx.noteSetting(SettingsWatch.SETTING, "keys.purge-grace=7d\nkeys.of-tomorrow=on\nnonsense");
      return true;
    });
    firstLooks();
    assertThat(differ()).endsWith(" 0.0");
  }

  @Test
  void anEmbeddedStoreHasOneServerAndKeepsNothingOfThis() throws IOException {
    try (CapturedLog log = new CapturedLog()) {
      Path data = scratch.resolve("alone");
      new LiveServer(data, Map.of()).close();
      try (LiveServer again = new LiveServer(data, Map.of(DIFFERENT, "0s"))) {
        again.yaoku.wiring().housekeeping().round();
        Store store = again.yaoku.installation().store();
        Optional<String> noted = store.read(tx -> tx.setting(SettingsWatch.SETTING));
        assertThat(noted).isEmpty();
      }
      assertThat(log.text()).doesNotContain(STARTED_BEFORE).doesNotContain(STARTED_LATER);
    }
  }
}
