package dev.yaoku.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/**
 * ECDSA and ECDH by a provider of the JCA: the native one, or the JDK's. The native one draws its
 * nonces itself and mixes key and digest into them; the JDK's takes them from the generator alone,
 * so it gets one that is hedged (SECURITY_DESIGN H6).
 */
final class JcaEc implements Asymmetric {
  private final Provider provider;
  private final Randomness randomness;
  private final boolean hedges;

  /**
   * Elliptic curves by a provider.
   *
   * @param hedges whether it hedges its nonces by itself, and listens to no generator of ours
   */
  JcaEc(Provider provider, boolean hedges, Randomness randomness) {
    this.provider = provider;
    this.hedges = hedges;
    this.randomness = randomness;
  }

  @Override
  public byte[] generate(KeySpec spec) {
    Curve curve = Curve.of(spec);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
      generator.initialize(
          new ECGenParameterSpec(curve.standardName()), randomness.asSecureRandom());
      byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
      byte[] ours = curve.pkcs8(curve.scalar(encoded));
      Hashes.wipe(encoded);
      return ours;
    } catch (GeneralSecurityException e) {
      throw new CryptoFault("no EC key pair could be made", e);
    }
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
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC", provider).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      Public publicHalf = half(spec, curve.spki(curve.point(scalar)));
      return new Private(spec, key, hedges ? null : scalar, publicHalf);
    } catch (GeneralSecurityException _) {
      throw new BadKey("this is no EC private key in PKCS#8");
    }
  }

  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    Curve curve = Curve.of(spec);
    // Read strictly here and handed on in one form, whatever the provider would have taken.
    return half(spec, curve.spki(curve.publicPoint(spki)));
  }

  private Public half(KeySpec spec, byte[] spki) {
    return new Public(spec, spki, publicKey(spki));
  }

  private PublicKey publicKey(byte[] spki) {
    try {
      return KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException _) {
      throw new BadKey("this is no EC public key");
    }
  }

  private static void mustSignWith(SigningAlgorithm algorithm, KeySpec spec) {
    if (!spec.signingAlgorithms().contains(algorithm)) {
      throw new IllegalArgumentException(spec + " keys do not sign with " + algorithm);
    }
  }

  private final class Public implements PublicHalf {
    private final KeySpec spec;
    private final byte[] spki;
    private final PublicKey key;

    Public(KeySpec spec, byte[] spki, PublicKey key) {
      this.spec = spec;
      this.spki = spki;
      this.key = key;
    }

    @Override
    public byte[] encoded() {
      return spki.clone();
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
      mustSignWith(algorithm, spec);
      byte[] digest = message.digest(algorithm);
      if (!EcdsaDer.isStrict(signature, Curve.of(spec).domain().getN())) {
        return false;
      }
      try {
        Signature ecdsa = Signature.getInstance("NONEwithECDSA", provider);
        ecdsa.initVerify(key);
        ecdsa.update(digest);
        return ecdsa.verify(signature);
      } catch (SignatureException _) {
        return false;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("ECDSA failed to verify", e);
      }
    }
  }

  private final class Private implements PrivateHalf {
    private final KeySpec spec;
    private final Curve curve;
    private final PrivateKey key;
    private final @Nullable BigInteger scalar;
    private final Public publicHalf;

    /**
     * A private key.
     *
     * @param scalar to hedge nonces with; null where the provider hedges them
     */
    Private(KeySpec spec, PrivateKey key, @Nullable BigInteger scalar, Public publicHalf) {
      this.spec = spec;
      this.curve = Curve.of(spec);
      this.key = key;
      this.scalar = scalar;
      this.publicHalf = publicHalf;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      mustSignWith(algorithm, spec);
      byte[] digest = message.digest(algorithm);
      try {
        // A new object each time: it keeps the key.
        Signature ecdsa = Signature.getInstance("NONEwithECDSA", provider);
        if (scalar == null) {
          ecdsa.initSign(key);
          return signed(ecdsa, digest);
        }
        try (HedgedNonces nonces = BcEc.hedged(curve, scalar, digest, randomness)) {
          ecdsa.initSign(key, nonces.random());
          return signed(ecdsa, digest);
        }
      } catch (GeneralSecurityException e) {
        throw new CryptoFault("ECDSA failed to sign", e);
      }
    }

    private static byte[] signed(Signature ecdsa, byte[] digest) throws SignatureException {
      ecdsa.update(digest);
      return ecdsa.sign();
    }

    @Override
    public byte[] agree(byte[] peer) {
      PublicKey other = publicKey(curve.spki(curve.publicPoint(peer)));
      try {
        KeyAgreement ecdh = KeyAgreement.getInstance("ECDH", provider);
        ecdh.init(key);
        ecdh.doPhase(other, true);
        return ecdh.generateSecret();
      } catch (GeneralSecurityException e) {
        throw new CryptoFault("ECDH failed", e);
      }
    }

    @Override
    public PublicHalf publicHalf() {
      return publicHalf;
    }

    @Override
    public void close() {
      PrivateKeys.destroy(key);
    }
  }
}
