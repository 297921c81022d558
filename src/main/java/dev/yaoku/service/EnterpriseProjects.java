package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.store.From;
import dev.yaoku.store.KeyFilter;
import dev.yaoku.store.Position;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Files keys under enterprise projects. These belong to a service of the cloud that is not here; of
 * it this has what moves a key and what tells where it is. A call speaks for the whole account and
 * names the project of the key in its body.
 */
public final class EnterpriseProjects {
  private final Store store;
  private final KeyChanges changes;
  private final Places places;
  private final InstantSource clock;

  EnterpriseProjects(Store store, KeyChanges changes, Places places, InstantSource clock) {
    this.store = store;
    this.changes = changes;
    this.places = places;
    this.clock = clock;
  }

  /**
   * Files a key under an enterprise project, in whatever state it is.
   *
   * @param project the key's project
   * @param region that project's region, or null where the caller does not say it
   * @param target "0" or a UUID
   * @throws KmsException with {@link Problem.ProjectMismatch} if the project is not the caller's,
   *     {@link Problem.DefaultKey} for keys of cloud services, which are always in "0"
   */
  public void migrate(
      Caller caller,
      String project,
      @Nullable String region,
      KeyReference reference,
      String target) {
    Caller inside = within(caller, project);
    if (region != null && !region.equals(inside.region())) {
      throw new KmsException(
          new Problem.BadValue(
              Field.OTHER, "region_id", "region_id must be the region of the project."));
    }
    changes.change(
        new Asked(inside, Action.MIGRATE_RESOURCE, reference, Statuses.NO_CONTENT),
        (tx, key) -> {
          key.mustBeCustom();
          if (key.enterpriseProject().equals(target)) {
            return key;
          }
          // Conditions can be on where a key is, so it must be allowed where it comes to be, too.
          inside.mustBeAllowed(Action.MIGRATE_RESOURCE, key.movedTo(target));
          return tx.update(key.movedTo(target));
        });
  }

  private Caller within(Caller caller, String project) {
    Rows.Project own =
        store
            .read(tx -> tx.project(project))
            .filter(row -> row.enabled() && row.account().equals(caller.principal().account()))
            .orElseThrow(() -> new KmsException(new Problem.ProjectMismatch()));
    Caller inside = caller.within(project);
    inside.foundIn(own.region());
    return inside;
  }

  /**
   * A page of the keys under an enterprise project, project by project and newest first. What a
   * statement denies to the caller, key by key, is left out of the page; the total counts it.
   *
   * @param projects where to look; empty for all projects that the caller's credential is for
   * @throws KmsException with {@link Problem.ProjectMismatch} if one is not the caller's
   */
  public Page list(Caller caller, String target, List<String> projects, long offset, int limit) {
    List<String> wanted =
        (projects.isEmpty() ? own(caller) : projects).stream().distinct().toList();
    List<Caller> inside = wanted.stream().map(id -> within(caller, id)).toList();
    inside.forEach(one -> one.mustBeAllowed(Action.FILTER_RESOURCES));
    if (inside.isEmpty()) {
      return new Page(List.of(), 0);
    }
    KeyFilter filter = new KeyFilter(null, null, target, false, List.of(), null);
    Places.Reading reading =
        places.of(inside.getFirst(), "enterprise project", target + " " + wanted);
    From start = reading.at(offset);
    return store.read(tx -> {
      Filling page = new Filling(tx, filter, limit);
      for (int i = 0; i < inside.size(); i++) {
        page.fill(i, inside.get(i), Place.within(start, i, page.total));
      }
      if (!page.keys.isEmpty()) {
        reading.delivered(offset + page.keys.size(), page.last);
      }
      return new Page(page.keys, page.total);
    });
  }

  /** A page that is filled project by project. Offsets count what was shown, as clients do. */
  private final class Filling {
    private final Reading tx;
    private final KeyFilter filter;
    private final int limit;
    private final List<Key> keys = new ArrayList<>();
    private long total;
    private @Nullable Position last;

    /** How often a project is looked into again. */
    private int rounds = Queries.MORE_MAX;

    /** Whether more of a project is left for the next page. */
    private boolean ended;

    Filling(Reading tx, KeyFilter filter, int limit) {
      this.tx = tx;
      this.filter = filter;
      this.limit = limit;
    }

    /** Adds keys of one of the projects, and goes on behind those that its reader is denied. */
    void fill(int project, Caller inside, From start) {
      KeyFilter.Page found = add(project, inside, start);
      total += found.total();
      while (room() > 0 && found.more() && rounds-- > 0) {
        found = add(project, inside, From.behind(Objects.requireNonNull(found.last())));
      }
      ended |= found.more();
    }

    private int room() {
      return ended ? 0 : limit - keys.size();
    }

    private KeyFilter.Page add(int project, Caller inside, From from) {
      KeyFilter.Page found =
          tx.keys(inside.project(), filter, clock.instant(), from, room(), false);
      found.keys().stream()
          .map(KeyFilter.TaggedKey::key)
          .filter(key -> Queries.mayBeListed(tx, inside, Action.FILTER_RESOURCES, key))
          .filter(key -> Queries.mayBeListed(tx, inside, Action.LIST_KEYS, key))
          .forEach(keys::add);
      if (found.last() != null) {
        last = new Place(project, found.last().first()).position();
      }
      return found;
    }
  }

  /**
   * Right behind a key of one of the projects of a list.
   *
   * @param project which of them, from 0
   * @param number the key's number in it
   */
  private record Place(int project, long number) {
    /** In the order of positions: a later project, or a lower number, comes behind. */
    Position position() {
      return new Position(-project, HexFormat.of().toHexDigits(~number));
    }

    static Place of(Position position) {
      return new Place((int) -position.first(), ~HexFormat.fromHexDigitsToLong(position.second()));
    }

    /**
     * Where a page begins within one of the projects.
     *
     * @param passed how many keys the projects before it have
     */
    static From within(From start, int project, long passed) {
      if (start.behind() == null) {
        return From.offset(Math.max(0, start.offset() - passed));
      }
      Place place = of(start.behind());
      if (project > place.project) {
        return From.offset(0);
      }
      long number = project == place.project ? place.number : 0; // behind all keys
      return From.behind(Position.behind(number));
    }
  }

  private List<String> own(Caller caller) {
    String ofToken = caller.principal().tokenProject();
    return ofToken != null
        ? List.of(ofToken)
        : store.read(tx ->
            tx.projects(caller.principal().account()).stream()
                .filter(Rows.Project::enabled)
                .map(Rows.Project::id)
                .toList());
  }

  /**
   * One page.
   *
   * @param total how many there are in all
   */
  public record Page(List<Key> keys, long total) {}
}
