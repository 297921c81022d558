package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.Keystore;
import dev.yaoku.store.From;
import dev.yaoku.store.KeyFilter;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Says what keys there are. */
public final class Queries {
  /** Row, key and JSON of a key whose description is as long as it may be, with some to spare. */
  private static final int KEY_KIB = 10;

  /** The same of a tag whose key and value are as long as they may be. */
  private static final int TAG_KIB = 4;

  /** So often a page goes on behind keys that its reader is denied. */
  static final int MORE_MAX = 100;

  private final Store store;
  private final Keys keys;
  private final Places places;
  private final InstantSource clock;
  private final Rules rules;
  private final HeapRoom room;

  Queries(Store store, Keys keys, Places places, InstantSource clock, Rules rules, HeapRoom room) {
    this.store = store;
    this.keys = keys;
    this.places = places;
    this.clock = clock;
    this.rules = rules;
    this.room = room;
  }

  /**
   * Makes the answer of a list when there is room for it.
   *
   * @param limit how many keys it may have
   */
  public <T> T inTurn(int limit, boolean withTags, Supplier<T> list) {
    long keysMax = Math.min(limit, rules.keysPerProjectMax());
    int tagsMax = withTags ? rules.tagsPerKeyMax() : 0;
    return room.inTurn(keysMax * (KEY_KIB + tagsMax * TAG_KIB), list);
  }

  /** One key, in any state. Tags are left out. */
  public Described describe(Caller caller, KeyReference reference) {
    try (OpenKey key = keys.open(caller, reference)) {
      Key permitted = caller.mustBeAllowed(Action.DESCRIBE_KEY, key.key()).key();
      Keystore keystore = key.keystore();
      return new Described(
          permitted, List.of(), keystore == null ? Described.BUILT_IN : keystore.type());
    }
  }

  /** A page of the project's keys. */
  public Described.Page list(Caller caller, Search search, long offset, int limit) {
    caller.mustBeAllowed(Action.LIST_KEYS);
    return page(caller, "keys", Action.LIST_KEYS, search, offset, limit);
  }

  /** A page of the project's keys with their tags. */
  public Described.Page listWithTags(Caller caller, Search search, long offset, int limit) {
    caller.mustBeAllowed(Action.LIST_KEYS_BY_TAGS);
    return page(caller, "tagged keys", Action.LIST_KEYS_BY_TAGS, search, offset, limit);
  }

  /** How many of the project's keys match. */
  public long count(Caller caller, Search search) {
    caller.mustBeAllowed(Action.LIST_KEYS_BY_TAGS);
    From start = From.offset(0);
    return store.read(
        tx -> tx.keys(caller.project(), search.filter(), clock.instant(), start, 0, false).total());
  }

  /** How many keys the project has, those of cloud services not counted. */
  public long customKeys(Caller caller) {
    caller.mustBeAllowed(Action.SHOW_USER_INSTANCES);
    return countCustomKeys(caller);
  }

  /** How many keys the project has and may have, and how many grants a key may have. */
  public Quotas quotas(Caller caller) {
    caller.mustBeAllowed(Action.SHOW_USER_QUOTAS);
    return new Quotas(countCustomKeys(caller), rules.keysPerProjectMax(), rules.grantsPerKeyMax());
  }

  /** What a project may own, and how many keys of it are used. */
  public record Quotas(long keysUsed, int keysMax, int grantsPerKeyMax) {}

  private long countCustomKeys(Caller caller) {
    return store.read(tx -> tx.customKeys(caller.project(), clock.instant()));
  }

  private Described.Page page(
      Caller caller, String list, Action action, Search search, long offset, int limit) {
    boolean withTags = action == Action.LIST_KEYS_BY_TAGS;
    Places.Reading reading = places.of(caller, list, search.toString());
    From from = reading.at(offset);
    return store.read(tx -> {
      Shown shown = new Shown(tx, caller, action);
      KeyFilter.Page page =
          tx.keys(caller.project(), search.filter(), clock.instant(), from, limit, withTags);
      shown.add(page.keys());
      for (int more = 0; shown.missing(limit) > 0 && page.more() && more < MORE_MAX; more++) {
        From next = From.behind(Objects.requireNonNull(page.last()));
        int missing = shown.missing(limit);
        page = tx.keys(caller.project(), search.filter(), clock.instant(), next, missing, withTags);
        shown.add(page.keys());
      }
      if (!shown.keys.isEmpty()) {
        reading.delivered(offset + shown.keys.size(), page.last());
      }
      return new Described.Page(shown.keys, page.total(), page.more());
    });
  }

  /** What a page shows. Markers count what was shown, so a page goes on until it is full. */
  private static final class Shown {
    private final Reading tx;
    private final Caller caller;
    private final Action action;
    private final Map<String, String> keystoreTypes = new HashMap<>();
    private final List<Described> keys = new ArrayList<>();

    Shown(Reading tx, Caller caller, Action action) {
      this.tx = tx;
      this.caller = caller;
      this.action = action;
      keystoreTypes.put(Keystore.BUILT_IN, Described.BUILT_IN);
    }

    int missing(int limit) {
      return limit - keys.size();
    }

    void add(List<KeyFilter.TaggedKey> found) {
      for (KeyFilter.TaggedKey one : found) {
        if (mayBeListed(tx, caller, action, one.key())) {
          keys.add(new Described(one.key(), one.tags(), keystoreType(one.key().keystore())));
        }
      }
    }

    private String keystoreType(String keystore) {
      return keystoreTypes.computeIfAbsent(
          keystore, id -> tx.keystore(caller.project(), id).map(Keystore::type).orElse(""));
    }
  }

  /** What a statement denies to the caller, key by key, is left out; the total counts it. */
  static boolean mayBeListed(Reading tx, Caller caller, Action action, Key key) {
    return caller.mayBeListed(
        action, Subject.key(key, () -> tx.tags(key.id()), () -> Keys.aliasNames(tx, key.id())));
  }
}
