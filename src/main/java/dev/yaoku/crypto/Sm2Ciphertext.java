package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * SM2 ciphertext in DER: a sequence of x, y (integers), C3 and C2 (octet strings), against the
 * plain 04‖x‖y‖C3‖C2.
 *
 * @see "GM/T 0009, SM2Cipher"
 */
final class Sm2Ciphertext {
  private static final int FIELD = 32;
  private static final int HASH = 32;
  private static final int DER_OVERHEAD = 10;
  static final int POINT = 1 + 2 * FIELD;

  private Sm2Ciphertext() {}

  static byte[] toDer(byte[] plain) {
    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(new ASN1Integer(new BigInteger(1, plain, 1, FIELD)));
    parts.add(new ASN1Integer(new BigInteger(1, plain, 1 + FIELD, FIELD)));
    parts.add(new DEROctetString(Arrays.copyOfRange(plain, POINT, POINT + HASH)));
    parts.add(new DEROctetString(Arrays.copyOfRange(plain, POINT + HASH, plain.length)));
    try {
      return new DERSequence(parts).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a ciphertext cannot be encoded", e);
    }
  }

  /**
   * Reads the DER form, and no other encoding of the same values.
   *
   * @throws DoesNotOpen if it is not of the form
   */
  static byte[] fromDer(byte[] der) {
    try {
      ASN1Sequence parts = ASN1Sequence.getInstance(Der.read(der));
      byte[] x = coordinate(parts, 0);
      byte[] y = coordinate(parts, 1);
      byte[] c3 = ASN1OctetString.getInstance(parts.getObjectAt(2)).getOctets();
      byte[] c2 = ASN1OctetString.getInstance(parts.getObjectAt(3)).getOctets();
      if (parts.size() == 4 && c3.length == HASH && c2.length > 0) {
        byte[] plain =
            ByteBuffer.allocate(POINT + HASH + c2.length)
                .put((byte) 4)
                .put(x)
                .put(y)
                .put(c3)
                .put(c2)
                .array();
        if (Arrays.equals(toDer(plain), der)) {
          return plain;
        }
      }
    } catch (IOException | RuntimeException _) {
      // as malformed as anything else
    }
    throw new DoesNotOpen(DoesNotOpen.Reason.FORM);
  }

  /** Something of the plain form about as long as a ciphertext in DER, which opens under no key. */
  static byte[] thatDoesNotOpen(ECPoint point, int derBytes) {
    byte[] plain = new byte[Math.max(POINT + HASH + 1, derBytes - DER_OVERHEAD)];
    System.arraycopy(point.getEncoded(false), 0, plain, 0, POINT);
    return plain;
  }

  private static byte[] coordinate(ASN1Sequence parts, int index) {
    BigInteger value = ASN1Integer.getInstance(parts.getObjectAt(index)).getPositiveValue();
    return BigIntegers.asUnsignedByteArray(FIELD, value);
  }
}
