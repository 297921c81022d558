package dev.yaoku.key;

import java.util.regex.Pattern;

/** What a request may say instead of a key: its id, an alias, or the URN of an alias. */
public sealed interface KeyReference {

  /** The key itself. */
  record Id(KeyId id) implements KeyReference {}

  /**
   * An alias of the caller's project.
   *
   * @param name without the prefix {@code alias/}
   */
  record Alias(String name) implements KeyReference {}

  /**
   * A resource name: {@code kms:<region>:<account>:alias:<name>}, or the same of a key with {@code
   * KeyId}.
   */
  record Urn(String region, String account, String type, String name) implements KeyReference {}

  /**
   * Reads a reference from outside.
   *
   * @throws KmsException with {@link Problem.MalformedKeyId} if the text has none of the forms
   */
  static KeyReference parse(String text) {
    if (text.startsWith("alias/")) {
      return alias(text);
    }
    if (text.startsWith("kms:")) {
      return urn(text);
    }
    return new Id(KeyId.parse(text));
  }

  private static KeyReference alias(String text) {
    String name = text.substring("alias/".length());
    if (!Forms.NAME.matcher(name).matches()) {
      throw new KmsException(new Problem.MalformedKeyId());
    }
    return new Alias(name);
  }

  private static KeyReference urn(String text) {
    String[] parts = text.split(":", 5);
    boolean known = parts.length == 5 && (parts[3].equals("alias") || parts[3].equals("KeyId"));
    if (!known || !Forms.NAME.matcher(parts[4]).matches()) {
      throw new KmsException(new Problem.MalformedKeyId());
    }
    return new Urn(parts[1], parts[2], parts[3], parts[4]);
  }

  /** Patterns shared by the forms. */
  final class Forms {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:/_-]{1,255}");

    private Forms() {}
  }
}
