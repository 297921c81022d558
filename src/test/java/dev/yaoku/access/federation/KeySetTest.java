package dev.yaoku.access.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeySetTest {
  private static final Issuer ISSUER = new Issuer("");

  private static String set(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  private static boolean isRead(String key) {
    return KeySet.read(set(key)).isPresent();
  }

  @Test
  void publicKeysOfEveryKindAreRead() {
    KeySet keys = ISSUER.keys();
    assertThat(List.of("rsa", "p256", "p384", "ed")).allMatch(keys::has);
    assertThat(keys.has("other")).isFalse();
  }

  @Test
  void privateAndSharedKeysAreNone() throws Exception {
    OctetSequenceKey shared = new OctetSequenceKeyGenerator(256).keyID("s").generate();
    assertThat(isRead(shared.toJSONString())).isFalse();
    assertThat(isRead(ISSUER.rsa.toJSONString())).isFalse();
    assertThat(isRead(ISSUER.p256.toJSONString())).isFalse();
  }

  @Test
  void weakKeysAndKeysForOtherThingsAreNone() throws Exception {
    String weak = new RSAKeyGenerator(1024, true).generate().toPublicJWK().toJSONString();
    String odd = new ECKeyGenerator(Curve.P_521).generate().toPublicJWK().toJSONString();
    String rsa = ISSUER.rsa.toPublicJWK().toJSONString();
    assertThat(isRead(weak)).isFalse();
    assertThat(isRead(odd)).isFalse();
    assertThat(isRead(rsa)).isTrue();
    assertThat(isRead(rsa.replace("{", "{\"use\":\"enc\","))).isFalse();
    assertThat(isRead(rsa.replace("{", "{\"key_ops\":[\"encrypt\"],"))).isFalse();
    assertThat(isRead(rsa.replace("{", "{\"alg\":\"RS512\","))).isFalse();
    assertThat(isRead(rsa.replace("AQAB", "Aw"))).isFalse();
    assertThat(isRead(rsa.replace("AQAB", "AQ"))).isFalse();
  }

  @Test
  void pointsOffTheCurveAndOfSmallOrderAreNone() {
    String p256 = ISSUER.p256.toPublicJWK().toJSONString();
    String x = ISSUER.p256.getX().toString();
    assertThat(isRead(p256)).isTrue();
    assertThat(isRead(p256.replace(x, "A".repeat(x.length())))).isFalse();
    String identity = "AQ" + "A".repeat(41);
    assertThat(
            isRead(
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e\",\"x\":\"" + identity + "\"}"))
        .isFalse();
  }

  @Test
  void whatIsNoKeySetIsNone() {
    String rsa = ISSUER.rsa.toPublicJWK().toJSONString();
    assertThat(KeySet.read("")).isEmpty();
    assertThat(KeySet.read("<html>")).isEmpty();
    assertThat(KeySet.read("[]")).isEmpty();
    assertThat(KeySet.read("{}")).isEmpty();
    assertThat(KeySet.read("{\"keys\":{}}")).isEmpty();
    assertThat(KeySet.read("{\"keys\":[],\"keys\":[" + rsa + "]}")).isEmpty();
    assertThat(KeySet.read(set(rsa) + " ".repeat(KeySet.BYTES_MAX))).isEmpty();
    String many = IntStream.range(0, 101).mapToObj(_ -> "{}").collect(Collectors.joining(","));
    assertThat(KeySet.read(set(rsa, many))).isEmpty();
    assertThat(KeySet.read(set("1", "null", "[]", rsa))).isPresent();
    byte[] notText = set("{\"kid\":\"é\"}", rsa).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(KeySet.read(notText)).isEmpty();
  }

  @Test
  void aKeySetInAnotherEncodingIsNone() {
    String keys = ISSUER.keySet();
    assertThat(KeySet.read(("\uFEFF" + keys).getBytes(StandardCharsets.UTF_8))).isPresent();
    assertThat(KeySet.read(keys.getBytes(StandardCharsets.UTF_16))).isEmpty();
    assertThat(KeySet.read(keys.getBytes(StandardCharsets.UTF_16BE))).isEmpty();
    assertThat(KeySet.read(keys.getBytes(StandardCharsets.UTF_32LE))).isEmpty();
  }

  /** One library leaves them out of the number, another stops there. */
  @Test
  void aKeyWithOtherCharactersInItsNumbersIsNone() {
    String p256 = ISSUER.p256.toPublicJWK().toJSONString();
    String x = ISSUER.p256.getX().toString();
    assertThat(isRead(p256.replace(x, x + "="))).isTrue();
    assertThat(isRead(p256.replace(x, x.replace('-', '+').replace('_', '/')))).isTrue();
    for (String other : List.of(" ", "*", "\\n", "\u00e9", "=")) {
      String within = x.substring(0, 20) + other + x.substring(20);
      assertThat(isRead(p256.replace(x, within))).as(other).isFalse();
    }
    assertThat(isRead(p256.replace(x, x + "A".repeat(2)))).as("a digit left over").isFalse();
  }
}
