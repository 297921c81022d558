package dev.yaoku.api;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;

/** What every body is looked at for before a parser is. */
public final class JsonBody {
  private JsonBody() {}

  /**
   * Passes UTF-8 that begins as a JSON object does. A parser would read UTF-16 and UTF-32 as well,
   * which are no JSON (RFC 8259, section 8.1) and which whoever filters requests reads otherwise.
   *
   * @throws KmsException with {@link Problem.BadJson}
   */
  public static void mustBeObject(byte[] text) {
    if (!Utf8.isValid(text)) {
      throw bad("The body is not valid UTF-8.");
    }
    for (int i = 0; i < text.length; i++) {
      byte b = text[i];
      if (b == '{') {
        mustNotBeWide(text, i + 1);
        return;
      }
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        break;
      }
    }
    throw bad("The body must be a JSON object.");
  }

  /** In UTF-16 and UTF-32 of the little end a brace has zeros behind it, in JSON never. */
  private static void mustNotBeWide(byte[] text, int behindBrace) {
    if (behindBrace < text.length && text[behindBrace] == 0) {
      throw bad("The body is not valid UTF-8.");
    }
  }

  private static KmsException bad(String why) {
    return new KmsException(new Problem.BadJson(why));
  }
}
