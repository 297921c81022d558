package dev.yaoku.api.huawei;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.service.Described;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key on the wire: all members are texts, and all are always there ({@code operations.md} 4.1).
 * Times are milliseconds.
 */
record KeyDetails(
    String keyId,
    String domainId,
    String keyAlias,
    String realm,
    String keySpec,
    String keyUsage,
    String keyDescription,
    String creationDate,
    String scheduledDeletionDate,
    String keyState,
    String defaultKeyFlag,
    String keyType,
    String expirationTime,
    String origin,
    String keyRotationEnabled,
    String sysEnterpriseProjectId,
    String keystoreId,
    String keyLabel,
    String partitionType,
    String keystoreType,
    String multiRegionKeyType,
    String pendingDays) {

  static KeyDetails of(Described described) {
    Key key = described.key();
    return new KeyDetails(
        key.id().text(),
        key.account(),
        key.name(),
        key.realm(),
        key.spec().name(),
        key.usage().name(),
        key.description(),
        millis(key.createdAt()),
        key.state() instanceof KeyState.PendingDeletion(Instant at) ? millis(at) : "",
        stateCode(key.state()),
        key.isDefault() ? "1" : "0",
        "1",
        millis(key.materialExpiresAt()),
        key.origin().name().toLowerCase(Locale.ROOT),
        Boolean.toString(key.rotation().enabled()),
        key.enterpriseProject(),
        key.keystore(),
        "",
        "1",
        described.keystoreType(),
        key.multiRegion().role().name(),
        "");
  }

  /** The state's digit ({@code semantics.md} 1). */
  static String stateCode(KeyState state) {
    return switch (state) {
      case KeyState.Enabled _ -> "2";
      case KeyState.Disabled _ -> "3";
      case KeyState.PendingDeletion _ -> "4";
      case KeyState.PendingImport _ -> "5";
    };
  }

  static String millis(@Nullable Instant instant) {
    return instant == null ? "" : Long.toString(instant.toEpochMilli());
  }
}
