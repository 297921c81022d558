package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.math.BigInteger;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * A sealed text opens under one key only. GCM alone does not promise that: whoever knows two keys
 * can build a ciphertext that is valid under both (Dodis, Grubbs, Ristenpart, Woodage, "Fast
 * message franking"), which this test does first.
 */
class CommitmentTest {
  private static final byte[] HEAD = {0x59, 1, 1, 1};
  private static final byte[] REST = {};
  private static final BigInteger REDUCTION = BigInteger.valueOf(0x87);

  @Test
  void aCiphertextThatIsValidUnderTwoKeysIsRefused() throws Exception {
    byte[] one = new byte[32];
    byte[] two = new byte[32];
    Arrays.fill(two, (byte) 1);
    byte[] nonce = new byte[24];
    byte[] associated = Arrays.copyOf(HEAD, HEAD.length + nonce.length);
    byte[] oneEnc = Hkdf.subkey(Hash.SHA_256, one, "enc");
    byte[] twoEnc = Hkdf.subkey(Hash.SHA_256, two, "enc");

    byte[] collision = collision(oneEnc, twoEnc, nonce, associated);
    byte[] underOne = new Xaes256Gcm(oneEnc.clone()).decrypt(nonce, associated, collision, 0);
    byte[] underTwo = new Xaes256Gcm(twoEnc.clone()).decrypt(nonce, associated, collision, 0);
    assertThat(underOne).as("XAES alone opens it under both").isNotEqualTo(underTwo);

    byte[] none = new byte[32];
    byte[] ofOne = Hashes.hmacSha256(Hkdf.subkey(Hash.SHA_256, one, "commit"), associated);
    byte[] ofTwo = Hashes.hmacSha256(Hkdf.subkey(Hash.SHA_256, two, "commit"), associated);
    assertRefused(one, join(associated, none, collision));
    assertRefused(two, join(associated, none, collision));
    assertRefused(two, join(associated, ofOne, collision));
    assertRefused(one, join(associated, ofTwo, collision));
    assertThat(sealing(one).open(HEAD, REST, join(associated, ofOne, collision)))
        .as("the collision is otherwise well formed")
        .isEqualTo(underOne);
  }

  private static SealingKey sealing(byte[] key) {
    return SealingKey.of(SecretBytes.copyOf(key), Suite.AES, Randomness.kernel());
  }

  private static void assertRefused(byte[] key, byte[] sealed) {
    assertThatThrownBy(() -> sealing(key).open(HEAD, REST, sealed))
        .isInstanceOfSatisfying(
            DoesNotOpen.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(DoesNotOpen.Reason.COMMITMENT));
  }

  /** Two ciphertext blocks and a tag, the second block chosen so that both keys give this tag. */
  private static byte[] collision(byte[] one, byte[] two, byte[] nonce, byte[] associated)
      throws Exception {
    Gcm a = new Gcm(one, nonce);
    Gcm b = new Gcm(two, nonce);
    byte[] ciphertext = new byte[32];
    BigInteger difference = a.tag(associated, ciphertext).xor(b.tag(associated, ciphertext));
    BigInteger squares = multiply(a.h, a.h).xor(multiply(b.h, b.h));
    byte[] block = bytes(multiply(difference, inverse(squares)));
    System.arraycopy(block, 0, ciphertext, 16, 16);
    assertThat(a.tag(associated, ciphertext)).isEqualTo(b.tag(associated, ciphertext));
    return join(ciphertext, bytes(a.tag(associated, ciphertext)));
  }

  /** GCM's tag under the key that XAES derives, by the book. */
  private static final class Gcm {
    private final BigInteger h;
    private final BigInteger mask;

    Gcm(byte[] xaesKey, byte[] nonce) throws Exception {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding", "SunJCE");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(xaesKey, "AES"));
      BigInteger l = new BigInteger(1, aes.doFinal(new byte[16]));
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
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aes.doFinal(input), "AES"));
      this.h = element(aes.doFinal(new byte[16]), 0);
      byte[] j0 = Arrays.copyOf(Arrays.copyOfRange(nonce, 12, 24), 16);
      j0[15] = 1;
      this.mask = element(aes.doFinal(j0), 0);
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
