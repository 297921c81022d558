package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key that was used on both lanes and dropped is in no live object (SECURITY_DESIGN H5). */
class DroppedKeyTest {
  private static final byte[] HEAD = {1};
  private static final int MESSAGES = 64;
  private static final int LAST_MESSAGES = 4;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void aDroppedKeyIsInNoLiveObject(Suite suite) throws Exception {
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    SealingKey key = newKey(suite, secrets);

    assertThat(HeapDump.secretsFound(directory, secrets))
        .as("what a key in use must hold, to show that the search works")
        .contains(suite == Suite.AES ? "K.enc" : "K", "K.commit inner");
    key.close();
    assertThat(HeapDump.secretsFound(directory, secrets)).isEmpty();
  }

  /** A key used many times over, with all that follows from it, disguised. */
  private static SealingKey newKey(Suite suite, Map<String, byte[]> secrets) throws Exception {
    byte[] key = Randomness.kernel().bytes(suite.keyBytes());
    byte[] enc = Hkdf.subkey(Hash.SHA_256, key, "enc");
    try (SecretBytes secret = SecretBytes.take(key)) {
      describe(suite, key, secrets);
      SealingKey sealing = SealingKey.of(secret, suite, Randomness.kernel());
      try (ExecutorService slowLane = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < MESSAGES; i++) {
          byte[] payload = new byte[i];
          slowLane.execute(() -> sealing.open(HEAD, HEAD, sealing.seal(HEAD, HEAD, payload)));
        }
      }
      for (int i = 0; i < LAST_MESSAGES; i++) {
        byte[] sealed = sealing.seal(HEAD, HEAD, new byte[i]);
        sealing.open(HEAD, HEAD, sealed);
        describeMessageKey(suite, key, enc, sealed, secrets);
      }
      return sealing;
    } finally {
      Hashes.wipe(enc);
    }
  }

  private static void describe(Suite suite, byte[] key, Map<String, byte[]> secrets) {
    secrets.put("K", HeapDump.disguised(key));
    for (String purpose : new String[] {"enc", "commit", "nonce"}) {
      byte[] subkey = Hkdf.subkey(suite.hash(), key, purpose);
      secrets.put("K." + purpose, HeapDump.disguised(subkey));
      secrets.put("K." + purpose + " inner", HeapDump.disguised(xor(subkey, 0x36)));
      secrets.put("K." + purpose + " outer", HeapDump.disguised(xor(subkey, 0x5c)));
      Hashes.wipe(subkey);
    }
  }

  private static void describeMessageKey(
      Suite suite, byte[] key, byte[] enc, byte[] sealed, Map<String, byte[]> secrets)
      throws Exception {
    byte[] nonce = java.util.Arrays.copyOfRange(sealed, 1, 25);
    byte[] messageKey =
        suite == Suite.SM4
            ? new Sm4Gcm(key.clone()).messageKeyAndIv(nonce)
            : Xaes256GcmTest.messageKey(enc, nonce);
    secrets.put("message key " + secrets.size(), HeapDump.disguised(messageKey));
    Hashes.wipe(messageKey);
  }

  private static byte[] xor(byte[] bytes, int pad) {
    byte[] result = bytes.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] ^= (byte) pad;
    }
    return result;
  }
}
