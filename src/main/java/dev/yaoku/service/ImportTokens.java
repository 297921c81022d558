package dev.yaoku.service;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Key;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NoImport;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.ImportPlace;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Import tokens: each stands for one wrapping key, is good for one key and 24 hours, for one
 * success and for ten attempts.
 *
 * @see "SECURITY_DESIGN section 4, Tokens, and M6"
 */
final class ImportTokens {
  private static final byte[] HEAD = {0x59, 1};
  private static final int ID_BYTES = 16;
  private static final int RANDOM_BYTES = 160;
  private static final int TOKEN_BYTES = HEAD.length + ID_BYTES + RANDOM_BYTES;
  private static final int ATTEMPTS_MAX = 10;
  private static final int LIVE_MAX = 20;
  private static final Duration LIFE = Duration.ofHours(24);

  private final Randomness randomness;

  ImportTokens(Randomness randomness) {
    this.randomness = randomness;
  }

  /**
   * A token that was made, not yet stored.
   *
   * @param text for the caller
   */
  record Made(Rows.ImportToken row, String text) {}

  /** Makes a token for a wrapping key. */
  Made make(
      Intake intake, Key key, EncryptionAlgorithm algorithm, SecretBytes wrappingKey, Instant now) {
    byte[] id = randomness.bytes(ID_BYTES);
    byte[] token =
        ByteBuffer.allocate(TOKEN_BYTES)
            .put(HEAD)
            .put(id)
            .put(randomness.bytes(RANDOM_BYTES))
            .array();
    String name = HexFormat.of().formatHex(id);
    Instant end = now.plus(LIFE);
    ImportPlace place = new ImportPlace(key.id(), name, algorithm, end);
    Rows.ImportToken row =
        new Rows.ImportToken(
            name,
            key.id(),
            sha256(token),
            algorithm,
            intake.wrapImportKey(place, wrappingKey),
            intake.projectKeyVersion(),
            0,
            now,
            end,
            1);
    return new Made(row, Base64.getEncoder().encodeToString(token));
  }

  static ImportPlace placeOf(Rows.ImportToken token) {
    return new ImportPlace(token.key(), token.id(), token.algorithm(), token.expiresAt());
  }

  /** Refuses one more token for a key that has as many as it may have. */
  static void mustHaveRoom(Reading tx, Key key, Instant now) {
    List<Rows.ImportToken> live =
        tx.importTokens(key.id()).stream()
            .filter(token -> !isSpent(token) && !isOver(token, now))
            .toList();
    if (live.size() >= LIVE_MAX) {
      long wait = Duration.between(now, live.getFirst().expiresAt()).toSeconds() + 1;
      throw new KmsException(new Problem.Throttled(Math.toIntExact(wait)));
    }
  }

  /**
   * The stored token of this text.
   *
   * @throws KmsException with {@link Problem.NotImported} if it is none, of another key, without an
   *     attempt left, or expired
   */
  static Rows.ImportToken find(Reading tx, Key key, String text, Instant now) {
    byte[] token = bytes(text);
    String id = HexFormat.of().formatHex(token, HEAD.length, HEAD.length + ID_BYTES);
    Rows.ImportToken row = tx.importToken(id).orElseThrow(() -> refuse(NoImport.BAD_TOKEN));
    if (!Hashes.constantTimeEquals(HexFormat.of().parseHex(row.sha256()), Hashes.sha256(token))) {
      throw refuse(NoImport.BAD_TOKEN);
    }
    if (!row.key().equals(key.id())) {
      throw refuse(NoImport.TOKEN_OF_ANOTHER_KEY);
    }
    if (isSpent(row)) {
      throw refuse(NoImport.BAD_TOKEN);
    }
    if (isOver(row, now)) {
      throw refuse(NoImport.TOKEN_EXPIRED);
    }
    return row;
  }

  /** Whether no attempt is left. */
  static boolean isSpent(Rows.ImportToken token) {
    return token.attempts() >= ATTEMPTS_MAX;
  }

  /**
   * The latest end of a token that is made by now; clocks may be a little apart. Later ones are of
   * a clock that was ahead.
   */
  static Instant latestEnd(Instant now) {
    return now.plus(LIFE).plus(Clocks.APART_MAX.multipliedBy(2));
  }

  /** Without its wrapping key a token is over whatever its date: nothing can be opened. */
  private static boolean isOver(Rows.ImportToken token, Instant now) {
    return token.wrapped().length == 0
        || !token.expiresAt().isAfter(now)
        || token.expiresAt().isAfter(latestEnd(now));
  }

  private static byte[] bytes(String text) {
    try {
      byte[] token = Base64.getDecoder().decode(text);
      // The decoder takes several spellings of the same bytes; only one was handed out.
      if (token.length == TOKEN_BYTES
          && Base64.getEncoder().encodeToString(token).equals(text)
          && Arrays.equals(token, 0, HEAD.length, HEAD, 0, HEAD.length)) {
        return token;
      }
    } catch (IllegalArgumentException notBase64) {
      // as wrong as any other
    }
    throw refuse(NoImport.BAD_TOKEN);
  }

  private static String sha256(byte[] token) {
    return HexFormat.of().formatHex(Hashes.sha256(token));
  }

  static KmsException refuse(NoImport why) {
    return new KmsException(new Problem.NotImported(why));
  }
}
