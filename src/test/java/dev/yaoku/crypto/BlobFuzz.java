package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Ciphertexts as strangers send them. */
class BlobFuzz {
  /** The vector of the specification, and all that opens under its key. */
  private static final byte[] GENUINE =
      HexFormat.of()
          .parseHex(
              "590101010d0466b0e7274d9cb35df84bb474a37f00000001"
                  + "1d8b2cbb56b3ae5672bb02399f90c64a5b0d7975d2405b93"
                  + "da2fd807a88a74737b304dba619ab0fe9ea79ef237a686027a4f05626bf53f46"
                  + "13cbe0a86ca0c1b32406cc1f5010fa62eff35ba517f7f1ffd5879e40db6e0dd4215be7803b11"
                  + "8e62c55ed89b2deb291c51324611a935e9e23426b864");

  private static final byte[] REST =
      AssociatedData.encode("purpose=test", new Context.Members(Map.of("app", "a", "b", "")));

  private final SealingKey aes = key(Suite.AES);
  private final SealingKey sm4 = key(Suite.SM4);

  private static SealingKey key(Suite suite) {
    byte[] key = new byte[suite.keyBytes()];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return SealingKey.of(SecretBytes.take(key), suite, Randomness.kernel());
  }

  /** A header is refused, or is written as it was read. */
  @FuzzTest
  void aHeaderHasOneReadingOrNone(byte[] bytes) {
    try {
      Blob.Header header = Blob.Header.read(bytes);
      assertThat(header.bytes()).isEqualTo(Arrays.copyOf(bytes, header.bytes().length));
      assertThat(bytes.length).isGreaterThanOrEqualTo(Blob.size(0));
    } catch (DoesNotOpen refused) {
      assertThat(refused.reason()).isEqualTo(DoesNotOpen.Reason.FORM);
    }
  }

  /** So is that of a capsule, with the policy in it. */
  @FuzzTest
  void aCapsulesHeaderHasOneReadingOrNone(byte[] bytes) {
    try {
      Capsule.Header header = Capsule.Header.read(bytes);
      assertThat(header.bytes()).isEqualTo(Arrays.copyOf(bytes, header.bytes().length));
      assertThat(bytes.length).isGreaterThan(header.bytes().length + SealingKey.OVERHEAD_BYTES);
    } catch (DoesNotOpen refused) {
      assertThat(refused.reason()).isEqualTo(DoesNotOpen.Reason.FORM);
    }
  }

  /** Nothing opens but what was made, and the work that hides this ends in no other way. */
  @FuzzTest
  void nothingOpensButWhatWasMade(byte[] bytes) {
    for (SealingKey key : new SealingKey[] {aes, sm4}) {
      try {
        assertThat(Blob.decrypt(key, bytes, REST)).isEqualTo(Text.utf8("hello"));
        assertThat(bytes).isEqualTo(GENUINE);
      } catch (DoesNotOpen refused) {
        assertThat(Arrays.equals(bytes, GENUINE) && key == aes).isFalse();
      }
    }
    Blob.pretendToDecrypt(suite -> suite == Suite.SM4 ? sm4 : aes, bytes, REST);
  }
}
