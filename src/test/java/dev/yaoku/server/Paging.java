package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/** Reads lists to their end, page by page, while something happens in between. */
final class Paging {
  private Paging() {}

  /** A list that is asked for page by page. */
  interface Paged {
    JsonNode page(String marker);
  }

  /** Reads a list to its end by markers; something happens after each of the first pages. */
  static List<String> read(Paged list, String entries, String id, Runnable... between) {
    List<String> seen = new ArrayList<>();
    String marker = "";
    int page = 0;
    do {
      JsonNode answer = list.page(marker);
      answer
          .at(entries)
          .forEach(entry -> seen.add((id.isEmpty() ? entry : entry.at(id)).asString()));
      JsonNode next = answer.at("/next_marker");
      marker = (next.isMissingNode() ? answer.at("/page_info/next_marker") : next).asString();
      if (!marker.isEmpty()) {
        assertThat(marker).as("a number of entries delivered").isEqualTo("" + seen.size());
      }
      if (page < between.length) {
        between[page].run();
      }
      page++;
    } while (!marker.isEmpty());
    return seen;
  }

  /** The same for lists by offset, which end with an empty page. */
  static List<String> readByOffset(IntFunction<JsonNode> list, String id, Runnable... between) {
    List<String> seen = new ArrayList<>();
    int page = 0;
    for (JsonNode answer = list.apply(0); !answer.isEmpty(); answer = list.apply(seen.size())) {
      answer.forEach(entry -> seen.add(entry.at(id).asString()));
      if (page < between.length) {
        between[page].run();
      }
      page++;
    }
    return seen;
  }

  /** What is to be seen of a list of which some went before they were delivered. */
  static List<String> without(List<String> all, int... places) {
    List<String> rest = new ArrayList<>(all);
    for (int place : places) {
      rest.remove(all.get(place));
    }
    return rest;
  }
}
