package dev.yaoku.server;

import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names of headers in lower case. Those that clients usually send are known, so that reading a head
 * makes no new text for them.
 */
final class HeaderNames {
  private static final int PLACES = 256;
  private static final @Nullable String[] KNOWN = new String[PLACES];

  static {
    for (String name :
        new String[] {
          "host",
          "authorization",
          "x-sdk-date",
          "x-auth-token",
          "x-subject-token",
          "x-security-token",
          "x-project-id",
          "x-domain-id",
          "x-sdk-content-sha256",
          "x-language",
          "x-forwarded-for",
          "x-forwarded-proto",
          "content-type",
          "content-length",
          "transfer-encoding",
          "user-agent",
          "accept",
          "accept-encoding",
          "connection",
          "expect"
        }) {
      // Where two fall on one place, the first stays and the other is made anew each time.
      int place = place(name);
      if (KNOWN[place] == null) {
        KNOWN[place] = name;
      }
    }
  }

  private HeaderNames() {}

  /** The name in lower case. */
  static String lowerCase(CharSequence name) {
    String known = KNOWN[place(name)];
    return known != null && AsciiString.contentEqualsIgnoreCase(known, name)
        ? known
        : name.toString().toLowerCase(Locale.ROOT);
  }

  /** The hash does not tell large letters from small ones. */
  private static int place(CharSequence name) {
    int hash = AsciiString.hashCode(name);
    return (hash ^ hash >>> 16 ^ hash >>> 8) & (PLACES - 1);
  }
}
