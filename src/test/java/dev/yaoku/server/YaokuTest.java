package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.seal.RootKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What starting, starting again and failing to start look like to an operator. */
class YaokuTest {
  @TempDir Path scratch;

  private final List<String> told = new ArrayList<>();
  private Path data;

  @BeforeEach
  void choosesADirectoryThatIsNotThereYet() {
    data = scratch.resolve("some where/data");
  }

  @Test
  void theFirstStartMakesEverythingForTheOwnerAlone() throws IOException {
    try (Yaoku yaoku = start()) {
      assertThat(mode(data)).isEqualTo("rwx------");
      assertThat(List.of("root.key", "credentials", "yaoku.db", "lock"))
          .allSatisfy(name -> assertThat(mode(data.resolve(name))).isEqualTo("rw-------"));
      assertThat(credentials())
          .hasEntrySatisfying("ak", ak -> assertThat(ak).hasSize(20))
          .hasEntrySatisfying("sk", sk -> assertThat(sk).hasSize(40))
          .containsKeys("project_id", "domain_id", "user_name", "password", "region");
      assertThat(String.join("\n", told))
          .contains(data.resolve("credentials").toString())
          .doesNotContain(credentials().get("sk"))
          .doesNotContain(credentials().get("password"));
      assertThat(yaoku.port()).isPositive();
    }
  }

