package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Lists of keys and grants, read page by page over HTTP (semantics.md 18). */
class PagesTest {
  @TempDir Path scratch;
  private LiveServer server;
  private final List<String> made = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    for (int i = 0; i < 7; i++) {
      made.addFirst(make("key-" + i));
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String make(String name) {
    return server.kms("create-key", "{'key_alias':'" + name + "'}", "/key_info/key_id");
  }

  private JsonNode page(String marker) {
    return server.kms("list-keys", "{'limit':'2','marker':'" + marker + "'}");
  }

  /** All ids from the first page to the last; something happens after each page. */
  private List<String> allPages(Runnable between) {
    List<String> seen = new ArrayList<>();
    String marker = "";
    do {
      JsonNode page = page(marker);
      page.at("/keys").forEach(id -> seen.add(id.asString()));
      marker = page.at("/next_marker").asString();
      assertThat(page.at("/truncated").asString()).isEqualTo(Boolean.toString(!marker.isEmpty()));
      between.run();
    } while (!marker.isEmpty());
    return seen;
  }

  @Test
  void pagesHoldEachKeyOnceNewestFirst() {
    assertThat(allPages(() -> {})).isEqualTo(made);
  }

  @Test
  void theMarkerCountsWhatWasDelivered() {
    assertThat(page("").at("/next_marker").asString()).isEqualTo("2");
    assertThat(page("2").at("/next_marker").asString()).isEqualTo("4");
    assertThat(page("6").at("/next_marker").asString()).isEmpty();
    assertThat(page("7").at("/keys")).isEmpty();
    assertThat(page("7").at("/total").intValue()).isEqualTo(7);
  }

  @Test
  void keysThatComeBetweenPagesNeitherPushKeysOutNorRepeatThem() {
    int[] more = {0};
    Runnable one =
        () -> {
          if (more[0] < 2) {
            make("late-" + more[0]++);
          }
        };
    assertThat(allPages(one)).isEqualTo(made);
  }

  @Test
  void aKeyThatIsScheduledForDeletionKeepsItsPlace() {
    String last = made.getLast();
    Runnable schedule =
        () -> server.kms("schedule-key-deletion", "{'key_id':'" + last + "','pending_days':'7'}");
    assertThat(allPages(schedule)).isEqualTo(made);
  }
}
