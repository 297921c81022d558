package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request before its body.
 *
 * @param method upper case
 * @param target the target, read once
 * @param headers names in lower case with their values as received, in wire order, repeated headers
 *     repeated; each character of a value is one byte of the wire
 * @param source the peer's address (SECURITY_DESIGN M5)
 * @param secure whether it came over TLS, from loopback, or from a trusted proxy
 * @param certificate what the peer showed at the other end of its own TLS connection, or null
 * @param scheme {@code http} or {@code https}, as the client spoke it, to us or to a trusted proxy
 */
public record RequestHead(
    String method,
    Target target,
    List<Header> headers,
    String source,
    boolean secure,
    @Nullable ClientCertificate certificate,
    String scheme) {
  /** One header line. */
  public record Header(String name, String value) {}

  /**
   * The value of a header that may occur once, or null if it is not there.
   *
   * @param name in lower case
   * @throws KmsException with {@link Problem.BadRequest} if it is there twice
   */
  public @Nullable String only(String name) {
    String found = null;
    for (Header header : headers) {
      if (header.name().equals(name)) {
        if (found != null) {
          throw repeated(name);
        }
        found = header.value();
      }
    }
    return found;
  }

  /** The first value of a header, or empty. */
  String first(String name) {
    for (Header header : headers) {
      if (header.name().equals(name)) {
        return header.value();
      }
    }
    return "";
  }

  static KmsException repeated(String name) {
    return new KmsException(new Problem.BadRequest("The header " + name + " occurs twice."));
  }
}
