package dev.yaoku.access.policy;

import java.util.Locale;

/**
 * A pattern of resources, matched part by part, so that a star never reaches over a colon. Service
 * and type compare without case, the rest exactly. Or the URI of one agency. Accounts may have a
 * hundred thousand of them, so it is one text with the places of its colons.
 */
final class CompiledResource {
  static final int PARTS = 5;

  private static final String ANYTHING = "*:*:*:*:*";
  private static final String AGENCIES = "iam:*:*:agency:*";

  private final String pattern;
  private final int region;
  private final int account;
  private final int type;
  private final int id;

  /** Whether the last part may be compared as it is, which is the quicker. */
  private final boolean oneId;

  /** Of one agency; empty for a pattern. */
  private final String uri;

  /** A pattern of five parts, of which the last may have colons, {@code *}, or an agency's URI. */
  CompiledResource(String text) {
    uri = AgencyUri.isOne(text) ? text : "";
    pattern = uri.isEmpty() ? pattern(text) : AGENCIES;
    region = pattern.indexOf(':') + 1;
    account = pattern.indexOf(':', region) + 1;
    type = pattern.indexOf(':', account) + 1;
    id = pattern.indexOf(':', type) + 1;
    oneId = !Glob.isWild(pattern, id, pattern.length());
  }

  private static String pattern(String text) {
    if (text.equals("*")) {
      return ANYTHING;
    }
    String[] parts = Glob.packed(text).split(":", PARTS);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("not five parts");
    }
    parts[0] = parts[0].toLowerCase(Locale.ROOT);
    parts[3] = parts[3].toLowerCase(Locale.ROOT);
    String pattern = String.join(":", parts);
    return pattern.equals(ANYTHING) ? ANYTHING : pattern;
  }

  @SuppressWarnings("ReferenceEquality") // there is one object for it
  boolean matches(Resource asked, Work work) {
    work.spend(1);
    return pattern == ANYTHING
        || (matchesId(asked.id(), work)
            && matches(type, id - 1, true, asked.type(), work)
            && matches(account, type - 1, false, asked.account(), work)
            && matches(region, account - 1, false, asked.region(), work)
            && matches(0, region - 1, true, asked.service(), work)
            && (uri.isEmpty() || uri.equals(asked.uri())));
  }

  private boolean matchesId(String asked, Work work) {
    if (oneId) {
      return asked.length() == pattern.length() - id && pattern.startsWith(asked, id);
    }
    return matches(id, pattern.length(), false, asked, work);
  }

  private boolean matches(int from, int to, boolean withoutCase, String part, Work work) {
    return Glob.matches(pattern, from, to, withoutCase, part, work);
  }

  /** How much of the heap it takes, in bytes, about. */
  int weight() {
    return 80 + 2 * (pattern.length() + uri.length());
  }
}
