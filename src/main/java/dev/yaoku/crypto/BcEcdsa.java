package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** ECDSA and ECDH by Bouncy Castle, for the curve that the JDK has not. */
final class BcEcdsa implements Asymmetric {
  private final Randomness randomness;

  BcEcdsa(Randomness randomness) {
    this.randomness = randomness;
  }

  @Override
  public byte[] generate(KeySpec spec) {
    Curve curve = Curve.of(spec);
    return curve.pkcs8(BcEc.scalar(curve, randomness.asSecureRandom()));
  }

  @Override
  public byte[] checked(KeySpec spec, byte[] pkcs8) {
    Curve curve = Curve.of(spec);
    return curve.pkcs8(curve.scalar(pkcs8));
  }

  @Override
  public PrivateHalf privateHalf(KeySpec spec, byte[] pkcs8) {
    Curve curve = Curve.of(spec);
    BigInteger scalar = curve.scalar(pkcs8);
    return new Private(curve, scalar, half(curve, curve.spki(curve.point(scalar))));
  }

  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    return half(Curve.of(spec), spki);
  }

  private static Public half(Curve curve, byte[] spki) {
    return new Public(curve, BcEc.publicKey(curve, spki));
  }

  private static void mustBeEcdsa(SigningAlgorithm algorithm) {
    if (algorithm != SigningAlgorithm.ECDSA_SHA_256) {
      throw new IllegalArgumentException("this key does not sign with " + algorithm);
    }
  }

  private record Public(Curve curve, ECPublicKeyParameters key) implements PublicHalf {
    @Override
    public byte[] encoded() {
      return curve.spki(key.getQ());
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
      mustBeEcdsa(algorithm);
      byte[] digest = message.digest(algorithm);
      try {
        BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(curve.domain().getN(), signature);
        ECDSASigner ecdsa = new ECDSASigner();
        ecdsa.init(false, key);
        return ecdsa.verifySignature(digest, rs[0], rs[1]);
      } catch (IOException | IllegalArgumentException | ClassCastException _) {
        return false;
      }
    }
  }

  private final class Private implements PrivateHalf {
    private final Curve curve;
    private final BigInteger scalar;
    private final Public publicHalf;

    Private(Curve curve, BigInteger scalar, Public publicHalf) {
      this.curve = curve;
      this.scalar = scalar;
      this.publicHalf = publicHalf;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      mustBeEcdsa(algorithm);
      byte[] digest = message.digest(algorithm);
      BigInteger[] rs;
      try (HedgedNonces nonces = BcEc.hedged(curve, scalar, digest, randomness)) {
        ECDSASigner ecdsa = new ECDSASigner();
        ecdsa.init(true, new ParametersWithRandom(BcEc.privateKey(curve, scalar), nonces.random()));
        rs = ecdsa.generateSignature(digest);
      }
      try {
        return StandardDSAEncoding.INSTANCE.encode(curve.domain().getN(), rs[0], rs[1]);
      } catch (IOException e) {
        throw new CryptoFault("an ECDSA signature cannot be encoded", e);
      }
    }

    @Override
    public byte[] agree(byte[] peer) {
      return BcEc.agree(curve, scalar, peer);
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
