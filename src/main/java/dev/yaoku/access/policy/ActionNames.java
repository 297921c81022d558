package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The names by which policies speak of an action, all in lower case: its own, and those of the
 * other generation ({@code permissions.md}, sections 1 and 2). A statement on any of them is about
 * the action.
 */
public final class ActionNames {
  private ActionNames() {}

  /** Whether statements on this name are about an action; names compare without case. */
  public static boolean isOneOf(String name, Action action) {
    return Arrays.asList(of(action)).contains(name.toLowerCase(Locale.ROOT));
  }

  static String[] of(Action action) {
    return Stream.concat(Stream.of(action.policyName()), others(action))
        .map(name -> name.toLowerCase(Locale.ROOT))
        .distinct()
        .toArray(String[]::new);
  }

  private static Stream<String> others(Action action) {
    return switch (action) {
      case ENCRYPT_DATA -> Stream.of("kms:cmk:encryptData", "kms:cmk:encrypt");
      case DECRYPT_DATA -> Stream.of("kms:cmk:decryptData", "kms:cmk:decrypt");
      case CREATE_DATA_KEY -> Stream.of("kms:cmk:createDataKey");
      case CREATE_DATA_KEY_WITHOUT_PLAINTEXT -> Stream.of("kms:cmk:createDataKeyWithoutPlaintext");
      case ENCRYPT_DATA_KEY -> Stream.of("kms:cmk:encryptDataKey", "kms:dek:encrypt");
      case DECRYPT_DATA_KEY -> Stream.of("kms:cmk:decryptDataKey", "kms:dek:decrypt");
      case CREATE_RSA_DATA_KEY_PAIR, CREATE_EC_DATA_KEY_PAIR ->
          Stream.of("kms:cmk:createDataKeyPair");
      case CREATE_RANDOM -> Stream.of("kms::generateRandom");
      case RETIRE_GRANT -> Stream.of("kms:cmk:retireGrant");
      case SHOW_KEY_TAGS -> Stream.of("kms:cmk:getTags");
      case RE_ENCRYPT_FROM, RE_ENCRYPT_TO, DERIVE_SHARED_SECRET -> Stream.of("kms:cmk:crypto");
      case RE_ENCRYPT_DATA_KEY_FROM, RE_ENCRYPT_DATA_KEY_TO -> Stream.of("kms:dek:crypto");
      case CREATE_PIN, CREATE_CAPSULE -> Stream.of("kms:dek:create");
      case OPEN_CAPSULE -> Stream.of("kms:dek:crypto");
      case ROTATE_ON_DEMAND -> Stream.of("kms:cmk:updateRotation");
      case ASSUME_AGENCY -> Stream.of("iam:agencies:assume", "sts:agencies:assume");
      default -> Stream.empty();
    };
  }
}
