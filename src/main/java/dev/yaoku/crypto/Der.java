package dev.yaoku.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Primitive;

/** Reads DER strictly: one value, nothing after it, and encoded in the one way there is. */
final class Der {
  private Der() {}

  /**
   * The value. Anything else is an {@link IOException}.
   *
   * <p>What an octet string or a bit string holds is bytes here; who reads it as a value reads it
   * with this method too, or the inside of a key could be spelled otherwise.
   */
  static ASN1Primitive read(byte[] der) throws IOException {
    ASN1Primitive value = der.length == 0 ? null : ASN1Primitive.fromByteArray(der);
    if (value == null || !isEncodingOf(value, der)) {
      throw new IOException("not DER");
    }
    return value;
  }

  private static boolean isEncodingOf(ASN1Primitive value, byte[] der) throws IOException {
    byte[] again = value.getEncoded("DER");
    try {
      return Arrays.equals(again, der);
    } finally {
      Hashes.wipe(again); // it may be a private key
    }
  }

  /** What finds a key in bytes from outside. */
  @FunctionalInterface
  interface KeyReader<T> {
    T read() throws IOException, GeneralSecurityException;
  }

  /**
   * A key that others encoded. Parsers throw all kinds of exceptions at what is no key, and each
   * means the same.
   *
   * @param otherwise what is said of bytes that are none
   * @throws BadKey if the reader finds none
   */
  static <T> T key(String otherwise, KeyReader<T> reader) {
    try {
      return reader.read();
    } catch (BadKey refused) {
      throw refused;
    } catch (IOException | GeneralSecurityException | RuntimeException _) {
      throw new BadKey(otherwise);
    }
  }
}
