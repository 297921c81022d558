package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.store.From;
import dev.yaoku.store.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for some minutes where callers are in lists. Markers on the wire are numbers of entries
 * delivered ({@code semantics.md} 18), and entries come and go between two pages; with the place
 * behind the last one delivered, the next page skips nothing that was there all the time and
 * repeats nothing. A marker of which nothing is remembered is an offset (ADR 2).
 */
final class Places {
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int PROJECTS_MAX = 512;
  private static final int MARKERS_MAX = 512;

  /** So many who read one list with one credential at once are told apart as well as can be. */
  private static final int READERS_MAX = 4;

  private record Marker(String user, String list, String query, long offset) {}

  private record Place(Position position, long sinceNanos, boolean used) {}

  private final LongSupplier nanos;
  private final Map<String, Map<Marker, List<Place>>> projects = bounded(PROJECTS_MAX);

  Places(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private static <K, V> Map<K, V> bounded(int max) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
      }
    };
  }

  /** One list as one caller reads it, page after page. */
  Reading of(Caller caller, String list, String query) {
    byte[] digest = Hashes.sha256(query.getBytes(StandardCharsets.UTF_8));
    return new Reading(caller, list, HexFormat.of().formatHex(digest));
  }

  /** A list that is being read. */
  final class Reading {
    private final String project;
    private final String user;
    private final String list;
    private final String query;

    private Reading(Caller caller, String list, String query) {
      Principal who = caller.principal();
      this.project = caller.project();
      this.user = who.account() + "/" + who.user();
      this.list = list;
      this.query = query;
    }

    /** Where the page with this marker begins. */
    From at(long offset) {
      Position place = offset == 0 ? null : take(project, marker(offset));
      return place == null ? From.offset(offset) : From.behind(place);
    }

    /**
     * Notes where a page ended.
     *
     * @param offset the marker of the next page
     * @param last behind the last entry delivered; null for an empty page
     */
    void delivered(long offset, @Nullable Position last) {
      if (last != null) {
        put(project, marker(offset), last);
      }
    }

    private Marker marker(long offset) {
      return new Marker(user, list, query, offset);
    }
  }

  /**
   * The place of a marker. Of several readers' places that nobody went on from yet, it is the one
   * nearest to the beginning: an entry may then come twice, but none is skipped. A place that was
   * gone on from serves again when a request is repeated.
   */
  private synchronized @Nullable Position take(String project, Marker marker) {
    List<Place> places = fresh(project, marker);
    if (places.isEmpty()) {
      return null;
    }
    Place chosen =
        places.stream()
            .filter(place -> !place.used())
            .min(Comparator.comparing(Place::position))
            .orElseGet(places::getLast);
    places.remove(chosen);
    places.add(new Place(chosen.position(), chosen.sinceNanos(), true));
    return chosen.position();
  }

  private synchronized void put(String project, Marker marker, Position last) {
    List<Place> places = fresh(project, marker);
    places.removeIf(place -> place.position().equals(last));
    places.add(new Place(last, nanos.getAsLong(), false));
    if (places.size() > READERS_MAX) {
      places.removeFirst();
    }
    projects.computeIfAbsent(project, _ -> bounded(MARKERS_MAX)).put(marker, places);
  }

  private List<Place> fresh(String project, Marker marker) {
    Map<Marker, List<Place>> markers = projects.get(project);
    List<Place> places = markers == null ? null : markers.get(marker);
    if (places == null) {
      return new ArrayList<>(1);
    }
    long now = nanos.getAsLong();
    places.removeIf(place -> now - place.sinceNanos() > KEPT.toNanos());
    return places;
  }
}
