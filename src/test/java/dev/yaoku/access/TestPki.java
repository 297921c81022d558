package dev.yaoku.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V2TBSCertListGenerator;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.jspecify.annotations.Nullable;

/** An authority that issues whatever certificate a test wants. */
public final class TestPki {
  private static long serials = 1000;

  /** A certificate with its key, and those that lead to the authority. */
  public record Issued(List<X509Certificate> chain, PrivateKey key) {
    public X509Certificate leaf() {
      return chain.getFirst();
    }
  }

  /** What a certificate is to be like. */
  public record Wish(
      Instant from,
      Instant until,
      boolean authority,
      @Nullable KeyPurposeId purpose,
      List<String> names) {
    /** A client's for these days. */
    public static Wish client(Instant from, Instant until, String... names) {
      return new Wish(from, until, false, KeyPurposeId.id_kp_clientAuth, List.of(names));
    }

    public static Wish server(Instant from, Instant until, String... names) {
      return new Wish(from, until, false, KeyPurposeId.id_kp_serverAuth, List.of(names));
    }
  }

  /** What authorities sign with. */
  public enum Signing {
    ECDSA_SHA256("SHA256withECDSA", "1.2.840.10045.4.3.2"),
    ECDSA_SHA1("SHA1withECDSA", "1.2.840.10045.4.1"),
    RSA_SHA1("SHA1withRSA", "1.2.840.113549.1.1.5"),
    PSS_SHA256("RSASSA-PSS", "1.2.840.113549.1.1.10", pss("SHA-256")),
    PSS_SHA1("RSASSA-PSS", "1.2.840.113549.1.1.10", pss("SHA-1"));

    private final String java;
    private final AlgorithmIdentifier id;
    private final @Nullable PSSParameterSpec pss;

    Signing(String java, String id) {
      this.java = java;
      this.id = new AlgorithmIdentifier(new ASN1ObjectIdentifier(id));
      this.pss = null;
    }

    Signing(String java, String id, PSSParameterSpec pss) {
      this.java = java;
      this.id = new AlgorithmIdentifier(new ASN1ObjectIdentifier(id), encoded(pss));
      this.pss = pss;
    }

