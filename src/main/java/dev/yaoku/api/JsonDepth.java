package dev.yaoku.api;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;

/** Refuses JSON that is nested too deep before any parser sees it (SECURITY_DESIGN H9). */
final class JsonDepth {
  private JsonDepth() {}

  /**
   * Passes text whose objects and arrays are nested at most so deep. What is no JSON passes too, or
   * is refused; its parser says more.
   *
   * @throws KmsException with {@link Problem.BadJson}
   */
  static void mustNotExceed(byte[] text, int depthMax) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length; i++) {
      byte c = text[i];
      if (c == '"') {
        quoted = !quoted;
      } else if (quoted) {
        i += c == '\\' ? 1 : 0;
      } else if (c == '{' || c == '[') {
        depth++;
        if (depth > depthMax) {
          throw new KmsException(
              new Problem.BadJson("The body is nested deeper than " + depthMax + " levels."));
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
  }
}
