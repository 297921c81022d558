package dev.yaoku.access.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How policies of version 1.1 name the agencies that may be assumed: {@code "Resource": {"uri":
 * ["/iam/agencies/<id>"]}}, in place of patterns. It is the whole of one agency's id or nothing: no
 * wildcards, and no capitals, as ids have none.
 *
 * @see "the vendor's CreateAgencyCustomPolicy, AgencyPolicyResource"
 */
public final class AgencyUri {
  /** The member of the object. */
  static final String MEMBER = "uri";

  private static final String PREFIX = "/iam/agencies/";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-z-]{1,64}");
  private static final Set<String> ACTIONS = Set.of("iam:agencies:assume", "iam:tokens:assume");

  private AgencyUri() {}

  /** Of the agency of an id. */
  public static String of(String id) {
    return PREFIX + id;
  }

  /** Whether a text is one. No pattern of resources is, as each has a colon or is a star. */
  static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /** Whether resources are named in this way, which is for all of a statement or for none. */
  static boolean areAll(List<String> resources) {
    return !resources.isEmpty() && isOne(resources.getFirst());
  }

  /**
   * Whether it says anything about an action of this name; a denial of others would deny nothing.
   */
  static boolean isFor(String action) {
    return ACTIONS.contains(action.toLowerCase(Locale.ROOT));
  }
}
