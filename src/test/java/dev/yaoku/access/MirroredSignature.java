package dev.yaoku.access;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.jspecify.annotations.Nullable;

/**
 * The other form of a signature: to (r, s) of ECDSA there is (r, n - s), which anyone can compute
 * and which is right for the same message.
 */
public final class MirroredSignature {
  private static final String ITEM = "Signature=";

  private MirroredSignature() {}

  /**
   * The same header with the other form of its signature.
   *
   * @param scheme {@code ECDSA} or {@code SM2}
   */
  public static String in(String scheme, @Nullable String authorization) {
    String said = String.valueOf(authorization);
    int at = said.indexOf(ITEM) + ITEM.length();
    BigInteger n =
        CustomNamedCurves.getByName(scheme.equals("SM2") ? "sm2p256v1" : "secp256r1").getN();
    try {
      byte[] der = HexFormat.of().parseHex(said.substring(at));
      BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(n, der);
      byte[] mirrored = StandardDSAEncoding.INSTANCE.encode(n, rs[0], n.subtract(rs[1]));
      return said.substring(0, at) + HexFormat.of().formatHex(mirrored);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
