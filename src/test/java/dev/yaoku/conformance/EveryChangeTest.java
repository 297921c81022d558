package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import dev.yaoku.store.ChangeWitness;
import dev.yaoku.store.ChangeWitness.Seen;
import dev.yaoku.store.RowChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an event says of the rows that its request wrote is what the database saw. */
class EveryChangeTest {
  /** They come with an installation. */
  private static final Set<String> WRITTEN_AT_START = Set.of("setting", "system_key");

  @TempDir Path scratch;
  private final Set<String> tables = new TreeSet<>();

  private static JsonNode json(Seen.Appended event) {
    return JsonMapper.shared().readTree(event.json());
  }

  private static List<RowChange> changes(Seen.Appended event) {
    List<RowChange> changes = new ArrayList<>();
    for (JsonNode change : json(event).at("/changes")) {
      changes.add(
          new RowChange(
              change.at("/table").asString(),
              change.at("/key").asString(),
              change.at("/version").asLong(),
              change.at("/mac").asString("")));
    }
    return changes;
  }

  private static String requestOf(Seen.Appended event) {
    return json(event).at("/request_id").asString("");
  }

  private static <T extends Seen> List<T> only(Class<T> kind, List<Seen> seen) {
    return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Map<Long, List<Seen>> byTransaction(List<Seen> seen) {
    return seen.stream()
        .collect(Collectors.groupingBy(Seen::transaction, TreeMap::new, Collectors.toList()));
  }

  /** The events that name every row of their transaction: none of them came after. */
  private static List<Seen.Appended> whole(List<Seen> transaction) {
    List<RowChange> written =
        only(Seen.Written.class, transaction).stream().map(Seen.Written::change).toList();
    int lastRow = transaction.lastIndexOf(only(Seen.Written.class, transaction).getLast());
    return only(Seen.Appended.class, transaction.subList(lastRow, transaction.size())).stream()
        .filter(event -> changes(event).equals(written))
        .toList();
  }

  /** Checks each transaction by itself, and says whose events there are, in order. */
  private List<String> recorded(List<Seen> seen, String what) {
    List<String> requests = new ArrayList<>();
    for (List<Seen> transaction : byTransaction(seen).values()) {
      List<Seen.Written> written = only(Seen.Written.class, transaction);
      if (!written.isEmpty()) {
        List<Seen.Appended> events = whole(transaction);
        assertThat(events).as(what + " " + transaction).hasSize(1);
        requests.add(requestOf(events.getFirst()));
        written.forEach(row -> tables.add(row.change().table()));
      }
    }
    return requests;
  }

  private static String idOf(Reply reply) {
    return reply.raw().headers().firstValue("X-Request-Id").orElseThrow();
  }

  @Test
  void theEventOfEveryOperationNamesEachRowThatItsTransactionWrote() throws Exception {
    Path data = scratch.resolve("data");
    try (Walk walk = new Walk(data)) {
      ChangeWitness witness = new ChangeWitness(data.resolve("yaoku.db"));
      for (Step step : Steps.ALL) {
        Reply reply = walk.take(step).reply();
        List<String> requests = recorded(witness.news(), step.operation());
        if (step.operation().equals("ImportKeyMaterial")) {
          // The attempt is counted before, whatever becomes of it.
          assertThat(requests).containsExactly("", idOf(reply));
        } else if (!requests.isEmpty()) {
          assertThat(requests).as(step.operation()).containsExactly(idOf(reply));
        }
      }
      Set<String> all = new TreeSet<>(witness.tables());
      all.removeAll(WRITTEN_AT_START);
      assertThat(tables).isEqualTo(all);
    }
  }

  @Test
  void rowsThatGoAtOnceAreNamedByWhatTheyHaveInCommon() throws Exception {
    Path data = scratch.resolve("data");
    try (Walk walk = new Walk(data)) {
      String user = walk.server.known("user_id");
      String group =
          walk.client
              .send("POST", "/v3/groups", "{\"group\":{\"name\":\"all\"}}")
              .is(201)
              .text("/group/id");
      walk.client.send("PUT", "/v3/groups/" + group + "/users/" + user, null).is(204);
      ChangeWitness witness = new ChangeWitness(data.resolve("yaoku.db"));

      Reply reply = walk.client.send("DELETE", "/v3/groups/" + group, null).is(204);

      List<Seen> seen = witness.news();
      assertThat(only(Seen.Written.class, seen))
          .extracting(row -> row.change().table() + " " + row.change().primaryKey())
          .containsExactly("membership " + group + "/" + user, "user_group " + group);
      Seen.Appended event = only(Seen.Appended.class, seen).getFirst();
      assertThat(requestOf(event)).isEqualTo(idOf(reply));
      assertThat(changes(event))
          .containsExactly(
              new RowChange("membership", "group_id=" + group, 0, ""),
              new RowChange("user_group", group, 0, ""));
      assertThat(seen).extracting(Seen::transaction).containsOnly(event.transaction());
    }
  }
}
