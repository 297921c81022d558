package dev.yaoku.access.federation;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A signed identity token as it was sent: taken apart, and not believed yet. What costs nothing is
 * looked at first; the signature comes last (SECURITY_DESIGN H9, H16).
 *
 * <p>The header chooses one of the provider's algorithms and one of its keys, and nothing else:
 * {@code jku}, {@code jwk}, {@code x5u} and {@code x5c} are not read.
 *
 * @see "RFC 7515; RFC 7519; RFC 8725; OpenID Connect Core 1.0, section 3.1.3.7"
 */
public final class IdentityToken {
  /** The longest token. */
  public static final int CHARACTERS_MAX = 16_384;

  /** The longest life. */
  public static final Duration LIFE_MAX = Duration.ofHours(1);

  private static final Duration CLOCKS_APART_MAX = Duration.ofMinutes(1);
  private static final int KEY_ID_MAX = 256;
  private static final double SECONDS_MAX = 253_402_300_799.0;
  private static final Set<String> TYPES = Set.of("JWT", "application/jwt");
  private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final TokenAlgorithm algorithm;
  private final @Nullable String keyId;
  private final JsonNode claims;
  private final byte[] signed;
  private final byte[] signature;

  private IdentityToken(
      TokenAlgorithm algorithm,
      @Nullable String keyId,
      JsonNode claims,
      byte[] signed,
      byte[] signature) {
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.claims = claims;
    this.signed = signed;
    this.signature = signature;
  }

  /**
   * Takes a token apart.
   *
   * @throws KmsException with {@link Problem.BadIdentityToken} if it is no signed token, is
   *     encrypted, or is signed in a way that no provider may use
   */
  public static IdentityToken parse(String text) {
    if (text.length() > CHARACTERS_MAX) {
      throw bad("it is longer than " + CHARACTERS_MAX + " characters");
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw bad(parts.length == 5 ? "it is encrypted" : "it has not three parts");
    }
    JsonNode header = object(parts[0], "header");
    if (header.has("crit") || header.has("b64") || header.has("enc") || header.has("zip")) {
      throw bad("its header asks for what is not done here");
    }
    mustBeAnIdentityToken(header.get("typ"));
    TokenAlgorithm algorithm =
        TokenAlgorithm.named(string(header.get("alg"), "alg"))
            .orElseThrow(() -> bad("its algorithm is never taken"));
    int end = text.lastIndexOf('.');
    return new IdentityToken(
        algorithm,
        keyId(header.get("kid")),
        object(parts[1], "payload"),
        text.substring(0, end).getBytes(StandardCharsets.US_ASCII),
        decode(parts[2], "signature"));
  }

  private static void mustBeAnIdentityToken(@Nullable JsonNode type) {
    if (type != null && TYPES.stream().noneMatch(string(type, "typ")::equalsIgnoreCase)) {
      throw bad("it is a token of another kind");
    }
  }

  private static @Nullable String keyId(@Nullable JsonNode kid) {
    if (kid == null) {
      return null;
    }
    String text = string(kid, "kid");
    if (text.isEmpty()
        || text.length() > KEY_ID_MAX
        || text.chars().anyMatch(Character::isISOControl)) {
      throw bad("its kid is empty, too long or unprintable");
    }
    return text;
  }

  private static JsonNode object(String part, String what) {
    return StrictJson.object(decode(part, what))
        .orElseThrow(() -> bad("its " + what + " is no JSON object, or has a member twice"));
  }

  /** Decodes only what an encoder would have written. */
  private static byte[] decode(String part, String what) {
    try {
      byte[] decoded = BASE64.decode(part);
      if (ENCODER.encodeToString(decoded).equals(part)) {
        return decoded;
      }
    } catch (IllegalArgumentException _) {
      // as malformed as what an encoder would not have written
    }
    throw bad("its " + what + " is not Base64url");
  }

  /** The key that the token says it was signed with; null if it says none. */
  public @Nullable String keyId() {
    return keyId;
  }

  /** How the token says it was signed. */
  public TokenAlgorithm algorithm() {
    return algorithm;
  }

  /**
   * Checks the token to the end.
   *
   * @param keys the provider's
   * @return what it says
   * @throws KmsException with {@link Problem.BadIdentityToken}
   */
  public Claims check(TrustedIssuer issuer, KeySet keys, Instant now) {
    Instant expiresAt = mustSuit(issuer, now);
    for (VerificationKey key : keys.candidates(algorithm, keyId)) {
      if (key.verifies(algorithm, signed, signature)) {
        return new Claims(claims, expiresAt);
      }
    }
    throw bad("no key of the provider made its signature");
  }

  /**
   * Checks everything but the signature.
   *
   * @return when its life is over
   * @throws KmsException with {@link Problem.BadIdentityToken}
   */
  public Instant mustSuit(TrustedIssuer issuer, Instant now) {
    if (!issuer.algorithms().contains(algorithm)) {
      throw bad("the provider does not sign with " + algorithm.wireName());
    }
    if (!issuer.issuer().equals(string(claims.get("iss"), "iss"))) {
      throw bad("it is of another issuer");
    }
    mustBeFor(issuer.audiences());
    Instant expiresAt = time("exp");
    Instant issuedAt = time("iat");
    Instant latest = now.plus(CLOCKS_APART_MAX);
    if (!now.isBefore(expiresAt)) {
      throw bad("its life is over");
    }
    if (issuedAt.isAfter(latest) || (claims.has("nbf") && time("nbf").isAfter(latest))) {
      throw bad("its life has not begun");
    }
    if (Duration.between(issuedAt, expiresAt).compareTo(LIFE_MAX) > 0) {
      throw bad("its life is longer than an hour");
    }
    return expiresAt;
  }

  /** Whoever else a token is for could present it here, so it must be for nobody else. */
  private void mustBeFor(Set<String> audiences) {
    JsonNode aud = claims.get("aud");
    JsonNode only = aud != null && aud.isArray() && aud.size() == 1 ? aud.get(0) : aud;
    if (!audiences.contains(string(only, "aud"))) {
      throw bad("it is for another audience");
    }
  }

  private Instant time(String claim) {
    JsonNode value = claims.get(claim);
    if (value == null || !value.isNumber()) {
      throw bad("it has no " + claim);
    }
    double seconds = value.doubleValue();
    if (!(seconds >= 0 && seconds <= SECONDS_MAX)) {
      throw bad("its " + claim + " is no time");
    }
    return Instant.ofEpochMilli((long) (seconds * 1000));
  }

  private static String string(@Nullable JsonNode value, String what) {
    if (value == null || !value.isString()) {
      throw bad("its " + what + " is no text");
    }
    return value.stringValue();
  }

  private static KmsException bad(String forTheLog) {
    return new KmsException(new Problem.BadIdentityToken(forTheLog));
  }
}