  @Test
  void aStoreElsewhereIsOneServersToo() throws IOException {
    Path store = Files.createDirectory(scratch.resolve("elsewhere")).resolve("yaoku.db");
    Files.setPosixFilePermissions(
        store.getParent(), java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    Map<String, String> there = Map.of("store.sqlite.file", store.toString());
    Path first = data;
    try (Yaoku _ = start(there)) {
      data = scratch.resolve("another");
      assertThatThrownBy(() -> start(there))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("Another Yaoku server uses the store " + store);
    }
    data = first;
    start(there).close();
  }

  @Test
  void aStoreInTheUsualPlaceIsOneServersToo() throws IOException {
    Path store = data.resolve("yaoku.db");
    try (Yaoku _ = start()) {
      data = scratch.resolve("another");
      assertThatThrownBy(() -> start(Map.of("store.sqlite.file", store.toString())))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("Another Yaoku server uses the store " + store);
    }
  }

  @Test
  void theFirstCredentialsNameThePortThatTheServerWasGiven() throws IOException {
    try (Yaoku yaoku = start()) {
      assertThat(credentials())
          .containsEntry("endpoint", yaoku.url())
          .containsEntry("iam_endpoint", yaoku.url());
      assertThat(data.resolve("credentials.new")).doesNotExist();
    }
  }

  @Test
  void whatTheFirstStartMadeWorksAfterARestart() throws Exception {
    String token;
    try (Yaoku yaoku = start()) {
      token = logIn(yaoku);
      assertThat(post(yaoku, token, "create-key", "{\"key_alias\":\"kept\"}").statusCode())
          .isEqualTo(200);
    }
    Map<String, String> before = credentials();
    told.clear();
    try (Yaoku yaoku = start()) {
      assertThat(post(yaoku, token, "list-keys", "{}").body()).contains("\"kept\"");
      assertThat(logIn(yaoku)).isNotEqualTo(token);
      assertThat(credentials()).isEqualTo(before);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void aSecondServerOnTheSameDataIsRefused() {
    try (Yaoku _ = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("Another Yaoku server uses the data directory");
    }
  }

  @Test
  void anotherRootKeyIsNamedAndNothingIsTouched() throws IOException, SQLException {
    start().close();
    Path other = scratch.resolve("other/data");
    data = other;
    start().close();
    data = scratch.resolve("some where/data");
    Files.copy(
        other.resolve("root.key"),
        data.resolve("root.key"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    List<String> rows = rows();

    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageMatching(
            "This store was sealed with the root key [0-9a-f]{16}, and the root key given is"
                + " [0-9a-f]{16}\\..*");
    assertThat(rows()).isNotEmpty().isEqualTo(rows);
  }

  @Test
  void aMissingRootKeyIsNotMadeAnew() throws IOException {
    start().close();
    Files.delete(data.resolve("root.key"));

    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("root.key is missing");
    assertThat(data.resolve("root.key")).doesNotExist();
  }

  @Test
  void aDamagedSystemKeyIsToldApartFromAWrongRootKeyAndNothingIsTouched() throws Exception {
    start().close();
    damageTheSystemKey();

    mustBeCalledDamagedAndStaySo();
  }

  @Test
  void aStoreOfAnEarlierSchemaWithADamagedSystemKeyIsNotMigrated() throws Exception {
    start().close();
    damageTheSystemKey();
    sql(
        "DELETE FROM flyway_schema_history WHERE installed_rank ="
            + " (SELECT MAX(installed_rank) FROM flyway_schema_history)");

    mustBeCalledDamagedAndStaySo();
  }

  private void damageTheSystemKey() throws SQLException {
    sql("UPDATE system_key SET wrapped = zeroblob(length(wrapped))");
  }

  private void mustBeCalledDamagedAndStaySo() throws IOException, SQLException {
    String fingerprint;
    try (RootKey root = RootKey.read(data.resolve("root.key"))) {
      fingerprint = root.fingerprint();
    }
    List<String> rows = rows();
    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(
            "The store is damaged: system key 1 does not open under the right root key, "
                + fingerprint
                + ". Nothing was changed.");
    assertThat(rows()).isNotEmpty().isEqualTo(rows);
  }

  @Test
  void aFileThatIsNoStoreIsRefused() throws IOException {
    start().close();
    Path store = data.resolve("yaoku.db");
    Files.writeString(store, "no database", StandardOpenOption.WRITE);
    byte[] content = Files.readAllBytes(store);

    assertThatThrownBy(this::start).isInstanceOf(StartRefused.class);
    assertThat(store).hasBinaryContent(content);
  }

  @Test
  void aRootKeyOrDirectoryOpenToOthersIsRefused() throws IOException {
    start().close();
    Files.setPosixFilePermissions(
        data.resolve("root.key"), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("root.key")
        .hasMessageContaining("open to others");

    Files.setPosixFilePermissions(
        data.resolve("root.key"), PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("open to others");
  }

  @Test
  void throwAwayAndRealInstallationsAreKeptApart() {
    start().close();
    assertThatThrownBy(this::startDev)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("was not made by --dev");

    data = scratch.resolve("dev");
    startDev().close();
    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("was made by --dev");
  }

  @Test
  void credentialsOfAFirstStartThatWasCutShortAreFoundByTheNext() throws IOException {
    start().close();
    Map<String, String> before = credentials();
    Files.move(data.resolve("credentials"), data.resolve("credentials.new"));

    try (Yaoku second = start()) {
      // The first one's address may be a stranger's by now, who would be sent the password.
      before.replaceAll((name, value) -> name.endsWith("endpoint") ? second.url() : value);
    }

    assertThat(credentials()).isEqualTo(before);
    assertThat(data.resolve("credentials.new")).doesNotExist();
  }

  @Test
  void aFirstStartWhoseAddressIsTakenIsFinishedAtAnother() throws IOException {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taken = "127.0.0.1:" + stranger.getLocalPort();
      assertThatThrownBy(() -> start(Map.of("listen.address", taken)))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining(taken + ": the address is in use");

      try (Yaoku second = start()) {
        assertThat(credentials())
            .containsEntry("endpoint", second.url())
            .containsEntry("iam_endpoint", second.url());
        assertThat(Files.readString(data.resolve("credentials"))).doesNotContain(taken);
      }
    }
  }

  @Test
  void aLostStoreIsNotTakenForAFirstStart() throws IOException {
    start().close();
    Map<String, String> before = credentials();
    Files.delete(data.resolve("yaoku.db"));

    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("its store is empty or gone");
    assertThat(credentials()).isEqualTo(before);
    assertThat(data.resolve("yaoku.db")).doesNotExist();
  }

  /** As a restore leaves it that ran out of space. */
  @Test
  void anEmptyStoreIsNotTakenForAFirstStartWhereItsEventsAreLeft() throws Exception {
    try (Yaoku yaoku = start()) {
      assertThat(post(yaoku, logIn(yaoku), "list-keys", "{}").statusCode()).isEqualTo(200);
    }
    Files.write(data.resolve("yaoku.db"), new byte[0]);
    Files.delete(data.resolve("credentials"));

    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("its store is empty or gone");
    assertThat(data.resolve("yaoku.db")).isEmptyFile();
  }

  /** The README has the file of credentials deleted, so it cannot be the only witness. */
  @Test
  void aLostStoreIsNotTakenForAFirstStartWhereItsEventsAreLeft() throws Exception {
    try (Yaoku yaoku = start()) {
      assertThat(post(yaoku, logIn(yaoku), "list-keys", "{}").statusCode()).isEqualTo(200);
    }
    Files.delete(data.resolve("yaoku.db"));
    Files.delete(data.resolve("credentials"));

    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(data.resolve("yaoku.db-events") + " shows")
        .hasMessageContaining("its store is empty or gone");
    assertThat(data.resolve("yaoku.db")).doesNotExist();
    assertThat(data.resolve("credentials")).doesNotExist();
  }

  @Test
  void whatAFirstStartThatFailedLateMadeIsAnnouncedByTheNext() throws IOException {
    start().close();
    Files.move(data.resolve("credentials"), data.resolve("credentials.new"));
    told.clear();

    start().close();

    assertThat(told).anyMatch(line -> line.contains(data.resolve("credentials").toString()));
  }

  @Test
  void aFirstStartCutShortBeforeItsCommitBeginsAnew() throws IOException {
    start().close();
    for (String name : List.of("yaoku.db", "credentials")) {
      Files.delete(data.resolve(name));
    }
    Files.writeString(data.resolve("credentials.new"), "left over");

    start().close();

    assertThat(credentials()).containsKey("sk");
  }

  @Test
  void aForgedSettingIsNamedInASentence() throws SQLException {
    start().close();
    sql("UPDATE setting SET value = 'true' WHERE name = 'dev'");

    assertThatThrownBy(this::start)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("the row 'dev' of the table 'setting' is not as Yaoku wrote it");
  }

  @Test
  void aUserWhoseRowWasForgedCannotLogInAndTheServerGoesOn() throws Exception {
    start().close();
    sql("UPDATE \"user\" SET name = 'root' WHERE name = 'admin'");
    try (Yaoku yaoku = start()) {
      Map<String, String> known = credentials();
      String body =
          """
          {"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"%s",
          "password":"%s"}}}}}
          """
              .formatted(known.get("user_id"), known.get("password"));

      assertThat(send(HttpRequest.newBuilder(at(yaoku, "/v3/auth/tokens")), body).statusCode())
          .isGreaterThanOrEqualTo(400);
      assertThat(get(yaoku, "/").statusCode()).isEqualTo(200);
    }
  }

  // What the tests are written with

  private Yaoku start() {
    return start(Map.of());
  }

  private Yaoku startDev() {
    return start(Map.of("dev.enabled", "true"));
  }

  private Yaoku start(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("data", data.toString());
    settings.putIfAbsent("listen.address", "127.0.0.1:0");
    settings.put("admin.address", "off");
    settings.put("log.requests", "false");
    Config config = ConfigReader.read("", Map.of(), settings);
    return Yaoku.start(config, Surroundings.ofThisMachine(), told::add);
  }

  private Map<String, String> credentials() throws IOException {
    Map<String, String> read = new HashMap<>();
    try (Stream<String> lines = Files.lines(data.resolve("credentials"))) {
      lines
          .filter(line -> line.contains(" = "))
          .forEach(line -> read.put(line.split(" = ", 2)[0], line.split(" = ", 2)[1]));
    }
    return read;
  }

  private String logIn(Yaoku yaoku) throws IOException, InterruptedException {
    Map<String, String> known = credentials();
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s",
        "password":"%s","domain":{"name":"%s"}}}},"scope":{"project":{"id":"%s"}}}}
        """
            .formatted(
                known.get("user_name"),
                known.get("password"),
                known.get("domain_name"),
                known.get("project_id"));
    HttpResponse<String> answer = send(HttpRequest.newBuilder(at(yaoku, "/v3/auth/tokens")), body);
    assertThat(answer.statusCode()).isEqualTo(201);
    return answer.headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private HttpResponse<String> post(Yaoku yaoku, String token, String operation, String body)
      throws IOException, InterruptedException {
    String path = "/v1.0/" + credentials().get("project_id") + "/kms/" + operation;
    return send(HttpRequest.newBuilder(at(yaoku, path)).header("X-Auth-Token", token), body);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static HttpResponse<String> get(Yaoku yaoku, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(at(yaoku, path)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static URI at(Yaoku yaoku, String path) {
    return URI.create("http://127.0.0.1:" + yaoku.port() + path);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("yaoku.db"));
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  /** Every row of every table, as text. */
  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("yaoku.db"));
        ResultSet tables =
            connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
      while (tables.next()) {
        String table = tables.getString("TABLE_NAME");
        try (Statement query = connection.createStatement();
            ResultSet row = query.executeQuery("SELECT * FROM \"" + table + "\"")) {
          while (row.next()) {
            StringBuilder text = new StringBuilder(table);
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              byte[] value = row.getBytes(i);
              text.append('|').append(value == null ? "" : HexFormat.of().formatHex(value));
            }
            rows.add(text.toString());
          }
        }
      }
    }
    return rows;
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
