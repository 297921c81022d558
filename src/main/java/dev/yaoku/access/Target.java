package dev.yaoku.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request target, split and decoded once, bytewise and strictly. The same segments are re-encoded
 * for the signature, matched to the route and shown to permission (SECURITY_DESIGN H17).
 *
 * @param segments decoded path segments without the leading slash; one trailing slash is dropped;
 *     inner empty segments stay
 * @param query decoded names and values in wire order
 */
public record Target(List<String> segments, List<Parameter> query) {
  /** One query parameter. */
  public record Parameter(String name, String value) {}

  /**
   * Reads a raw origin-form target.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.BadRequest} for absolute
   *     form, characters that must be encoded, malformed percent, invalid UTF-8, control bytes, and
   *     a query name that occurs twice
   */
  public static Target parse(String raw) {
    return TargetReader.read(raw);
  }

  /** The value of a query parameter, or null if it is not there. */
  public @Nullable String parameter(String name) {
    for (Parameter parameter : query) {
      if (parameter.name().equals(name)) {
        return parameter.value();
      }
    }
    return null;
  }

  /**
   * The path as it is signed: every segment encoded anew, each followed by a slash.
   *
   * @see "contract/authentication.md, section 2.3"
   */
  public String canonicalUri() {
    StringBuilder uri = new StringBuilder(160).append('/');
    for (String segment : segments) {
      PercentEncoding.append(uri, segment);
      uri.append('/');
    }
    return uri.toString();
  }

  /**
   * The query as it is signed: encoded anew and sorted by encoded name, {@code name=value} joined
   * with {@code &}.
   */
  public String canonicalQuery() {
    if (query.isEmpty()) {
      return "";
    }
    List<Parameter> encoded = new ArrayList<>(query.size());
    for (Parameter parameter : query) {
      encoded.add(
          new Parameter(
              PercentEncoding.of(parameter.name()), PercentEncoding.of(parameter.value())));
    }
    encoded.sort(Comparator.comparing(Parameter::name));
    StringBuilder line = new StringBuilder(64);
    for (Parameter parameter : encoded) {
      if (!line.isEmpty()) {
        line.append('&');
      }
      line.append(parameter.name()).append('=').append(parameter.value());
    }
    return line.toString();
  }
}
