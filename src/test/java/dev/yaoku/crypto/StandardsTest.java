package dev.yaoku.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Objects;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standards' own examples: a small set for where the published vectors are not at hand. */
class StandardsTest {
  private static final HexFormat HEX = HexFormat.of();

  private static Cryptography cryptography(boolean isNative) {
    return new Cryptography(Randomness.kernel(), isNative);
  }

  private static byte[] der(Curve curve, String r, String s) throws Exception {
    return StandardDSAEncoding.INSTANCE.encode(
        curve.domain().getN(), new BigInteger(r, 16), new BigInteger(s, 16));
  }

  @Test
  void theSm2SignatureOfTheStandardVerifies() throws Exception {
    // GB/T 32918.5, annex A.2
    byte[] material =
        Curve.SM2.pkcs8(
            new BigInteger("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8", 16));
    PublicHalf key =
        cryptography(false).privateHalf(KeySpec.SM2, SecretBytes.take(material)).publicHalf();
    byte[] signature =
        der(
            Curve.SM2,
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3",
            "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");

    assertThat(HEX.formatHex(key.encoded()))
        .endsWith(
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
    Message message = new Message.Raw(Text.utf8("message digest"));
    assertThat(key.verify(SigningAlgorithm.SM2DSA_SM3, message, signature)).isTrue();
    // e = SM3(Z || M), from the same annex
    Message digest =
        new Message.Digest(
            HEX.parseHex("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"));
    assertThat(key.verify(SigningAlgorithm.SM2DSA_SM3, digest, signature)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theP256SignatureOfRfc6979Verifies(boolean isNative) throws Exception {
    byte[] material =
        Curve.P_256.pkcs8(
            new BigInteger("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", 16));
    PublicHalf key =
        cryptography(isNative)
            .privateHalf(KeySpec.EC_P256, SecretBytes.take(material))
            .publicHalf();
    byte[] signature =
        der(
            Curve.P_256,
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

    assertThat(
            key.verify(
                SigningAlgorithm.ECDSA_SHA_256, new Message.Raw(Text.utf8("sample")), signature))
        .isTrue();
  }

  // RFC 8032, 7.1 (all but the long one) and 7.3
  @ParameterizedTest
  @CsvSource({
    "ED25519_SHA_512, 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, '',"
        + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "ED25519_SHA_512, c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, af82,"
        + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    "ED25519_SHA_512, 833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
        + " ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
        + " dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    "ED25519_SHA_512, 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, 72,"
        + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "ED25519_PH_SHA_512, 833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
        + " 616263, 98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
        + "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"
  })
  void ed25519IsThatOfTheRfc(
      SigningAlgorithm algorithm, String seed, String message, String expected) {
    byte[] pkcs8 = HEX.parseHex("302e020100300506032b657004220420" + seed);
    PrivateHalf key = cryptography(false).privateHalf(KeySpec.ED25519, SecretBytes.take(pkcs8));
    Message raw = new Message.Raw(HEX.parseHex(message));

    assertThat(HEX.formatHex(key.sign(algorithm, raw))).isEqualTo(expected);
    assertThat(key.publicHalf().verify(algorithm, raw, HEX.parseHex(expected))).isTrue();
  }

  @Test
  void ed25519SignsTheLongMessageOfTheRfc() throws IOException {
    // RFC 8032, 7.1, "TEST 1024": 1023 bytes
    byte[] message;
    try (InputStream file = StandardsTest.class.getResourceAsStream("rfc8032-test-1024.hex")) {
      message =
          HEX.parseHex(new String(Objects.requireNonNull(file).readAllBytes(), US_ASCII).strip());
    }
    byte[] pkcs8 =
        HEX.parseHex(
            "302e020100300506032b657004220420"
                + "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5");
    PrivateHalf key = cryptography(false).privateHalf(KeySpec.ED25519, SecretBytes.take(pkcs8));

    assertThat(message).hasSize(1023);
    assertThat(HEX.formatHex(key.publicHalf().encoded()))
        .endsWith("278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e");
    assertThat(HEX.formatHex(key.sign(SigningAlgorithm.ED25519_SHA_512, new Message.Raw(message))))
        .isEqualTo(
            "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350"
                + "aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03");
  }

  // RFC 3394, 4.1 to 4.6; RFC 5649, 6
  @ParameterizedTest
  @CsvSource({
    "RFC_3394, 000102030405060708090a0b0c0d0e0f, 00112233445566778899aabbccddeeff,"
        + " 1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
    "RFC_3394, 000102030405060708090a0b0c0d0e0f1011121314151617,"
        + " 00112233445566778899aabbccddeeff, 96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d",
    "RFC_3394, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
        + " 00112233445566778899aabbccddeeff, 64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7",
    "RFC_3394, 000102030405060708090a0b0c0d0e0f1011121314151617,"
        + " 00112233445566778899aabbccddeeff0001020304050607,"
        + " 031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2",
    "RFC_3394, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
        + " 00112233445566778899aabbccddeeff0001020304050607,"
        + " a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1",
    "RFC_3394, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
        + " 00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f,"
        + " 28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
    "RFC_5649, 5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8,"
        + " c37b7e6492584340bed12207808941155068f738,"
        + " 138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a",
    "RFC_5649, 5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8, 466f7250617369,"
        + " afbeb0f07dfbf5419200f2ccb50bb24f"
  })
  void keyWrappingIsThatOfTheRfcs(KeyWrap wrap, String key, String secret, String expected) {
    SecretBytes kek = SecretBytes.take(HEX.parseHex(key));
    SecretBytes plain = SecretBytes.take(HEX.parseHex(secret));

    assertThat(HEX.formatHex(wrap.wrap(kek, plain))).isEqualTo(expected);
    assertThat(wrap.unwrap(kek, HEX.parseHex(expected)).matches(plain)).isTrue();
    byte[] spoiled = HEX.parseHex(expected);
    spoiled[spoiled.length - 1] ^= 1;
    assertThatThrownBy(() -> wrap.unwrap(kek, spoiled)).isInstanceOf(DoesNotOpen.class);
  }

  @Test
  void theSm2CiphertextOfTheStandardOpens() throws Exception {
    // GB/T 32918.5, annex C.2: C1, C3 and C2 in the order of the newer edition
    byte[] material =
        Curve.SM2.pkcs8(
            new BigInteger("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8", 16));
    byte[] raw =
        HEX.parseHex(
            "04"
                + "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
                + "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
                + "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
                + "21886ca989ca9c7d58087307ca93092d651efa");
    PrivateHalf key = cryptography(false).privateHalf(KeySpec.SM2, SecretBytes.take(material));

    assertThat(key.decrypt(EncryptionAlgorithm.SM2_ENCRYPT, Sm2Ciphertext.toDer(raw)))
        .isEqualTo(Text.utf8("encryption standard"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // GB/T 32918.5, annex C.2: d and C1 = [k]G, then k and the public key, agree on x2
        "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
            + "|04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
            + "|e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0",
        "59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21"
            + "|09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            + "|ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
      })
  void bothSidesOfTheSm2ExampleOfTheStandardAgree(String scalar, String x, String y) {
    byte[] material = Curve.SM2.pkcs8(new BigInteger(scalar, 16));
    byte[] peer =
        Curve.SM2.spki(
            Curve.SM2
                .domain()
                .getCurve()
                .createPoint(new BigInteger(x, 16), new BigInteger(y, 16)));
    PrivateHalf key = cryptography(false).privateHalf(KeySpec.SM2, SecretBytes.take(material));

    assertThat(HEX.formatHex(key.agree(peer)))
        .isEqualTo("335e18d751e51f040e27d468138b7ab1dc86ad7f981d7d416222fd6ab3ed230d");
  }

  @Test
  void theSm4BlockOfTheStandardEncrypts() {
    // GB/T 32907, annex A.1
    byte[] same = HEX.parseHex("0123456789abcdeffedcba9876543210");
    SM4Engine engine = new SM4Engine();
    engine.init(true, new KeyParameter(same));
    byte[] block = new byte[16];
    engine.processBlock(same, 0, block, 0);

    assertThat(HEX.formatHex(block)).isEqualTo("681edf34d206965e86b3e94f536e4246");
  }
}
