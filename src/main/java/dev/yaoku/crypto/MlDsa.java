package dev.yaoku.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * ML-DSA with an empty context, hedged (FIPS 204). Private material is the seed of 32 bytes. The
 * JDK signs, as it takes little more than half of Bouncy Castle's time; it reads no seeds, so
 * Bouncy Castle expands them, and also verifies, so that what one signs the other has checked.
 */
final class MlDsa implements Asymmetric {
  private static final int SEED_BYTES = 32;

  private final Randomness randomness;

  MlDsa(Randomness randomness) {
    this.randomness = randomness;
  }

  private record Set(String name, MLDSAParameters parameters, ASN1ObjectIdentifier oid) {}

  private static Set set(KeySpec spec) {
    return switch (spec) {
      case ML_DSA_44 ->
          new Set("ML-DSA-44", MLDSAParameters.ml_dsa_44, NISTObjectIdentifiers.id_ml_dsa_44);
      case ML_DSA_65 ->
          new Set("ML-DSA-65", MLDSAParameters.ml_dsa_65, NISTObjectIdentifiers.id_ml_dsa_65);
      case ML_DSA_87 ->
          new Set("ML-DSA-87", MLDSAParameters.ml_dsa_87, NISTObjectIdentifiers.id_ml_dsa_87);
      default -> throw new IllegalArgumentException(spec + " is no ML-DSA");
    };
  }

  @Override
  public byte[] generate(KeySpec spec) {
    return randomness.bytes(SEED_BYTES);
  }

  @Override
  public PrivateHalf privateHalf(KeySpec spec, byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new BadKey("an ML-DSA seed has 32 bytes");
    }
    Set set = set(spec);
    MLDSAPrivateKeyParameters expanded =
        new MLDSAPrivateKeyParameters(set.parameters, seed.clone());
    Public publicHalf = new Public(set, expanded.getPublicKeyParameters());
    try {
      return new Private(set, signingKey(set, expanded), publicHalf);
    } finally {
      expanded.destroy();
    }
  }

  /** The expanded private key as the JDK reads it. */
  private static PrivateKey signingKey(Set set, MLDSAPrivateKeyParameters expanded) {
    byte[] bytes = expanded.getEncoded();
    byte[] pkcs8 = {};
    try {
      pkcs8 =
          new PrivateKeyInfo(new AlgorithmIdentifier(set.oid), new DEROctetString(bytes))
              .getEncoded("DER");
      return KeyFactory.getInstance(set.name, Providers.SUN)
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (IOException | GeneralSecurityException e) {
      throw new CryptoFault("the JDK does not take an ML-DSA key", e);
    } finally {
      Hashes.wipe(bytes);
      Hashes.wipe(pkcs8);
    }
  }

  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    Set set = set(spec);
    try {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(Der.read(spki));
      if (info.getAlgorithm().equals(new AlgorithmIdentifier(set.oid))) {
        byte[] key = info.getPublicKeyData().getOctets();
        return new Public(set, new MLDSAPublicKeyParameters(set.parameters, key));
      }
    } catch (IOException | RuntimeException _) {
      // as malformed as anything else
    }
    throw new BadKey("this is no public key of " + spec);
  }

  private static byte[] bytes(SigningAlgorithm algorithm, Message message) {
    if (algorithm == SigningAlgorithm.ML_DSA && message instanceof Message.Raw(byte[] bytes)) {
      return bytes;
    }
    throw new IllegalArgumentException("ML-DSA signs messages, with ML_DSA only");
  }

  private record Public(Set set, MLDSAPublicKeyParameters key) implements PublicHalf {
    @Override
    public byte[] encoded() {
      try {
        return new SubjectPublicKeyInfo(new AlgorithmIdentifier(set.oid), key.getEncoded())
            .getEncoded("DER");
      } catch (IOException e) {
        throw new IllegalStateException("a key cannot be encoded", e);
      }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
      byte[] bytes = bytes(algorithm, message);
      MLDSASigner signer = new MLDSASigner();
      signer.init(false, key);
      signer.update(bytes, 0, bytes.length);
      return signer.verifySignature(signature);
    }
  }

  private final class Private implements PrivateHalf {
    private final Set set;
    private final PrivateKey key;
    private final Public publicHalf;

    Private(Set set, PrivateKey key, Public publicHalf) {
      this.set = set;
      this.key = key;
      this.publicHalf = publicHalf;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      return MlDsa.sign(set, key, bytes(algorithm, message), randomness.asSecureRandom());
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

  /**
   * The signature that published vectors are of.
   *
   * @param random the random part, 32 bytes; zeros for the deterministic variant
   */
  static byte[] sign(KeySpec spec, byte[] seed, byte[] message, byte[] random) {
    SecureRandom fixed = new RandomnessAdapter(_ -> random.clone());
    Set set = set(spec);
    PrivateKey key = signingKey(set, new MLDSAPrivateKeyParameters(set.parameters, seed));
    return sign(set, key, message, fixed);
  }

  private static byte[] sign(Set set, PrivateKey key, byte[] message, SecureRandom random) {
    try {
      // A new object each time: next to the signature it costs nothing, and it keeps the key.
      Signature signature = Signature.getInstance(set.name, Providers.SUN);
      signature.initSign(key, random);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new CryptoFault("ML-DSA failed to sign", e);
    }
  }
}
