package dev.yaoku.crypto;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.regex.Pattern;

/** What a signature under a certificate is worth. */
final class CertificateSignature {
  private static final String PSS = "RSASSA-PSS";

  /** Digests of which two contents with one value can be made. */
  private static final Pattern BROKEN = Pattern.compile("(MD[245]|SHA-?1)(with.*)?");

  private CertificateSignature() {}

  /**
   * Whether a key signed the certificate, over a digest that is not broken: Java takes SHA-1 for
   * clients of authorities that are not its own.
   *
   * @see "RFC 6194, section 4; RFC 4055, section 3.1"
   */
  static boolean proves(X509Certificate certificate, PublicKey signer) {
    try {
      if (BROKEN.matcher(digest(certificate)).matches()) {
        return false;
      }
      certificate.verify(signer);
      return true;
    } catch (GeneralSecurityException | IOException _) {
      return false;
    }
  }

  /**
   * The algorithm's name, which begins with its digest's; for PSS, the digest in its parameters.
   */
  private static String digest(X509Certificate certificate)
      throws GeneralSecurityException, IOException {
    String name = certificate.getSigAlgName();
    byte[] encoded = certificate.getSigAlgParams();
    if (!name.equals(PSS) || encoded == null) {
      return name;
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance(PSS);
    parameters.init(encoded);
    return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
  }
}