    private static PSSParameterSpec pss(String digest) {
      return new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), 20, 1);
    }

    private static ASN1Encodable encoded(PSSParameterSpec pss) {
      try {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
        parameters.init(pss);
        return ASN1Primitive.fromByteArray(parameters.getEncoded());
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private KeyPair newPair() {
      return java.endsWith("ECDSA") ? TestPki.newPair("EC", 256) : TestPki.newPair("RSA", 2048);
    }

    private byte[] sign(PrivateKey key, byte[] bytes) throws GeneralSecurityException {
      Signature signature = Signature.getInstance(java);
      if (pss != null) {
        signature.setParameter(pss);
      }
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    }
  }

  private final String name;
  private final Signing signing;
  private final KeyPair pair;
  private final X509Certificate certificate;
  private final List<X509Certificate> above;

  /** An authority of its own. */
  public TestPki(String name, Instant from, Instant until, Extension... extensions) {
    this(Signing.ECDSA_SHA256, name, from, until, extensions);
  }

  /** An authority of its own that signs with something else. */
  public TestPki(
      Signing signing, String name, Instant from, Instant until, Extension... extensions) {
    this.name = name;
    this.signing = signing;
    this.pair = signing.newPair();
    this.above = List.of();
    Wish wish = new Wish(from, until, true, null, List.of());
    this.certificate = read(der(name, pair.getPublic(), wish, extensions));
  }

  private TestPki(
      String name, KeyPair pair, X509Certificate certificate, List<X509Certificate> above) {
    this.name = name;
    this.signing = Signing.ECDSA_SHA256;
    this.pair = pair;
    this.certificate = certificate;
    this.above = above;
  }

  /** An authority below this one. */
  public TestPki below(String called, Instant from, Instant until, Extension... extensions) {
    KeyPair own = Signing.ECDSA_SHA256.newPair();
    X509Certificate issued = certify(called, own.getPublic(), from, until, extensions);
    List<X509Certificate> chain = new ArrayList<>(List.of(issued));
    chain.addAll(above);
    return new TestPki(called, own, issued, chain);
  }

  /** This authority's certificate for the key of another one. */
  public X509Certificate certify(TestPki other, Instant from, Instant until) {
    return certify(other.name, other.pair.getPublic(), from, until);
  }

  /** This authority's certificate for any key, as another one's. */
  public X509Certificate certify(
      String called, PublicKey key, Instant from, Instant until, Extension... extensions) {
    Wish wish = new Wish(from, until, true, null, List.of());
    return read(der(called, key, wish, extensions));
  }

  /** A certificate with a key of its own. */
  public Issued issue(Wish wish) {
    return issue(wish, Signing.ECDSA_SHA256.newPair());
  }

  /** A certificate for a key. */
  public Issued issue(Wish wish, KeyPair own) {
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(read(der("CN=somebody", own.getPublic(), wish)));
    chain.addAll(above);
    return new Issued(chain, own.getPrivate());
  }

  /**
   * A certificate that Java does not read: without a subject, its alternative name must be critical
   * (RFC 5280, section 4.1.2.6), and is not.
   */
  public byte[] unreadable(Wish wish) {
    return der("", Signing.ECDSA_SHA256.newPair().getPublic(), wish);
  }

  /** An extension of a certificate or a list. */
  public static Extension extension(
      ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
    try {
      return new Extension(id, critical, value.toASN1Primitive().getEncoded("DER"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A list of revoked certificates. */
  public X509CRL revoking(Instant from, Instant until, X509Certificate... revoked) {
    return revoking(from, until, List.of(), revoked);
  }

  /** A list of revoked certificates that says more of itself. */
  public X509CRL revoking(
      Instant from, Instant until, List<Extension> extensions, X509Certificate... revoked) {
    V2TBSCertListGenerator list = new V2TBSCertListGenerator();
    list.setIssuer(new X500Name(name));
    list.setSignature(signing.id);
    list.setThisUpdate(new Time(Date.from(from)));
    list.setNextUpdate(new Time(Date.from(until)));
    for (X509Certificate one : revoked) {
      list.addCRLEntry(new ASN1Integer(one.getSerialNumber()), new Time(Date.from(from)), 0);
    }
    if (!extensions.isEmpty()) {
      list.setExtensions(new Extensions(extensions.toArray(Extension[]::new)));
    }
    try {
      var body = list.generateTBSCertList();
      ASN1EncodableVector whole = new ASN1EncodableVector();
      whole.add(body);
      whole.add(signing.id);
      whole.add(new DERBitString(signing.sign(pair.getPrivate(), body.getEncoded("DER"))));
      return (X509CRL)
          CertificateFactory.getInstance("X.509")
              .generateCRL(new ByteArrayInputStream(new DERSequence(whole).getEncoded("DER")));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** The authority's certificate as text. */
  public String pem() {
    return pem(certificate);
  }

  public static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  private static KeyPair newPair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An RSA key of which nobody knows the other half. */
  public static PublicKey rsa(int bits, BigInteger exponent) {
    BigInteger modulus = BigInteger.TWO.pow(bits - 1).setBit(0);
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate read(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] der(String subject, PublicKey own, Wish wish, Extension... extensions) {
    try {
      V3TBSCertificateGenerator body = new V3TBSCertificateGenerator();
      body.setSerialNumber(new ASN1Integer(BigInteger.valueOf(serials++)));
      body.setIssuer(new X500Name(name));
      body.setSubject(new X500Name(subject));
      body.setSignature(signing.id);
      body.setStartDate(new Time(Date.from(wish.from())));
      body.setEndDate(new Time(Date.from(wish.until())));
      body.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(own.getEncoded()));
      body.setExtensions(extensions(wish, extensions));
      var signed = body.generateTBSCertificate();
      ASN1EncodableVector whole = new ASN1EncodableVector();
      whole.add(signed);
      whole.add(signing.id);
      whole.add(new DERBitString(signing.sign(pair.getPrivate(), signed.getEncoded("DER"))));
      return new DERSequence(whole).getEncoded("DER");
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those that are asked for take the place of the usual ones. */
  private static Extensions extensions(Wish wish, Extension... asked) throws IOException {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    for (Extension one : asked) {
      extensions.addExtension(one);
    }
    if (wish.authority()) {
      if (!extensions.hasExtension(Extension.basicConstraints)) {
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      }
      extensions.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } else if (wish.purpose() != null) {
      extensions.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(wish.purpose()));
    }
    if (!wish.names().isEmpty()) {
      extensions.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              wish.names().stream().map(TestPki::general).toArray(GeneralName[]::new)));
    }
    return extensions.generate();
  }

  private static GeneralName general(String name) {
    String[] parts = name.split(":", 2);
    int kind =
        switch (parts[0]) {
          case "dns" -> GeneralName.dNSName;
          case "uri" -> GeneralName.uniformResourceIdentifier;
          case "email" -> GeneralName.rfc822Name;
          case "ip" -> GeneralName.iPAddress;
          default -> throw new IllegalArgumentException(Arrays.toString(parts));
        };
    return new GeneralName(kind, parts[1]);
  }
}
