package dev.yaoku.access;

import java.util.List;

/**
 * The text whose hash is signed, rebuilt from the request and the client's own list of signed
 * headers.
 *
 * @see "contract/authentication.md, sections 2.3 and 3.1"
 */
final class CanonicalRequest {
  /** Headers whose values an echo may show; of all others it shows the length (M2). */
  private static final List<String> SHOWN =
      List.of("host", "content-type", "user-agent", "x-sdk-date", "x-project-id");

  private CanonicalRequest() {}

  /**
   * The canonical request.
   *
   * @param query the query line, which is empty where the query is signed as payload
   * @param payloadHash hexadecimal
   */
  static String of(Authorization how, RequestHead head, String query, String payloadHash) {
    return build(how, head, query, payloadHash, false);
  }

  /** The same for people: a line feed is a bar, and headers that may hold a secret are lengths. */
  static String echo(Authorization how, RequestHead head, String query, String payloadHash) {
    return build(how, head, query, payloadHash, true).replace('\n', '|');
  }

  private static String build(
      Authorization how, RequestHead head, String query, String payloadHash, boolean echo) {
    StringBuilder text = new StringBuilder(512);
    text.append(head.method()).append('\n');
    text.append(head.target().canonicalUri()).append('\n');
    text.append(query).append('\n');
    for (String name : how.signedHeaders()) {
      text.append(name).append(':');
      String value = valueOf(head, name);
      if (echo && !SHOWN.contains(name)) {
        text.append('(').append(value.length()).append(')');
      } else {
        appendValue(text, value, how.scheme() == Scheme.SCOPED);
      }
      text.append('\n');
    }
    text.append('\n').append(how.signedHeadersText()).append('\n').append(payloadHash);
    return text.toString();
  }

  /** A header that is signed but absent counts as empty; the comparison then fails by itself. */
  private static String valueOf(RequestHead head, String name) {
    String value = head.only(name);
    return value == null ? "" : value;
  }

  /** Trimmed; the scoped form also makes one blank of each run of blanks. */
  private static void appendValue(StringBuilder text, String value, boolean collapse) {
    int start = 0;
    int end = value.length();
    while (start < end && blank(value.charAt(start))) {
      start++;
    }
    while (end > start && blank(value.charAt(end - 1))) {
      end--;
    }
    if (!collapse) {
      text.append(value, start, end);
      return;
    }
    for (int i = start; i < end; i++) {
      char c = value.charAt(i);
      if (!blank(c)) {
        text.append(c);
      } else if (!blank(value.charAt(i - 1))) {
        text.append(' ');
      }
    }
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }
}
