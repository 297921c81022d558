package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys from outside: taken, or refused as bad keys and in no other way. */
class ImportedKeyTest {
  private static final long SEED = 20_261_124;
  private static final int MUTATIONS = 120;

  /** Of each size two primes, as finding them takes long. */
  private static final Map<KeySpec, BigInteger[]> FACTORS = new EnumMap<>(KeySpec.class);

  private final Cryptography cryptography = new Cryptography(Randomness.kernel(), true);
  private final Cryptography java = new Cryptography(Randomness.kernel(), false);

  @ParameterizedTest
  @CsvSource({"RSA_2048", "EC_P256", "EC_P384", "SECP256K1", "ED25519", "SM2"})
  void whatIsMadeHereIsTakenAndWhatIsBrokenIsRefused(KeySpec spec) {
    byte[] whole = cryptography.generate(spec).lend(byte[]::clone);
    String same = kept(spec, whole);
    assertThat(same).isNotEmpty();
    // The end of an Ed25519 key is its seed, and each seed is a key.
    int breakable = whole.length - (spec == KeySpec.ED25519 ? 32 : 0);
    Random random = new Random(SEED);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] broken = whole.clone();
      int at = random.nextInt(breakable);
      broken[at] ^= (byte) (1 << random.nextInt(8));
      assertThat(kept(spec, broken)).as("seed %d, byte %d", SEED, at).isIn("", same);
      int length = random.nextInt(whole.length);
      assertThat(taken(spec, Arrays.copyOf(whole, length)))
          .as("seed %d, cut to %d bytes", SEED, length)
          .isFalse();
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(taken(spec, noise)).as("seed %d, noise %d", SEED, i).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, RSA_3072",
    "EC_P256, EC_P384",
    "EC_P256, SECP256K1",
    "SM2, EC_P256",
    "ED25519, SM2",
    "EC_P256, RSA_2048",
    "RSA_2048, EC_P256",
    "EC_P256, ED25519"
  })
  void aKeyOfAnotherKindIsNotTaken(KeySpec spec, KeySpec other) {
    assertThat(taken(spec, cryptography.generate(other).lend(byte[]::clone))).isFalse();
  }

  private boolean taken(KeySpec spec, byte[] pkcs8) {
    return !kept(spec, pkcs8).isEmpty();
  }

  /** What is kept of a key, in hex, whoever computes; empty if it is refused. */
  private String kept(KeySpec spec, byte[] pkcs8) {
    String kept = kept(cryptography, spec, pkcs8);
    assertThat(kept(java, spec, pkcs8)).as("without native code").isEqualTo(kept);
    return kept;
  }

  private static String kept(Cryptography provider, KeySpec spec, byte[] pkcs8) {
    try (SecretBytes outside = SecretBytes.copyOf(pkcs8);
        SecretBytes checked = provider.checked(spec, outside)) {
      return checked.lend(HexFormat.of()::formatHex);
    } catch (BadKey refused) {
      return "";
    }
  }

  @Test
  void anRsaKeyMustHoldTogether() throws IOException {
    Random random = new Random(SEED);
    BigInteger p = prime(1024, random);
    BigInteger q = prime(1024, random);
    BigInteger e = BigInteger.valueOf(65_537);
    assertThat(taken(KeySpec.RSA_2048, rsa(p, q, e, 0))).isTrue();

    assertThat(taken(KeySpec.RSA_2048, rsa(p, p, e, 0))).as("one factor twice").isFalse();
    BigInteger composite = prime(512, random).multiply(prime(512, random));
    assertThat(taken(KeySpec.RSA_2048, rsa(composite, q, e, 0))).as("three factors").isFalse();
    BigInteger small = prime(800, random);
    BigInteger large = prime(1248, random);
    assertThat(taken(KeySpec.RSA_2048, rsa(small, large, e, 0))).as("unequal factors").isFalse();
    assertThat(taken(KeySpec.RSA_2048, rsa(p, q, e, 1))).as("another version").isFalse();
    for (BigInteger bad :
        new BigInteger[] {
          BigInteger.valueOf(65_535), BigInteger.TWO.pow(256).add(BigInteger.valueOf(297))
        }) {
      assertThat(taken(KeySpec.RSA_2048, rsa(p, q, bad, 0))).as("exponent %s", bad).isFalse();
    }
  }

  @Test
  void factorsThatAreCloseAreRefusedAsTheModulusTellsThem() throws IOException {
    BigInteger e = BigInteger.valueOf(65_537);
    BigInteger p = prime(1024, new Random(SEED));
    assertThat(taken(KeySpec.RSA_2048, rsa(p, p.nextProbablePrime(), e, 0))).isFalse();
  }

  /** Whether one is taken must not depend on the machine, or it works on none but that. */
  @ParameterizedTest
  @CsvSource({
    "RSA_2048, 17", "RSA_2048, 33", "RSA_2048, 34", "RSA_2048, 64", "RSA_2048, 65", "RSA_2048, 255",
    "RSA_3072, 17", "RSA_3072, 33", "RSA_3072, 34", "RSA_3072, 64", "RSA_3072, 65", "RSA_3072, 255",
    "RSA_4096, 17", "RSA_4096, 33", "RSA_4096, 34", "RSA_4096, 64"
  })
  void anExponentThatIsTakenWorksWithAndWithoutNativeCode(KeySpec spec, int bits)
      throws IOException {
    byte[] outside = withExponent(spec, bits);
    Message message = new Message.Raw(new byte[] {1, 2, 3});
    for (SigningAlgorithm algorithm :
        List.of(SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256, SigningAlgorithm.RSASSA_PSS_SHA_256)) {
      try (PrivateHalf here = half(cryptography, spec, outside);
          PrivateHalf there = half(java, spec, outside)) {
        assertThat(here.publicHalf().isSlow()).as("for an event loop").isEqualTo(bits > 33);
        byte[] signature = here.sign(algorithm, message);
        assertThat(there.publicHalf().verify(algorithm, message, signature)).isTrue();
        byte[] other = there.sign(algorithm, message);
        assertThat(here.publicHalf().verify(algorithm, message, other)).isTrue();
      }
    }
  }

  /** The JDK computes with no longer one where the modulus has more than 3,072 bits. */
  @ParameterizedTest
  @CsvSource({"RSA_2048, 257", "RSA_3072, 257", "RSA_4096, 65", "RSA_4096, 255"})
  void anExponentThatIsTooLongForItsModulusIsRefusedBeforeAnythingIsTried(KeySpec spec, int bits)
      throws IOException {
    byte[] outside = withExponent(spec, bits);

    assertThatThrownBy(() -> RsaImport.checked(spec.row().bits(), outside))
        .isInstanceOf(BadKey.class)
        .hasMessage("an RSA exponent that is even, too small or too large");
  }

  private static byte[] withExponent(KeySpec spec, int bits) throws IOException {
    BigInteger[] factors =
        FACTORS.computeIfAbsent(
            spec,
            s -> {
              Random random = new Random(SEED);
              int half = s.row().bits() / 2;
              return new BigInteger[] {prime(half, random), prime(half, random)};
            });
    BigInteger exponent = BigInteger.TWO.pow(bits - 1).nextProbablePrime();
    return rsa(factors[0], factors[1], exponent, 0);
  }

  private static PrivateHalf half(Cryptography cryptography, KeySpec spec, byte[] outside) {
    try (SecretBytes pkcs8 = SecretBytes.copyOf(outside);
        SecretBytes checked = cryptography.checked(spec, pkcs8)) {
      return cryptography.privateHalf(spec, checked);
    }
  }

  /** The public key stands beside the private one (RFC 5958) or, for curves, in it (RFC 5915). */
  @ParameterizedTest
  @CsvSource({"RSA_2048", "EC_P256", "EC_P384", "SECP256K1", "SM2", "ED25519"})
  void aKeyWithAnothersPublicKeyIsRefused(KeySpec spec) throws IOException {
    byte[] other = publicKeyOf(spec, cryptography.generate(spec));
    byte[] whole = cryptography.generate(spec).lend(byte[]::clone);
    byte[] own = publicKeyOf(spec, SecretBytes.copyOf(whole));

    assertThat(taken(spec, withPublicKey(whole, own))).isTrue();
    assertThat(taken(spec, withPublicKey(whole, other))).isFalse();
    assertThat(taken(spec, withPublicKey(whole, new byte[32]))).isFalse();
    assertThat(taken(spec, withPublicKey(whole, new byte[0]))).isFalse();
  }

  /** What is in the bit string of a SubjectPublicKeyInfo. */
  private byte[] publicKeyOf(KeySpec spec, SecretBytes made) {
    try (made;
        PrivateHalf half = cryptography.privateHalf(spec, made)) {
      return SubjectPublicKeyInfo.getInstance(half.publicHalf().encoded())
          .getPublicKeyData()
          .getOctets();
    }
  }

  private static byte[] withPublicKey(byte[] pkcs8, byte[] publicKey) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8);
    return new PrivateKeyInfo(
            info.getPrivateKeyAlgorithm(), info.parsePrivateKey(), null, publicKey)
        .getEncoded("DER");
  }

  /** What the customer wrapped around it is no part of the key. */
  @ParameterizedTest
  @CsvSource({"RSA_2048", "EC_P256", "SECP256K1", "SM2", "ED25519"})
  void aKeyIsKeptInOneFormWhateverCameWithIt(KeySpec spec) throws IOException {
    byte[] whole = cryptography.generate(spec).lend(byte[]::clone);
    byte[] own = publicKeyOf(spec, SecretBytes.copyOf(whole));
    try (SecretBytes bare = SecretBytes.copyOf(whole);
        SecretBytes more = SecretBytes.copyOf(withPublicKey(whole, own));
        SecretBytes kept = cryptography.checked(spec, bare);
        SecretBytes keptOfMore = cryptography.checked(spec, more)) {
      assertThat(keptOfMore.lend(byte[]::clone)).isEqualTo(kept.lend(byte[]::clone));
    }
  }

  /** With its two highest bits set, so that products have the full length. */
  private static BigInteger prime(int bits, Random random) {
    BigInteger candidate;
    do {
      candidate = BigInteger.probablePrime(bits, random);
    } while (!candidate.testBit(bits - 2));
    return candidate;
  }

  private static byte[] rsa(BigInteger p, BigInteger q, BigInteger e, int version)
      throws IOException {
    BigInteger pLess = p.subtract(BigInteger.ONE);
    BigInteger qLess = q.subtract(BigInteger.ONE);
    BigInteger phi = pLess.multiply(qLess);
    BigInteger d = e.gcd(phi).equals(BigInteger.ONE) ? e.modInverse(phi) : BigInteger.TEN;
    BigInteger coefficient = p.equals(q) ? BigInteger.ONE : q.modInverse(p);
    ASN1EncodableVector numbers = new ASN1EncodableVector();
    for (BigInteger number :
        new BigInteger[] {
          BigInteger.valueOf(version),
          p.multiply(q),
          e,
          d,
          p,
          q,
          d.mod(pLess),
          d.mod(qLess),
          coefficient
        }) {
      numbers.add(new ASN1Integer(number));
    }
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
            new DERSequence(numbers))
        .getEncoded("DER");
  }

  @ParameterizedTest
  @CsvSource({"EC_P256", "SECP256K1", "SM2"})
  void aScalarMustBeInRange(KeySpec spec) throws IOException {
    BigInteger n = Curve.of(spec).domain().getN();
    assertThat(taken(spec, ec(spec, BigInteger.ONE))).isTrue();
    assertThat(taken(spec, ec(spec, n.subtract(BigInteger.TWO)))).isTrue();
    assertThat(taken(spec, ec(spec, n.subtract(BigInteger.ONE)))).isEqualTo(spec != KeySpec.SM2);
    assertThat(taken(spec, ec(spec, n))).isFalse();
    assertThat(taken(spec, ec(spec, n.add(BigInteger.ONE)))).isFalse();
    assertThat(taken(spec, ec(spec, BigInteger.ZERO))).isFalse();
  }

  private static byte[] ec(KeySpec spec, BigInteger scalar) throws IOException {
    ECNamedDomainParameters domain = Curve.of(spec).domain();
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, domain.getName()),
            new ECPrivateKey(domain.getN().bitLength(), scalar))
        .getEncoded("DER");
  }

  @Test
  void aKeyThatNamesTwoCurvesIsRefused() throws IOException {
    AlgorithmIdentifier ours =
        new AlgorithmIdentifier(
            X9ObjectIdentifiers.id_ecPublicKey, Curve.of(KeySpec.EC_P256).domain().getName());
    for (KeySpec inner : List.of(KeySpec.EC_P256, KeySpec.EC_P384)) {
      ECPrivateKey named =
          new ECPrivateKey(256, BigInteger.TEN, Curve.of(inner).domain().getName());
      byte[] key = new PrivateKeyInfo(ours, named).getEncoded("DER");
      assertThat(taken(KeySpec.EC_P256, key)).isEqualTo(inner == KeySpec.EC_P256);
    }
  }
}
