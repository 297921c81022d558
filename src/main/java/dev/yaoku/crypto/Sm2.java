package dev.yaoku.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.NullDigest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.SM2Signer;

/**
 * SM2: signatures with SM3 and the usual user id, encryption as C1‖C3‖C2 in DER, plain ECDH.
 *
 * @see "GB/T 32918; GM/T 0009"
 */
final class Sm2 implements Asymmetric {
  private static final byte[] USER_ID = "1234567812345678".getBytes(StandardCharsets.US_ASCII);
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

  /** A signer that has taken in the message. */
  private static SM2Signer signer(boolean signing, CipherParameters key, Message message) {
    SM2Signer signer =
        message instanceof Message.Digest ? new OverDigest() : new SM2Signer(new SM3Digest());
    signer.init(signing, new ParametersWithID(key, USER_ID));
    byte[] bytes =
        switch (message) {
          case Message.Raw(byte[] raw) -> raw;
          case Message.Digest _ -> message.digest(SigningAlgorithm.SM2DSA_SM3);
        };
    signer.update(bytes, 0, bytes.length);
    return signer;
  }

  static boolean verifies(ECPublicKeyParameters key, Message message, byte[] signature) {
    SM2Signer signer = signer(false, key, message);
    return EcdsaDer.isStrict(signature, CURVE.domain().getN()) && signer.verifySignature(signature);
  }

  /** Takes SM3(Z‖M) as it is: the identity Z is in it already. */
  private static final class OverDigest extends SM2Signer {
    OverDigest() {
      super(new NullDigest());
    }

    @Override
    protected byte[] getZ(byte[] userId) {
      return new byte[0];
    }
  }

  private final class Public implements PublicHalf {
    private final ECPublicKeyParameters key;

    Public(ECPublicKeyParameters key) {
      this.key = key;
    }

    @Override
    public byte[] encoded() {
      return CURVE.spki(key.getQ());
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
      mustBeSm2(algorithm);
      return verifies(key, message, signature);
    }

    @Override
    public byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
      mustBeSm2(algorithm);
      if (plaintext.length == 0) {
        throw new IllegalArgumentException("SM2 encrypts no empty plaintext");
      }
      SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
      engine.init(true, new ParametersWithRandom(key, randomness.asSecureRandom()));
      try {
        return Sm2Ciphertext.toDer(engine.processBlock(plaintext, 0, plaintext.length));
      } catch (InvalidCipherTextException e) {
        throw new CryptoFault("SM2 failed to encrypt", e);
      }
    }
  }

  private final class Private implements PrivateHalf {
    private final BigInteger scalar;
    private final Public publicHalf;

    Private(BigInteger scalar, Public publicHalf) {
      this.scalar = scalar;
      this.publicHalf = publicHalf;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      mustBeSm2(algorithm);
      byte[] digest = message.digest(algorithm);
      CipherParameters key =
          new ParametersWithRandom(
              BcEc.privateKey(CURVE, scalar), BcEc.hedged(CURVE, scalar, digest, randomness));
      try {
        return signer(true, key, message).generateSignature();
      } catch (CryptoException e) {
        throw new CryptoFault("SM2 failed to sign", e);
      }
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
      mustBeSm2(algorithm);
      SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
      engine.init(false, BcEc.privateKey(CURVE, scalar));
      byte[] raw = Sm2Ciphertext.fromDer(ciphertext);
      try {
        return engine.processBlock(raw, 0, raw.length);
      } catch (InvalidCipherTextException | RuntimeException _) {
        throw new DoesNotOpen(DoesNotOpen.Reason.TAG);
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
