package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Text of a user as one segment of a path. */
final class PathText {
  private static final String UNRESERVED = "-._~";

  private PathText() {}

  /**
   * The text with all but unreserved characters percent-encoded (RFC 3986, section 2.3).
   *
   * @throws IllegalArgumentException if it is empty, or would lead elsewhere in the path
   */
  static String segment(String text) {
    if (text.isEmpty() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException("'" + text + "' is no name.");
    }
    StringBuilder segment = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      if (isUnreserved(c)) {
        segment.append(c);
      } else {
        segment.append(String.format("%%%02X", (int) c));
      }
    }
    return segment.toString();
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || UNRESERVED.indexOf(c) >= 0;
  }
}
