package dev.yaoku.crypto;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * ML-DSA with an empty context, hedged (FIPS 204). Private material is the seed of 32 bytes, which
 * every implementation reads.
 */
final class MlDsa implements Asymmetric {
  private static final int SEED_BYTES = 32;

  private final Randomness randomness;

  MlDsa(Randomness randomness) {
    this.randomness = randomness;
  }

  private record Set(MLDSAParameters parameters, ASN1ObjectIdentifier oid) {}

  private static Set set(KeySpec spec) {
    return switch (spec) {
      case ML_DSA_44 -> new Set(MLDSAParameters.ml_dsa_44, NISTObjectIdentifiers.id_ml_dsa_44);
      case ML_DSA_65 -> new Set(MLDSAParameters.ml_dsa_65, NISTObjectIdentifiers.id_ml_dsa_65);
      case ML_DSA_87 -> new Set(MLDSAParameters.ml_dsa_87, NISTObjectIdentifiers.id_ml_dsa_87);
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
    return new Private(set, new MLDSAPrivateKeyParameters(set.parameters, seed.clone()));
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
    private final MLDSAPrivateKeyParameters key;

    Private(Set set, MLDSAPrivateKeyParameters key) {
      this.set = set;
      this.key = key;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      SecureRandom random = randomness.asSecureRandom();
      return MlDsa.sign(new ParametersWithRandom(key, random), bytes(algorithm, message));
    }

    @Override
    public PublicHalf publicHalf() {
      return new Public(set, key.getPublicKeyParameters());
    }

    @Override
    public void close() {
      key.destroy();
    }
  }

  /**
   * The signature that published vectors are of.
   *
   * @param random the random part, 32 bytes; zeros for the deterministic variant
   */
  static byte[] sign(KeySpec spec, byte[] seed, byte[] message, byte[] random) {
    SecureRandom fixed = new RandomnessAdapter(_ -> random.clone());
    CipherParameters key = new MLDSAPrivateKeyParameters(set(spec).parameters, seed);
    return sign(new ParametersWithRandom(key, fixed), message);
  }

  private static byte[] sign(CipherParameters key, byte[] message) {
    MLDSASigner signer = new MLDSASigner();
    signer.init(true, key);
    signer.update(message, 0, message.length);
    try {
      return signer.generateSignature();
    } catch (CryptoException e) {
      throw new CryptoFault("ML-DSA failed to sign", e);
    }
  }
}
