package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.SpecRow.Library;
import dev.yaoku.secret.SecretBytes;
import java.math.BigInteger;
import java.util.Map;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTest {
  private static final Map<Library, Class<?>> CURVES =
      Map.of(
          Library.NATIVE,
          JcaEc.class,
          Library.JDK,
          JcaEc.class,
          Library.BOUNCY_CASTLE,
          BcEcdsa.class);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void curvesAreComputedByWhomTheTableNames(boolean isNative) {
    Cryptography cryptography = new Cryptography(Randomness.kernel(), isNative);
    for (KeySpec spec : KeySpec.values()) {
      if (spec.row().family() == SpecRow.Family.EC) {
        try (SecretBytes material = cryptography.generate(spec);
            PrivateHalf half = cryptography.privateHalf(spec, material)) {
          assertThat(half.getClass().getEnclosingClass())
              .as("%s", spec)
              .isEqualTo(CURVES.get(spec.row().backend().library(isNative)));
        }
      }
    }
  }

  @Test
  void theTableNamesBouncyCastleOnlyWhereTheJdkHasNothing() {
    assertThat(KeySpec.SECP256K1.row().backend().library(false)).isEqualTo(Library.BOUNCY_CASTLE);
    assertThat(KeySpec.EC_P256.row().backend().library(false)).isEqualTo(Library.JDK);
    assertThat(KeySpec.ML_DSA_65.row().backend().library(true)).isEqualTo(Library.JDK);
  }

  @Test
  void anSm2SignatureIsTheLibrarysForTheSameNonce() throws CryptoException {
    Sm2 replayed = new Sm2(Fixed.bytes(0x5a));
    byte[] message = Text.utf8("a message");
    try (SecretBytes material = new Cryptography(Randomness.kernel(), true).generate(KeySpec.SM2);
        PrivateHalf half = material.lend(bytes -> replayed.privateHalf(KeySpec.SM2, bytes))) {
      byte[] ours = half.sign(SigningAlgorithm.SM2DSA_SM3, new Message.Raw(message));

      BigInteger scalar = material.lend(Curve.SM2::scalar);
      byte[] digest =
          new Sm2Signatures(BcEc.publicKey(Curve.SM2, half.publicHalf().encoded()))
              .digest(new Message.Raw(message));
      SM2Signer library = new SM2Signer(new SM3Digest());
      library.init(
          true,
          new ParametersWithID(
              new ParametersWithRandom(
                  BcEc.privateKey(Curve.SM2, scalar),
                  BcEc.hedged(Curve.SM2, scalar, digest, Fixed.bytes(0x5a)).random()),
              Text.utf8("1234567812345678")));
      library.update(message, 0, message.length);

      assertThat(ours).isEqualTo(library.generateSignature());
    }
  }
}
