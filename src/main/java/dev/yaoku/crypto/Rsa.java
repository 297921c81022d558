package dev.yaoku.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.jspecify.annotations.Nullable;

/** RSA (RFC 8017): PSS and PKCS#1 v1.5 signatures over any digest, OAEP. */
final class Rsa implements Asymmetric {
  private static final OAEPParameterSpec OAEP_SHA_256 = oaep("SHA-256", MGF1ParameterSpec.SHA256);
  private static final OAEPParameterSpec OAEP_SHA_1 = oaep("SHA-1", MGF1ParameterSpec.SHA1);

  /** The longest public exponent that AWS-LC takes. */
  private static final int QUICK_EXPONENT_BITS = 33;

  private final Provider keys;
  private final Provider ciphers;
  private final Randomness randomness;

  /**
   * RSA by these providers.
   *
   * @param keys for key pairs and their encodings
   * @param ciphers for the operations
   */
  Rsa(Provider keys, Provider ciphers, Randomness randomness) {
    this.keys = keys;
    this.ciphers = ciphers;
    this.randomness = randomness;
  }

  private static OAEPParameterSpec oaep(String hash, MGF1ParameterSpec mgf) {
    return new OAEPParameterSpec(hash, "MGF1", mgf, PSource.PSpecified.DEFAULT);
  }

