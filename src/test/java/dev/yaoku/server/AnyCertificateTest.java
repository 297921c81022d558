package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which certificates clients may come with; for whom they stand is asked later. */
class AnyCertificateTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");
  private static final TestPki STRANGERS = new TestPki("CN=strangers", FROM, UNTIL);
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(3071).setBit(0);

  /** Who comes with it has signed, and the server checks that before it knows who it is. */
  @Test
  void noStrangerHasALongExponentComputed() throws Exception {
    AnyCertificate any = new AnyCertificate();
    assertThatCode(() -> any.checkClientTrusted(chain(BigInteger.valueOf(65_537)), "RSA"))
        .doesNotThrowAnyException();
    X509Certificate[] slow = chain(BigInteger.ONE.shiftLeft(64).setBit(0));
    assertThatThrownBy(() -> any.checkClientTrusted(slow, "RSA"))
        .isInstanceOf(CertificateException.class);
  }

  /** Of DSA the client chooses the parameters, too. */
  @Test
  void noStrangerHasAnythingElseComputedThanClientsSignWith() throws Exception {
    AnyCertificate any = new AnyCertificate();
    for (String used : List.of("RSA", "EC", "Ed25519")) {
      X509Certificate[] chain = chainOf(KeyPairGenerator.getInstance(used).generateKeyPair());
      assertThatCode(() -> any.checkClientTrusted(chain, used)).doesNotThrowAnyException();
    }
    X509Certificate[] dsa = chainOf(KeyPairGenerator.getInstance("DSA").generateKeyPair());
    assertThatThrownBy(() -> any.checkClientTrusted(dsa, "DSA"))
        .isInstanceOf(CertificateException.class);
  }

  private static X509Certificate[] chain(BigInteger exponent) throws Exception {
    PrivateKey unused = STRANGERS.issue(Wish.client(FROM, UNTIL)).key();
    KeyPair pair =
        new KeyPair(
            KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(MODULUS, exponent)),
            unused);
    return chainOf(pair);
  }

  private static X509Certificate[] chainOf(KeyPair pair) throws Exception {
    return STRANGERS.issue(Wish.client(FROM, UNTIL), pair).chain().toArray(X509Certificate[]::new);
  }
}
