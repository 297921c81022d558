package dev.yaoku.service;

import dev.yaoku.key.Waiting;
import dev.yaoku.secret.UseCounted;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was opened with effort, bounded by number, bytes and time. What leaves is closed, that
 * is wiped, as soon as nobody borrows it. What could not be loaded is not remembered.
 *
 * <p>A load that overlaps a {@link #drop} is used once and not kept, because it may have read the
 * state before the change.
 *
 * @param <K> what things are found by
 * @param <V> what is kept
 */
final class SecretCache<K, V extends SecretCache.Kept> {
  private static final int STAMPS = 1024;
  private static final Duration KEPT_LEAST = Duration.ofSeconds(5);

  /** What can be kept. */
  interface Kept {
    /** Wipes it. */
    void close();
  }

  private final ConcurrentMap<K, Entry<K, V>> entries = new ConcurrentHashMap<>();
  private final AtomicLongArray drops = new AtomicLongArray(STAMPS);
  private final AtomicLong bytes = new AtomicLong();
  private final int countMax;
  private final long bytesMax;
  private final GrowingLife life;
  private final LongSupplier nanos;
  private final LongSupplier view;
  private final ToLongFunction<V> weight;
  private Iterator<Entry<K, V>> hand = entries.values().iterator();

  /** A cache of what nobody changes. */
  SecretCache(
      int countMax, long bytesMax, Duration keptFor, LongSupplier nanos, ToLongFunction<V> weight) {
    this(countMax, bytesMax, keptFor, nanos, () -> 0, weight);
  }

  /**
   * A cache of what is in a store.
   *
   * @param view the view of the store that counts: what was read under another is read anew
   */
  SecretCache(
      int countMax,
      long bytesMax,
      Duration keptFor,
      LongSupplier nanos,
      LongSupplier view,
      ToLongFunction<V> weight) {
    this.view = view;
    this.countMax = countMax;
    this.bytesMax = bytesMax;
    this.life = new GrowingLife(KEPT_LEAST.toNanos(), keptFor.toNanos());
    this.nanos = nanos;
    this.weight = weight;
  }

  /**
   * Borrows a thing, loading it if it is not here.
   *
   * @throws dev.yaoku.key.NotInMemory if it is not here and this thread must not wait
   */
  Lease<V> borrow(K key, Function<K, V> loader) {
    Entry<K, V> found = entries.get(key);
    if (found != null && !isStale(found) && found.lent()) {
      found.recent = true;
      return found;
    }
    Waiting.mustBeAllowed();
    return load(key, loader);
  }

  private Lease<V> load(K key, Function<K, V> loader) {
    int stamp = stampOf(key);
    long before = drops.get(stamp);
    long viewBefore = view.getAsLong();
    V value = loader.apply(key);
    long now = nanos.getAsLong();
    Entry<K, V> fresh =
        new Entry<>(key, value, weight.applyAsLong(value), now, now + life.from(now), viewBefore);
    fresh.lent();
    entries.compute(key, (_, there) -> drops.get(stamp) == before ? kept(fresh, there) : there);
    if (drops.get(stamp) != before) {
      remove(fresh); // if all was dropped while it was kept
      fresh.dropped();
    }
    evict();
    return fresh;
  }

  private Entry<K, V> kept(Entry<K, V> fresh, @Nullable Entry<K, V> before) {
    bytes.addAndGet(fresh.weight);
    if (before != null) {
      forget(before);
    }
    return fresh;
  }

  /** Forgets what is kept under the key, and what is being loaded for it. */
  void drop(K key) {
    drops.incrementAndGet(stampOf(key));
    Entry<K, V> old = entries.remove(key);
    if (old != null) {
      forget(old);
    }
  }

  /** Forgets what is kept under the key if it was loaded so long ago. */
  void dropIfOlder(K key, Duration age) {
    Entry<K, V> found = entries.get(key);
    if (found != null && nanos.getAsLong() - found.loadedAtNanos >= age.toNanos()) {
      drop(key);
    }
  }

  /** Forgets everything. */
  void dropAll() {
    dropIf(_ -> true);
  }

  /**
   * Forgets some of what is kept, and does not keep what is being loaded, which may be of these.
   */
  void dropIf(Predicate<? super V> some) {
    for (int i = 0; i < STAMPS; i++) {
      drops.incrementAndGet(i);
    }
    for (Entry<K, V> entry : entries.values()) {
      if (some.test(entry.value)) {
        remove(entry);
      }
    }
  }

  /** Forgets what was kept for too long. To be called now and then, for what nobody asks for. */
  void sweep() {
    for (Entry<K, V> entry : entries.values()) {
      if (isStale(entry)) {
        remove(entry);
      }
    }
  }

  /** How many things are kept. */
  int size() {
    return entries.size();
  }

  private boolean isStale(Entry<K, V> entry) {
    return entry.view != view.getAsLong() || nanos.getAsLong() - entry.staleAtNanos >= 0;
  }

  /** A clock's hand goes round: what was not borrowed since its last visit leaves. */
  private synchronized void evict() {
    while (entries.size() > countMax || (bytes.get() > bytesMax && entries.size() > 1)) {
      if (!hand.hasNext()) {
        hand = entries.values().iterator();
      }
      if (!hand.hasNext()) {
        return;
      }
      Entry<K, V> candidate = hand.next();
      if (candidate.recent) {
        candidate.recent = false;
      } else {
        remove(candidate);
      }
    }
  }

  private void remove(Entry<K, V> entry) {
    if (entries.remove(entry.key, entry)) {
      forget(entry);
    }
  }

  private void forget(Entry<K, V> entry) {
    bytes.addAndGet(-entry.weight);
    entry.dropped();
  }

  private static int stampOf(Object key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (STAMPS - 1);
  }

  private static final class Entry<K, V extends Kept> extends UseCounted implements Lease<V> {
    private final K key;
    private final V value;
    private final long weight;
    private final long loadedAtNanos;
    private final long staleAtNanos;
    private final long view;
    private volatile boolean recent;

    private Entry(K key, V value, long weight, long loadedAtNanos, long staleAtNanos, long view) {
      this.key = key;
      this.value = value;
      this.weight = weight;
      this.loadedAtNanos = loadedAtNanos;
      this.staleAtNanos = staleAtNanos;
      this.view = view;
    }

    @Override
    public V value() {
      return value;
    }

    /** Lends it unless it was dropped. */
    private boolean lent() {
      return tryEnter();
    }

    private void dropped() {
      retire();
    }

    @Override
    public void close() {
      leave();
    }

    @Override
    protected void wipe() {
      value.close();
    }
  }
}
