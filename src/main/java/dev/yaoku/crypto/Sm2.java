package dev.yaoku.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;

/**
 * SM2: signatures with SM3 and the usual user id, encryption as C1‖C3‖C2 in DER, plain ECDH.
 *
 * @see "GB/T 32918; GM/T 0009"
 */
final class Sm2 implements Asymmetric {
  private static final Curve CURVE = Curve.SM2;

  private final Randomness randomness;

  Sm2(Randomness randomness) {
    this.randomness = randomness;
  }

  @Override
  public byte[] generate(KeySpec spec) {
    return CURVE.pkcs8(BcEc.scalar(CURVE, randomness.asSecureRandom()));
  }

  @Override
  public byte[] checked(KeySpec spec, byte[] pkcs8) {
    return CURVE.pkcs8(CURVE.scalar(pkcs8));
  }

  @Override
  public PrivateHalf privateHalf(KeySpec spec, byte[] pkcs8) {
    BigInteger scalar = CURVE.scalar(pkcs8);
    byte[] spki = CURVE.spki(CURVE.point(scalar));
    return new Private(scalar, new Public(BcEc.publicKey(CURVE, spki)));
  }

  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    return new Public(BcEc.publicKey(CURVE, spki));
  }

  private static void mustBeSm2(SigningAlgorithm algorithm) {
    if (algorithm != SigningAlgorithm.SM2DSA_SM3) {
      throw new IllegalArgumentException("SM2 does not sign with " + algorithm);
    }
  }

  private static void mustBeSm2(EncryptionAlgorithm algorithm) {
    if (algorithm != EncryptionAlgorithm.SM2_ENCRYPT) {
      throw new IllegalArgumentException("SM2 does not encrypt with " + algorithm);
    }
  }

  private final class Public implements PublicHalf {
    private final ECPublicKeyParameters key;
    private final Sm2Signatures signatures;

    Public(ECPublicKeyParameters key) {
      this.key = key;
      this.signatures = new Sm2Signatures(key);
    }

    @Override
    public byte[] encoded() {
      return CURVE.spki(key.getQ());
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
      mustBeSm2(algorithm);
      return signatures.verifies(message, signature);
    }

    @Override
    public byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
      mustBeSm2(algorithm);
      if (plaintext.length == 0) {
        throw new IllegalArgumentException("SM2 encrypts no empty plaintext");
      }
      SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
      try (HedgedNonces nonces = nonces(plaintext)) {
        engine.init(true, new ParametersWithRandom(key, nonces.random()));
        return Sm2Ciphertext.toDer(engine.processBlock(plaintext, 0, plaintext.length));
      } catch (InvalidCipherTextException e) {
        throw new CryptoFault("SM2 failed to encrypt", e);
      }
    }

    /**
     * A repeated random state must not repeat the scalar for another plaintext: what masks both
     * would be the same, and the difference of the texts in plain sight.
     */
    private HedgedNonces nonces(byte[] plaintext) {
      byte[] message = Hashes.sm3(encoded(), plaintext);
      try {
        return HedgedNonces.of(message, randomness);
      } finally {
        Hashes.wipe(message);
      }
    }
  }

  private final class Private implements PrivateHalf {
    private final BigInteger scalar;
    private final BigInteger inverse;
    private final Public publicHalf;

    Private(BigInteger scalar, Public publicHalf) {
      this.scalar = scalar;
      this.inverse = Sm2Signatures.inverse(scalar);
      this.publicHalf = publicHalf;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      mustBeSm2(algorithm);
      byte[] digest = publicHalf.signatures.digest(message);
      try (HedgedNonces nonces = BcEc.hedged(CURVE, scalar, digest, randomness)) {
        return Sm2Signatures.sign(inverse, digest, nonces.random());
      }
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
      mustBeSm2(algorithm);
      SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
      engine.init(false, BcEc.privateKey(CURVE, scalar));
      byte[] raw;
      DoesNotOpen.Reason reason = DoesNotOpen.Reason.TAG;
      try {
        raw = onTheCurve(Sm2Ciphertext.fromDer(ciphertext));
      } catch (DoesNotOpen e) {
        reason = e.reason();
        raw = Sm2Ciphertext.thatDoesNotOpen(CURVE.domain().getG(), ciphertext.length);
      }
      try {
        byte[] plaintext = engine.processBlock(raw, 0, raw.length);
        if (reason == DoesNotOpen.Reason.TAG) {
          return plaintext;
        }
      } catch (InvalidCipherTextException | RuntimeException _) {
        // one refusal for everything
      }
      throw new DoesNotOpen(reason);
    }

    /** What is of no form, or whose point is none, costs a multiplication as whatever else. */
    private static byte[] onTheCurve(byte[] plain) {
      try {
        CURVE
            .domain()
            .validatePublicPoint(
                CURVE.domain().getCurve().decodePoint(Arrays.copyOf(plain, Sm2Ciphertext.POINT)));
        return plain;
      } catch (IllegalArgumentException _) {
        throw new DoesNotOpen(DoesNotOpen.Reason.FORM);
      }
    }

    @Override
    public byte[] agree(byte[] peer) {
      return BcEc.agree(CURVE, scalar, peer);
    }

    @Override
    public PublicHalf publicHalf() {
      return publicHalf;
    }

    @Override
    public void close() {
      // Big integers cannot be wiped. Dropping them is all there is.
    }
  }
}
