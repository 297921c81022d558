package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionTest {
  @ParameterizedTest
  @CsvSource({
    "CREATE_KEY, cmk",
    "CREATE_DATA_KEY, cmk",
    "CREATE_GRANT, cmk",
    "CREATE_ALIAS, cmk",
    "CREATE_TAG, cmk",
    "SHOW_KEY, cmk",
    "CREATE_RANDOM, rng",
    "CREATE_KEYSTORE, keystore",
    "CREATE_KEY_POLICY, policy",
    "CREATE_ACCESS_POINT, accessPoint",
    "ACCEPT_CLOCK, clock",
    "MOVE_CLOCK, iam",
    "MIGRATE_RESOURCE, iam",
    "CHECK_ACCESS, iam",
    "CREATE_ACCOUNT, iam",
    "CREATE_USER, iam",
  })
  void anEventSaysWhatTheActionIsAbout(Action action, String type) {
    assertThat(action.recordedAs()).isEqualTo(type);
  }

  @Test
  void nothingOfKeysIsRecordedAsBeingAboutIdentities() {
    assertThat(Action.values())
        .filteredOn(action -> action.policyName().startsWith("kms:"))
        .hasSizeGreaterThan(50)
        .noneMatch(action -> action.recordedAs().equals(Action.IDENTITY));
  }
}
