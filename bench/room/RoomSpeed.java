package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The room's own operations on one thread, as the services call them, and three yardsticks that the
 * openssl command has not. The names of the methods are what the table asks for.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class RoomSpeed {
  private static final int HASH_BYTES = 32;
  private static final int LARGEST_PLAINTEXT_BYTES = 4096;
  private static final int SMALL_PLAINTEXT_BYTES = 128;

  /** One asymmetric key. Made for the benchmark that asks for it and for no other. */
  public abstract static class Pair {
    private final KeySpec spec;
    private final SigningAlgorithm algorithm;
    PrivateHalf half;
    PublicHalf publicHalf;
    Message message;
    byte[] signature;

    Pair(KeySpec spec, SigningAlgorithm algorithm) {
      this.spec = spec;
      this.algorithm = algorithm;
    }

    /** Makes the key. */
    @Setup(Level.Trial)
    public void make() {
      Cryptography cryptography = new Cryptography(Randomness.kernel(), true);
      try (SecretBytes material = cryptography.generate(spec)) {
        half = cryptography.privateHalf(spec, material);
      }
      publicHalf = half.publicHalf();
      byte[] bytes =
          Arrays.copyOf(
              new byte[] {1}, algorithm.signsDigests() ? algorithm.hash().length() : HASH_BYTES);
      message = algorithm.signsDigests() ? new Message.Digest(bytes) : new Message.Raw(bytes);
      signature = sign();
    }

    byte[] sign() {
      return half.sign(algorithm, message);
    }

    boolean verify() {
      return publicHalf.verify(algorithm, message, signature);
    }
  }

  /** RSA-2048. */
  @State(Scope.Thread)
  public static class Rsa2048 extends Pair {
    /** With the default algorithm of the API. */
    public Rsa2048() {
      super(KeySpec.RSA_2048, SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256);
    }
  }

  /** RSA-2048 with PSS. */
  @State(Scope.Thread)
  public static class Pss2048 extends Pair {
    /** PSS. */
    public Pss2048() {
      super(KeySpec.RSA_2048, SigningAlgorithm.RSASSA_PSS_SHA_256);
    }
  }

  /** P-256. */
  @State(Scope.Thread)
  public static class P256 extends Pair {
    /** P-256. */
    public P256() {
      super(KeySpec.EC_P256, SigningAlgorithm.ECDSA_SHA_256);
    }
  }

  /** P-384. */
  @State(Scope.Thread)
  public static class P384 extends Pair {
    /** P-384. */
    public P384() {
      super(KeySpec.EC_P384, SigningAlgorithm.ECDSA_SHA_384);
    }
  }

  /** SM2. */
  @State(Scope.Thread)
  public static class Sm2Pair extends Pair {
    /** SM2. */
    public Sm2Pair() {
      super(KeySpec.SM2, SigningAlgorithm.SM2DSA_SM3);
    }
  }

  /** ML-DSA-65. */
  @State(Scope.Thread)
  public static class MlDsa65 extends Pair {
    /** ML-DSA-65. */
    public MlDsa65() {
      super(KeySpec.ML_DSA_65, SigningAlgorithm.ML_DSA);
    }
  }

  /** A symmetric key of the room. */
  @State(Scope.Thread)
  public static class Sealing {
    final Randomness randomness = Randomness.kernel();
    final SealingKey key =
        SealingKey.of(SecretBytes.take(randomness.bytes(32)), Suite.AES, randomness);
    final Xaes256Gcm aead = new Xaes256Gcm(randomness.bytes(32));
    final Blob.Header header = new Blob.Header(Suite.AES, Blob.Kind.DATA, new byte[16], 1);
    final byte[] rest = AssociatedData.encode(null, null);
    final byte[] small = new byte[SMALL_PLAINTEXT_BYTES];
    final byte[] large = new byte[LARGEST_PLAINTEXT_BYTES];
    final byte[] nonce = randomness.bytes(Aead.NONCE_BYTES);
    final byte[] out = new byte[LARGEST_PLAINTEXT_BYTES + Aead.TAG_BYTES];
    long count;

    /** Another nonce each time, as in life. */
    byte[] nextNonce() {
      ByteBuffer.wrap(nonce).putLong(Aead.NONCE_BYTES - Long.BYTES, ++count);
      return nonce;
    }
  }

  /** What makes a message's two ciphers forget their keys (SECURITY_DESIGN H5). */
  @State(Scope.Thread)
  public static class Pools {
    final CipherPool gcm = CipherPool.aesGcm(Providers.SUN_JCE);
    final CipherPool block = CipherPool.aesBlock(Providers.SUN_JCE);
  }

  /** The JDK's AES-GCM with one key and one cipher for ever. */
  @State(Scope.Thread)
  public static class Bare {
    final Cipher cipher = cipher();
    final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    final byte[] small = new byte[SMALL_PLAINTEXT_BYTES];
    final byte[] large = new byte[LARGEST_PLAINTEXT_BYTES];
    final byte[] out = new byte[LARGEST_PLAINTEXT_BYTES + Aead.TAG_BYTES];
    long count;

    private static Cipher cipher() {
      try {
        return Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** ML-DSA-65 by the two libraries directly. */
  @State(Scope.Thread)
  public static class Libraries {
    final PrivateKey jdkKey = jdkKey();
    final MLDSAPrivateKeyParameters bouncyKey =
        new MLDSAPrivateKeyParameters(
            MLDSAParameters.ml_dsa_65, Randomness.kernel().bytes(HASH_BYTES));
    final Randomness randomness = Randomness.kernel();
    final byte[] message = new byte[HASH_BYTES];

    private static PrivateKey jdkKey() {
      try {
        byte[] encoded =
            KeyPairGenerator.getInstance("ML-DSA-65", "SUN")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        return KeyFactory.getInstance("ML-DSA-65", "SUN")
            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A signature, verified before it leaves. */
  @Benchmark
  public byte[] rsaSign(Rsa2048 pair) {
    return pair.sign();
  }

  /** A signature with PSS, verified before it leaves. */
  @Benchmark
  public byte[] pssSign(Pss2048 pair) {
    return pair.sign();
  }

  /** A signature. */
  @Benchmark
  public byte[] p256Sign(P256 pair) {
    return pair.sign();
  }

  /** A verification. */
  @Benchmark
  public boolean p256Verify(P256 pair) {
    return pair.verify();
  }

  /** A signature. */
  @Benchmark
  public byte[] p384Sign(P384 pair) {
    return pair.sign();
  }

  /** A signature. */
  @Benchmark
  public byte[] sm2Sign(Sm2Pair pair) {
    return pair.sign();
  }

  /** A verification. */
  @Benchmark
  public boolean sm2Verify(Sm2Pair pair) {
    return pair.verify();
  }

  /** A signature. */
  @Benchmark
  public byte[] mlDsaSign(MlDsa65 pair) {
    return pair.sign();
  }

  /** The cipher that seals, under a key of its own for each message. */
  @Benchmark
  public byte[] aead4096(Sealing sealing) {
    sealing.aead.encrypt(sealing.nextNonce(), sealing.rest, sealing.large, sealing.out, 0);
    return sealing.out;
  }

  /** The cipher that seals, under a key of its own for each message. */
  @Benchmark
  public byte[] aead128(Sealing sealing) {
    sealing.aead.encrypt(sealing.nextNonce(), sealing.rest, sealing.small, sealing.out, 0);
    return sealing.out;
  }

  /** All of a blob: hedged nonce, commitment, padding, ciphertext. */
  @Benchmark
  public byte[] blob4096(Sealing sealing) {
    return Blob.encrypt(sealing.key, sealing.header, sealing.rest, sealing.large);
  }

  /** All of a blob: hedged nonce, commitment, padding, ciphertext. */
  @Benchmark
  public byte[] blob128(Sealing sealing) {
    return Blob.encrypt(sealing.key, sealing.header, sealing.rest, sealing.small);
  }

  /** Two ciphers that are borrowed for nothing and re-initialised with the dummy key. */
  @Benchmark
  public void forget(Pools pools) {
    pools.gcm.giveBack(pools.gcm.borrow());
    pools.block.giveBack(pools.block.borrow());
  }

  /** The yardstick of {@link #blob128}: one key for ever, a counted nonce. */
  @Benchmark
  public byte[] bareGcm128(Bare bare) throws GeneralSecurityException {
    byte[] iv = ByteBuffer.allocate(12).putLong(4, ++bare.count).array();
    bare.cipher.init(Cipher.ENCRYPT_MODE, bare.key, new GCMParameterSpec(128, iv));
    bare.cipher.doFinal(bare.small, 0, bare.small.length, bare.out, 0);
    return bare.out;
  }

  /** For comparison with {@link #aead4096}: the JDK alone. */
  @Benchmark
  public byte[] bareGcm4096(Bare bare) throws GeneralSecurityException {
    byte[] iv = ByteBuffer.allocate(12).putLong(4, ++bare.count).array();
    bare.cipher.init(Cipher.ENCRYPT_MODE, bare.key, new GCMParameterSpec(128, iv));
    bare.cipher.doFinal(bare.large, 0, bare.large.length, bare.out, 0);
    return bare.out;
  }

  /** One yardstick of {@link #mlDsaSign}. */
  @Benchmark
  public byte[] mlDsaJdk(Libraries libraries) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("ML-DSA-65", "SUN");
    signature.initSign(libraries.jdkKey);
    signature.update(libraries.message);
    return signature.sign();
  }

  /** The other yardstick of {@link #mlDsaSign}. */
  @Benchmark
  public byte[] mlDsaBouncyCastle(Libraries libraries) throws CryptoException {
    MLDSASigner signer = new MLDSASigner();
    signer.init(
        true, new ParametersWithRandom(libraries.bouncyKey, libraries.randomness.asSecureRandom()));
    signer.update(libraries.message, 0, libraries.message.length);
    return signer.generateSignature();
  }
}
