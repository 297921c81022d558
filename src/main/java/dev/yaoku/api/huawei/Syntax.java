package dev.yaoku.api.huawei;

import dev.yaoku.crypto.Context;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Field;
import dev.yaoku.service.Bound;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What values members can have ({@code semantics.md} 3 and {@code errors.md} 4). */
final class Syntax {
  private static final int NAME_CHARACTERS_MAX = 255;
  private static final int DESCRIPTION_CHARACTERS_MAX = 255;
  private static final int ADDITIONAL_BYTES_MAX = 128;
  private static final Pattern NAME =
      Pattern.compile("[a-zA-Z0-9:/_-]{1," + NAME_CHARACTERS_MAX + "}");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}");
  private static final Set<EncryptionAlgorithm> ALGORITHMS =
      EnumSet.complementOf(EnumSet.of(EncryptionAlgorithm.RSAES_OAEP_SHA_1));

  private Syntax() {}

  /** A key's name; empty is as bad as any other wrong name. */
  static String keyName(@Nullable String value) {
    String name = Members.present("key_alias", value);
    if (!isName(name) || name.endsWith("/default")) {
      throw Members.bad(
          Field.NAME,
          "key_alias",
          "key_alias must have 1 to 255 of the characters a-z A-Z 0-9 : / _ - and must not end in"
              + " /default.");
    }
    return name;
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  static boolean isUuid(String text) {
    return UUID.matcher(text).matches();
  }

  static String description(String text) {
    return description("key_description", text);
  }

  static String description(String member, String text) {
    if (text.codePointCount(0, text.length()) > DESCRIPTION_CHARACTERS_MAX) {
      throw Members.bad(
          Field.DESCRIPTION, member, member + " must not be longer than 255 characters.");
    }
    return storable(Field.DESCRIPTION, member, text);
  }

  /** Free text that is stored: no database takes the character 0. */
  static String storable(Field field, String member, String text) {
    if (text.indexOf(0) >= 0) {
      throw Members.bad(field, member, member + " must not have the character U+0000.");
    }
    return text;
  }

  /** The encryption algorithm, known though perhaps not for this key. */
  static EncryptionAlgorithm algorithm(@Nullable String value) {
    return algorithm("encryption_algorithm", value, ALGORITHMS);
  }

  static EncryptionAlgorithm algorithm(
      String member, @Nullable String value, Set<EncryptionAlgorithm> known) {
    String text = Members.optional(value);
    if (text == null) {
      return EncryptionAlgorithm.SYMMETRIC_DEFAULT;
    }
    return EncryptionAlgorithm.named(text)
        .filter(known::contains)
        .orElseThrow(() ->
            Members.bad(
                Field.OTHER,
                member,
                member + " must be SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_256 or SM2_ENCRYPT."));
  }

  /** What the caller binds to a ciphertext. */
  static Bound bound(@Nullable String additional, @Nullable Context context) {
    String text = Members.optional(additional);
    boolean tooLong =
        text != null
            && (text.length() > ADDITIONAL_BYTES_MAX
                || text.getBytes(StandardCharsets.UTF_8).length > ADDITIONAL_BYTES_MAX);
    if (tooLong) {
      throw Members.bad(
          Field.OTHER,
          "additional_authenticated_data",
          "additional_authenticated_data must not be longer than 128 bytes.");
    }
    return new Bound(text, context);
  }
}
