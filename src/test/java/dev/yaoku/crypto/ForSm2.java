package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/** SM2 as its standards have it, by whoever has a public key: C1, C3 and C2 in DER. */
public final class ForSm2 {
  private static final int FIELD = 32;

  private ForSm2() {}

  /**
   * Encrypts.
   *
   * @param spki the public key as X.509 has it, in DER
   * @param plain stays as it is
   */
  public static byte[] encrypted(byte[] spki, byte[] plain) {
    try {
      SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
      engine.init(
          true,
          new ParametersWithRandom(
              PublicKeyFactory.createKey(spki), Randomness.kernel().asSecureRandom()));
      return der(engine.processBlock(plain, 0, plain.length));
    } catch (IOException | InvalidCipherTextException e) {
      throw new AssertionError(e);
    }
  }

  /** Encrypts; the public key and what comes out are in Base64, as they are on the wire. */
  public static String encrypted(String spki, byte[] plain) {
    byte[] encrypted = encrypted(Base64.getDecoder().decode(spki), plain);
    return Base64.getEncoder().encodeToString(encrypted);
  }

  private static byte[] der(byte[] plain) throws IOException {
    int end = 1 + 2 * FIELD;
    ASN1Encodable[] parts = {
      new ASN1Integer(new BigInteger(1, plain, 1, FIELD)),
      new ASN1Integer(new BigInteger(1, plain, 1 + FIELD, FIELD)),
      new DEROctetString(Arrays.copyOfRange(plain, end, end + FIELD)),
      new DEROctetString(Arrays.copyOfRange(plain, end + FIELD, plain.length))
    };
    return new DERSequence(parts).getEncoded("DER");
  }
}
