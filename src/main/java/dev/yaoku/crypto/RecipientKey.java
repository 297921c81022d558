package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * A caller's own RSA public key, under which an answer is encrypted for the caller: OAEP with
 * SHA-256 as hash and in MGF1, no label (RFC 8017, section 7.1).
 */
public final class RecipientKey {
  private static final OAEPParameterSpec OAEP_SHA_256 =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private final RSAPublicKey key;
  private final Randomness randomness;

  private RecipientKey(RSAPublicKey key, Randomness randomness) {
    this.key = key;
    this.randomness = randomness;
  }

  /**
   * Reads a key of 2048 to 8192 bits.
   *
   * @param spki SubjectPublicKeyInfo in DER
   * @throws BadKey if it is none
   */
  public static RecipientKey read(byte[] spki, Randomness randomness) {
    return new RecipientKey(RsaPublicKeys.read(spki), randomness);
  }

  /** The secret, at most 190 bytes of it, for the owner of the private half. */
  public byte[] encrypt(SecretBytes secret) {
    return secret.lend(bytes -> {
      try {
        // A new one each time: next to the operation it costs nothing.
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", Providers.SUN_JCE);
        cipher.init(Cipher.ENCRYPT_MODE, key, OAEP_SHA_256, randomness.asSecureRandom());
        return cipher.doFinal(bytes);
      } catch (GeneralSecurityException e) {
        throw new CryptoFault("RSA failed to encrypt", e);
      }
    });
  }
}
