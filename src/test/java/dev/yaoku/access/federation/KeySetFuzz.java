package dev.yaoku.access.federation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Key sets as providers publish them, and whoever sits in their place (SECURITY_DESIGN H16). A
 * provider made signatures once: which of them a set verifies is what it means. The other reader
 * looks for the provider's key in the text.
 */
class KeySetFuzz {
  private static final JsonMapper ORACLE = new JsonMapper();
  private static final JsonNode PROVIDER = provider();
  private static final byte[] SIGNED = PROVIDER.get("signed").stringValue().getBytes(UTF_8);
  private static final String GOOD = "good";

  /** The members of a key that are no numbers. */
  private static final Set<String> NAMES = Set.of("kty", "crv");

  /** What came of the sets that were tried. */
  private static final Set<String> REACHED = ConcurrentHashMap.newKeySet();

  /** What is replayed in every run is worth it; whoever looks for more runs one target alone. */
  @AfterAll
  static void eachTargetComesToItsPoint() {
    if (System.getenv("JAZZER_FUZZ") == null) {
      assertThat(REACHED)
          .containsExactlyInAnyOrder(
              "no key set",
              "RS256",
              "PS256",
              "ES256",
              "ES384",
              "EdDSA",
              "nothing beside it",
              "something beside it");
    }
  }

  /** What a set verifies, it has a key for that says so; read as text, it means the same. */
  @FuzzTest
  void aKeySetHasOneReadingOrNone(byte[] bytes) {
    Optional<KeySet> read = KeySet.read(bytes);
    if (read.isEmpty()) {
      REACHED.add("no key set");
      return;
    }
    String text = new String(bytes, UTF_8);
    assertThat(text.getBytes(UTF_8)).as("its text").isEqualTo(bytes);
    JsonNode published = ORACLE.readTree(bytes).get("keys");
    List<Meaning> meanings = meanings(read.get(), names(published));
    meanings.stream().filter(Meaning::verifies).forEach(found -> mustBeIn(published, found));
    assertThat(meanings(KeySet.read(text).orElseThrow(), names(published))).isEqualTo(meanings);
    byte[] longest = Arrays.copyOf(bytes, KeySet.BYTES_MAX);
    Arrays.fill(longest, bytes.length, longest.length, (byte) ' ');
    assertThat(KeySet.read(longest)).isPresent();
    byte[] longer = Arrays.copyOf(longest, longest.length + 1);
    longer[longest.length] = ' ';
    assertThat(KeySet.read(longer)).isEmpty();
  }

  /** Whoever adds a key to a set takes none away. */
  @FuzzTest
  void aGoodKeyCountsWhateverIsBesideIt(byte[] bytes) {
    JsonNode others = StrictJson.array(bytes).orElse(null);
    if (others == null || others.size() > 99 || names(others).contains(GOOD)) {
      REACHED.add("nothing beside it");
      return;
    }
    var good = PROVIDER.at("/keys/ES256").deepCopy().asObject().put("kid", GOOD);
    var keys = ORACLE.createArrayNode().addAll(others.asArray()).add(good);
    byte[] set = ORACLE.writeValueAsBytes(ORACLE.createObjectNode().set("keys", keys));
    KeySet read = KeySet.read(set).orElseThrow();
    assertThat(read.has(GOOD)).isTrue();
    assertThat(new Meaning(read, TokenAlgorithm.ES256, GOOD).verifies()).isTrue();
    REACHED.add("something beside it");
  }

  /** Which of the keys that fit verify what the provider signed. */
  private record Meaning(TokenAlgorithm algorithm, @Nullable String name, List<Boolean> verify) {
    Meaning(KeySet keys, TokenAlgorithm algorithm, @Nullable String name) {
      this(
          algorithm,
          name,
          keys.candidates(algorithm, name).stream()
              .map(key -> key.verifies(algorithm, SIGNED, signature(algorithm)))
              .toList());
    }

    boolean verifies() {
      return verify.contains(true);
    }
  }

  private static List<Meaning> meanings(KeySet keys, Set<String> names) {
    List<Meaning> meanings = new ArrayList<>();
    for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
      meanings.add(new Meaning(keys, algorithm, null));
      names.forEach(name -> meanings.add(new Meaning(keys, algorithm, name)));
    }
    return meanings;
  }

  private static byte[] signature(TokenAlgorithm algorithm) {
    return Base64.getUrlDecoder()
        .decode(PROVIDER.at("/signatures/" + algorithm.wireName()).stringValue());
  }

  private static Set<String> names(JsonNode keys) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode key : keys) {
      if (key.path("kid").isString()) {
        names.add(key.get("kid").stringValue());
      }
    }
    return names;
  }

  private static void mustBeIn(JsonNode published, Meaning found) {
    assertThat(published).as(found.toString()).anyMatch(key -> isWhatVerifies(key, found));
    REACHED.add(found.algorithm.wireName());
  }

  private static boolean isWhatVerifies(JsonNode key, Meaning found) {
    return (found.name == null || key.path("kid").asString("").equals(found.name))
        && PROVIDER
            .at("/keys/" + found.algorithm.wireName())
            .propertyStream()
            .allMatch(
                member -> isSame(member.getKey(), key.path(member.getKey()), member.getValue()))
        && !key.has("d")
        && key.path("use").asString("sig").equals("sig")
        && key.path("alg").asString(found.algorithm.wireName()).equals(found.algorithm.wireName())
        && (key.path("key_ops").isEmpty()
            || key.get("key_ops").valueStream().anyMatch(use -> use.asString("").equals("verify")));
  }

  /** Numbers are the same in both alphabets, padded or not (RFC 4648). */
  private static boolean isSame(String member, JsonNode one, JsonNode other) {
    String text = one.asString("");
    return NAMES.contains(member)
        ? text.equals(other.stringValue())
        : number(text).equals(number(other.stringValue()));
  }

  private static BigInteger number(String text) {
    String urlSafe = text.replace('+', '-').replace('/', '_').replaceFirst("=+$", "");
    try {
      return new BigInteger(1, Base64.getUrlDecoder().decode(urlSafe));
    } catch (IllegalArgumentException none) {
      return BigInteger.ZERO;
    }
  }

  private static JsonNode provider() {
    try (InputStream file = KeySetFuzz.class.getResourceAsStream("provider.json")) {
      return ORACLE.readTree(file);
    } catch (IOException | JacksonException e) {
      throw new IllegalStateException(e);
    }
  }
}
