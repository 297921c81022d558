package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that is lost without a word keeps nobody waiting for long. */
@Timeout(10)
class PostgresPatienceTest {
  private PostgresProcess postgres;
  private String database = "";

  @BeforeEach
  void makeADatabase() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    postgres = PostgresProcess.shared();
    database = postgres.newDatabase(null);
  }

  @AfterEach
  void dropIt() throws SQLException {
    postgres.dropDatabase(database);
  }

  /** Else what it holds would be held by nobody who waits for it. */
  @Test
  void aStatementIsEndedInTheDatabaseBeforeItsConnectionIsGivenUp() throws Exception {
    PostgresServer server = new PostgresServer(postgres.settings(database));
    try (Connection connection = server.open();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT 1000 * extract(epoch FROM"
                    + " current_setting('statement_timeout')::interval)")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isPositive().isLessThan(connection.getNetworkTimeout());
      assertThat(connection.getNetworkTimeout()).isLessThanOrEqualTo(15_000);
    }
  }

  @Test
  void whoHasLittlePatienceHasNoMoreForTheFirstQuestion() throws Exception {
    try (Muted line = new Muted(postgres.settings(database).port(), "pg_is_in_recovery")) {
      PostgresServer server = new PostgresServer(through(line.port()));

      assertThatThrownBy(() -> server.open(Duration.ofMillis(200)))
          .isInstanceOf(SQLException.class);
      assertThat(line.isMute()).isTrue();
    }
  }

  private PostgresSettings through(int port) {
    PostgresSettings usual = postgres.settings(database);
    return PostgresSettings.of(
        usual.host(), port, usual.database(), usual.user(), usual.password());
  }

  /** A line that carries nothing any more once a word went by. */
  private static final class Muted implements AutoCloseable {
    private final ServerSocket listening =
        new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int behind;
    private final String word;
    private volatile boolean mute;

    Muted(int behind, String word) throws IOException {
      this.behind = behind;
      this.word = word;
      Thread.startVirtualThread(this::accept);
    }

    int port() {
      return listening.getLocalPort();
    }

    boolean isMute() {
      return mute;
    }

    private void accept() {
      try {
        while (true) {
          Socket client = listening.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
          sockets.add(client);
          sockets.add(server);
          Thread.startVirtualThread(() -> carry(client, server));
          Thread.startVirtualThread(() -> carry(server, client));
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    private void carry(Socket from, Socket to) {
      byte[] bytes = new byte[16 * 1024];
      try {
        int count = from.getInputStream().read(bytes);
        while (count >= 0) {
          if (new String(bytes, 0, count, StandardCharsets.ISO_8859_1).contains(word)) {
            mute = true;
          }
          if (!mute) {
            to.getOutputStream().write(bytes, 0, count);
          }
          count = from.getInputStream().read(bytes);
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
