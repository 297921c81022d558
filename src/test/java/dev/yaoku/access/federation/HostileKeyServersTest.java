package dev.yaoku.access.federation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers of keys that want to lead us elsewhere, or to keep us. Every name that is looked up and
 * every address that is called is on record.
 */
class HostileKeyServersTest {
  private static final String URL = "https://keys.example.com/jwks";
  private static final String OUTSIDE = "203.0.114.7";
  private static final byte[] KEY_SET = new Issuer("").keySet().getBytes(UTF_8);

  private final List<String> resolved = new ArrayList<>();
  private final List<String> called = new ArrayList<>();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private long millis = 1_000_000;
  private List<List<String>> addresses = List.of(List.of(OUTSIDE));
  private long millisToResolve;
  private InputStream answer = InputStream.nullInputStream();
  private boolean closed;

  private final InstantSource clock = () -> Instant.ofEpochMilli(millis);

  private KeyFetcher fetcher(AllowedHosts allowed) {
    return new KeyFetcher(allowed, this::resolve, this::dial, clock);
  }

  private KeyFetcher fetcher() {
    return fetcher(new AllowedHosts(List.of("keys.example.com"), _ -> false));
  }

  /** The first answer first, then the next: a name whose address changes. */
  private List<InetAddress> resolve(String host) {
    List<String> found = addresses.get(Math.min(resolved.size(), addresses.size() - 1));
    resolved.add(host);
    millis += millisToResolve;
    return found.stream().map(InetAddress::ofLiteral).toList();
  }

