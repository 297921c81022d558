package dev.yaoku.api.huawei;

import dev.yaoku.key.Field;

/** The codes of members that have one of their own ({@code errors.md} 3 and 4). */
final class FieldCodes {
  private FieldCodes() {}

  static String of(Field field) {
    return switch (field) {
      case OTHER -> "KMS.0308";
      case KEY_ID -> "KMS.0205";
      case SEQUENCE -> "KMS.0206";
      case NAME -> "KMS.1101";
      case REALM -> "KMS.1102";
      case DESCRIPTION -> "KMS.1103";
      case SPEC -> "KMS.1110";
      case PENDING_DAYS -> "KMS.1401";
      case PRINCIPAL -> "KMS.2402";
      case ONLY_CREATE_GRANT -> "KMS.2401";
      case LIMIT -> "KMS.1601";
      case MARKER -> "KMS.1602";
      case OFFSET -> "KMS.0417";
      case ENCRYPTION_CONTEXT -> "KMS.0208";
      case RANDOM_LENGTH_RANGE -> "KMS.1801";
      case RANDOM_LENGTH_MULTIPLE -> "KMS.1802";
      case DATA_KEY_LENGTH_RANGE -> "KMS.1901";
      case DATA_KEY_SPEC -> "KMS.1902";
      case DATA_KEY_LENGTH_MULTIPLE -> "KMS.1903";
      case PLAINTEXT -> "KMS.2101";
      case PLAIN_DATA_KEY_LENGTH -> "KMS.2102";
      case PLAINTEXT_LENGTH -> "KMS.2104";
      case WRAPPED_DATA_KEY_LENGTH -> "KMS.2202";
      case ROTATION_INTERVAL -> "KMS.3001";
      case POLICY_PERIOD -> "KMS.2801";
      case TAG_LIST_EMPTY -> "KMS.0401";
      case TAG_MATCH_VALUE -> "KMS.0402";
      case TAG_MATCH_KEY -> "KMS.0403";
      case TAG_ACTION -> "KMS.0404";
      case TAG_VALUE_CHARACTERS -> "KMS.0405";
      case TAG_KEY_CHARACTERS -> "KMS.0406";
      case TAG_LIST_LENGTH -> "KMS.0407";
      case TAG_RESOURCE_TYPE -> "KMS.0408";
      case TAG_VALUE_LENGTH -> "KMS.0410";
      case TAG_KEY_LENGTH -> "KMS.0411";
      case TAG_DUPLICATE -> "KMS.0412";
      case TAG_VALUES_TOO_MANY -> "KMS.0413";
      case TAGS_SHAPE -> "KMS.0414";
      case MATCHES_SHAPE -> "KMS.0415";
    };
  }
}
