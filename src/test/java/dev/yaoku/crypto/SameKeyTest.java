package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameKeyTest {
  private static PublicKey key(String algorithm) throws GeneralSecurityException {
    return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "Ed25519", "RSA"})
  void aKeyIsItselfAndNoOther(String algorithm) throws GeneralSecurityException {
    PublicKey one = key(algorithm);
    assertThat(SameKey.as(one, one)).isTrue();
    assertThat(SameKey.as(one, key(algorithm))).isFalse();
    assertThat(SameKey.as(one, key(algorithm.equals("EC") ? "RSA" : "EC"))).isFalse();
  }

  @Test
  void aKeyForPssIsTheSameForOtherSignatures() throws GeneralSecurityException {
    RSAPublicKey rsa = (RSAPublicKey) key("RSA");
    PublicKey pss =
        KeyFactory.getInstance("RSASSA-PSS")
            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    assertThat(pss.getEncoded()).isNotEqualTo(rsa.getEncoded());
    assertThat(SameKey.as(rsa, pss)).isTrue();
  }
}
