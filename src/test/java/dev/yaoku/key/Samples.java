package dev.yaoku.key;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import java.time.Instant;

/** Keys for tests. */
public final class Samples {
  public static final KeyId ID = new KeyId("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
  public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private Samples() {}

  /** A customer's key in this state. */
  public static Key key(KeyState state) {
    return key(state, 1, false);
  }

  /** A key of a cloud service. */
  public static Key defaultKey() {
    return key(new KeyState.Enabled(), 1, true);
  }

  /** A key in this state that never had material. */
  public static Key withoutMaterial(KeyState state) {
    return key(state, 0, false);
  }

  private static Key key(KeyState state, int version, boolean isDefault) {
    return new Key(
        ID,
        "b168fe00ff56492495a7d22974df2d0b",
        "0123456789abcdef0123456789abcdef",
        isDefault ? "obs/default" : "orders",
        "",
        KeySpec.AES_256,
        KeyUsage.ENCRYPT_DECRYPT,
        version == 0 ? Origin.EXTERNAL : Origin.KMS,
        state,
        NOW,
        "cn-north-4",
        "0",
        "0",
        isDefault,
        version,
        Rotation.NONE,
        null,
        MultiRegion.NONE,
        1);
  }
}
