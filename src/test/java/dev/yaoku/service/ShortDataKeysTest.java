package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data keys that the contract allows and nobody should want, and what is never written down. */
class ShortDataKeysTest {
  private static final Bound NOTHING = new Bound(null, null);

  @TempDir Path directory;

  @Test
  void dataKeysBelow128BitsAreMadeAndCounted() {
    try (KeyWorld world = KeyWorld.in(directory)) {
      DataKeys dataKeys = world.services().dataKeys();
      KeyReference key = KeyWorld.ref(world.key());

      for (int bytes : new int[] {1, 15, 16, 32}) {
        dataKeys.create(world.alice(), key, bytes, NOTHING).close();
      }
      assertThat(dataKeys.shortOnes()).isEqualTo(2);
      dataKeys.createWithoutPlaintext(world.alice(), key, 15, NOTHING).close();
      dataKeys.createWithoutPlaintext(world.alice(), key, 16, NOTHING).close();
      assertThat(dataKeys.shortOnes()).isEqualTo(3);
      try (SecretBytes one = withDigest(new byte[1])) {
        dataKeys.encrypt(world.alice(), key, one, NOTHING).close();
      }
      assertThat(dataKeys.shortOnes()).isEqualTo(4);
    }
  }

  private static SecretBytes withDigest(byte[] plain) {
    byte[] both = Arrays.copyOf(plain, plain.length + 32);
    System.arraycopy(Hashes.sha256(plain), 0, both, plain.length, 32);
    return SecretBytes.take(both);
  }

  @Test
  void noEventTellsADataKeyOrItsDigest() {
    try (KeyWorld world = KeyWorld.in(directory)) {
      DataKeys dataKeys = world.services().dataKeys();
      Key made = world.key();
      byte[] plain = "a data key of 32 bytes, no more!".getBytes(StandardCharsets.US_ASCII);
      byte[] blob;
      try (SecretBytes both = withDigest(plain)) {
        blob = dataKeys.encrypt(world.alice(), KeyWorld.ref(made), both, NOTHING).blob();
      }
      dataKeys.decrypt(world.alice(), KeyWorld.ref(made), blob, 32, NOTHING).close();

      String events = world.recorded.toString();
      assertThat(events).as("what was done is there").contains(made.id().toString());
      for (byte[] secret : new byte[][] {plain, Hashes.sha256(plain)}) {
        String hex = HexFormat.of().formatHex(secret);
        assertThat(events)
            .doesNotContainIgnoringCase(hex.substring(0, 16))
            .doesNotContain(Base64.getEncoder().encodeToString(secret));
      }
      assertThat(events).doesNotContain("a data key");
    }
  }
}
