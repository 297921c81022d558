package dev.yaoku.service;

import dev.yaoku.access.Action;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What operations ask for, by their names: for the events of requests that ended before a service
 * could say, because the store failed or the body meant nothing.
 */
public final class Operations {
  /** What the audit trail calls otherwise than the API does ({@code audit-and-metrics.md}). */
  private static final Map<String, Action> OTHERWISE =
      Map.ofEntries(
          Map.entry("DeleteKey", Action.SCHEDULE_KEY_DELETION),
          Map.entry("ListKeyDetail", Action.DESCRIBE_KEY),
          Map.entry("CreateRandom", Action.CREATE_RANDOM),
          Map.entry("CreateRsaDatakeyPair", Action.CREATE_RSA_DATA_KEY_PAIR),
          Map.entry("CreateEcDatakeyPair", Action.CREATE_EC_DATA_KEY_PAIR),
          Map.entry("ValidateSignature", Action.VERIFY),
          Map.entry("ShowPublicKey", Action.GET_PUBLIC_KEY),
          Map.entry("CreateParametersForImport", Action.GET_IMPORT_PARAMETERS),
          Map.entry("ShowKeyRotationStatus", Action.GET_ROTATION),
          Map.entry("ListKeyVersions", Action.GET_ROTATION),
          Map.entry("RotateKeyNow", Action.ROTATE_ON_DEMAND),
          Map.entry("CancelGrant", Action.REVOKE_GRANT),
          Map.entry("CancelGrantTree", Action.REVOKE_GRANT),
          Map.entry("CancelSelfGrant", Action.RETIRE_GRANT),
          Map.entry("CreateKmsTag", Action.CREATE_TAG),
          Map.entry("DeleteTag", Action.DELETE_TAG),
          Map.entry("BatchCreateKmsTags", Action.BATCH_CREATE_TAGS),
          Map.entry("UpdateUserInformation", Action.UPDATE_USER),
          Map.entry("ListUserLoginProtects", Action.LIST_USERS),
          Map.entry("ShowUserLoginProtect", Action.SHOW_USER),
          Map.entry("UpdateLoginProtect", Action.UPDATE_USER));

  private static final Map<String, Action> BY_TRACE =
      Arrays.stream(Action.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  action -> lower(action.traceName()), action -> action, (first, _) -> first));

  private Operations() {}

  /**
   * What an operation asks for, in the first place.
   *
   * @param operation its name in the API, such as {@code CreateKey}
   */
  public static Optional<Action> action(String operation) {
    Action otherwise = OTHERWISE.get(operation);
    return Optional.ofNullable(otherwise == null ? BY_TRACE.get(lower(operation)) : otherwise);
  }

  /** What the audit trail calls an operation: what it asks for, or else its own name. */
  static String trace(String operation) {
    return action(operation)
        .map(Action::traceName)
        .orElseGet(() ->
            operation.isEmpty() ? "" : lower(operation.substring(0, 1)) + operation.substring(1));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
