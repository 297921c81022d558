package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Capsules, to the byte. */
class CapsuleTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] KEY_ID = HEX.parseHex("0d0466b0e7274d9cb35df84bb474a37f");
  private static final byte[] DATA_KEY = HEX.parseHex("f0".repeat(32));
  private static final byte[] POLICY_ID = HEX.parseHex("9b0e7a523c434c8e8a390d5a6a1b7c11");

  private static final String VECTOR =
      "590101030d0466b0e7274d9cb35df84bb474a37f0000000101000000109b0e7a523c434c8e8a390d5a6a1b7c11"
          + "596846bd962aed202820d399b7ded4d9006acf7c75bd9479"
          + "1071273eb7f2cbd4c3b70ceb2909c40e2b3e44a9c76ae3957cd320aa841638ce"
          + "737fe439b907a528f0f6dbc8998c477483abcba6a097f80073cf54c85071e94c6b298f00501720e75c808b57"
          + "aae2f9cb5d5bdda72718942f86358592c350dcf2b7cd9937d943cf51a55211a4";

  private static SealingKey key(Suite suite, Randomness randomness) {
    byte[] key = new byte[suite.keyBytes()];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return SealingKey.of(SecretBytes.take(key), suite, randomness);
  }

  private static Capsule.Header stored(Suite suite) {
    return new Capsule.Header(suite, KEY_ID, 1, Capsule.Policy.STORED, POLICY_ID);
  }

  @Test
  void theVectorOfTheDocumentComesOutByteForByte() {
    SealingKey key = key(Suite.AES, Fixed.bytes(0xaa));

    byte[] capsule = Capsule.seal(key, stored(Suite.AES), DATA_KEY);

    assertThat(HEX.formatHex(capsule)).isEqualTo(VECTOR);
    assertThat(Capsule.open(key, capsule)).isEqualTo(DATA_KEY);
  }

  @ParameterizedTest
  @EnumSource
  void aCapsuleShowsItsPolicyAndOpensUnderItsKey(Suite suite) {
    byte[] policy = Text.utf8("{\"version\":\"1.0\"}");
    SealingKey key = key(suite, Randomness.kernel());
    Capsule.Header header = new Capsule.Header(suite, KEY_ID, 7, Capsule.Policy.INLINE, policy);

    byte[] capsule = Capsule.seal(key, header, DATA_KEY);
    Capsule.Header read = Capsule.Header.read(capsule);

    assertThat(read).usingRecursiveComparison().isEqualTo(header);
    assertThat(capsule).hasSize(Capsule.size(policy.length, DATA_KEY.length));
    assertThat(Capsule.open(key, capsule)).isEqualTo(DATA_KEY);
  }

  @ParameterizedTest
  @EnumSource
  void noByteOfACapsuleCanBeChangedTakenOrAdded(Suite suite) {
    SealingKey key = key(suite, Randomness.kernel());
    byte[] capsule = Capsule.seal(key, stored(suite), DATA_KEY);

    for (int i = 0; i < capsule.length; i++) {
      for (int bit = 1; bit < 256; bit <<= 1) {
        byte[] changed = capsule.clone();
        changed[i] ^= (byte) bit;
        assertDoesNotOpen(key, changed);
      }
      assertDoesNotOpen(key, Arrays.copyOf(capsule, i));
    }
    assertDoesNotOpen(key, Arrays.copyOf(capsule, capsule.length + 16));
  }

  private static void assertDoesNotOpen(SealingKey key, byte[] capsule) {
    assertThatThrownBy(() -> Capsule.open(key, capsule)).isInstanceOf(DoesNotOpen.class);
  }

  @ParameterizedTest
  @EnumSource
  void blobsAndCapsulesOfOneKeyAreNeverTakenForEachOther(Suite suite) {
    SealingKey key = key(suite, Randomness.kernel());
    byte[] capsule = Capsule.seal(key, stored(suite), DATA_KEY);
    for (Blob.Kind kind : Blob.Kind.values()) {
      Blob.Header header = new Blob.Header(suite, kind, KEY_ID, 1);
      byte[] blob = Blob.encrypt(key, header, new byte[0], DATA_KEY);

      assertThatThrownBy(() -> Capsule.Header.read(blob)).isInstanceOf(DoesNotOpen.class);
      byte[] renamedBlob = blob.clone();
      renamedBlob[3] = 3;
      assertDoesNotOpen(key, renamedBlob);
      assertThatThrownBy(() -> Blob.Header.read(capsule)).isInstanceOf(DoesNotOpen.class);
      byte[] renamedCapsule = capsule.clone();
      renamedCapsule[3] = blob[3];
      assertThatThrownBy(() -> Blob.decrypt(key, renamedCapsule, new byte[0]))
          .isInstanceOf(DoesNotOpen.class);
    }
  }

  @Test
  void aLengthThatLiesReadsNothingElse() {
    byte[] capsule = Capsule.seal(key(Suite.AES, Randomness.kernel()), stored(Suite.AES), DATA_KEY);
    for (int length : new int[] {-1, 0, 15, 17, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      byte[] lying = capsule.clone();
      java.nio.ByteBuffer.wrap(lying).putInt(25, length);
      assertThatThrownBy(() -> Capsule.Header.read(lying)).isInstanceOf(DoesNotOpen.class);
    }
  }
}
