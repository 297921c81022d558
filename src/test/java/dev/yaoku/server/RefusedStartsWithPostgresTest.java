package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.RootKey;
import dev.yaoku.store.EventTail;
import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A server that does not get the keys of a database leaves it as it is. */
@EnabledIf(value = PostgresProcess.CAN_RUN, disabledReason = PostgresProcess.MISSING)
class RefusedStartsWithPostgresTest {
  @TempDir Path scratch;
  private PostgresSetup database;
  private Map<String, List<String>> rows = Map.of();
  private List<String> clocks = List.of();
  private int events;

  @BeforeEach
  void startOnce() throws IOException, SQLException {
    database = new PostgresSetup();
    new LiveServer(scratch.resolve("data"), database.settings()).close();
  }

  @AfterEach
  void drop() throws SQLException {
    database.close();
  }

  private void mustBeRefusedAndNothingTouched(Map<String, String> more, String why)
      throws IOException {
    Map<String, String> settings = new HashMap<>(database.settings());
    settings.putAll(more);
    assertThatThrownBy(() -> new LiveServer(scratch.resolve("data"), settings))
        .isInstanceOf(StartRefused.class)
        .hasMessageFindingMatch(why);
    assertThat(StoreDump.of(database)).isEqualTo(rows);
    assertThat(StoreDump.clocks(database)).isEqualTo(clocks);
    assertThat(new EventTail(database::connect).news()).hasSize(events);
  }

  private void remember() {
    rows = StoreDump.of(database);
    clocks = StoreDump.clocks(database);
    events = new EventTail(database::connect).news().size();
    assertThat(rows.get("system_key")).hasSize(1);
    assertThat(clocks).isNotEmpty();
    assertThat(events).isPositive();
  }

  @Test
  void anotherRootKeyIsNamedAndNothingIsTouched() throws IOException {
    Path other = scratch.resolve("other/root.key");
    RootKey.create(other, Randomness.kernel()).close();
    remember();

    mustBeRefusedAndNothingTouched(
        Map.of("root-key", other.toString()),
        "sealed with the root key [0-9a-f]{16}\\b.* root key given is [0-9a-f]{16}\\b");
  }

  @Test
  void aDamagedSystemKeyIsToldApartAndNothingIsTouched() throws IOException, SQLException {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      int damaged =
          sql.executeUpdate(
              "UPDATE system_key SET wrapped = decode(repeat('00', length(wrapped)), 'hex')");
      assertThat(damaged).isEqualTo(1);
    }
    remember();

    mustBeRefusedAndNothingTouched(Map.of(), "system key 1 does not open under the right root key");
  }
}
