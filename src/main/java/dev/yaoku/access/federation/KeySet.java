package dev.yaoku.access.federation;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The public keys of a provider. Private and shared keys in it are left out, so that none of them
 * is ever checked with; so is what is not for signatures.
 *
 * @see "RFC 7517, section 5"
 */
public final class KeySet {
  /** The longest set. */
  public static final int BYTES_MAX = 64 * 1024;

  /** A set that verifies nothing. */
  public static final KeySet EMPTY = new KeySet(List.of());

  private static final int KEYS_MAX = 100;
  private static final int CANDIDATES_MAX = 4;

  /** All that is read of a key; certificates and addresses in it are not. */
  private static final Set<String> MEMBERS =
      Set.of("kty", "crv", "n", "e", "x", "y", "kid", "use", "key_ops", "alg");

  /** What only private and shared keys have. */
  private static final Set<String> SECRETS = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  /** Those of them that are numbers. */
  private static final Set<String> NUMBERS = Set.of("n", "e", "x", "y");

  /** In either alphabet, as some providers write the other one and padding, too. */
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");

  private final List<VerificationKey> keys;

  private KeySet(List<VerificationKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads a set.
   *
   * @return nothing if it is no key set, is too long, or has no key that is of use here
   */
  public static Optional<KeySet> read(byte[] json) {
    if (json.length > BYTES_MAX) {
      return Optional.empty();
    }
    JsonNode listed = StrictJson.object(json).map(set -> set.get("keys")).orElse(null);
    if (listed == null || !listed.isArray() || listed.size() > KEYS_MAX) {
      return Optional.empty();
    }
    List<VerificationKey> keys = new ArrayList<>();
    for (JsonNode key : listed) {
      key(key).ifPresent(keys::add);
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(new KeySet(keys));
  }

  /** Reads a set in a text. */
  public static Optional<KeySet> read(String json) {
    return json.length() > BYTES_MAX
        ? Optional.empty()
        : read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<VerificationKey> key(JsonNode key) {
    if (!(key instanceof ObjectNode whole)
        || SECRETS.stream().anyMatch(whole::has)
        || !NUMBERS.stream().allMatch(member -> isReadable(whole.path(member)))) {
      return Optional.empty();
    }
    try {
      JWK jwk = JWK.parse(StrictJson.write(whole.deepCopy().retain(MEMBERS)));
      return isForSignatures(jwk) ? VerificationKey.of(jwk) : Optional.empty();
    } catch (ParseException | IllegalArgumentException | IllegalStateException _) {
      return Optional.empty();
    }
  }

  /** The library would leave out whatever is no Base64, where others stop. */
  private static boolean isReadable(JsonNode number) {
    return !number.isString() || isBase64(number.stringValue());
  }

  /** A digit that is left over behind fours of them is less than a byte. */
  private static boolean isBase64(String text) {
    int padding = text.indexOf('=');
    int digits = padding < 0 ? text.length() : padding;
    return BASE64.matcher(text).matches() && digits % 4 != 1;
  }

  private static boolean isForSignatures(JWK key) {
    return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  /** Whether a key of this name is there. */
  public boolean has(String keyId) {
    return keys.stream().anyMatch(key -> key.isNamed(keyId));
  }

  /** Whether it verifies nothing. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /**
   * The keys that may have made a signature.
   *
   * @param keyId the key's name; null if the token names none, which only a set with a single
   *     fitting key allows
   */
  List<VerificationKey> candidates(TokenAlgorithm algorithm, @Nullable String keyId) {
    List<VerificationKey> fitting =
        keys.stream()
            .filter(key -> key.isFor(algorithm))
            .filter(key -> keyId == null || key.isNamed(keyId))
            .limit(CANDIDATES_MAX)
            .toList();
    return keyId == null && fitting.size() > 1 ? List.of() : fitting;
  }
}