  @Override
  public byte[] generate(KeySpec spec) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", keys);
      generator.initialize(
          new RSAKeyGenParameterSpec(spec.row().bits(), RSAKeyGenParameterSpec.F4),
          randomness.asSecureRandom());
      return generator.generateKeyPair().getPrivate().getEncoded();
    } catch (GeneralSecurityException e) {
      throw new CryptoFault("no RSA key pair could be made", e);
    }
  }

  @Override
  public byte[] checked(KeySpec spec, byte[] pkcs8) {
    return RsaImport.checked(spec.row().bits(), pkcs8);
  }

  @Override
  public PrivateHalf privateHalf(KeySpec spec, byte[] pkcs8) {
    try {
      KeyFactory factory = KeyFactory.getInstance("RSA", keys);
      PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      if (!(key instanceof RSAPrivateCrtKey crt)) {
        throw new BadKey("an RSA private key without its factors");
      }
      PublicKey publicKey =
          factory.generatePublic(new RSAPublicKeySpec(crt.getModulus(), crt.getPublicExponent()));
      PrivateKey used = forgetful(factory, crt);
      return new Private(used, half(spec, publicKey, used));
    } catch (GeneralSecurityException _) {
      throw new BadKey("this is no RSA private key in PKCS#8");
    }
  }

  /**
   * The key as it is computed with. The JDK computes with the factors alone, yet keeps the private
   * exponent in a cache of its own, beside what blinds, for long after the key is dropped. So its
   * keys have the public exponent in that place.
   */
  private PrivateKey forgetful(KeyFactory factory, RSAPrivateCrtKey key)
      throws GeneralSecurityException {
    return keys.equals(Providers.SUN_RSA)
        ? factory.generatePrivate(
            new RSAPrivateCrtKeySpec(
                key.getModulus(),
                key.getPublicExponent(),
                key.getPublicExponent(),
                key.getPrimeP(),
                key.getPrimeQ(),
                key.getPrimeExponentP(),
                key.getPrimeExponentQ(),
                key.getCrtCoefficient()))
        : key;
  }

  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    try {
      KeyFactory factory = KeyFactory.getInstance("RSA", keys);
      return half(spec, factory.generatePublic(new X509EncodedKeySpec(spki)), null);
    } catch (GeneralSecurityException _) {
      throw new BadKey("this is no RSA public key");
    }
  }

  private Public half(KeySpec spec, PublicKey key, @Nullable PrivateKey privateKey) {
    RSAPublicKey publicKey = (RSAPublicKey) key;
    if (publicKey.getModulus().bitLength() != spec.row().bits()) {
      throw new BadKey("an RSA key of " + publicKey.getModulus().bitLength() + " bits");
    }
    return new Public(publicKey, new RawRsa(ciphers, publicKey, privateKey));
  }

  private Cipher oaep(EncryptionAlgorithm algorithm, int mode, java.security.Key key)
      throws GeneralSecurityException {
    AlgorithmParameterSpec spec =
        switch (algorithm) {
          case RSAES_OAEP_SHA_256 -> OAEP_SHA_256;
          case RSAES_OAEP_SHA_1 -> OAEP_SHA_1;
          case SYMMETRIC_DEFAULT, SM2_ENCRYPT ->
              throw new IllegalArgumentException("RSA does not encrypt with " + algorithm);
        };
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", ciphers);
    cipher.init(mode, key, spec, randomness.asSecureRandom());
    return cipher;
  }

  private final class Public implements PublicHalf {
    private final RSAPublicKey key;
    private final RawRsa raw;
    private final RSAKeyParameters parameters;

    Public(RSAPublicKey key, RawRsa raw) {
      this.key = key;
      this.raw = raw;
      this.parameters = RsaPadding.parameters(key.getModulus(), key.getPublicExponent());
    }

    @Override
    public byte[] encoded() {
      return key.getEncoded();
    }

    /** Each bit of the exponent is a squaring, and native code takes no long one. */
    @Override
    public boolean isSlow() {
      return key.getPublicExponent().bitLength() > QUICK_EXPONENT_BITS;
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
      byte[] digest = message.digest(algorithm);
      return switch (algorithm) {
        case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 ->
            RsaPadding.verifyPss(raw, parameters, algorithm.hash(), digest, signature);
        case RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512 -> {
          byte @Nullable [] padded = raw.recover(signature);
          yield padded != null
              && Hashes.constantTimeEquals(
                  padded, RsaPadding.pkcs1(algorithm.hash(), digest, raw.length()));
        }
        default -> throw new IllegalArgumentException("RSA does not verify with " + algorithm);
      };
    }

    @Override
    public byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
      try {
        return oaep(algorithm, Cipher.ENCRYPT_MODE, key).doFinal(plaintext);
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("RSA cannot encrypt this", e);
      }
    }
  }

  private final class Private implements PrivateHalf {
    private final PrivateKey key;
    private final Public publicHalf;

    Private(PrivateKey key, Public publicHalf) {
      this.key = key;
      this.publicHalf = publicHalf;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      byte[] digest = message.digest(algorithm);
      RawRsa raw = publicHalf.raw;
      return switch (algorithm) {
        case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 ->
            RsaPadding.signPss(raw, publicHalf.parameters, algorithm.hash(), digest, randomness);
        case RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512 ->
            raw.sign(RsaPadding.pkcs1(algorithm.hash(), digest, raw.length()));
        default -> throw new IllegalArgumentException("RSA does not sign with " + algorithm);
      };
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
      boolean isInRange = isInRange(ciphertext);
      // What is no number below the modulus costs an operation too, as whatever else does not open.
      byte[] tried = isInRange ? ciphertext : inRange(ciphertext);
      try {
        byte[] plaintext = oaep(algorithm, Cipher.DECRYPT_MODE, key).doFinal(tried);
        if (isInRange) {
          return plaintext;
        }
        Hashes.wipe(plaintext);
      } catch (GeneralSecurityException _) {
        // one refusal for everything
      }
      throw new DoesNotOpen(isInRange ? DoesNotOpen.Reason.TAG : DoesNotOpen.Reason.FORM);
    }

    private boolean isInRange(byte[] ciphertext) {
      return ciphertext.length == publicHalf.raw.length()
          && new BigInteger(1, ciphertext).compareTo(publicHalf.parameters.getModulus()) < 0;
    }

    private byte[] inRange(byte[] ciphertext) {
      byte[] below = Arrays.copyOf(ciphertext, publicHalf.raw.length());
      below[0] = 0;
      below[below.length - 1] |= 1;
      return below;
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
