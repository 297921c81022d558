package dev.yaoku.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Issued;
import dev.yaoku.access.TestPki.Wish;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

class CertificatePairTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Wish SERVER = Wish.server(FROM, FROM.plus(Duration.ofDays(30)), "dns:a");
  private static final TestPki PKI = new TestPki("CN=ours", SERVER.from(), SERVER.until());
  private static final String KINDS =
      "TLS takes RSA of 2048 bits or more, P-256, P-384 or P-521 here";

  private static Optional<String> problemOf(KeyPair pair) {
    Issued issued = PKI.issue(SERVER, pair);
    return problemOf(issued, TestPki.pem("PRIVATE KEY", issued.key().getEncoded()));
  }

  private static Optional<String> problemOf(Issued issued, String key) {
    return CertificatePair.problemOf(
        TestPki.pem(issued.leaf()).getBytes(US_ASCII), key.getBytes(US_ASCII));
  }

  private static KeyPair rsa(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static KeyPair ec(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  @Test
  void keysThatClientsTakeAreTaken() throws GeneralSecurityException {
    assertThat(problemOf(rsa(2048))).isEmpty();
    for (String curve : List.of("secp256r1", "secp384r1", "secp521r1")) {
      assertThat(problemOf(ec(curve))).as(curve).isEmpty();
    }
  }

  @Test
  void keysThatNoClientTakesAreRefusedWithThoseThatAre() throws GeneralSecurityException {
    for (KeyPair pair :
        List.of(
            rsa(512),
            rsa(1024),
            ec("secp256k1"),
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair(),
            KeyPairGenerator.getInstance("Ed448").generateKeyPair())) {
      assertThat(problemOf(pair).orElse(""))
          .as(pair.getPublic().toString())
          .startsWith("the certificate's key is ")
          .endsWith(KINDS);
    }
  }

  @Test
  void anEncryptedKeyIsCalledSo() throws GeneralSecurityException {
    Issued issued = PKI.issue(SERVER, ec("secp256r1"));
    for (String key :
        List.of(
            TestPki.pem("ENCRYPTED PRIVATE KEY", new byte[200]),
            """
            -----BEGIN EC PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED

            AAAA
            -----END EC PRIVATE KEY-----
            """)) {
      assertThat(problemOf(issued, key))
          .hasValueSatisfying(why -> assertThat(why).contains("encrypted").contains("openssl"));
    }
  }

  @Test
  void theKeyMustBeThatOfTheCertificate() throws GeneralSecurityException {
    Issued issued = PKI.issue(SERVER, ec("secp256r1"));
    Issued other = PKI.issue(SERVER, ec("secp256r1"));
    assertThat(problemOf(issued, TestPki.pem("PRIVATE KEY", other.key().getEncoded())))
        .contains("the private key is not that of the certificate");
    assertThat(problemOf(issued, TestPki.pem("PRIVATE KEY", rsa(2048).getPrivate().getEncoded())))
        .contains("the private key is not of the certificate's kind");
    assertThat(problemOf(issued, "this is no key"))
        .contains("the key file holds no private key in PEM of PKCS#8");
  }
}
