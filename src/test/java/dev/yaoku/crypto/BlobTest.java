package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blobs of format 1, to the byte. */
class BlobTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] KEY_ID = HEX.parseHex("0d0466b0e7274d9cb35df84bb474a37f");
  private static final byte[] REST =
      AssociatedData.encode("purpose=test", new Context.Members(Map.of("app", "a", "b", "")));

  private static SealingKey key(Suite suite, Randomness randomness) {
    byte[] key = new byte[suite.keyBytes()];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return SealingKey.of(SecretBytes.take(key), suite, randomness);
  }

  private static SealingKey key(Suite suite) {
    return key(suite, Randomness.kernel());
  }

  private static Blob.Header header(Suite suite, Blob.Kind kind) {
    return new Blob.Header(suite, kind, KEY_ID, 1);
  }

  @Test
  void theVectorOfTheSpecificationComesOutByteForByte() {
    SealingKey key = key(Suite.AES, Fixed.bytes(0xaa));

    byte[] blob = Blob.encrypt(key, header(Suite.AES, Blob.Kind.DATA), REST, Text.utf8("hello"));

    assertThat(HEX.formatHex(blob))
        .isEqualTo(
            "590101010d0466b0e7274d9cb35df84bb474a37f00000001"
                + "1d8b2cbb56b3ae5672bb02399f90c64a5b0d7975d2405b93"
                + "da2fd807a88a74737b304dba619ab0fe9ea79ef237a686027a4f05626bf53f46"
                + "13cbe0a86ca0c1b32406cc1f5010fa62eff35ba517f7f1ffd5879e40db6e0dd4215be7803b118e62"
                + "c55ed89b2deb291c51324611a935e9e23426b864");
    assertThat(Base64.getEncoder().encodeToString(blob)).hasSize(188);
    assertThat(Blob.decrypt(key, blob, REST)).isEqualTo(Text.utf8("hello"));
  }

  @Test
  void theSubkeysOfTheSpecificationComeOutByteForByte() {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }

    assertThat(HEX.formatHex(Hkdf.subkey(Hash.SHA_256, key, "enc")))
        .isEqualTo("0afaab6dfbc7b9840a2b5119d3071fafbe3efe79721d9b527a44c6d5199d911b");
    assertThat(HEX.formatHex(Hkdf.subkey(Hash.SHA_256, key, "commit")))
        .isEqualTo("98bf25d2dc13eeace07a2b639a5868499e7c047d00777eb678b5d2f06c6ee74f");
    assertThat(HEX.formatHex(Hkdf.subkey(Hash.SHA_256, key, "nonce")))
        .isEqualTo("7ffa405c91a14e385dc8c02e1afe96f92f95bdf64527f83637b3e65092725aef");
  }

  @ParameterizedTest
  @EnumSource
  void aBlobIs124BytesAnd16ForEvery16BegunAndShowsNoMoreOfTheLength(Suite suite) {
    SealingKey key = key(suite);
    Random random = new Random(7);
    for (int n : new int[] {0, 1, 15, 16, 17, 31, 32, 33, 255, 4095, 4096, 65535}) {
      byte[] plaintext = new byte[n];
      random.nextBytes(plaintext);

      byte[] blob = Blob.encrypt(key, header(suite, Blob.Kind.DATA_KEY), REST, plaintext);

      assertThat(blob).hasSize(124 + 16 * ((n + 15) / 16));
      assertThat(Blob.size(n)).isEqualTo(blob.length);
      assertThat(Blob.decrypt(key, blob, REST)).isEqualTo(plaintext);
    }
    assertThat(4 * ((Blob.size(4096) + 2) / 3)).isEqualTo(5628);
  }

  @Test
  void aPlaintextBeyondTheLengthFieldIsRefused() {
    assertThatThrownBy(() ->
            Blob.encrypt(
                key(Suite.AES),
                header(Suite.AES, Blob.Kind.DATA),
                REST,
                new byte[Blob.PLAINTEXT_BYTES_MAX + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void theHeaderReadsAsItWasWritten(Suite suite) {
    Blob.Header header = new Blob.Header(suite, Blob.Kind.DATA_KEY, KEY_ID, 0x01020304);

    Blob.Header read = Blob.Header.read(Blob.encrypt(key(suite), header, REST, new byte[3]));

    assertThat(read.suite()).isEqualTo(suite);
    assertThat(read.kind()).isEqualTo(Blob.Kind.DATA_KEY);
    assertThat(read.keyId()).isEqualTo(KEY_ID);
    assertThat(read.version()).isEqualTo(0x01020304);
  }

  @Test
  void aBlobOfTheOtherKindIsRefused() {
    byte[] data =
        Blob.encrypt(key(Suite.AES), header(Suite.AES, Blob.Kind.DATA), REST, new byte[16]);
    byte[] dataKey =
        Blob.encrypt(key(Suite.AES), header(Suite.AES, Blob.Kind.DATA_KEY), REST, new byte[16]);

    assertDoesNotOpen(() -> Blob.Header.read(data, Blob.Kind.DATA_KEY), DoesNotOpen.Reason.FORM);
    assertDoesNotOpen(() -> Blob.Header.read(dataKey, Blob.Kind.DATA), DoesNotOpen.Reason.FORM);
    assertThat(Blob.Header.read(data, Blob.Kind.DATA).kind()).isEqualTo(Blob.Kind.DATA);
  }

  @Test
  void aBlobWhoseKindWasRelabelledDoesNotOpen() {
    byte[] blob =
        Blob.encrypt(key(Suite.AES), header(Suite.AES, Blob.Kind.DATA), REST, new byte[16]);
    blob[3] = 2;

    assertThat(Blob.Header.read(blob, Blob.Kind.DATA_KEY).kind()).isEqualTo(Blob.Kind.DATA_KEY);
    assertDoesNotOpen(
        () -> Blob.decrypt(key(Suite.AES), blob, REST), DoesNotOpen.Reason.COMMITMENT);
  }

  @ParameterizedTest
  @EnumSource
  void aBlobWithAnyBitFlippedIsRefused(Suite suite) {
    SealingKey key = key(suite);
    byte[] blob = Blob.encrypt(key, header(suite, Blob.Kind.DATA), REST, Text.utf8("hello"));
    for (int bit = 0; bit < 8 * blob.length; bit++) {
      byte[] damaged = blob.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThatThrownBy(() -> Blob.decrypt(key, damaged, REST))
          .as("bit %d", bit)
          .isInstanceOf(DoesNotOpen.class)
          .hasMessage("does not open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBlobCutOrExtendedAnywhereIsRefused(Suite suite) {
    SealingKey key = key(suite);
    byte[] blob = Blob.encrypt(key, header(suite, Blob.Kind.DATA), REST, new byte[40]);
    for (int length = 0; length < blob.length + 40; length++) {
      byte[] other = Arrays.copyOf(blob, length);
      if (length != blob.length) {
        assertThatThrownBy(() -> Blob.decrypt(key, other, REST)).isInstanceOf(DoesNotOpen.class);
      }
    }
  }

  @Test
  void theReasonIsForTheLogAndTellsWrongKeyFromDamage() {
    SealingKey key = key(Suite.AES);
    byte[] blob = Blob.encrypt(key, header(Suite.AES, Blob.Kind.DATA), REST, new byte[5]);
    byte[] damaged = blob.clone();
    damaged[blob.length - 1] ^= 1;
    SealingKey other = SealingKey.of(SecretBytes.take(new byte[32]), Suite.AES, Fixed.bytes(1));

    assertDoesNotOpen(() -> Blob.decrypt(other, blob, REST), DoesNotOpen.Reason.COMMITMENT);
    assertDoesNotOpen(() -> Blob.decrypt(key, blob, new byte[5]), DoesNotOpen.Reason.COMMITMENT);
    assertDoesNotOpen(() -> Blob.decrypt(key, damaged, REST), DoesNotOpen.Reason.TAG);
    assertDoesNotOpen(() -> Blob.decrypt(key, new byte[140], REST), DoesNotOpen.Reason.FORM);
  }

  private static void assertDoesNotOpen(Runnable opening, DoesNotOpen.Reason reason) {
    assertThatThrownBy(opening::run)
        .isInstanceOfSatisfying(
            DoesNotOpen.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }
}
