package dev.yaoku.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an opening policy allows, and that nothing else is ever read from its text. */
class OpeningPolicyTest {
  private static final String HERE = "5a3c2f0e-7a51-4d3b-9b1e-1f0f6f1f2a10";
  private static final String THERE = "6a3c2f0e-7a51-4d3b-9b1e-1f0f6f1f2a10";
  private static final Instant START = Instant.parse("2026-08-18T00:00:00Z");
  private static final Instant END = Instant.parse("2026-08-19T00:00:00Z");
  private static final String FULL =
      "{\"version\":\"1.0\",\"validity_period\":{\"start_time\":\"2026-08-18T00:00:00Z\","
          + "\"end_time\":\"2026-08-19T00:00:00Z\"},\"allowed_access_point\":[\""
          + HERE
          + "\"],\"allowed_data_security_zone\":[\"zone\"]}";

  private static OpeningPolicy read(String text) {
    return OpeningPolicyReader.read("policy", text);
  }

  @Test
  void itAllowsItsPlacesFromTheFirstToTheLastInstant() {
    OpeningPolicy policy = read(FULL);
    assertThat(policy.allows(HERE, START)).isTrue();
    assertThat(policy.allows(HERE, END)).isTrue();
    assertThat(policy.allows(HERE, START.minusMillis(1))).isFalse();
    assertThat(policy.allows(HERE, END.plusMillis(1))).isFalse();
    assertThat(policy.allows(THERE, START)).isFalse();
    assertThat(policy.allows("zone", START)).isFalse();
  }

  @Test
  void whatIsNotNamedIsNotAllowed() {
    for (String nowhere :
        List.of(
            "{}",
            "{\"allowed_access_point\":null}",
            "{\"allowed_access_point\":[]}",
            "{\"allowed_data_security_zone\":[\"" + HERE + "\"]}")) {
      assertThat(read(nowhere).allows(HERE, START)).as(nowhere).isFalse();
    }
    OpeningPolicy always = read("{\"allowed_access_point\":[\"" + HERE + "\"]}");
    assertThat(always.allows(HERE, Instant.EPOCH)).isTrue();
    assertThat(always.allows(HERE, Instant.MAX)).isTrue();
  }

  @Test
  void theFormThatIsStoredReadsAsTheSame() {
    assertThat(OpeningPolicyReader.text(read(FULL))).isEqualTo(FULL);
    for (String text :
        List.of("{}", FULL, "{\"validity_period\":{}}", "{\"allowedAccessPoint\":[]}")) {
      OpeningPolicy policy = read(text);
      assertThat(OpeningPolicyReader.stored(OpeningPolicyReader.text(policy))).isEqualTo(policy);
    }
  }

  /** One edit after the other: a policy, or a refusal, and never a policy that reads otherwise. */
  @Test
  void aDamagedTextIsRefusedOrIsAPolicyThatReadsAsItself() {
    Random random = new Random(20261126);
    String alphabet = "{}[]\",:\\ 019TZ-aeiouuvy_\u0000\ud800钥";
    int policies = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(FULL);
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        int at = random.nextInt(text.length());
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.setCharAt(at, c);
          default -> text.insert(at, c);
        }
      }
      try {
        OpeningPolicy policy = read(text.toString());
        assertThat(OpeningPolicyReader.stored(OpeningPolicyReader.text(policy))).isEqualTo(policy);
        policies++;
      } catch (KmsException refused) {
        assertThat(refused.problem()).isInstanceOf(Problem.BadValue.class);
      }
    }
    assertThat(policies).isBetween(1, 19_000);
  }
}
