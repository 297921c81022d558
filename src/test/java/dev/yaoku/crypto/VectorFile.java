package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of published vectors, in the form of the Wycheproof project. */
final class VectorFile {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * What the room does with vectors that may be taken or refused. Refused: a wrap of less than the
   * 16 bytes of RFC 3394, and a DigestInfo without its NULL, as the room compares with the one
   * right form. Not offered: SHA-1. Taken: small exponents, of keys that are here already; none is
   * made or imported.
   */
  private static final Set<String> ACCEPTABLE =
      Set.of(
          "REFUSED [\"ShortKey\"]",
          "REFUSED [\"MissingNull\"]",
          "NOT_OFFERED [\"WeakHash\"]",
          "TAKEN [\"SmallPublicKey\"]");

  /** What became of a vector. */
  enum Outcome {
    /** It was taken: valid signature, right result. */
    TAKEN,
    /** It was refused, in the way in which the room refuses. */
    REFUSED,
    /** It asks for something that the room does not offer. */
    NOT_OFFERED
  }

  /** Runs one vector through the room. */
  @FunctionalInterface
  interface Runner {
    Outcome run(Vector vector);
  }

  /** One vector with the group it stands in. */
  record Vector(JsonNode group, JsonNode test) {
    byte[] bytes(String name) {
      return HexFormat.of().parseHex(text(name));
    }

    String text(String name) {
      @Nullable JsonNode node = test.get(name);
      if (node == null) {
        node = group.get(name);
      }
      if (node == null) {
        throw new AssertionError("no member " + name + " in " + test);
      }
      return node.asString();
    }

    int number(String name) {
      return Integer.parseInt(text(name));
    }

    boolean has(String name) {
      return test.has(name) || group.has(name);
    }
  }

  private VectorFile() {}

  /** Runs all vectors of a file; says how many there were of each outcome. */
  static Map<Outcome, Integer> run(Path file, Runner runner) throws IOException {
    Map<Outcome, Integer> counts = new TreeMap<>();
    Map<String, Integer> acceptable = new TreeMap<>();
    JsonNode root = JSON.readTree(Files.readAllBytes(file));
    for (JsonNode group : root.get("testGroups")) {
      for (JsonNode test : group.get("tests")) {
        Outcome outcome = runner.run(new Vector(group, test));
        counts.merge(outcome, 1, Integer::sum);
        if (test.get("result").asString().equals("acceptable")) {
          acceptable.merge(outcome + " " + test.get("flags"), 1, Integer::sum);
        }
        check(file, test, outcome);
      }
    }
    acceptable.forEach((what, times) ->
        System.out.println(
            "vectors: " + file.getFileName() + ": acceptable, " + what + ": " + times));
    assertThat(ACCEPTABLE).containsAll(acceptable.keySet());
    return counts;
  }

  private static void check(Path file, JsonNode test, Outcome outcome) {
    String result = test.get("result").asString();
    if (outcome == Outcome.NOT_OFFERED || result.equals("acceptable")) {
      return;
    }
    assertThat(outcome)
        .as("%s, vector %s: %s", file.getFileName(), test.get("tcId"), test.get("comment"))
        .isEqualTo(result.equals("valid") ? Outcome.TAKEN : Outcome.REFUSED);
  }
}
