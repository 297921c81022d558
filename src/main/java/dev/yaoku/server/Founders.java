package dev.yaoku.server;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Founding;
import dev.yaoku.service.NewIds;
import java.nio.charset.StandardCharsets;

/** Decides what a new installation begins with. */
final class Founders {
  private static final String ACCOUNT = "yaoku";
  private static final String ADMINISTRATOR = "admin";

  private Founders() {}

  /** Names and secrets that nobody can guess. */
  static Founding random(Randomness randomness, String region) {
    NewIds ids = new NewIds(randomness);
    return new Founding(
        ids.id(),
        ACCOUNT,
        ids.id(),
        region,
        ids.id(),
        ADMINISTRATOR,
        ids.secretAccessKey(),
        ids.accessKey(),
        ids.secretAccessKey());
  }

  /**
   * The published credentials of {@code --dev}. Everyone knows them, which is why such a server
   * listens on loopback and keeps nothing.
   */
  static Founding published(String region) {
    return new Founding(
        "d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0",
        ACCOUNT,
        "0123456789abcdef0123456789abcdef",
        region,
        "ad0ad0ad0ad0ad0ad0ad0ad0ad0ad0ad",
        ADMINISTRATOR,
        text("yaoku-dev-password"),
        "YKDEVELOPMENT0000001",
        text("published0development0secret000000000001"));
  }

  private static SecretBytes text(String text) {
    return SecretBytes.take(text.getBytes(StandardCharsets.US_ASCII));
  }
}
