package dev.yaoku.access.policy;

/** Which texts name actions and resources. */
final class Patterns {
  private static final int ACTION_CHARACTERS_MAX = 128;
  private static final int ACTION_COLONS = 2;

  private Patterns() {}

  /** Exactly three parts, of which the second may be empty; so that a star cannot mean two. */
  static boolean isAction(String text) {
    if (text.equals("*")) {
      return true;
    }
    boolean ends = text.startsWith(":") || text.endsWith(":");
    return text.length() <= ACTION_CHARACTERS_MAX
        && !ends
        && text.chars().filter(c -> c == ':').count() == ACTION_COLONS
        && text.chars().allMatch(Patterns::isOfAction);
  }

  private static boolean isOfAction(int c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || ":*?-_".indexOf(c) >= 0;
  }

  static boolean isResource(String text, int charactersMax) {
    if (text.equals("*")) {
      return true;
    }
    String[] parts = text.split(":", CompiledResource.PARTS);
    return text.length() <= charactersMax
        && parts.length == CompiledResource.PARTS
        && !parts[0].isEmpty()
        && !parts[3].isEmpty()
        && !parts[4].isEmpty()
        && text.chars().noneMatch(Character::isISOControl);
  }
}
