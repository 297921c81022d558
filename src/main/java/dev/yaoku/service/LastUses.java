package dev.yaoku.service;

import dev.yaoku.access.Remembered;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When access keys were last used, about: written now and then, never while somebody waits. It
 * decides nothing, so what is lost in a crash is no loss.
 */
public final class LastUses {
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final int KEYS_MAX = 10_000;
  private static final int BATCH = 200;

  private final Store store;
  private final InstantSource clock;
  private final Remembered<String, Long> noted;
  private final ConcurrentMap<String, Long> waiting = new ConcurrentHashMap<>();

  /** Uses of the access keys in a store. */
  public LastUses(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.noted = new Remembered<>(KEYS_MAX, at -> clock.millis() - at >= EVERY.toMillis(), _ -> {});
  }

  /** Notes that a key proved somebody's identity. */
  void noted(String accessKey) {
    long now = clock.millis();
    Long before = noted.get(accessKey);
    if (before == null || now - before >= EVERY.toMillis() || now < before) {
      noted.put(accessKey, now);
      if (waiting.size() < KEYS_MAX) {
        waiting.put(accessKey, now);
      }
    }
  }

  /** Writes what was noted. To be called now and then, where waiting harms nobody. */
  public void write() {
    Batches.each(
        store,
        List.copyOf(waiting.entrySet()),
        BATCH,
        (tx, use) -> tx.rights().noteUse(use.getKey(), Instant.ofEpochMilli(use.getValue())),
        written -> written.forEach(use -> waiting.remove(use.getKey(), use.getValue())));
  }
}
