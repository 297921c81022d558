package dev.yaoku.crypto;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * The bare RSA functions. No method outside this room reaches them, and what the private one
 * returns leaves only after the public one has undone it: one faulty result of the Chinese
 * remainder computation, published, factors the modulus (SECURITY_DESIGN H7).
 */
final class RawRsa {
  private static final String TRANSFORMATION = "RSA/ECB/NoPadding";

  private final Provider provider;
  private final RSAPublicKey publicKey;
  private final @Nullable PrivateKey privateKey;
  private final int length;

  RawRsa(Provider provider, RSAPublicKey publicKey, @Nullable PrivateKey privateKey) {
    this.provider = provider;
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    this.length = (publicKey.getModulus().bitLength() + 7) / 8;
  }

  /** How long everything here is, in bytes. */
  int length() {
    return length;
  }

  /**
   * The signature of a padded message.
   *
   * @throws CryptoFault if there is no result, or one that the public key does not undo
   */
  byte[] sign(byte[] padded) {
    if (privateKey == null) {
      throw new IllegalStateException("no private key");
    }
    byte[] signature;
    byte[] undone;
    try {
      signature = run(Cipher.DECRYPT_MODE, privateKey, padded);
      undone = run(Cipher.ENCRYPT_MODE, publicKey, signature);
    } catch (GeneralSecurityException | RuntimeException e) {
      // Providers that check their result themselves throw what they like at a faulty one.
      throw new CryptoFault("RSA failed to sign", e);
    }
    if (!Arrays.equals(undone, padded)) {
      throw new CryptoFault("an RSA signature does not verify; it was not handed out");
    }
    return signature;
  }

  /** The padded message that a signature was made of; null if it is no signature at all. */
  byte @Nullable [] recover(byte[] signature) {
    if (signature.length != length) {
      return null;
    }
    try {
      return run(Cipher.ENCRYPT_MODE, publicKey, signature);
    } catch (GeneralSecurityException | RuntimeException _) {
      return null; // not below the modulus
    }
  }

  /** A new cipher each time: next to the operation it costs nothing, and it keeps the key. */
  private byte[] run(int mode, Key key, byte[] input) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION, provider);
    cipher.init(mode, key);
    return cipher.doFinal(input);
  }
}
