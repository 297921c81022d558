package dev.yaoku.access.policy;

/**
 * A pattern of resources, matched part by part, so that a star never reaches over a colon. Service
 * and type compare without case, the rest exactly. Or the URI of one agency.
 */
final class CompiledResource {
  static final int PARTS = 5;

  private static final String AGENCIES = "iam:*:*:agency:*";

  private final Glob service;
  private final Glob region;
  private final Glob account;
  private final Glob type;
  private final Glob id;
  private final boolean any;

  /** Of one agency; empty for a pattern. */
  private final String uri;

  /** A pattern of five parts, of which the last may have colons, {@code *}, or an agency's URI. */
  CompiledResource(String text) {
    uri = AgencyUri.isOne(text) ? text : "";
    String pattern = uri.isEmpty() ? text : AGENCIES;
    String[] parts = pattern.equals("*") ? "*:*:*:*:*".split(":") : pattern.split(":", PARTS);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("not five parts");
    }
    service = Glob.of(parts[0], true);
    region = Glob.of(parts[1], false);
    account = Glob.of(parts[2], false);
    type = Glob.of(parts[3], true);
    id = Glob.of(parts[4], false);
    any = service.isAny() && region.isAny() && account.isAny() && type.isAny() && id.isAny();
  }

  boolean matches(Resource asked) {
    return any
        || (id.matches(asked.id())
            && type.matches(asked.type())
            && account.matches(asked.account())
            && region.matches(asked.region())
            && service.matches(asked.service())
            && (uri.isEmpty() || uri.equals(asked.uri())));
  }
}
