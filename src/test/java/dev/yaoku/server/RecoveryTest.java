package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.cli.CommandRun;
import dev.yaoku.store.AuditRow;
import dev.yaoku.store.EventTail;
import dev.yaoku.store.RightsReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An administrator who lost every credential is let in again by whoever has data and root key. */
class RecoveryTest {
  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final AtomicInteger guarded = new AtomicInteger();
  private Path data;

  @BeforeEach
  void anInstallationIsThere() throws IOException {
    data = scratch.resolve("data");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      server.kms("create-key", "{'key_alias':'kept'}", "/key_info/key_id");
    }
  }

  @Test
  void theMemoryOfTheProcessIsGuardedBeforeThereAreKeysInIt() {
    assertThat(recover("--root-key", scratch.resolve("none").toString())).isEqualTo(1);
    assertThat(guarded).hasValue(1);
  }

  /** The credentials are in a file, but where is what it says. */
  @Test
  void anOutputThatTakesNoMoreIsAFailure() {
    int status =
        new CommandLine(new AdminCommand(() -> {}))
            .setOut(new PrintWriter(new CommandRun.FullDisk(), false, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true))
            .execute("recover", "--data", data.toString());
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("The new credentials are in " + file());
    assertThat(file()).exists();
  }

  private int recover(String... more) {
    List<String> words = new ArrayList<>(List.of("recover", "--data", data.toString()));
    words.addAll(Arrays.asList(more));
    return new CommandLine(new AdminCommand(guarded::incrementAndGet))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }

  private Path file() {
    return data.resolve("recovered-credentials");
  }

  @Test
  void theNewCredentialsNameTheAddressThatWasSaid() throws IOException {
    assertThat(recover("--listen", "127.0.0.1:7411")).as(err.toString()).isZero();

    assertThat(Files.readString(file())).contains("http://127.0.0.1:7411").doesNotContain(":7300");
  }

  @Test
  void theNewCredentialsNameTheProjectThatTheFirstOnesNamed() throws IOException {
    String project;
    try (LiveServer server = new LiveServer(data, Map.of("regions.others", "cn-east-3"))) {
      project = server.known("project_id");
      assertThat(server.projectIn("cn-east-3")).isNotEqualTo(project);
    }
    assertThat(recover()).as(err.toString()).isZero();

    assertThat(Files.readString(file())).contains("project_id = " + project);
  }

  @Test
  void theNewCredentialsWorkAndTheOldDoNot() throws IOException {
    Path old = Files.copy(data.resolve("credentials"), scratch.resolve("old"));
    assertThat(recover()).as(err.toString()).isZero();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(out.toString()).contains("admin", file().toString());
    assertThat(Files.readAllLines(file(), StandardCharsets.UTF_8))
        .noneMatch(
            line -> line.contains(" = ") && secret(line) && out.toString().contains(value(line)));
    Files.copy(
        file(), data.resolve("credentials"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (LiveServer server = new LiveServer(data, Map.of())) {
      assertThat(server.kms("list-keys", "{}").at("/key_details/0/key_alias").asString())
          .isEqualTo("kept");
    }
    Files.copy(old, data.resolve("credentials"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (LiveServer server = new LiveServer(data, Map.of())) {
      assertThat(
              server
                  .post(
                      "/v1.0/" + server.known("project_id") + "/kms/list-keys",
                      "application/json",
                      "{}")
                  .statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void otherWaysInAreClosedOfWhichNobodyKnowsWhoMadeThem() throws IOException {
    String authority = "/v3/OS-YAOKU/client-authorities/mesh";
    String provider = "/v3/OS-FEDERATION/identity_providers/idp";
    Instant now = Instant.now();
    String pem =
        new TestPki("CN=mesh", now.minus(1, ChronoUnit.DAYS), now.plus(30, ChronoUnit.DAYS))
            .pem()
            .replace("\n", "\\n");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      Tenant owner = Tenant.first(server);
      owner.send("PUT", authority, "{'client_authority':{'certificate':'" + pem + "'}}").is(200);
      owner
          .send(
              "PUT",
              authority + "/names/dns%3Aadmin.example.com",
              "{'user_id':'" + owner.user + "'}")
          .is(200);
      owner.send("PUT", provider, "{'identity_provider':{'enabled':true}}").is(201);
    }
    assertThat(recover()).as(err.toString()).isZero();

    Files.copy(
        file(), data.resolve("credentials"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (LiveServer server = new LiveServer(data, Map.of())) {
      Tenant owner = Tenant.first(server);
      assertThat(owner.send("GET", authority, "").at("/client_authority/names")).isEmpty();
      server
          .yaoku
          .installation()
          .store()
          .read(tx -> {
            RightsReading rights = tx.rights();
            assertThat(rights.identityProviders(owner.account).getFirst().byAdministrators())
                .isFalse();
            assertThat(rights.clientCas(owner.account).getFirst().byAdministrators()).isFalse();
            return true;
          });
    }
  }

  @Test
  void theAdministratorOfAnotherAccountIsLetInAndNobodyElsesCredentialsChange() throws IOException {
    String provider = "/v3/OS-FEDERATION/identity_providers/idp";
    String account;
    try (LiveServer server = new LiveServer(data, Map.of())) {
      Tenant acme = acme(server);
      account = acme.account;
      for (Tenant who : List.of(acme, Tenant.first(server))) {
        who.send("PUT", provider, "{'identity_provider':{'enabled':true}}").is(201);
      }
    }
    assertThat(recover("--account", "acme")).as(err.toString()).isZero();

    assertThat(out.toString()).contains("of the account acme", file().toString());
    try (LiveServer server = new LiveServer(data, Map.of())) {
      assertThat(asRecovered(server, "user", "list").out()).contains("admin");
      assertThat(Tenant.first(server).kms("list-keys", "{}").is(200).at("/key_details"))
          .isNotEmpty();
      server
          .yaoku
          .installation()
          .store()
          .read(tx -> {
            String first = server.known("domain_id");
            assertThat(tx.rights().identityProviders(account).getFirst().byAdministrators())
                .isFalse();
            assertThat(tx.rights().identityProviders(first).getFirst().byAdministrators()).isTrue();
            return true;
          });
    }
    assertThat(EventTail.all(data.resolve("yaoku.db")))
        .filteredOn(event -> text(event).contains("recoverAdministrator"))
        .extracting(AuditRow::account)
        .containsExactly(account);
  }

  @Test
  void anotherAccountsEarlierAccessKeysAndSessionsAreOver() throws IOException {
    Tenant before;
    try (LiveServer server = new LiveServer(data, Map.of())) {
      before = acme(server);
      before.kms("list-keys", "{}").is(200);
    }
    assertThat(recover("--account", before.account, "--user", "admin")).as(err.toString()).isZero();

    try (LiveServer server = new LiveServer(data, Map.of())) {
      before.at(server).kms("list-keys", "{}").is(401);
    }
  }

  /** Operators disabled it, and can enable it themselves. */
  @Test
  void anotherAccountThatIsDisabledStaysSo() throws IOException {
    try (LiveServer server = new LiveServer(data, Map.of())) {
      Tenant acme = acme(server);
      Tenant.first(server)
          .send("PATCH", "/v3/OS-YAOKU/accounts/" + acme.account, "{'account':{'enabled':false}}")
          .is(200);
    }
    assertThat(recover("--account", "acme")).as(err.toString()).isZero();

    assertThat(out.toString()).contains("yaoku account enable acme");
    try (LiveServer server = new LiveServer(data, Map.of())) {
      assertThat(asRecovered(server, "user", "list").exitCode()).isEqualTo(1);
    }
  }

  @Test
  void ofAnAccountThatIsNotThereNobodyIsLetIn() {
    assertThat(recover("--account", "nobodys")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no account nobodys.");
    assertThat(file()).doesNotExist();
  }

  private static Tenant acme(LiveServer server) {
    return Tenant.of(
        server,
        Tenant.first(server)
            .send("POST", "/v3/OS-YAOKU/accounts", "{'account':{'name':'acme'}}")
            .is(201));
  }

  private CommandRun asRecovered(LiveServer server, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--credentials", file().toString(), "--endpoint", server.endpoint()));
    return CommandRun.of(Map.of(), all.toArray(String[]::new));
  }

  private static boolean secret(String line) {
    return line.startsWith("sk") || line.startsWith("password");
  }

  private static String value(String line) {
    return line.split(" = ", 2)[1];
  }

  @Test
  void itIsOnRecord() throws SQLException {
    recover();

    assertThat(entries()).anyMatch(entry -> entry.contains("recoverAdministrator"));
  }

  private List<String> entries() {
    return EventTail.all(data.resolve("yaoku.db")).stream().map(RecoveryTest::text).toList();
  }

  private static String text(AuditRow event) {
    return new String(event.entry(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aRunningServerIsLeftAlone() throws IOException {
    try (LiveServer _ = new LiveServer(data, Map.of())) {
      assertThat(recover()).isEqualTo(1);
    }
    assertThat(err.toString()).contains("Another Yaoku server uses the data directory");
    assertThat(file()).doesNotExist();
  }

  @Test
  void withoutTheRightRootKeyNothingIsDone() throws IOException {
    Path other = scratch.resolve("other");
    new LiveServer(other, Map.of()).close();

    assertThat(recover("--root-key", other.resolve("root.key").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("This store was sealed with the root key");
    Files.delete(data.resolve("root.key"));
    assertThat(recover()).isEqualTo(1);
    assertThat(err.toString()).contains("root.key is missing");
    assertThat(file()).doesNotExist();
  }

  @Test
  void whereThereIsNothingNothingIsMade() {
    data = scratch.resolve("nothing");

    assertThat(recover()).isEqualTo(1);
    assertThat(data).doesNotExist();
  }

  @Test
  void whereTheStoreIsGoneNoneIsMade() throws IOException {
    Path store = data.resolve("yaoku.db");
    Files.move(store, scratch.resolve("elsewhere.db"));

    assertThat(recover()).isEqualTo(1);
    assertThat(err.toString()).contains("There is no store " + store);
    assertThat(store).doesNotExist();
  }

  @Test
  void credentialsThatAreThereAreNotWrittenOver() throws IOException {
    recover();
    byte[] before = Files.readAllBytes(file());

    assertThat(recover()).isEqualTo(1);
    assertThat(err.toString()).contains("Move it away");
    assertThat(file()).hasBinaryContent(before);
  }

  @Test
  void onlyAnAdministratorIsLetIn() {
    assertThat(recover("--user", "somebody")).isEqualTo(1);
    assertThat(err.toString()).contains("no administrator of this name");
    assertThat(recover("--user", "admin")).as(err.toString()).isZero();
  }

  @Test
  void credentialsThatOpenNothingAreNotLeftBehind() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("yaoku.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TRIGGER full BEFORE UPDATE ON \"user\" BEGIN SELECT RAISE(ABORT, 'no'); END");
    }

    assertThat(recover()).isEqualTo(1);
    assertThat(err.toString()).startsWith("yaoku: The ").doesNotContain("Exception");
    assertThat(data.resolve("recovered-credentials.new")).doesNotExist();
    assertThat(file()).doesNotExist();
  }
}
