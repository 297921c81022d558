package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A database that is not on this machine is reached by TLS, and only the right one (M14). */
@Timeout(120)
class PostgresTlsTest {
  private static final char[] STORE_PASSWORD = "only for tests".toCharArray();

  @TempDir Path scratch;

  private static PostgresSettings at(
      PostgresSettings known, String host, @Nullable Path authority) {
    return new PostgresSettings(
        host,
        known.port(),
        known.database(),
        known.user(),
        known.password(),
        !PostgresSettings.isThisMachine(host),
        authority,
        known.readers(),
        known.readWait(),
        known.changesWaitingMax(),
        known.eventsWaitingMax(),
        known.eventBytesWaitingMax(),
        known.gather(),
        known.migrate());
  }

  @Test
  void theDriverIsToldToCheckTheServerInFull() {
    PostgresSettings settings = PostgresSettings.of("db.example", 5432, "d", "u", null);
    PGSimpleDataSource usual = (PGSimpleDataSource) new PostgresServer(settings).source();
    assertThat(usual.getSslMode()).isEqualTo("verify-full");
    assertThat(usual.getChannelBinding()).isEqualTo("require");
    assertThat(usual.getSslfactory()).isEqualTo("org.postgresql.ssl.DefaultJavaSSLFactory");

    Path authority = scratch.resolve("authority.pem");
    PGSimpleDataSource own =
        (PGSimpleDataSource) new PostgresServer(at(settings, "db.example", authority)).source();
    assertThat(own.getSslMode()).isEqualTo("verify-full");
    assertThat(own.getSslRootCert()).isEqualTo(authority.toString());
  }

  @Test
  void whatIsOnThisMachineIsReachedByTlsWhereThatIsAskedFor() {
    PostgresSettings local = PostgresSettings.of("LocalHost", 5432, "d", "u", null);
    assertThat(local.tls()).isFalse();
    PGSimpleDataSource usual = (PGSimpleDataSource) new PostgresServer(local).source();
    assertThat(usual.getSslMode()).isEqualTo("disable");
  }

  /** The operator is not told to look whether the server runs. */
  private static void isOfTrust(SQLException failure) {
    assertThat(Failures.of(failure)).hasMessageStartingWith("PostgreSQL answers, but");
  }

  @Test
  void onlyTheServerThatItsAuthorityVouchesForByNameIsTalkedTo() throws Exception {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    PostgresProcess postgres = PostgresProcess.shared();
    Path right = certificate("right");
    Path wrong = certificate("wrong");
    PostgresSettings known = postgres.settings("postgres");

    assertThatThrownBy(() -> version(at(known, PostgresProcess.BY_TLS, right)))
        .as("a server without TLS")
        .isInstanceOfSatisfying(SQLException.class, PostgresTlsTest::isOfTrust)
        .hasMessageContaining("SSL");

    Path chain = postgres.fileOfTheServer("server.crt", Files.readAllBytes(right));
    Path key = postgres.fileOfTheServer("server.key", privateKey("right"));
    postgres.end();
    postgres.startAgain(
        "-c", "ssl=on", "-c", "ssl_cert_file=" + chain, "-c", "ssl_key_file=" + key);
    try {
      assertThat(version(at(known, PostgresProcess.BY_TLS, right))).startsWith("TLSv1.");
      assertThatThrownBy(() -> version(at(known, PostgresProcess.BY_TLS, wrong)))
          .as("another authority")
          .isInstanceOfSatisfying(SQLException.class, PostgresTlsTest::isOfTrust);
      assertThatThrownBy(() -> version(at(known, PostgresProcess.BY_TLS, null)))
          .as("an authority that Java does not know")
          .isInstanceOfSatisfying(SQLException.class, PostgresTlsTest::isOfTrust);
      assertThatThrownBy(() -> version(at(known, PostgresProcess.OTHER_NAME, right)))
          .as("another name")
          .isInstanceOfSatisfying(SQLException.class, PostgresTlsTest::isOfTrust)
          .hasMessageContaining(PostgresProcess.OTHER_NAME);
    } finally {
      postgres.end();
      postgres.startAgain();
    }
  }

  /** Which TLS the connection has. */
  private static String version(PostgresSettings settings) throws SQLException {
    try (Connection connection = new PostgresServer(settings).open();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT coalesce(version, 'none') FROM pg_stat_ssl WHERE pid ="
                    + " pg_backend_pid()")) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** A certificate that vouches for itself and the address where the server is reached by TLS. */
  private Path certificate(String name) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:" + PostgresProcess.BY_TLS,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(STORE_PASSWORD),
                "-keystore",
                scratch.resolve(name + ".p12").toString())
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
    Path file = scratch.resolve(name + ".pem");
    Files.write(file, pem("CERTIFICATE", keystore(name).getCertificate("server").getEncoded()));
    return file;
  }

  private KeyStore keystore(String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(scratch.resolve(name + ".p12"))) {
      store.load(in, STORE_PASSWORD);
    }
    return store;
  }

  private byte[] privateKey(String name) throws Exception {
    Key key = keystore(name).getKey("server", STORE_PASSWORD);
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static byte[] pem(String kind, byte[] der) throws IOException {
    return ("-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + kind
            + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
