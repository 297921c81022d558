package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The canonical form of associated data: unequal inputs never meet (SECURITY_DESIGN H2). */
class AssociatedDataTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String[] ALPHABET = {
    "a",
    "b",
    "\"",
    ":",
    ",",
    "{",
    "}",
    "\u0000",
    "\u0001",
    "\u0002",
    "=",
    "é",
    "e\u0301",
    "\uff61",
    "\ud800\udc00",
    "\ud83d\udd11",
    "aa",
    "ab",
    "\u0000\u0000\u0000\u0001"
  };

  private static String hex(@Nullable String additional, @Nullable Context context) {
    return HEX.formatHex(AssociatedData.encode(additional, context));
  }

  private static Context members(String... namesAndValues) {
    Map<String, String> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Context.Members(members);
  }

  @Test
  void theFormIsThatOfTheSpecification() {
    assertThat(hex(null, null)).isEqualTo("00000000" + "00");
    assertThat(hex("ab", null)).isEqualTo("00000002" + "6162" + "00");
    assertThat(hex(null, new Context.Text("c"))).isEqualTo("00000000" + "01" + "00000001" + "63");
    assertThat(hex("x", members("b", "2", "a", "")))
        .isEqualTo(
            "00000001"
                + "78"
                + "02"
                + "00000002"
                + "00000001"
                + "61"
                + "00000000"
                + "00000001"
                + "62"
                + "00000001"
                + "32");
  }

  @Test
  void emptyEqualsAbsent() {
    assertThat(hex("", null)).isEqualTo(hex(null, null));
    assertThat(hex(null, new Context.Text(""))).isEqualTo(hex(null, null));
    assertThat(hex(null, members())).isEqualTo(hex(null, null));
  }

  @Test
  void theOrderOfMembersMeansNothing() {
    assertThat(hex(null, members("a", "1", "b", "2")))
        .isEqualTo(hex(null, members("b", "2", "a", "1")));
  }

  @Test
  void namesAreOrderedByUnsignedBytesAndNotByUtf16() {
    // U+FF61 is ef bd a1, U+10000 is f0 90 80 80 in bytes, but ff61 > d800 in UTF-16.
    assertThat(hex(null, members("\ud800\udc00", "", "\uff61", "")))
        .isEqualTo(
            "00000000"
                + "02"
                + "00000002"
                + "00000003"
                + "efbda1"
                + "00000000"
                + "00000004"
                + "f0908080"
                + "00000000");
  }

  @Test
  void nothingIsNormalised() {
    assertThat(hex("é", null)).isNotEqualTo(hex("e\u0301", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800", "\ud800\ud800\udc00", "x\ud83d"})
  void anUnpairedSurrogateIsRefusedEverywhere(String text) {
    assertThatThrownBy(() -> Text.utf8(text)).isInstanceOf(UnencodableText.class);
    assertThatThrownBy(() -> hex(text, null)).isInstanceOf(UnencodableText.class);
    assertThatThrownBy(() -> hex(null, new Context.Text(text))).isInstanceOf(UnencodableText.class);
    assertThatThrownBy(() -> hex(null, members(text, ""))).isInstanceOf(UnencodableText.class);
    assertThatThrownBy(() -> hex(null, members("a", text))).isInstanceOf(UnencodableText.class);
  }

  @Test
  void pairedSurrogatesAreOneCharacter() {
    assertThat(HEX.formatHex(Text.utf8("a\ud83d\udd11z"))).isEqualTo("61f09f94917a");
  }

  /** What an input means, in a form of its own: two inputs may meet only if they mean the same. */
  private record Meaning(String additional, String text, Map<String, String> members) {
    static Meaning of(@Nullable String additional, @Nullable Context context) {
      return switch (context) {
        case null -> new Meaning(additional == null ? "" : additional, "", Map.of());
        case Context.Text(String text) ->
            new Meaning(additional == null ? "" : additional, text, Map.of());
        case Context.Members(Map<String, String> members) ->
            new Meaning(additional == null ? "" : additional, "", members);
      };
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void twoUnequalInputsNeverGiveEqualBytes(long seed) {
    Random random = new Random(seed);
    Map<String, Meaning> seen = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String additional = random.nextBoolean() ? null : text(random);
      Context context = context(random);
      Meaning meaning = Meaning.of(additional, context);

      Meaning other = seen.putIfAbsent(hex(additional, context), meaning);

      assertThat(other == null || other.equals(meaning)).as("seed %d: %s", seed, meaning).isTrue();
    }
    assertThat(seen).hasSizeGreaterThan(5_000);
  }

  private static @Nullable Context context(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> null;
      case 1 -> new Context.Text(text(random));
      default -> {
        Map<String, String> members = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.put(text(random), text(random));
        }
        yield new Context.Members(members);
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
    }
    return text.toString();
  }
}
