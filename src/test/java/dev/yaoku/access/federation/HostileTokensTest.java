package dev.yaoku.access.federation;

import static dev.yaoku.access.federation.Issuer.AUDIENCE;
import static dev.yaoku.access.federation.Issuer.NAME;
import static dev.yaoku.access.federation.Issuer.encode;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that were made to get in, and those that must (SECURITY_DESIGN H16). */
class HostileTokensTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final long SECOND = NOW.getEpochSecond();
  private static final Issuer ISSUER = new Issuer("");
  private static final Issuer STRANGER = new Issuer("");
  private static final TrustedIssuer TRUSTED =
      new TrustedIssuer(NAME, Set.of(AUDIENCE), EnumSet.allOf(TokenAlgorithm.class));
  private static final String HEADER = "{'alg':'RS256','kid':'rsa','typ':'JWT'}";
  private static final String PAYLOAD =
      "{'iss':'https://accounts.example.com','aud':'yaoku','sub':'alice','iat':"
          + SECOND
          + ",'exp':"
          + (SECOND + 600)
          + "}";

  private static String q(String text) {
    return text.replace('\'', '"');
  }

  private static String rs256(String header, String payload) {
    return ISSUER.sign("RS256", q(header), q(payload));
  }

  private static String claiming(String from, String to) {
    assertThat(PAYLOAD).contains(from);
    return rs256(HEADER, PAYLOAD.replace(from, to));
  }

  private static String headed(String header) {
    return rs256(header, PAYLOAD);
  }

  private static Claims check(String token) {
    return IdentityToken.parse(token).check(TRUSTED, ISSUER.keys(), NOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256:rsa", "PS256:rsa", "ES256:p256", "ES384:p384", "EdDSA:ed"})
  void aTokenOfTheProviderIsTakenWithEachAlgorithm(String how) {
    String algorithm = how.split(":", -1)[0];
    String kid = how.split(":", -1)[1];
    String header = q("{'alg':'" + algorithm + "','kid':'" + kid + "'}");

    Claims claims = check(ISSUER.sign(algorithm, header, q(PAYLOAD)));

    assertThat(claims.values("sub")).containsExactly("alice");
    assertThat(claims.expiresAt()).isEqualTo(NOW.plusSeconds(600));
  }

  @Test
  void anAudienceInAListOfOneIsTaken() {
    assertThat(check(claiming("'yaoku'", "['yaoku']")).values("sub")).containsExactly("alice");
  }

  @Test
  void keysAndAddressesInTheHeaderMeanNothing() {
    String header =
        "{'alg':'RS256','kid':'rsa','jku':'https://evil.example/keys','x5u':'https://evil.example/c',"
            + "'jwk':"
            + STRANGER.rsa.toPublicJWK().toJSONString()
            + ",'x5c':['AAAA']}";
    assertThat(check(headed(header)).values("sub")).containsExactly("alice");
    assertThatThrownBy(() -> check(STRANGER.sign("RS256", q(header), q(PAYLOAD))))
        .isInstanceOf(KmsException.class);
  }

  @Test
  void aTokenWithoutAKeyNameIsTakenWhereOnlyOneKeyFits() {
    String es256 = ISSUER.sign("ES256", q("{'alg':'ES256'}"), q(PAYLOAD));
    assertThat(check(es256).values("sub")).containsExactly("alice");
  }

  static Stream<Arguments> hostile() throws Exception {
    Map<String, String> tokens = new LinkedHashMap<>();
    String good = headed(HEADER);
    String[] parts = good.split("\\.", -1);

    // Algorithms
    for (String none : new String[] {"none", "None", "NONE", "nOnE"}) {
      String input = encode(q("{'alg':'" + none + "'}")) + "." + encode(q(PAYLOAD));
      tokens.put("unsigned: " + none, input + ".");
      tokens.put("signed, but says " + none, input + "." + parts[2]);
    }
    for (String hmac : new String[] {"HS256", "HS384", "HS512"}) {
      String input = encode(q("{'alg':'" + hmac + "','kid':'rsa'}")) + "." + encode(q(PAYLOAD));
      tokens.put(
          hmac + " with the public key for a secret",
          input + "." + encode(hmac(hmac, ISSUER.rsa.toPublicKey().getEncoded(), input)));
      tokens.put(
          hmac + " with the key set for a secret",
          input + "." + encode(hmac(hmac, ISSUER.keySet().getBytes(UTF_8), input)));
    }
    tokens.put("RS512 of the right key", ISSUER.sign("RS512", q(alg("RS512")), q(PAYLOAD)));
    tokens.put("PS512 of the right key", ISSUER.sign("PS512", q(alg("PS512")), q(PAYLOAD)));
    tokens.put("algorithm in other letters", headed("{'alg':'rs256','kid':'rsa'}"));
    tokens.put("algorithm with a blank", headed("{'alg':'RS256 ','kid':'rsa'}"));
    tokens.put("algorithm in a list", headed("{'alg':['RS256'],'kid':'rsa'}"));
    tokens.put("no algorithm", headed("{'kid':'rsa'}"));
    tokens.put("algorithm twice", headed("{'alg':'none','alg':'RS256','kid':'rsa'}"));
    tokens.put("says PS256, signed with RS256", headed(alg("PS256")));
    tokens.put("says ES256 with an RSA key", headed(alg("ES256")));
    tokens.put(
        "ES256 of zeros", headless("{'alg':'ES256','kid':'p256'}") + "." + encode(new byte[64]));
    tokens.put(
        "ES256 in DER",
        headless("{'alg':'ES256','kid':'p256'}") + "." + encode(new byte[] {48, 0}));
    tokens.put(
        "EdDSA of zeros", headless("{'alg':'EdDSA','kid':'ed'}") + "." + encode(new byte[64]));

    // Keys
    tokens.put("of a stranger's key", STRANGER.sign("RS256", q(HEADER), q(PAYLOAD)));
    tokens.put("an unknown kid", headed("{'alg':'RS256','kid':'other'}"));
    tokens.put("a kid that is a path", headed("{'alg':'RS256','kid':'../../../dev/null'}"));
    tokens.put("a kid that is a URL", headed("{'alg':'RS256','kid':'https://evil.example/k'}"));
    tokens.put("a kid that is SQL", headed("{'alg':'RS256','kid':'x\\' UNION SELECT 1--'}"));
    tokens.put("a kid of another key", headed("{'alg':'RS256','kid':'p256'}"));
    tokens.put("a kid without end", headed("{'alg':'RS256','kid':'" + "k".repeat(300) + "'}"));
    tokens.put("an empty kid", headed("{'alg':'RS256','kid':''}"));
    tokens.put("a kid that is null", headed("{'alg':'RS256','kid':null}"));
    tokens.put("a kid that is a number", headed("{'alg':'RS256','kid':1}"));
    tokens.put("a kid with a NUL", headed("{'alg':'RS256','kid':'rsa\\u0000'}"));
    String own = STRANGER.rsa.toPublicJWK().toJSONString();
    tokens.put(
        "brings its own jwk",
        STRANGER.sign("RS256", q("{'alg':'RS256','jwk':" + own + "}"), q(PAYLOAD)));
    tokens.put(
        "brings its own jku",
        STRANGER.sign("RS256", q("{'alg':'RS256','kid':'rsa','jku':'https://evil'}"), q(PAYLOAD)));

    // Header
    tokens.put("critical header", headed("{'alg':'RS256','kid':'rsa','crit':['exp']}"));
    tokens.put("unencoded payload", headed("{'alg':'RS256','kid':'rsa','b64':false}"));
    tokens.put("a log-out token", headed("{'alg':'RS256','kid':'rsa','typ':'logout+jwt'}"));
    tokens.put("an access token", headed("{'alg':'RS256','kid':'rsa','typ':'at+jwt'}"));
    tokens.put("compressed", headed("{'alg':'RS256','kid':'rsa','zip':'DEF'}"));

    // Claims
    tokens.put("another issuer", claiming("accounts.example.com", "evil.example.com"));
    tokens.put(
        "issuer with a slash more", claiming("accounts.example.com", "accounts.example.com/"));
    tokens.put("issuer in other letters", claiming("accounts", "Accounts"));
    tokens.put("issuer over http", claiming("https:", "http:"));
    tokens.put("issuer in a list", claiming("'https://accounts.example.com'", "['" + NAME + "']"));
    tokens.put("no issuer", claiming("'iss':", "'is':"));
    tokens.put("another audience", claiming("'yaoku'", "'other'"));
    tokens.put("audience among others", claiming("'yaoku'", "['yaoku','other']"));
    tokens.put("audience after others", claiming("'yaoku'", "['other','yaoku']"));
    tokens.put("audience twice", claiming("'yaoku'", "['yaoku','yaoku']"));
    tokens.put("no audience in the list", claiming("'yaoku'", "[]"));
    tokens.put("no audience", claiming("'aud':", "'au':"));
    tokens.put("audience as a start", claiming("'yaoku'", "'yaoku.evil'"));
    tokens.put("no exp", claiming("'exp':", "'ex':"));
    tokens.put("exp is over", claiming("" + (SECOND + 600), "" + SECOND));
    tokens.put("exp is a text", claiming("" + (SECOND + 600), "'" + (SECOND + 600) + "'"));
    tokens.put("exp is null", claiming("" + (SECOND + 600), "null"));
    tokens.put("exp is negative", claiming("" + (SECOND + 600), "-1"));
    tokens.put("exp is beyond time", claiming("" + (SECOND + 600), "1e300"));
    tokens.put("exp of 30 digits", claiming("" + (SECOND + 600), "9".repeat(30)));
    tokens.put("a life of more than an hour", claiming("" + (SECOND + 600), "" + (SECOND + 3601)));
    tokens.put("no iat", claiming("'iat':", "'ia':"));
    tokens.put("iat in the future", claiming("'iat':" + SECOND, "'iat':" + (SECOND + 61)));
    tokens.put("nbf in the future", claiming("'iat':", "'nbf':" + (SECOND + 61) + ",'iat':"));
    tokens.put("exp twice", claiming("'exp':", "'exp':1,'exp':"));
    tokens.put("sub twice", claiming("'sub':'alice'", "'sub':'bob','sub':'alice'"));

    // Form
    String cut = good.substring(0, good.lastIndexOf('.') + 1);
    tokens.put("no signature", cut);
    tokens.put("no third part", cut.substring(0, cut.length() - 1));
    tokens.put("a changed payload", parts[0] + "." + encode(q(PAYLOAD)) + "x." + parts[2]);
    tokens.put(
        "another's payload",
        parts[0] + "." + encode(q(PAYLOAD.replace("alice", "admin"))) + "." + parts[2]);
    tokens.put("a cut signature", good.substring(0, good.length() - 4));
    tokens.put("a signature with padding", good + "==");
    tokens.put("a signature in standard Base64", good.replace('-', '+').replace('_', '/') + "+");
    tokens.put("encrypted", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d");
    tokens.put("encrypted, in three parts", rs256("{'alg':'RS256','enc':'A256GCM'}", PAYLOAD));
    tokens.put("four parts", good + ".");
    tokens.put("nothing", "");
    tokens.put("dots", "..");
    tokens.put("header is a list", rs256("['RS256']", PAYLOAD));
    tokens.put("payload is a list", rs256(HEADER, "[" + PAYLOAD + "]"));
    tokens.put("payload is a text", rs256(HEADER, "'alice'"));
    tokens.put("something after the payload", rs256(HEADER, PAYLOAD + "{}"));
    tokens.put("nested without end", claiming("'alice'", "[".repeat(200) + "]".repeat(200)));
    tokens.put("longer than any", claiming("'alice'", "'" + "a".repeat(20_000) + "'"));
    tokens.put("a leading blank", " " + good);
    tokens.put("Bearer before it", "Bearer " + good);
    return tokens.entrySet().stream().map(token -> Arguments.of(token.getKey(), token.getValue()));
  }

  private static String alg(String algorithm) {
    return "{'alg':'" + algorithm + "','kid':'rsa'}";
  }

  private static String headless(String header) {
    return encode(q(header)) + "." + encode(q(PAYLOAD));
  }

  private static byte[] hmac(String algorithm, byte[] secret, String input)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
    mac.init(new SecretKeySpec(secret, "HMAC"));
    return mac.doFinal(input.getBytes(US_ASCII));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void noneOfTheseIsTaken(String what, String token) {
    assertThatThrownBy(() -> check(token))
        .isInstanceOfSatisfying(
            KmsException.class,
            refused ->
                assertThat(refused.problem())
                    .as(what)
                    .isInstanceOf(Problem.BadIdentityToken.class));
  }

  @Test
  void thereAreEnoughOfThem() throws Exception {
    assertThat(hostile().count()).isGreaterThan(80);
  }

  /** What a token says of its algorithm chooses among the provider's, and never adds one. */
  @Test
  void aProviderSignsOnlyAsItsSettingsSay() {
    TrustedIssuer onlyEs256 =
        new TrustedIssuer(NAME, Set.of(AUDIENCE), Set.of(TokenAlgorithm.ES256));
    String token = headed(HEADER);
    assertThatThrownBy(() -> IdentityToken.parse(token).check(onlyEs256, ISSUER.keys(), NOW))
        .isInstanceOf(KmsException.class);
  }

  @Test
  void everyChangedCharacterSpoilsTheToken() {
    String token = ISSUER.sign("ES256", q("{'alg':'ES256','kid':'p256'}"), q(PAYLOAD));
    check(token);
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String spoilt = token.substring(0, i) + other + token.substring(i + 1);
      assertThatThrownBy(() -> check(spoilt)).as("at " + i).isInstanceOf(KmsException.class);
    }
  }

  @Test
  void anHourIsTheLongestLife() {
    String longest = claiming("" + (SECOND + 600), "" + (SECOND + 3600));
    assertThat(check(longest).expiresAt()).isEqualTo(NOW.plusSeconds(3600));
  }
}
