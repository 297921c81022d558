package dev.yaoku.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.audit.AuditEvent.Change;
import dev.yaoku.store.AuditRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EntriesTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.007Z");

  private final Entries entries =
      new Entries(count -> {
        byte[] salt = new byte[count];
        Arrays.fill(salt, (byte) 0xaa);
        return salt;
      });

  private static AuditEvent event(String text, String detail, List<Change> changes) {
    return new AuditEvent(
        NOW,
        text,
        new Actor(text, text, text, text),
        text,
        text,
        text,
        new Resource(text, text, text, Collections.nCopies(Resource.OTHER_KEYS_MAX + 1, text)),
        Rating.WARNING,
        403,
        text,
        detail,
        changes);
  }

  private JsonNode json(AuditEvent event) {
    byte[] entry = entries.encode(event);
    return JsonMapper.shared().readTree(Arrays.copyOfRange(entry, 16, entry.length));
  }

  @Test
  void theLongestEntryIsTheLongestThatTheStoreTakes() {
    assertThat(AuditEvent.ENTRY_BYTES_MAX).isEqualTo(AuditRow.ENTRY_BYTES_MAX);
  }

  @Test
  void anEntryIsSaltAndThenJson() {
    AuditEvent event =
        new AuditEvent(
            NOW,
            "ab",
            new Actor("acc", "u1", "钥匙", "AK"),
            "",
            "::1",
            "createKey",
            new Resource("cmk", "id", "name"),
            Rating.NORMAL,
            200,
            "",
            null,
            List.of(new Change("keys", "p/k", 2, "00ff"), new Change("tags", "k", 0, "")));

    byte[] entry = entries.encode(event);

    assertThat(Arrays.copyOf(entry, 16)).containsOnly(0xaa);
    assertThat(new String(entry, 16, entry.length - 16, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"time\":\"2026-02-03T04:05:06.007Z\",\"request_id\":\"ab\",\"domain_id\":\"acc\","
                + "\"user_id\":\"u1\",\"user_name\":\"钥匙\",\"credential\":\"AK\","
                + "\"source_ip\":\"::1\",\"trace_name\":\"createKey\",\"resource_type\":\"cmk\","
                + "\"resource_id\":\"id\",\"resource_name\":\"name\",\"trace_rating\":\"normal\","
                + "\"code\":200,\"changes\":[{\"table\":\"keys\",\"key\":\"p/k\",\"version\":2,"
                + "\"mac\":\"00ff\"},{\"table\":\"tags\",\"key\":\"k\",\"version\":0}]}");
  }

  @Test
  void furtherKeysAreAnArrayOfTheirIds() {
    String first = "11111111-2222-3333-4444-555555555555";
    String second = "66666666-7777-8888-9999-000000000000";
    Resource resource = new Resource("cmk", "id", "", List.of(first, second));

    JsonNode read = json(about(resource));

    assertThat(read.get("other_keys"))
        .extracting(JsonNode::asString)
        .containsExactly(first, second);
    assertThat(json(about(new Resource("cmk", "id"))).has("other_keys")).isFalse();
  }

  private static AuditEvent about(Resource resource) {
    return new AuditEvent(
        NOW,
        "ab",
        Actor.server("acc"),
        "",
        "",
        "trace",
        resource,
        Rating.NORMAL,
        0,
        "",
        null,
        List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "\"quoted\" and \\ back",
        "line\nfeed\ttab\u0000nul\u007f",
        "é钥🔑",
        "lone \ud800 surrogate",
        "\udc00\ud800",
      })
  void anyTextComesBack(String text) {
    JsonNode read = json(event(text, text, List.of()));

    assertThat(read.get("user_name").asString()).isEqualTo(text);
    assertThat(read.get("detail").asString()).isEqualTo(text);
  }

  @Test
  void aLongTextIsCutByRule() {
    String text = "x".repeat(5000);
    JsonNode read = json(event("a", text + text, List.of()));
    JsonNode long_ = json(event(text, "", List.of()));

    assertThat(read.get("detail").asString()).hasSize(6144).matches("x+");
    assertThat(read.at("/detail_cut/bytes").asInt()).isEqualTo(10_000);
    assertThat(read.at("/detail_cut/sha256").asString()).matches("[0-9a-f]{64}");
    assertThat(long_.get("resource_name").asString()).hasSize(1024);
    assertThat(long_.at("/user_id_cut/bytes").asInt()).isEqualTo(5000);
  }

  @Test
  void noCharacterIsCutInTwo() {
    JsonNode read = json(event("🔑".repeat(1000), "é".repeat(10_000), List.of()));

    assertThat(read.get("user_name").asString()).matches("(🔑)+").hasSize(256);
    assertThat(read.get("detail").asString()).matches("é+");
  }

  /** SECURITY_DESIGN C2: an event at every field's maximum stays within the bound. */
  @Test
  void noEntryIsLongerThanItMayBe() {
    for (String text : List.of("x", "\u0001", "é", "🔑", "\ud800", "\"")) {
      Change change = new Change("t".repeat(64), text.repeat(2000), Long.MIN_VALUE, "f".repeat(64));
      AuditEvent most =
          event(text.repeat(20_000), text.repeat(20_000), Collections.nCopies(500, change));
      byte[] entry = entries.encode(most);
      JsonNode read = json(most);

      assertThat(entry.length).isLessThanOrEqualTo(AuditEvent.ENTRY_BYTES_MAX);
      assertThat(read.at("/changes_cut/count").asInt()).isEqualTo(500);
      assertThat(read.at("/changes_cut/sha256").asString()).hasSize(64);
    }
  }

  @Test
  void manyChangesFitAsFarAsThereIsRoom() {
    Change change = new Change("tags", "p".repeat(32) + "/" + "k".repeat(36), 7, "f".repeat(64));
    JsonNode some = json(event("a", "", Collections.nCopies(60, change)));
    JsonNode many = json(event("a", "", Collections.nCopies(500, change)));

    assertThat(some.get("changes")).hasSize(60);
    assertThat(some.has("changes_cut")).isFalse();
    assertThat(many.get("changes").size()).isBetween(60, 499);
    assertThat(many.at("/changes_cut/count").asInt()).isEqualTo(500);
  }

  @Test
  void randomTextsAlwaysMakeJson() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(700); i > 0; i--) {
        text.append((char) random.nextInt(0x10000));
      }
      JsonNode read = json(event(text.toString(), text.toString(), List.of()));
      assertThat(text.toString()).startsWith(read.path("user_name").asString(""));
    }
  }
}
