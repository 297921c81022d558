package dev.yaoku.api;

import dev.yaoku.access.RequestHead;
import dev.yaoku.access.RequestHead.Header;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where this server is, as the one who asks sees it. Links and the catalog begin with it. */
public final class PublicUrl {
  /** Whoever calls may put anything here; only what can be a host goes into a link. */
  private static final Pattern HOST = Pattern.compile("[a-zA-Z0-9.:\\[\\]_-]{1,255}");

  private PublicUrl() {}

  /**
   * The URL under which a request reached the server or the proxy before it, without a slash at its
   * end.
   *
   * @return empty if the request's {@code Host} is missing, repeated, or cannot be one
   */
  public static Optional<String> of(RequestHead head) {
    String host = null;
    for (Header header : head.headers()) {
      if (header.name().equals("host")) {
        if (host != null) {
          return Optional.empty();
        }
        host = header.value();
      }
    }
    return host != null && HOST.matcher(host).matches()
        ? Optional.of(head.scheme() + "://" + host)
        : Optional.empty();
  }
}
