package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys from outside that are no DER, or not what they should be: bad keys, and nothing else. */
class MalformedKeyTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Cryptography CRYPTOGRAPHY = new Cryptography(Randomness.kernel(), true);
  private static final List<Cryptography> PROVIDERS =
      List.of(CRYPTOGRAPHY, new Cryptography(Randomness.kernel(), false));

  /** What others may bring; a seed of {@link KeyFuzz} begins with a place in this list. */
  static final List<KeySpec> KINDS =
      List.of(
          KeySpec.RSA_2048,
          KeySpec.EC_P256,
          KeySpec.EC_P384,
          KeySpec.EC_P521,
          KeySpec.SECP256K1,
          KeySpec.SM2,
          KeySpec.ED25519);

  /** A key of each kind; making one of RSA takes long. */
  private static final Map<KeySpec, PrivateKeyInfo> MADE = new EnumMap<>(KeySpec.class);

  private static byte[] hex(String text) {
    return HEX.parseHex(text.replace(" ", ""));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** A value with its tag and its length, as DER writes them (X.690). */
  private static byte[] value(int tag, byte[]... parts) {
    byte[] content = joined(parts);
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return joined(head, content);
  }

  private static PrivateKeyInfo info(KeySpec spec) {
    return MADE.computeIfAbsent(
        spec,
        _ -> {
          try (SecretBytes made = CRYPTOGRAPHY.generate(spec)) {
            return PrivateKeyInfo.getInstance(made.lend(byte[]::clone));
          }
        });
  }

  private static byte[] algorithm(KeySpec spec) {
    return encoded(info(spec).getPrivateKeyAlgorithm());
  }

  private static byte[] encoded(AlgorithmIdentifier algorithm) {
    try {
      return algorithm.getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Octets that stand where a private key should, and what may stand after them. */
  private static final Map<String, String> INSIDE = new LinkedHashMap<>();

  static {
    INSIDE.put("nothing", "04 00");
    INSIDE.put("an empty sequence", "04 02 3000");
    INSIDE.put("nothing in a string", "04 02 0400");
    INSIDE.put("null", "04 02 0500");
    INSIDE.put("a version too large for a number", "04 0b 3009 02050100000000 0400");
    INSIDE.put("a version alone", "04 05 3003 020101");
    INSIDE.put("a number for a string", "04 08 3006 020101 020101");
    INSIDE.put("a public key that is primitive", "04 0b 3009 020101 040101 810100");
    INSIDE.put("parameters that are primitive", "04 0b 3009 020101 040101 800100");
    INSIDE.put("an empty public key", "04 0c 300a 020101 040101 a102 0300");
    INSIDE.put("a public key with bits left over", "04 0e 300c 020101 040101 a104 0302 0704");
    INSIDE.put("a string of no end", "04 06 2480 0401 0100");
    INSIDE.put("bits left over beside the key", "04 03 040101 8102 0701");
    INSIDE.put("no bits beside the key", "04 03 040101 8100");
    INSIDE.put("nested without end", "04 82 1000" + "3080".repeat(2_048));
    INSIDE.put("nested deep", "04 82 0f00" + "2480".repeat(1_920));
  }

  private static Stream<Arguments> malformed() {
    return KINDS.stream()
        .flatMap(spec ->
            Stream.concat(
                INSIDE.entrySet().stream()
                    .map(inside ->
                        Arguments.of(
                            spec,
                            inside.getKey(),
                            value(0x30, hex("020100"), algorithm(spec), hex(inside.getValue())))),
                shells(spec)));
  }

  private static Stream<Arguments> shells(KeySpec spec) {
    byte[] algorithm = algorithm(spec);
    return Stream.of(
        Arguments.of(spec, "empty", new byte[0]),
        Arguments.of(spec, "null", hex("0500")),
        Arguments.of(spec, "an empty sequence", hex("3000")),
        Arguments.of(
            spec,
            "a version too large for a number",
            value(0x30, hex("02050100000000"), algorithm, hex("0400"))),
        Arguments.of(spec, "no key", value(0x30, hex("020100"), algorithm)),
        Arguments.of(
            spec,
            "attributes that are primitive",
            value(0x30, hex("020100"), algorithm, hex("040100 800100"))),
        Arguments.of(spec, "nested without end", hex("3080".repeat(2_048))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("malformed")
  void aMalformedPrivateKeyIsABadKey(KeySpec spec, String what, byte[] pkcs8) {
    for (Cryptography provider : PROVIDERS) {
      try (SecretBytes outside = SecretBytes.copyOf(pkcs8)) {
        assertThatThrownBy(() -> provider.checked(spec, outside)).isInstanceOf(BadKey.class);
      }
    }
  }

  private static Stream<Arguments> malformedPublic() {
    return KINDS.stream()
        .flatMap(spec -> {
          byte[] algorithm = algorithm(spec);
          return Stream.of(
                  "0300",
                  "030100",
                  "030101",
                  "03020704",
                  "0303003000",
                  "0303000500",
                  "03020004",
                  "0400",
                  "0500",
                  "2380 030100 0000",
                  "0382 1001 00" + "3080".repeat(2_048))
              .map(bits -> Arguments.of(spec, bits, value(0x30, algorithm, hex(bits))));
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("malformedPublic")
  void aMalformedPublicKeyIsABadKey(KeySpec spec, String what, byte[] spki) {
    for (Cryptography provider : PROVIDERS) {
      assertThatThrownBy(() -> read(provider, spec, spki)).isInstanceOf(BadKey.class);
    }
    assertThatThrownBy(() -> TokenKey.read(spki)).isInstanceOf(BadKey.class);
    assertThatThrownBy(() -> RecipientKey.read(spki, Randomness.kernel()))
        .isInstanceOf(BadKey.class);
  }

  /** RSA keys of others are read in one place, whatever they are for. */
  private static void read(Cryptography provider, KeySpec spec, byte[] spki) {
    if (spec.isRsa()) {
      RsaPublicKeys.read(spki);
    } else {
      provider.publicHalf(spec, spki);
    }
  }

  /** Each point has two y, of which one is even: its last bit could be left over. */
  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "EC_P521", "SECP256K1", "SM2", "ED25519"})
  void aGoodPointWhoseLastBitIsLeftOverIsABadKey(KeySpec spec) throws IOException {
    byte[] spki;
    do {
      try (SecretBytes made = CRYPTOGRAPHY.generate(spec);
          PrivateHalf half = CRYPTOGRAPHY.privateHalf(spec, made)) {
        spki = half.publicHalf().encoded();
      }
    } while ((spki[spki.length - 1] & 1) != 0);
    int point = SubjectPublicKeyInfo.getInstance(spki).getPublicKeyData().getOctets().length;
    byte[] leftOver = spki.clone();
    leftOver[spki.length - point - 1] = 1;

    for (Cryptography provider : PROVIDERS) {
      provider.publicHalf(spec, spki);
      assertThatThrownBy(() -> provider.publicHalf(spec, leftOver)).isInstanceOf(BadKey.class);
    }
  }

  /** The same values as BER could write them; DER has one way (X.690, section 10). */
  @ParameterizedTest
  @EnumSource(names = {"RSA_2048", "EC_P256", "EC_P384", "EC_P521", "SECP256K1", "SM2", "ED25519"})
  void aPrivateKeyThatIsNoDerInsideIsABadKey(KeySpec spec) throws IOException {
    PrivateKeyInfo info = info(spec);
    byte[] inside = info.getPrivateKey().getOctets();
    for (Cryptography provider : PROVIDERS) {
      assertThat(taken(provider, spec, around(info, inside))).isTrue();
      for (byte[] other : otherwise(inside)) {
        assertThat(taken(provider, spec, around(info, other)))
            .as(HEX.formatHex(other, 0, 8))
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_2048"})
  void aPublicKeyThatIsNoDerInsideIsABadKey(KeySpec spec) throws IOException {
    byte[] spki;
    try (SecretBytes made = CRYPTOGRAPHY.generate(spec);
        PrivateHalf half = CRYPTOGRAPHY.privateHalf(spec, made)) {
      spki = half.publicHalf().encoded();
    }
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(spki);
    RsaPublicKeys.read(spki);
    for (byte[] other : otherwise(info.getPublicKeyData().getOctets())) {
      byte[] whole = new SubjectPublicKeyInfo(info.getAlgorithm(), other).getEncoded("DER");
      assertThatThrownBy(() -> RsaPublicKeys.read(whole)).isInstanceOf(BadKey.class);
    }
  }

  private static byte[] around(PrivateKeyInfo info, byte[] inside) throws IOException {
    return value(
        0x30, hex("020100"), info.getPrivateKeyAlgorithm().getEncoded("DER"), value(0x04, inside));
  }

  /** Of one value: with a longer length, without a length, and with something after it. */
  private static List<byte[]> otherwise(byte[] der) {
    int head = (der[1] & 0x80) == 0 ? 2 : 2 + (der[1] & 0x7f);
    byte[] content = Arrays.copyOfRange(der, head, der.length);
    byte[] length = hex("84" + HEX.toHexDigits(content.length));
    byte[] pieces = der[0] == 0x04 ? value(0x04, content) : content;
    return List.of(
        joined(new byte[] {der[0]}, length, content),
        joined(new byte[] {(byte) (der[0] | 0x20)}, hex("80"), pieces, hex("0000")),
        Arrays.copyOf(der, der.length + 1));
  }

  private static boolean taken(Cryptography provider, KeySpec spec, byte[] pkcs8) {
    try (SecretBytes outside = SecretBytes.copyOf(pkcs8);
        SecretBytes checked = provider.checked(spec, outside)) {
      return checked.length() > 0;
    } catch (BadKey refused) {
      return false;
    }
  }
}
