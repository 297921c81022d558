package dev.yaoku.server;

import java.util.Set;
import java.util.regex.Pattern;

/** Variables of the environment that begin as those of settings do. */
final class Variables {
  static final String PREFIX = "YAOKU_";

  /** What the launcher, the other commands and the tests in {@code .ci} read. */
  private static final Set<String> OF_COMMANDS =
      Set.of("YAOKU_ENDPOINT", "YAOKU_JAVA_OPTS", "YAOKU_CI_CLIENT");

  /**
   * What Kubernetes sets in every container of a namespace that has a service {@code yaoku} or
   * {@code yaoku-…}.
   */
  private static final Pattern OF_SERVICES =
      Pattern.compile(
          PREFIX
              + "(\\w+_)?(SERVICE_(HOST|PORT(_\\w+)?)=|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?=|PORT=\\w+://)"
              + ".*",
          Pattern.DOTALL);

  /** How many letters are wrong, missing or too many in what is still taken for a slip. */
  private static final int SLIPS_MAX = 3;

  private Variables() {}

  /** Whether a variable looks like one of a setting, and nobody else is known to read it. */
  static boolean isStray(String name, String value) {
    return name.startsWith(PREFIX)
        && !OF_COMMANDS.contains(name)
        && !OF_SERVICES.matcher(name + "=" + value).matches();
  }

  /** A sentence that names the variable which was perhaps meant, after a blank; else nothing. */
  static String nearest(String name) {
    String nearest = "";
    int fewest = SLIPS_MAX + 1;
    for (Setting setting : Settings.ALL) {
      int slips = distance(name, setting.variable());
      if (slips < fewest) {
        fewest = slips;
        nearest = " Perhaps " + setting.variable() + "?";
      }
    }
    return nearest;
  }

  /** Levenshtein's: how many letters to change, add or take away. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
