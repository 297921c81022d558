package dev.yaoku.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.jspecify.annotations.Nullable;

/**
 * The two paddings of RSA signatures over a ready digest (RFC 8017, 8.1 and 8.2). PSS is the
 * library's encoder around our bare function; PKCS#1 v1.5 is one fixed string for each digest, so a
 * verifier compares and parses nothing.
 */
final class RsaPadding {
  private RsaPadding() {}

  static byte[] signPss(
      RawRsa rsa, RSAKeyParameters key, Hash hash, byte[] digest, Randomness randomness) {
    PSSSigner signer = pss(new Adapter(rsa, true), hash);
    signer.init(true, new ParametersWithRandom(key, randomness.asSecureRandom()));
    signer.update(digest, 0, digest.length);
    try {
      return signer.generateSignature();
    } catch (CryptoException e) {
      throw new CryptoFault("PSS failed to encode", e);
    }
  }

  static boolean verifyPss(
      RawRsa rsa, RSAKeyParameters key, Hash hash, byte[] digest, byte[] signature) {
    if (signature.length != rsa.length()) {
      return false;
    }
    PSSSigner signer = pss(new Adapter(rsa, false), hash);
    signer.init(false, key);
    signer.update(digest, 0, digest.length);
    return signer.verifySignature(signature);
  }

  /**
   * Raw: what is updated is the digest itself. Salt as long as the hash, MGF1 with the same hash.
   */
  private static PSSSigner pss(AsymmetricBlockCipher rsa, Hash hash) {
    return PSSSigner.createRawSigner(
        rsa, digestOf(hash), digestOf(hash), hash.length(), PSSSigner.TRAILER_IMPLICIT);
  }

  private static Digest digestOf(Hash hash) {
    return switch (hash) {
      case SHA_256 -> SHA256Digest.newInstance();
      case SHA_384 -> new SHA384Digest();
      case SHA_512 -> new SHA512Digest();
      case SM3 -> throw new IllegalArgumentException("RSA does not sign SM3 digests");
    };
  }

  /** 00 01 FF…FF 00 DigestInfo. */
  static byte[] pkcs1(Hash hash, byte[] digest, int length) {
    byte[] info = digestInfo(hash);
    byte[] padded = new byte[length];
    Arrays.fill(padded, 2, length - info.length - digest.length - 1, (byte) 0xff);
    padded[1] = 1;
    System.arraycopy(info, 0, padded, length - digest.length - info.length, info.length);
    System.arraycopy(digest, 0, padded, length - digest.length, digest.length);
    return padded;
  }

  private static byte[] digestInfo(Hash hash) {
    String hex =
        switch (hash) {
          case SHA_256 -> "3031300d060960864801650304020105000420";
          case SHA_384 -> "3041300d060960864801650304020205000430";
          case SHA_512 -> "3051300d060960864801650304020305000440";
          case SM3 -> throw new IllegalArgumentException("RSA does not sign SM3 digests");
        };
    return HexFormat.of().parseHex(hex);
  }

  /** The encoder's view of our bare function. */
  private record Adapter(RawRsa rsa, boolean signing) implements AsymmetricBlockCipher {
    @Override
    public void init(boolean forEncryption, CipherParameters parameters) {
      // The key is ours already.
    }

    @Override
    public int getInputBlockSize() {
      return rsa.length();
    }

    @Override
    public int getOutputBlockSize() {
      return rsa.length();
    }

    @Override
    public byte[] processBlock(byte[] in, int offset, int length) {
      byte[] block = Arrays.copyOfRange(in, offset, offset + length);
      if (signing) {
        return rsa.sign(block);
      }
      byte @Nullable [] padded = rsa.recover(block);
      return padded == null ? new byte[rsa.length()] : padded;
    }
  }

  /** The encoder reads the modulus' length here and nothing else. */
  static RSAKeyParameters parameters(BigInteger modulus, BigInteger exponent) {
    return new RSAKeyParameters(false, modulus, exponent, true);
  }
}
