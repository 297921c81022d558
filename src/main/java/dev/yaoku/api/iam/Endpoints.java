package dev.yaoku.api.iam;

import dev.yaoku.access.RequestHead;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;

/**
 * Where clients are told that this server is.
 *
 * @param publicUrl what the operator says it is, without a slash at its end; empty for what the
 *     request's own {@code Host} says
 * @param scheme {@code http} or {@code https}, for the latter
 */
public record Endpoints(String publicUrl, String scheme) {
  private static final int HOST_MAX = 255;

  /** The URL under which this request reached the server, without a slash at its end. */
  String base(RequestHead head) {
    if (!publicUrl.isEmpty()) {
      return publicUrl;
    }
    String host = head.only("host");
    if (host == null || !isHost(host)) {
      throw new KmsException(new Problem.BadRequest("The Host header is missing or malformed."));
    }
    return scheme + "://" + host;
  }

  private static boolean isHost(String host) {
    return !host.isEmpty()
        && host.length() <= HOST_MAX
        && host.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || ".-:[]_".indexOf(c) >= 0);
  }
}
