package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.NullDigest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A virtual machine that is resumed twice from one snapshot signs different digests with the same
 * randomness. The nonces must differ all the same: two signatures with one nonce give the private
 * key away (SECURITY_DESIGN H6). What is compared is the nonce's own trace in the signature, not
 * its encoding.
 *
 * <p>That is tried of what Java computes. Native code asks no generator of ours, so that nothing of
 * it can be replayed here.
 */
class ReplayedNonceTest {
  private static final Cryptography JAVA = new Cryptography(Randomness.kernel(), false);
  private static final byte[] ONE = Hashes.sha256(Text.utf8("one"));
  private static final byte[] TWO = Hashes.sha256(Text.utf8("two"));

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "EC_P521", "SECP256K1", "SM2"})
  void twoDigestsSignedFromTheSameReplayedStateHaveDifferentNonces(KeySpec spec) {
    byte[] key = material(spec);

    assertThat(trace(spec, key, digest(spec, ONE)))
        .isNotEqualTo(trace(spec, key, digest(spec, TWO)));
  }

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "EC_P521", "SECP256K1", "SM2"})
  void twoKeysThatSignFromTheSameReplayedStateHaveDifferentNonces(KeySpec spec) {
    assertThat(trace(spec, material(spec), digest(spec, ONE)))
        .isNotEqualTo(trace(spec, material(spec), digest(spec, ONE)));
  }

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "EC_P521", "SECP256K1", "SM2"})
  void aNonceRepeatsForARepeatedMessageOnly(KeySpec spec) {
    byte[] key = material(spec);

    assertThat(trace(spec, key, digest(spec, ONE))).isEqualTo(trace(spec, key, digest(spec, ONE)));
  }

  /** Without the hedge, the very same comparison finds the repeated nonce. */
  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "SECP256K1", "SM2"})
  void aSignerLeftToABareGeneratorWouldBeFoundOut(KeySpec spec) throws Exception {
    BigInteger scalar = Curve.of(spec).scalar(material(spec));
    byte[] one = digest(spec, ONE);
    byte[] two = digest(spec, TWO);

    assertThat(traceIn(spec, one, bare(spec, scalar, one)))
        .isEqualTo(traceIn(spec, two, bare(spec, scalar, two)));
  }

  /** The scalar's point, C1 (GB/T 32918.4), shows whether the mask of the plaintext is the same. */
  @Test
  void twoTextsEncryptedFromTheSameReplayedStateHaveDifferentMasks() {
    byte[] key = material(KeySpec.SM2);

    assertThat(point(key, ONE)).isNotEqualTo(point(key, TWO));
    assertThat(point(key, ONE)).as("a repeated text tells nothing").isEqualTo(point(key, ONE));
  }

  private static byte[] point(byte[] material, byte[] plaintext) {
    Cryptography replayed = new Cryptography(Fixed.bytes(0xaa), false);
    try (SecretBytes secret = SecretBytes.copyOf(material);
        PrivateHalf key = replayed.untriedHalf(KeySpec.SM2, secret)) {
      byte[] der = key.publicHalf().encrypt(EncryptionAlgorithm.SM2_ENCRYPT, plaintext);
      return Arrays.copyOf(Sm2Ciphertext.fromDer(der), Sm2Ciphertext.POINT);
    }
  }

  private static byte[] material(KeySpec spec) {
    try (SecretBytes material = JAVA.generate(spec)) {
      return material.lend(byte[]::clone);
    }
  }

  /** As long as the algorithm wants it. */
  private static byte[] digest(KeySpec spec, byte[] seed) {
    return Arrays.copyOf(seed, spec.signingAlgorithms().getFirst().hash().length());
  }

  private static BigInteger trace(KeySpec spec, byte[] material, byte[] digest) {
    Cryptography replayed = new Cryptography(Fixed.bytes(0xaa), false);
    SigningAlgorithm algorithm = spec.signingAlgorithms().getFirst();
    try (SecretBytes secret = SecretBytes.copyOf(material);
        PrivateHalf key = replayed.untriedHalf(spec, secret)) {
      return traceIn(spec, digest, key.sign(algorithm, new Message.Digest(digest)));
    }
  }

  /** The x-coordinate of nonce·G, modulo n: r itself in ECDSA, r - e in SM2 (r = e + x). */
  private static BigInteger traceIn(KeySpec spec, byte[] digest, byte[] signature) {
    BigInteger n = Curve.of(spec).domain().getN();
    try {
      BigInteger r = StandardDSAEncoding.INSTANCE.decode(n, signature)[0];
      return spec == KeySpec.SM2 ? r.subtract(new BigInteger(1, digest)).mod(n) : r;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bare(KeySpec spec, BigInteger scalar, byte[] digest)
      throws IOException, CryptoException {
    SecureRandom replayed = Fixed.bytes(0xaa).asSecureRandom();
    Curve curve = Curve.of(spec);
    var key =
        new ParametersWithRandom(new ECPrivateKeyParameters(scalar, curve.domain()), replayed);
    if (spec == KeySpec.SM2) {
      SM2Signer signer =
          new SM2Signer(new NullDigest()) {
            @Override
            protected byte[] getZ(byte[] userId) {
              return new byte[0];
            }
          };
      signer.init(true, key);
      signer.update(digest, 0, digest.length);
      return signer.generateSignature();
    }
    ECDSASigner signer = new ECDSASigner();
    signer.init(true, key);
    BigInteger[] rs = signer.generateSignature(digest);
    return StandardDSAEncoding.INSTANCE.encode(curve.domain().getN(), rs[0], rs[1]);
  }
}
