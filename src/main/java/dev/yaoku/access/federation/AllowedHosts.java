package dev.yaoku.access.federation;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where this server may fetch keys from: hosts that the operator named, at addresses of the public
 * internet or of networks that the operator named as well. What tenants write cannot widen it
 * (SECURITY_DESIGN H16).
 */
public final class AllowedHosts {
  private static final int URL_MAX = 1024;
  private static final int HTTPS = 443;
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private final Set<String> hosts;
  private final Predicate<InetAddress> named;

  /** A place that may be asked. */
  record Place(String host, int port, String path) {}

  /**
   * Hosts of an operator.
   *
   * @param hosts names, each with {@code :port} unless that is 443
   * @param named whether an address is in one of the networks that the operator named
   */
  public AllowedHosts(List<String> hosts, Predicate<InetAddress> named) {
    this.hosts = hosts.stream().map(AllowedHosts::withPort).collect(Collectors.toUnmodifiableSet());
    this.named = named;
  }

  /** Nobody. */
  public static AllowedHosts none() {
    return new AllowedHosts(List.of(), _ -> false);
  }

  private static String withPort(String host) {
    String small = host.toLowerCase(Locale.ROOT);
    return small.indexOf(':') < 0 ? small + ":" + HTTPS : small;
  }

  /** Whether keys may be fetched from this URL. */
  public boolean allows(String url) {
    return place(url).isPresent();
  }

  /** The place that the URL names, if it may be asked. */
  Optional<Place> place(String url) {
    if (url.length() > URL_MAX) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(url);
      String host = uri.getHost();
      if (!"https".equals(uri.getScheme())
          || host == null
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null
          || !HOST.matcher(host).matches()) {
        return Optional.empty();
      }
      int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
      return hosts.contains(host + ":" + port)
          ? Optional.of(new Place(host, port, path(uri)))
          : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String path(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String whole = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    if (whole.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw new IllegalArgumentException("a URL of other than printable ASCII");
    }
    return whole;
  }

  /** Whether a host may be asked at this address. */
  boolean allows(InetAddress address) {
    return Outside.isPublic(address) || named.test(address);
  }
}
