package dev.yaoku.access.federation;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches a key set over HTTPS from hosts that the operator named, and from nowhere else: the name
 * is resolved once and the address found then is the one that is called; redirects are not
 * followed; the answer has 64 KiB and five seconds (SECURITY_DESIGN H16).
 */
public final class KeyFetcher {
  /** How long a fetch may take in all. */
  static final Duration TIME_MAX = Duration.ofSeconds(5);

  private final AllowedHosts allowed;
  private final Line.Resolver resolver;
  private final Line.Dialer dialer;
  private final InstantSource clock;

  /**
   * A fetcher.
   *
   * @param resolver finds addresses
   * @param dialer connects to an address
   */
  public KeyFetcher(
      AllowedHosts allowed, Line.Resolver resolver, Line.Dialer dialer, InstantSource clock) {
    this.allowed = allowed;
    this.resolver = resolver;
    this.dialer = dialer;
    this.clock = clock;
  }

  /**
   * A fetcher over this machine's network.
   *
   * @param tls whose authorities vouch for the hosts
   * @param alarms cuts connections whose time is over
   */
  public static KeyFetcher overNetwork(
      AllowedHosts allowed,
      SSLSocketFactory tls,
      ScheduledExecutorService alarms,
      InstantSource clock) {
    return new KeyFetcher(
        allowed,
        host -> List.of(InetAddress.getAllByName(host)),
        TlsLine.dialer(SocketFactory.getDefault(), tls, alarms),
        clock);
  }

  /** Whether keys may be fetched from this URL. */
  public boolean allows(String url) {
    return allowed.allows(url);
  }

  /**
   * Fetches what is at the URL.
   *
   * @throws IOException if it may not be asked, or does not answer as it must
   */
  byte[] fetch(String url) throws IOException {
    AllowedHosts.Place place =
        allowed
            .place(url)
            .orElseThrow(() ->
                new FetchFailed("the URL is not https, or its host is not in federation.hosts"));
    long until = clock.millis() + TIME_MAX.toMillis();
    InetAddress address = addressOf(place.host());
    Duration left = Duration.ofMillis(until - clock.millis());
    if (left.isNegative() || left.isZero()) {
      throw new FetchFailed("its name took too long to resolve");
    }
    try (Line line = dialer.dial(address, place.port(), place.host(), left)) {
      line.out().write(request(place));
      line.out().flush();
      return new HttpAnswer(line.in(), () -> clock.millis() >= until).body();
    }
  }

  /** One address, if all that the name has may be called: none of them is tried for luck. */
  private InetAddress addressOf(String host) throws IOException {
    List<InetAddress> addresses = resolver.resolve(host);
    if (addresses.isEmpty()) {
      throw new FetchFailed("the host has no address");
    }
    for (InetAddress address : addresses) {
      if (!allowed.allows(address)) {
        throw new FetchFailed(
            "the host's address "
                + address.getHostAddress()
                + " is not public and not in federation.networks");
      }
    }
    return addresses.getFirst();
  }

  private static byte[] request(AllowedHosts.Place place) {
    String host = place.port() == 443 ? place.host() : place.host() + ":" + place.port();
    return ("GET "
            + place.path()
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nAccept: application/json\r\nUser-Agent: yaoku\r\nConnection: close\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
