package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes, HMAC and HKDF against the examples of their standards. */
class HashesTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest
  @CsvSource({
    "SHA_256, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "SHA_384, cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
        + "8086072ba1e7cc2358baeca134c825a7",
    "SHA_512, ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "SM3, 66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
  })
  void theDigestOfAbcIsThatOfTheStandards(Hash hash, String expected) {
    byte[] parts = hash.digest(Text.utf8("a"), Text.utf8(""), Text.utf8("bc"));

    assertThat(HEX.formatHex(parts)).isEqualTo(expected);
    assertThat(parts).hasSize(hash.length());
  }

  @Test
  void theSecondExampleOfSm3ComesOut() {
    assertThat(HEX.formatHex(Hashes.sm3(Text.utf8("abcd".repeat(16)))))
        .isEqualTo("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
  }

  // RFC 4231, test cases 1, 2, 3 and 6
  @ParameterizedTest
  @CsvSource({
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 4869205468657265,"
        + " b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    "4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
        + " 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,"
        + " dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd,"
        + " 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
  })
  void hmacSha256IsThatOfTheRfc(String key, String data, String expected) {
    assertThat(HEX.formatHex(Hashes.hmacSha256(HEX.parseHex(key), HEX.parseHex(data))))
        .isEqualTo(expected);
  }

  @Test
  void aMacKeyLongerThanABlockIsHashedFirst() {
    byte[] key = HEX.parseHex("aa".repeat(131));

    byte[] mac =
        Hashes.hmacSha256(key, Text.utf8("Test Using Larger Than Block-Size Key - Hash Key First"));

    assertThat(HEX.formatHex(mac))
        .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assertThat(key).containsOnly(0xaa);
  }

  // RFC 5869, appendix A.1 to A.3
  @ParameterizedTest
  @CsvSource({
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c,"
        + " f0f1f2f3f4f5f6f7f8f9, 42,"
        + " 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', '', 42,"
        + " 8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
  })
  void hkdfIsThatOfTheRfc(String ikm, String salt, String info, int length, String expected) {
    byte[] derived =
        Hkdf.derive(
            Hash.SHA_256, HEX.parseHex(ikm), HEX.parseHex(salt), HEX.parseHex(info), length);

    assertThat(HEX.formatHex(derived)).isEqualTo(expected);
  }

  @Test
  void hkdfIsThatOfTheRfcForLongInputs() {
    byte[] derived =
        Hkdf.derive(Hash.SHA_256, counting(0x00, 80), counting(0x60, 80), counting(0xb0, 80), 82);

    assertThat(HEX.formatHex(derived))
        .isEqualTo(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void hmacAndHkdfWithSm3AgreeWithAnotherImplementation(long seed) {
    Random random = new Random(seed);
    byte[] key = new byte[random.nextInt(130)];
    byte[] message = new byte[random.nextInt(300)];
    random.nextBytes(key);
    random.nextBytes(message);
    HMac hmac = new HMac(new SM3Digest());
    hmac.init(new KeyParameter(key));
    hmac.update(message, 0, message.length);
    byte[] expected = new byte[32];
    hmac.doFinal(expected, 0);
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SM3Digest());
    hkdf.init(new HKDFParameters(key, message, Text.utf8("info")));
    byte[] expectedKey = new byte[100];
    hkdf.generateBytes(expectedKey, 0, expectedKey.length);

    assertThat(Hashes.hmacSm3(key, message)).as("seed %d", seed).isEqualTo(expected);
    assertThat(Hkdf.derive(Hash.SM3, key, message, Text.utf8("info"), 100))
        .as("seed %d", seed)
        .isEqualTo(expectedKey);
  }

  @Test
  void aMacKeyGivesTheSameAsHmacAndNothingOnceClosed() {
    SecretBytes key = SecretBytes.take(new byte[32]);
    MacKey macKey = MacKey.of(Hash.SHA_256, key);

    assertThat(macKey.of(new byte[1], new byte[2]))
        .isEqualTo(Hashes.hmacSha256(new byte[32], new byte[3]));
    macKey.close();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> macKey.of(new byte[3]))
        .isInstanceOf(IllegalStateException.class);
  }

  private static byte[] counting(int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }
}