  private Line dial(InetAddress address, int port, String host, Duration within) {
    called.add(address.getHostAddress() + ":" + port + " " + host + " " + within.toMillis());
    return new Line() {
      @Override
      public InputStream in() {
        return answer;
      }

      @Override
      public OutputStream out() {
        return sent;
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  private void answers(String head, byte[] body) {
    byte[] start = head.replace("\n", "\r\n").getBytes(US_ASCII);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    answer = new ByteArrayInputStream(all);
  }

  private void answers(String whole) {
    answers(whole, new byte[0]);
  }

  private void isRefused(String sentence) {
    assertThatThrownBy(() -> fetcher().fetch(URL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void aServerOnTheListIsAskedOnceAtTheAddressThatWasFound() throws IOException {
    answers("HTTP/1.1 200 OK\nContent-Length: " + KEY_SET.length + "\n\n", KEY_SET);

    assertThat(fetcher().fetch(URL)).isEqualTo(KEY_SET);

    assertThat(resolved).containsExactly("keys.example.com");
    assertThat(called).containsExactly(OUTSIDE + ":443 keys.example.com 5000");
    assertThat(sent.toString(US_ASCII))
        .startsWith("GET /jwks HTTP/1.1\r\nHost: keys.example.com\r\n")
        .endsWith("\r\n\r\n");
    assertThat(closed).isTrue();
  }

  @Test
  void answersInChunksAndWithoutALengthAreRead() throws IOException {
    answers("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n2;x=y\nde\n0\n\n");
    assertThat(fetcher().fetch(URL)).asString(US_ASCII).isEqualTo("abcde");
    answers("HTTP/1.0 200 OK\n\nabcde");
    assertThat(fetcher().fetch(URL)).asString(US_ASCII).isEqualTo("abcde");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://keys.example.com/jwks",
        "https://other.example.com/jwks",
        "https://keys.example.com:8443/jwks",
        "https://keys.example.com.evil.example/jwks",
        "https://keys.example.com@evil.example/jwks",
        "https://evil.example#keys.example.com",
        "https://user:secret@keys.example.com/jwks",
        "https://keys.example.com/jwks#part",
        "https://KEYS.example.com\\@evil.example/",
        "https://127.0.0.1/jwks",
        "https://[::1]/jwks",
        "https://2130706433/jwks",
        "https://0x7f.1/jwks",
        "https://localhost/jwks",
        "https://keys.example.com./jwks",
        "https://keys.example.com/jwks\r\nX-Evil: 1",
        "https://keys.example.com/a b",
        "file:///etc/passwd",
        "jar:https://keys.example.com/a!/b",
        "ftp://keys.example.com/jwks",
        "//keys.example.com/jwks",
        "https:///jwks",
        "https:keys.example.com",
        ""
      })
  void nothingIsLookedUpForAUrlOutsideTheList(String url) {
    assertThat(fetcher().allows(url)).isFalse();
    assertThatThrownBy(() -> fetcher().fetch(url)).isInstanceOf(IOException.class);
    assertThat(resolved).isEmpty();
    assertThat(called).isEmpty();
  }

  @Test
  void anEmptyListAllowsNothing() {
    assertThat(fetcher(AllowedHosts.none()).allows(URL)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "3fff::1",
        "100::1"
      })
  void aNameThatPointsInsideIsNotCalled(String inside) {
    for (List<String> found : List.of(List.of(inside), List.of(OUTSIDE, inside))) {
      addresses = List.of(found);
      resolved.clear();
      isRefused("is not public");
      assertThat(resolved).hasSize(1);
      assertThat(called).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"8.8.8.8", "203.0.114.7", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
  void addressesOfThePublicInternetAreCalled(String address) throws IOException {
    addresses = List.of(List.of(address));
    answers("HTTP/1.1 200 OK\n\nx");
    assertThat(fetcher().fetch(URL)).hasSize(1);
    assertThat(called).hasSize(1);
  }

  @Test
  void anAddressInsideIsCalledIfTheOperatorNamedItsNetwork() throws IOException {
    addresses = List.of(List.of("10.1.2.3"));
    answers("HTTP/1.1 200 OK\n\nx");
    AllowedHosts allowed =
        new AllowedHosts(
            List.of("keys.example.com:8443"), address -> address.getAddress()[0] == 10);
    fetcher(allowed).fetch("https://keys.example.com:8443/jwks");
    assertThat(called).containsExactly("10.1.2.3:8443 keys.example.com 5000");
    assertThat(fetcher(allowed).allows(URL)).isFalse();
  }

  /** The name points outside when it is looked at, and inside when it is asked for again. */
  @Test
  void aNameThatChangesItsAddressIsAskedForOnce() throws IOException {
    addresses = List.of(List.of(OUTSIDE), List.of("127.0.0.1"));
    answers("HTTP/1.1 200 OK\n\nx");
    fetcher().fetch(URL);
    assertThat(resolved).hasSize(1);
    assertThat(called).containsExactly(OUTSIDE + ":443 keys.example.com 5000");
    isRefused("is not public");
    assertThat(called).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308, 300, 304, 204, 401, 404, 500})
  void redirectsAreNotFollowed(int status) {
    answers(
        "HTTP/1.1 "
            + status
            + " Elsewhere\nLocation: https://127.0.0.1/jwks\nContent-Length: 0\n\n");
    isRefused("did not answer with 200");
    assertThat(resolved).hasSize(1);
    assertThat(called).hasSize(1);
    assertThat(closed).isTrue();
  }

  /** A gigabyte that comes as fast as it is read. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // what is counted is bytes
  private static final class Gigabyte extends InputStream {
    private final InputStream head;
    private long given;

    Gigabyte(String head) {
      this.head = new ByteArrayInputStream(head.replace("\n", "\r\n").getBytes(US_ASCII));
    }

    @Override
    public int read() throws IOException {
      int next = head.read();
      if (next >= 0) {
        return next;
      }
      given++;
      return given > 1 << 30 ? -1 : 'x';
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\nContent-Length: 1073741824\n\n",
        "HTTP/1.1 200 OK\nContent-Length: 999999\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nfffff\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nfffffff\n",
        "HTTP/1.1 200 OK\nX-Long: ",
        "HTTP/1.1 200",
        ""
      })
  void aGigabyteIsNotRead(String head) {
    Gigabyte flood = new Gigabyte(head);
    answer = flood;
    assertThatThrownBy(() -> fetcher().fetch(URL)).isInstanceOf(IOException.class);
    assertThat(flood.given).isLessThan(128 * 1024);
    assertThat(closed).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nContent-Length: 4000\n\n" + "{\"keys\":[]}",
        "HTTP/1.1 200 OK\nX-Slow: abcdefghijklmnopqrstuvwxyz\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\na\n1\nb\n1\nc\n1\nd\n0\n\n"
      })
  void oneByteASecondTakesFiveSecondsAtMost(String whole) {
    byte[] all = whole.replace("\n", "\r\n").getBytes(US_ASCII);
    answer =
        new ByteArrayInputStream(all) {
          @Override
          public synchronized int read() {
            millis += 1000;
            return super.read();
          }

          @Override
          public synchronized int read(byte[] buffer, int offset, int length) {
            millis += 1000;
            return super.read(buffer, offset, Math.min(1, length));
          }
        };
    long start = millis;
    isRefused("took longer than 5 s");
    assertThat(millis - start).isLessThanOrEqualTo(5000);
    assertThat(closed).isTrue();
  }

  @Test
  void whatIsLeftAfterTheNameWasFoundIsAllThatTheCallMayTake() throws IOException {
    millisToResolve = 3000;
    answers("HTTP/1.1 200 OK\n\nx");
    fetcher().fetch(URL);
    assertThat(called).containsExactly(OUTSIDE + ":443 keys.example.com 2000");
    millisToResolve = 5000;
    isRefused("too long to resolve");
    assertThat(called).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK\n\n",
        "HTTP/2 200 OK\n\n",
        "HTTP/1.1 200 OK\nno colon\n\n",
        "HTTP/1.1 200 OK\nContent-Length: -1\n\nx",
        "HTTP/1.1 200 OK\nContent-Length: 1x\n\nx",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nx",
        "HTTP/1.1 200 OK\nContent-Length: 1\nContent-Length: 1\n\nx",
        "HTTP/1.1 200 OK\nContent-Length: 1\nTransfer-Encoding: chunked\n\n1\nx\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n1\nx\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\nx\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nxy\n0\n\n",
        "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\nx",
        "HTTP/1.1 200 OK\n"
      })
  void answersThatMeanNothingAreNotTaken(String whole) {
    answers(whole);
    assertThatThrownBy(() -> fetcher().fetch(URL)).isInstanceOf(IOException.class);
    assertThat(closed).isTrue();
  }
}
