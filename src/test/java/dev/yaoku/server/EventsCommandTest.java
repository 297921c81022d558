package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.yaoku.api.Route;
import dev.yaoku.cli.CommandRun;
import dev.yaoku.service.Operations;
import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whoever has the server's machine reads the whole audit log. */
class EventsCommandTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int events(String... words) {
    List<String> all = new ArrayList<>(List.of("events"));
    all.addAll(List.of(words));
    return new CommandLine(new AdminCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private List<JsonNode> printed() {
    return out.toString().lines().map(JSON::readTree).toList();
  }

  private List<String> traces() {
    return printed().stream().map(event -> event.at("/trace_name").asString("")).toList();
  }

  private static String encrypt(LiveServer server) {
    String key = server.kms("create-key", "{'key_alias':'story'}", "/key_info/key_id");
    server.kms("encrypt-data", "{'key_id':'" + key + "','plain_text':'hello'}");
    return key;
  }

  @Test
  void aKeysWholeStoryIsThereInItsOrderWhileTheServerRuns() throws IOException {
    Path data = scratch.resolve("data");
    try (LiveServer server = new LiveServer(data, Map.of(), RisingClock.machine())) {
      String key = encrypt(server);
      server.kms("disable-key", "{'key_id':'" + key + "'}");
      server.post(
          "/v1.0/" + server.known("project_id") + "/kms/encrypt-data",
          "application/json",
          "{\"key_id\":\"" + key + "\",\"plain_text\":\"hello\"}");

      assertThat(events("--data", data.toString())).isZero();
      assertThat(printed())
          .filteredOn(event -> event.at("/resource_id").asString("").equals(key))
          .extracting(event -> event.at("/trace_name").asString(""), e -> e.at("/code").asInt())
          .containsExactly(
              tuple("createKey", 200),
              tuple("encryptData", 200),
              tuple("disableKey", 200),
              tuple("encryptData", 400));
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatFailedBeforeAServiceSawItHasItsNameToo() throws IOException {
    Path data = scratch.resolve("data");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      String kms = "/v1.0/" + server.known("project_id") + "/kms/";
      server.post(kms + "revoke-grant", "application/json", "[");
      server.post(kms + "gen-random", "application/json", "[");
      server.post("/v3/users", "application/json", "[");

      assertThat(events("--data", data.toString())).isZero();
      assertThat(printed())
          .filteredOn(event -> event.at("/code").asInt() == 400)
          .extracting(
              event -> event.at("/trace_name").asString(""),
              event -> event.at("/resource_type").asString(""))
          .containsExactlyInAnyOrder(
              tuple("revokeGrant", "cmk"),
              tuple("genRandom", "rng"),
              tuple("keystoneCreateUser", "iam"));
    }
  }

  @Test
  void everyOperationOfKeysIsKnownByItsName() throws IOException {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      assertThat(server.yaoku.wiring().server().routes())
          .filteredOn(route -> route.entry() == Route.Entry.PROVED)
          .filteredOn(route -> !route.path().matches("/v[35]\\b.*"))
          .isNotEmpty()
          .extracting(Route::operation)
          .allSatisfy(operation -> assertThat(Operations.action(operation)).isPresent());
    }
  }

  @Test
  void aTimeLeavesOutWhatIsEarlierOrLater() throws IOException {
    Path data = scratch.resolve("data");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      encrypt(server);
    }
    assertThat(events("--data", data.toString())).isZero();
    String last = printed().getLast().at("/time").asString();
    int all = printed().size();

    out.getBuffer().setLength(0);
    assertThat(events("--data", data.toString(), "--since", last)).isZero();
    int late = printed().size();
    assertThat(late).isBetween(1, all - 1);

    out.getBuffer().setLength(0);
    assertThat(events("--data", data.toString(), "--until", last)).isZero();
    assertThat(printed()).hasSize(all - late);
  }

  @Test
  void aFileThatEndsInTheMiddleIsNamed() throws IOException {
    Path data = scratch.resolve("data");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      encrypt(server);
    }
    Path file = data.resolve("yaoku.db-events/0000000001.events");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));

    assertThat(events("--data", data.toString())).isZero();
    assertThat(traces()).contains("createKey");
    assertThat(err.toString()).contains(file.toString(), "no event");
  }

  @Test
  void aFileThatCannotBeReadKeepsNobodyFromTheOthers() throws IOException {
    Path data = scratch.resolve("data");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      encrypt(server);
    }
    Path files = data.resolve("yaoku.db-events");
    Files.createDirectory(files.resolve("0000000000.events"));

    assertThat(events("--data", data.toString())).isEqualTo(1);
    assertThat(traces()).contains("encryptData");
    assertThat(err.toString()).contains("0000000000.events cannot be read");
  }

  /** Whoever archives and then removes must hear of it. */
  @Test
  void anOutputThatTakesNoMoreIsAFailure() throws IOException {
    Path data = scratch.resolve("data");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      encrypt(server);
    }
    int status =
        new CommandLine(new AdminCommand())
            .setOut(new PrintWriter(new CommandRun.FullDisk(), false, UTF_8))
            .setErr(new PrintWriter(err, true))
            .execute("events", "--data", data.toString());
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("not the whole log");
  }

  @Test
  void whereThereIsNoStoreNoneIsMade() {
    Path data = scratch.resolve("nowhere");
    assertThat(events("--data", data.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("There is no store", "--data DIR");
    assertThat(data).doesNotExist();
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    assertThat(events("--since", "yesterday")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--since", "'yesterday' is no time; write it in the form 2026-01-31T23:59:00Z.")
        .doesNotContain("Exception");
  }

  @Test
  void theLogInPostgresIsReadFromThere() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    PostgresProcess postgres = PostgresProcess.shared();
    String database = postgres.newDatabase(null);
    try {
      Map<String, String> settings = PostgresServerTest.settings(postgres.settings(database));
      try (LiveServer server = new LiveServer(scratch.resolve("data"), settings)) {
        encrypt(server);
        assertThat(events("--config", configuration(settings).toString()))
            .as(err.toString())
            .isZero();
      }
      assertThat(traces()).containsSubsequence("createKey", "encryptData");
    } finally {
      postgres.dropDatabase(database);
    }
  }

  private Path configuration(Map<String, String> settings) throws IOException {
    StringBuilder toml = new StringBuilder();
    settings.forEach((name, value) -> toml.append(name + " = " + quoted(value) + "\n"));
    return Files.writeString(scratch.resolve("yaoku.toml"), toml);
  }

  private static String quoted(String value) {
    return value.matches("[0-9]+") ? value : '"' + value + '"';
  }
}
