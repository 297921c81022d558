package dev.yaoku.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * RSA with OAEP and SHA-256 throughout, as whoever has a public key encrypts: a customer who brings
 * key material, above all.
 */
public final class Oaep {
  private Oaep() {}

  /**
   * Encrypts.
   *
   * @param spki the public key as X.509 has it, in DER
   * @param plain stays as it is
   */
  public static byte[] encrypted(byte[] spki, byte[] plain) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki)),
          new OAEPParameterSpec(
              "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
      return cipher.doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Encrypts; the public key and what comes out are in Base64, as they are on the wire. */
  public static String encrypted(String spki, byte[] plain) {
    byte[] encrypted = encrypted(Base64.getDecoder().decode(spki), plain);
    return Base64.getEncoder().encodeToString(encrypted);
  }
}
