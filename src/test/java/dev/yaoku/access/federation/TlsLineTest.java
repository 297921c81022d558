package dev.yaoku.access.federation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Issued;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.access.TestTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The line to a server of keys, over real TLS: the address is the one that was looked at, the name
 * is proved there, and nobody holds the line for longer than it was opened (SECURITY_DESIGN H16).
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsLineTest {
  /** No resolver finds this name (RFC 6761), so only a given address leads there. */
  private static final String HOST = "keys.invalid";

  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2049-01-01T00:00:00Z");
  private static final TestPki AUTHORITY = new TestPki("CN=authority", FROM, UNTIL);
  private static final TestPki STRANGER = new TestPki("CN=stranger", FROM, UNTIL);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1);
  private final ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();
  private final Line.Dialer dialer =
      TlsLine.dialer(
          SocketFactory.getDefault(), TestTls.context(AUTHORITY, null).getSocketFactory(), alarms);

  /** What a server does on a connection. */
  @FunctionalInterface
  private interface Conversation {
    void hold(InputStream in, OutputStream out) throws IOException;
  }

  @AfterEach
  void stop() {
    alarms.shutdownNow();
    beside.shutdownNow();
  }

  private static Issued named(TestPki by, String name) {
    return by.issue(Wish.server(FROM, UNTIL, name));
  }

  private static ServerSocket listening(Issued shown) throws IOException {
    return TestTls.context(AUTHORITY, shown)
        .getServerSocketFactory()
        .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private ServerSocket talking(Issued shown, Conversation conversation) throws IOException {
    ServerSocket server = listening(shown);
    beside.execute(() -> {
      try (Socket client = server.accept()) {
        conversation.hold(client.getInputStream(), client.getOutputStream());
      } catch (IOException _) {
        // its client has gone, as it must in some of these
      }
    });
    return server;
  }

  private Line dial(ServerSocket server, String host) throws IOException {
    return dialer.dial(server.getInetAddress(), server.getLocalPort(), host, LONG);
  }

  private RunnableScheduledFuture<?> alarm() {
    return (RunnableScheduledFuture<?>) alarms.getQueue().element();
  }

  @Test
  void whoHasTheNameAtTheAddressIsTalkedTo() throws IOException {
    for (String host : new String[] {"dns:" + HOST, "ip:127.0.0.1"}) {
      try (ServerSocket server = talking(named(AUTHORITY, host), InputStream::transferTo);
          Line line = dial(server, host.split(":", 2)[1])) {
        line.out().write("hello".getBytes(US_ASCII));
        line.out().flush();
        assertThat(line.in().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
      }
    }
  }

  @Test
  void whoHasAnotherNameIsRefused() throws IOException {
    for (String other : new String[] {"dns:other.invalid", "dns:a.keys.invalid", "ip:127.0.0.1"}) {
      try (ServerSocket server = talking(named(AUTHORITY, other), InputStream::transferTo)) {
        assertThatThrownBy(() -> dial(server, HOST))
            .as(other)
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageContaining("matching " + HOST);
      }
    }
  }

  @Test
  void whoHasTheNameFromAnotherAuthorityIsRefused() throws IOException {
    try (ServerSocket server = talking(named(STRANGER, "dns:" + HOST), InputStream::transferTo)) {
      assertThatThrownBy(() -> dial(server, HOST))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("certification path");
      assertThat(alarm().isCancelled()).isTrue();
    }
  }

  @Test
  void aServerThatNeverEndsIsCutOffWhenTheTimeIsOver() throws IOException {
    Conversation endless =
        (_, out) -> {
          while (true) {
            out.write('x');
          }
        };
    try (ServerSocket server = talking(named(AUTHORITY, "dns:" + HOST), endless);
        Line line = dial(server, HOST)) {
      assertThat(line.in().readNBytes(3)).asString(US_ASCII).isEqualTo("xxx");
      assertThat(alarm().getDelay(TimeUnit.MILLISECONDS)).isBetween(1L, LONG.toMillis());

      alarm().run();

      assertThatThrownBy(() -> line.in().transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aServerThatSaysNothingIsCutOffWhenTheTimeIsOver() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Future<Line> dialled = beside.submit(() -> dial(silent, HOST));
      try (Socket client = silent.accept()) {
        assertThat(client.getInputStream().read()).as("a client that says hello").isNotNegative();

        alarm().run();

        assertThatThrownBy(dialled::get).hasCauseInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aLineThatIsClosedLeavesNoAlarm() throws IOException {
    try (ServerSocket server = talking(named(AUTHORITY, "dns:" + HOST), InputStream::transferTo)) {
      Line line = dial(server, HOST);
      assertThat(alarm().isCancelled()).isFalse();
      line.close();
      assertThat(alarm().isCancelled()).isTrue();
    }
  }
}
