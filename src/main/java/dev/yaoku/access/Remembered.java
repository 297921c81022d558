package dev.yaoku.access;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A map of things that may be forgotten, bounded by their number. When it is full it forgets what
 * is stale, and if that does not suffice, a tenth of the rest. Strangers choose the keys of some of
 * these maps; a bound that holds matters more than keeping the best.
 */
public final class Remembered<K, V> {
  private final Map<K, V> entries = new ConcurrentHashMap<>();
  private final int max;
  private final Predicate<? super V> stale;
  private final Consumer<? super V> farewell;

  /**
   * An empty map.
   *
   * @param max how many entries it holds
   * @param stale whether an entry is of no more use
   * @param farewell takes leave of every value that is dropped or replaced
   */
  public Remembered(int max, Predicate<? super V> stale, Consumer<? super V> farewell) {
    this.max = max;
    this.stale = stale;
    this.farewell = farewell;
  }

  /** The value, stale or not, or null. */
  public @Nullable V get(K key) {
    return entries.get(key);
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** How many there are. */
  public int size() {
    return entries.size();
  }

  /** Remembers a new value in place of an earlier one. */
  public void put(K key, V value) {
    makeRoom();
    V before = entries.put(key, value);
    if (before != null) {
      farewell.accept(before);
    }
  }

  /** Replaces a value, or begins with {@code first}, in one step. */
  public void change(K key, V first, UnaryOperator<V> step) {
    makeRoom();
    entries.compute(key, (_, before) -> step.apply(before == null ? first : before));
  }

  /** Forgets one. */
  public void remove(K key) {
    V before = entries.remove(key);
    if (before != null) {
      farewell.accept(before);
    }
  }

  /** Forgets one if it is still this. */
  public void remove(K key, V value) {
    if (entries.remove(key, value)) {
      farewell.accept(value);
    }
  }

  /** Shows everything, stale or not. */
  public void forEach(BiConsumer<? super K, ? super V> look) {
    entries.forEach(look);
  }

  /** Forgets all for which this is true. */
  public void removeIf(Predicate<? super V> unwanted) {
    for (Map.Entry<K, V> entry : entries.entrySet()) {
      if (unwanted.test(entry.getValue())) {
        remove(entry.getKey(), entry.getValue());
      }
    }
  }

  private void makeRoom() {
    if (entries.size() < max) {
      return;
    }
    removeIf(stale);
    int target = max - Math.max(1, max / 10);
    Iterator<Map.Entry<K, V>> all = entries.entrySet().iterator();
    while (entries.size() > target && all.hasNext()) {
      Map.Entry<K, V> entry = all.next();
      remove(entry.getKey(), entry.getValue());
    }
  }
}
