package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sealed text opens under one key only. GCM alone does not promise that: whoever knows two keys
 * can build a ciphertext that is valid under both (Dodis, Grubbs, Ristenpart, Woodage, "Fast
 * message franking"), which this test does first.
 */
class CommitmentTest {
  private static final byte[] HEAD = {0x59, 1, 1, 1};
  private static final byte[] REST = {};
  private static final BigInteger REDUCTION = BigInteger.valueOf(0x87);

  @ParameterizedTest
  @EnumSource
  void aCiphertextThatIsValidUnderTwoKeysIsRefused(Suite suite) throws Exception {
    byte[] one = new byte[suite.keyBytes()];
    byte[] two = new byte[suite.keyBytes()];
    Arrays.fill(two, (byte) 1);
    byte[] nonce = new byte[24];
    byte[] associated = Arrays.copyOf(HEAD, HEAD.length + nonce.length);

    byte[] collision = collision(gcm(suite, one, nonce), gcm(suite, two, nonce), associated);
    byte[] underOne = aead(suite, one).decrypt(nonce, associated, collision, 0);
    byte[] underTwo = aead(suite, two).decrypt(nonce, associated, collision, 0);
    assertThat(underOne).as("the cipher alone opens it under both").isNotEqualTo(underTwo);

    byte[] none = new byte[32];
    byte[] ofOne = commitment(suite, one, associated);
    byte[] ofTwo = commitment(suite, two, associated);
    assertRefused(suite, one, join(associated, none, collision));
    assertRefused(suite, two, join(associated, none, collision));
    assertRefused(suite, two, join(associated, ofOne, collision));
    assertRefused(suite, one, join(associated, ofTwo, collision));
    assertThat(sealing(suite, one).open(HEAD, REST, join(associated, ofOne, collision)))
        .as("the collision is otherwise well formed")
        .isEqualTo(underOne);
  }

  private static SealingKey sealing(Suite suite, byte[] key) {
    return SealingKey.of(SecretBytes.copyOf(key), suite, Randomness.kernel());
  }

  /** What seals under a key, without its commitment. */
  private static Aead aead(Suite suite, byte[] key) {
    return switch (suite) {
      case AES -> new Xaes256Gcm(Hkdf.subkey(Hash.SHA_256, key, "enc"));
      case SM4 -> new Sm4Gcm(key.clone());
    };
  }

  private static byte[] commitment(Suite suite, byte[] key, byte[] associated) {
    return new Hmac(suite.hash(), Hkdf.subkey(suite.hash(), key, "commit")).of(associated);
  }

  private static void assertRefused(Suite suite, byte[] key, byte[] sealed) {
    assertThatThrownBy(() -> sealing(suite, key).open(HEAD, REST, sealed))
        .isInstanceOfSatisfying(
            DoesNotOpen.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(DoesNotOpen.Reason.COMMITMENT));
  }

  /** Two ciphertext blocks and a tag, the second block chosen so that both keys give this tag. */
  private static byte[] collision(Gcm a, Gcm b, byte[] associated) {
    byte[] ciphertext = new byte[32];
    BigInteger difference = a.tag(associated, ciphertext).xor(b.tag(associated, ciphertext));
    BigInteger squares = multiply(a.h, a.h).xor(multiply(b.h, b.h));
    byte[] block = bytes(multiply(difference, inverse(squares)));
    System.arraycopy(block, 0, ciphertext, 16, 16);
    assertThat(a.tag(associated, ciphertext)).isEqualTo(b.tag(associated, ciphertext));
    return join(ciphertext, bytes(a.tag(associated, ciphertext)));
  }

  /** A block cipher under one key. */
  @FunctionalInterface
  private interface Block {
    byte[] of(byte[] input) throws GeneralSecurityException;
  }

  private static Gcm gcm(Suite suite, byte[] key, byte[] nonce) throws GeneralSecurityException {
    return switch (suite) {
      case AES -> ofXaes(Hkdf.subkey(Hash.SHA_256, key, "enc"), nonce);
      case SM4 -> {
        byte[] derived = new Sm4Gcm(key.clone()).messageKeyAndIv(nonce);
        yield new Gcm(sm4(Arrays.copyOf(derived, 16)), Arrays.copyOfRange(derived, 16, 28));
      }
    };
  }

  private static Block aes(byte[] key) {
    return input -> {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding", "SunJCE");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      return aes.doFinal(input);
    };
  }

  private static Block sm4(byte[] key) {
    return input -> {
      SM4Engine sm4 = new SM4Engine();
      sm4.init(true, new KeyParameter(key));
      byte[] output = new byte[16];
      sm4.processBlock(input, 0, output, 0);
      return output;
    };
  }

  /** Under the key that XAES derives, by the book. */
  private static Gcm ofXaes(byte[] xaesKey, byte[] nonce) throws GeneralSecurityException {
    Block aes = aes(xaesKey);
    BigInteger l = new BigInteger(1, aes.of(new byte[16]));
    BigInteger k1 = l.shiftLeft(1);
    if (k1.testBit(128)) {
      k1 = k1.clearBit(128).xor(REDUCTION);
    }
    byte[] input = new byte[32];
    input[1] = 1;
    input[17] = 2;
    input[2] = 'X';
    input[18] = 'X';
    System.arraycopy(nonce, 0, input, 4, 12);
    System.arraycopy(nonce, 0, input, 20, 12);
    byte[] mask1 = unsigned(k1);
    for (int i = 0; i < 32; i++) {
      input[i] ^= mask1[i % 16];
    }
    return new Gcm(aes(aes.of(input)), Arrays.copyOfRange(nonce, 12, 24));
  }

  /** GCM's tag under one key and IV, by the book. */
  private static final class Gcm {
    private final BigInteger h;
    private final BigInteger mask;

    Gcm(Block block, byte[] iv) throws GeneralSecurityException {
      this.h = element(block.of(new byte[16]), 0);
      byte[] j0 = Arrays.copyOf(iv, 16);
      j0[15] = 1;
      this.mask = element(block.of(j0), 0);
    }

    BigInteger tag(byte[] associated, byte[] ciphertext) {
      BigInteger y = hash(hash(BigInteger.ZERO, associated), ciphertext);
      byte[] lengths = new byte[16];
      lengths[7] = (byte) (8 * associated.length);
      lengths[14] = (byte) ((8 * ciphertext.length) >>> 8);
      lengths[15] = (byte) (8 * ciphertext.length);
      return hash(y, lengths).xor(mask);
    }

    private BigInteger hash(BigInteger y, byte[] data) {
      byte[] padded = Arrays.copyOf(data, (data.length + 15) / 16 * 16);
      for (int at = 0; at < padded.length; at += 16) {
        y = multiply(y.xor(element(padded, at)), h);
      }
      return y;
    }
  }

  /** GCM's bit order: the first bit of the first byte is the coefficient of 1. */
  private static BigInteger element(byte[] block, int at) {
    BigInteger element = BigInteger.ZERO;
    for (int bit = 0; bit < 128; bit++) {
      if ((block[at + bit / 8] >> (7 - bit % 8) & 1) == 1) {
        element = element.setBit(bit);
      }
    }
    return element;
  }

  private static byte[] bytes(BigInteger element) {
    byte[] block = new byte[16];
    for (int bit = 0; bit < 128; bit++) {
      if (element.testBit(bit)) {
        block[bit / 8] |= (byte) (1 << (7 - bit % 8));
      }
    }
    return block;
  }

  private static BigInteger multiply(BigInteger a, BigInteger b) {
    BigInteger product = BigInteger.ZERO;
    for (int bit = 127; bit >= 0; bit--) {
      product = product.shiftLeft(1);
      if (product.testBit(128)) {
        product = product.clearBit(128).xor(REDUCTION);
      }
      if (b.testBit(bit)) {
        product = product.xor(a);
      }
    }
    return product;
  }

  /** a to the power of 2^128 - 2. */
  private static BigInteger inverse(BigInteger a) {
    BigInteger result = BigInteger.ONE;
    BigInteger power = a;
    for (int i = 1; i < 128; i++) {
      power = multiply(power, power);
      result = multiply(result, power);
    }
    return result;
  }

  private static byte[] unsigned(BigInteger value) {
    byte[] all = value.toByteArray();
    byte[] result = new byte[16];
    int length = Math.min(16, all.length);
    System.arraycopy(all, all.length - length, result, 16 - length, length);
    return result;
  }

  private static byte[] join(byte[]... parts) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
