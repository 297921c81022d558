package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A start looks at the files that the configuration names before it makes anything. */
class StartFilesTest {
  @TempDir Path scratch;
  private final Map<String, String> settings = new HashMap<>();
  private Path data;
  private Path none;

  @BeforeEach
  void namesADataDirectoryThatIsNotThere() {
    data = scratch.resolve("new/data");
    none = scratch.resolve("none");
    settings.put("data", data.toString());
    settings.put("listen.address", "127.0.0.1:0");
    settings.put("admin.address", "off");
  }

  private Config config() {
    return ConfigReader.read("", Map.of(), settings);
  }

  private List<String> faults() {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> Yaoku.start(config(), Surroundings.ofThisMachine(), _ -> {}));
    return refused.faults();
  }

  @Test
  void aDataDirectoryHasAName() {
    settings.put("data", "");
    assertThat(faults()).anyMatch(fault -> fault.startsWith("data: its name is empty."));
  }

  @Test
  void everyFileThatCannotBeUsedIsNamedAtOnceAndNothingIsMade() throws IOException {
    settings.put("root-key", none.resolve("root.key").toString());
    settings.put("store.sqlite.file", none.resolve("yaoku.db").toString());
    settings.put("tls.certificate", none.toString());
    settings.put("tls.key", scratch.toString());
    settings.put("tls.client-revocation-lists", none.toString());
    settings.put("federation.root-certificates", none.toString());
    settings.put("log.file", none.resolve("requests").toString());

    String notMade = ", and none is made for this file. Mount its disk, or make it (mode 0700).";
    assertThat(faults())
        .containsExactly(
            "root-key: there is no directory " + none + notMade,
            "store.sqlite.file: there is no directory " + none + notMade,
            "tls.certificate: there is no file " + none + ".",
            "tls.key: " + scratch + " is a directory.",
            "tls.client-revocation-lists: there is no folder " + none + ".",
            "federation.root-certificates: there is no file " + none + ".",
            "log.file: there is no directory " + none + ".");
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void filesOfAuthoritiesMustHoldCertificates() throws IOException {
    Path nothing = Files.writeString(scratch.resolve("nothing"), "");
    Path other =
        Files.writeString(
            scratch.resolve("other"),
            "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n");
    settings.put("store.engine", "postgres");
    settings.put("store.postgres.root-certificate", nothing.toString());
    settings.put("federation.root-certificates", other.toString());
    assertThat(faults())
        .containsExactly(
            "store.postgres.root-certificate: there is no certificate in " + nothing + ".",
            "federation.root-certificates: " + other + " is no list of certificates.");
  }

  @Test
  void aRootKeyThatIsNoFileIsNamedBeforeAStoreIsMade() throws IOException {
    Path key = scratch.resolve("root.key");
    settings.put("root-key", key.toString());
    Files.createDirectory(key);
    assertThat(faults()).containsExactly("root-key: " + key + " is a directory, not a file.");

    Files.delete(key);
    Files.createSymbolicLink(key, none);
    assertThat(faults())
        .containsExactly("root-key: " + key + " is a symbolic link, which is not followed.");
    assertThat(data).doesNotExist();
  }

  @Test
  void theSecretAndTheAuthorityOfADatabaseAreLookedFor() {
    settings.put("store.engine", "postgres");
    settings.put("store.postgres.password", "env:YAOKU_NOT_SET");
    settings.put("store.postgres.root-certificate", none.toString());

    assertThat(faults())
        .containsExactly(
            "store.postgres.root-certificate: there is no file " + none + ".",
            "store.postgres.password names env:YAOKU_NOT_SET, and there is nothing. Put the secret"
                + " there.");
    assertThat(data).doesNotExist();
  }

  @Test
  void aFileThatIsNoListOfRevokedCertificatesStopsTheStart() throws IOException {
    Path list = Files.writeString(scratch.resolve("a.crl"), "no list");
    settings.put("tls.client-revocation-lists", scratch.toString());

    assertThat(faults())
        .containsExactly(
            "tls.client-revocation-lists: " + list + " is no list of revoked certificates.");
    assertThatThrownBy(() -> new Trust(config(), InstantSource.system()))
        .as("should it change after it was looked at")
        .hasMessageStartingWith("tls.client-revocation-lists: " + list);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-----w-"})
  void aKeyOfTlsThatEverybodyCanReadOrOthersChangeStopsTheStart(String mode) throws IOException {
    Path file = Files.writeString(scratch.resolve("a.pem"), "no PEM");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    settings.put("tls.certificate", file.toString());
    settings.put("tls.key", file.toString());

    assertThat(faults())
        .containsExactly(
            "tls.certificate and tls.key: %s is open to others (%s); it must be rw------- or rw-r-----."
                .formatted(file, mode));
  }

  /** As whoever hands out certificates leaves them: root's, for a group, behind a link. */
  @Test
  void aKeyOfTlsThatAGroupMayReadBehindALinkIsTaken() throws IOException {
    Path file = Files.writeString(scratch.resolve("a.pem"), "no PEM");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(scratch.resolve("live.pem"), file);
    settings.put("tls.certificate", link.toString());
    settings.put("tls.key", link.toString());

    assertThat(faults())
        .containsExactly(
            "tls.certificate and tls.key: the certificate file holds no certificate in PEM.");
  }

  @Test
  void filesThatAreNoCertificateAndKeyStopTheStart() throws IOException {
    Path file = Files.writeString(scratch.resolve("a.pem"), "no PEM");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    settings.put("tls.certificate", file.toString());
    settings.put("tls.key", file.toString());

    assertThat(faults())
        .containsExactly(
            "tls.certificate and tls.key: the certificate file holds no certificate in PEM.");
  }

  @Test
  void aFolderOfKeysThatIsNotThereIsWarnedOf() throws IOException {
    settings.put("federation.key-files", none.toString());

    try (CapturedLog log = new CapturedLog()) {
      new Trust(config(), InstantSource.system()).close();
      assertThat(log.text()).contains("federation.key-files: there is no folder " + none + " now");
    }
  }

  @Test
  void theDataDirectoryIsMadeWithWhatIsInIt() {
    settings.put("root-key", data.resolve("root.key").toString());

    Yaoku.start(config(), Surroundings.ofThisMachine(), _ -> {}).close();

    assertThat(data.resolve("root.key")).exists();
  }

  @Test
  void aRecoveryDoesNotMakeTheDirectoryOfAStoreEither() throws IOException {
    Yaoku.start(config(), Surroundings.ofThisMachine(), _ -> {}).close();
    Path file =
        Files.writeString(
            scratch.resolve("yaoku.toml"), "store.sqlite.file = \"" + none + "/yaoku.db\"\n");
    StringWriter err = new StringWriter();

    int status =
        new CommandLine(new AdminCommand(() -> {}))
            .setErr(new PrintWriter(err, true))
            .execute("recover", "--data", data.toString(), "--config", file.toString());

    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).startsWith("yaoku: store.sqlite.file: there is no directory");
    assertThat(none).doesNotExist();
  }
}
