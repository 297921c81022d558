package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.HuaweiError.bad;

import dev.yaoku.key.KeyState;
import dev.yaoku.key.Problem;

/** Which code tells that a key is in the wrong state for an operation. */
final class StateErrors {
  private StateErrors() {}

  /** Section 1 of the contract's semantics, the rows by need and the columns by state. */
  static HuaweiError of(Problem.Need need, KeyState state) {
    if (need == Problem.Need.PENDING_DELETION) {
      return bad(
          "KMS.1501",
          "The key is not scheduled for deletion, so there is nothing to cancel. Use it as it is.");
    }
    if (state instanceof KeyState.PendingDeletion) {
      return need == Problem.Need.NOT_PENDING_DELETION
          ? bad(
              "KMS.1402",
              "The key is already scheduled for deletion. Cancel the deletion first to choose"
                  + " another date.")
          : bad("KMS.0210", "The key is scheduled for deletion. Cancel the deletion first.");
    }
    if (need == Problem.Need.DISABLED) {
      return bad("KMS.1201", "The key is not disabled. " + whatItNeeds(state));
    }
    if (need == Problem.Need.USABLE && state instanceof KeyState.Disabled) {
      return bad("KMS.0209", "The key is disabled. Enable it first.");
    }
    return bad("KMS.1301", "The key is not enabled. " + whatItNeeds(state));
  }

  private static String whatItNeeds(KeyState state) {
    return switch (state) {
      case KeyState.Enabled _ -> "It is enabled: use it as it is.";
      case KeyState.Disabled _ -> "It is disabled: enable it first.";
      case KeyState.PendingImport _ -> "It waits for key material: import it first.";
      case KeyState.PendingDeletion _ -> "It awaits deletion: cancel that first.";
    };
  }
}
