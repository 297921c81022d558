package dev.yaoku.crypto;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Primitive;

/** Reads DER strictly: one value, nothing after it, and encoded in the one way there is. */
final class Der {
  private Der() {}

  /** The value. Anything else is an {@link IOException}. */
  static ASN1Primitive read(byte[] der) throws IOException {
    ASN1Primitive value = der.length == 0 ? null : ASN1Primitive.fromByteArray(der);
    if (value == null || !Arrays.equals(value.getEncoded("DER"), der)) {
      throw new IOException("not DER");
    }
    return value;
  }
}
