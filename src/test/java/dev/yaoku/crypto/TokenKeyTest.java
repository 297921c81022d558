package dev.yaoku.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens of clusters: which are believed, and the tricks that are not. */
class TokenKeyTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final long LATER = NOW.getEpochSecond() + 60;
  private static KeyPair rsa;
  private static KeyPair ec;

  @BeforeAll
  static void pairs() throws Exception {
    rsa = pair("RSA", null);
    ec = pair("EC", "secp256r1");
  }

  private static KeyPair pair(String algorithm, @Nullable String curve) throws Exception {
    KeyPairGenerator pairs = KeyPairGenerator.getInstance(algorithm);
    if (curve != null) {
      pairs.initialize(new ECGenParameterSpec(curve));
    }
    return pairs.generateKeyPair();
  }

  private static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String signed(String header, String claims, KeyPair pair, String algorithm)
      throws Exception {
    String text = base64(header) + "." + base64(claims);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(pair.getPrivate());
    signature.update(text.getBytes(UTF_8));
    return text + "." + base64(signature.sign());
  }

  private static String rs256(String claims) throws Exception {
    return signed("{\"alg\":\"RS256\"}", claims, rsa, "SHA256withRSA");
  }

  private static boolean believed(KeyPair pair, String token) {
    return TokenKey.read(pair.getPublic().getEncoded()).vouchesFor(TokenKey.Token.read(token), NOW);
  }

  @Test
  void aTokenOfTheKeyIsBelievedUntilItsEnd() throws Exception {
    assertThat(believed(rsa, rs256("{\"exp\":" + LATER + "}"))).isTrue();
    String es256 =
        signed(
            "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
            "{\"exp\":" + LATER + ",\"nbf\":" + NOW.getEpochSecond() + "}",
            ec,
            "SHA256withECDSAinP1363Format");
    assertThat(believed(ec, es256)).isTrue();
    assertThat(believed(ec, rs256("{\"exp\":" + LATER + "}"))).isFalse();
    assertThat(believed(rsa, es256)).isFalse();
  }

  @Test
  void aTokenWithoutEndOrOutsideItsTimeIsNot() throws Exception {
    for (String claims :
        List.of(
            "{}",
            "{\"exp\":null}",
            "{\"exp\":\"" + LATER + "\"}",
            "{\"exp\":" + NOW.getEpochSecond() + "}",
            "{\"exp\":" + (NOW.getEpochSecond() - 1) + "}",
            "{\"exp\":-1}",
            "{\"exp\":" + LATER + ",\"nbf\":" + (NOW.getEpochSecond() + 1) + "}",
            "[]",
            "no JSON")) {
      assertThat(believed(rsa, rs256(claims))).as(claims).isFalse();
    }
  }

  @Test
  void theAlgorithmIsNeverTheTokensChoice() throws Exception {
    String claims = "{\"exp\":" + LATER + "}";
    byte[] publicKey = rsa.getPublic().getEncoded();
    for (byte[] secret : List.of(publicKey, pem(publicKey).getBytes(UTF_8), new byte[32])) {
      String text = base64("{\"alg\":\"HS256\"}") + "." + base64(claims);
      String token = text + "." + base64(Hashes.hmacSha256(secret, text.getBytes(UTF_8)));
      assertThat(believed(rsa, token)).isFalse();
    }
    String genuine = rs256(claims);
    String signature = genuine.substring(genuine.lastIndexOf('.'));
    for (String algorithm : List.of("HS256", "RS384", "PS256", "ES256", "RS1", "rs256")) {
      String token = base64("{\"alg\":\"" + algorithm + "\"}") + "." + base64(claims) + signature;
      assertThat(believed(rsa, token)).as(algorithm).isFalse();
    }
    String critical = "{\"alg\":\"RS256\",\"crit\":[\"x\"],\"x\":1}";
    assertThat(believed(rsa, signed(critical, claims, rsa, "SHA256withRSA"))).isFalse();
  }

  private static String pem(byte[] der) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** A key that the token brings along is not looked at. */
  @Test
  void aKeyInTheTokenIsNotTaken() throws Exception {
    KeyPair other = pair("RSA", null);
    String header =
        "{\"alg\":\"RS256\",\"jku\":\"https://127.0.0.1/\",\"x5u\":\"https://127.0.0.1/\"}";
    String token = signed(header, "{\"exp\":" + LATER + "}", other, "SHA256withRSA");
    assertThat(believed(rsa, token)).isFalse();
  }

  @Test
  void whatIsNoSignedTokenIsToldApart() throws Exception {
    String claims = base64("{\"exp\":" + LATER + "}");
    for (String text :
        List.of(
            "",
            ".",
            "..",
            "a.b.c",
            "x".repeat(40_000),
            base64("{\"alg\":\"none\"}") + "." + claims + ".",
            base64("{\"alg\":\"none\"}") + "." + claims + "." + base64("x"),
            base64("{}") + "." + claims + "." + base64("x"),
            base64("[".repeat(9_000)) + "." + claims + "." + base64("x"),
            base64("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}") + ".a.b.c.d")) {
      assertThatThrownBy(() -> TokenKey.Token.read(text))
          .as(text.substring(0, Math.min(60, text.length())))
          .isInstanceOf(BadKey.class);
    }
  }

  @Test
  void keysThatVerifyNoTokenAreRefused() throws Exception {
    KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
    small.initialize(1024);
    for (byte[] none :
        List.of(
            new byte[0],
            new byte[] {0x30, 0},
            small.generateKeyPair().getPublic().getEncoded(),
            pair("EC", "secp384r1").getPublic().getEncoded(),
            pair("Ed25519", null).getPublic().getEncoded(),
            java.util.Arrays.copyOf(rsa.getPublic().getEncoded(), 300))) {
      assertThatThrownBy(() -> TokenKey.read(none)).isInstanceOf(BadKey.class);
    }
  }
}
