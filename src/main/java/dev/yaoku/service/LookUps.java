package dev.yaoku.service;

import dev.yaoku.access.Remembered;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What was found in the store under a name, kept for a while; and for a moment, that nothing was
 * found. Strangers choose the names, so everything has a bound: how much is kept, and how many
 * look-ups of names never seen before run at once (SECURITY_DESIGN H9).
 *
 * <p>While a name is being looked up, a change may be made of which the look-up has seen nothing
 * yet. What becomes of its result depends on what was forgotten meanwhile:
 *
 * <ul>
 *   <li>Nothing, or only other names and things: it is kept and used. Nobody's changes keep what is
 *       another's from being found.
 *   <li>This very name: it is looked up again, and after the last try refused.
 *   <li>A kind of things to which it belongs, such as all there are, because another server changed
 *       something: it is looked up again. What the last try finds is used once and not kept; it is
 *       new enough, as it was read after the request came in.
 * </ul>
 */
final class LookUps<V> {
  /** How long it counts that nothing was found. */
  private static final Duration MISSING_FOR = Duration.ofSeconds(1);

  private static final Duration FOUND_FOR_AT_LEAST = Duration.ofSeconds(2);

  /** So often a name is looked up that is changed each time meanwhile. */
  private static final int TRIES_MAX = 4;

  private final Remembered<String, Found<V>> found;
  private final Remembered<String, Long> missing;
  private final Remembered<String, Boolean> seenBefore;
  private final Semaphore strangers;
  private final GrowingLife life;
  private final InstantSource clock;
  private final LongSupplier view;
  private final Farewell<? super V> farewell;
  private final Weight<V> weight;

  /** Held while anything is kept or forgotten: nothing is kept that was forgotten meanwhile. */
  private final Object turn = new Object();

  private final Set<LookUp<V>> underWay = new LinkedHashSet<>();

  @SuppressWarnings("NonAtomicVolatileUpdate") // changed by whoever has the turn
  private volatile long forgettings;

  /**
   * What was found.
   *
   * @param atMillis when
   * @param keptMillis for how long it counts
   * @param forgettings how often anything had been forgotten when it was kept
   * @param view of the store, from before it was read
   */
  record Found<V>(V value, long atMillis, long keptMillis, long forgettings, long view) {}

  /** What is done with what is not in memory, or not any more. */
  @FunctionalInterface
  interface Farewell<V> {
    /** Hears of what is used once that it may have changed already: it will not be forgotten. */
    void doubt(V value);

    /** Takes leave of what nobody is given any more, or ever was. */
    default void leave(V value) {
      doubt(value);
    }
  }

  /**
   * Nothing found yet.
   *
   * @param max how many names are kept
   * @param keptFor how long what was found counts at most
   * @param strangers how many look-ups of names never seen before may run at once
   * @param view the view of the store that counts: what was read under another is read anew
   * @param farewell hears of what is no longer kept, or is used once
   */
  LookUps(
      int max,
      Duration keptFor,
      Semaphore strangers,
      InstantSource clock,
      LongSupplier view,
      Farewell<? super V> farewell) {
    this(max, keptFor, strangers, clock, view, farewell, Weight.none());
  }

  /**
   * The same for what may take much of the heap.
   *
   * @param weight how much it takes, and may take
   */
  LookUps(
      int max,
      Duration keptFor,
      Semaphore strangers,
      InstantSource clock,
      LongSupplier view,
      Farewell<? super V> farewell,
      Weight<V> weight) {
    this.view = view;
    this.weight = weight;
    this.strangers = strangers;
    this.clock = clock;
    this.farewell = farewell;
    this.life = new GrowingLife(FOUND_FOR_AT_LEAST.toMillis(), keptFor.toMillis());
    this.found = new Remembered<>(max, f -> !counts(f), f -> left(f.value()));
    this.missing = new Remembered<>(max, at -> isOld(at, MISSING_FOR.toMillis()), _ -> {});
    this.seenBefore = new Remembered<>(max, _ -> false, _ -> {});
  }

  /**
   * What the name stands for.
   *
   * @param load reads it from the store
   * @throws dev.yaoku.key.NotInMemory if it must be loaded and this thread must not wait
   * @throws KmsException with {@link Problem.Throttled} if too many strangers are being looked up,
   *     or if this very name is changed all the time
   */
  Optional<V> find(String name, Function<String, Optional<V>> load) {
    Found<V> kept = found.get(name);
    if (kept != null && counts(kept)) {
      return Optional.of(kept.value());
    }
    Long missingSince = missing.get(name);
    if (missingSince != null && !isOld(missingSince, MISSING_FOR.toMillis())) {
      return Optional.empty();
    }
    Waiting.mustBeAllowed();
    if (seenBefore.get(name) != null) {
      return loaded(name, load);
    }
    if (!strangers.tryAcquire()) {
      throw new KmsException(new Problem.Throttled(1));
    }
    try {
      return loaded(name, load);
    } finally {
      strangers.release();
    }
  }

  /** What was found and still counts; never waits. */
  Optional<Found<V>> kept(String name) {
    return Optional.ofNullable(found.get(name)).filter(this::counts);
  }

  /** Whether it is as good as what a look-up would find: it counts, and nothing was forgotten. */
  boolean stands(Found<V> one) {
    return one.forgettings() == forgettings && counts(one);
  }

  /** Whether it was found lately enough, and others would have been heard of that changed it. */
  private boolean counts(Found<V> one) {
    return one.view() == view.getAsLong() && !isOld(one.atMillis(), one.keptMillis());
  }

  private Optional<V> loaded(String name, Function<String, Optional<V>> load) {
    for (int tries = 1; tries <= TRIES_MAX; tries++) {
      LookUp<V> lookUp = begun(name);
      try {
        Optional<V> value = load.apply(name);
        if (value.isEmpty()) {
          keepNothing(lookUp);
          return value;
        }
        Optional<V> kept = kept(lookUp, value.get(), tries == TRIES_MAX);
        if (kept.isPresent()) {
          makeRoomBeside(kept.get());
          return kept;
        }
      } finally {
        ended(lookUp);
      }
    }
    throw new KmsException(new Problem.Throttled(1));
  }

  /** Others go where there is not enough room; what was just found is about to be used. */
  private void makeRoomBeside(V fresh) {
    if (weight.isOver()) {
      letGoBut(fresh);
    }
  }

  private LookUp<V> begun(String name) {
    LookUp<V> lookUp = new LookUp<>(name, view.getAsLong());
    synchronized (turn) {
      underWay.add(lookUp);
    }
    return lookUp;
  }

  private void ended(LookUp<V> lookUp) {
    synchronized (turn) {
      underWay.remove(lookUp);
    }
  }

  private void keepNothing(LookUp<V> lookUp) {
    synchronized (turn) {
      if (!lookUp.anythingForgotten()) {
        missing.put(lookUp.name, clock.millis());
      }
    }
  }

  /**
   * What is kept under the name now: this, or what somebody else found; nothing if it is old.
   *
   * @param once whether it may be used, though not again, if it was forgotten among others
   */
  private Optional<V> kept(LookUp<V> lookUp, V value, boolean once) {
    synchronized (turn) {
      boolean forgotten = lookUp.forgotten(value);
      if (forgotten && (lookUp.forgottenByName() || !once)) {
        farewell.leave(value);
        return Optional.empty();
      }
      Found<V> there = found.get(lookUp.name);
      if (there != null && counts(there)) {
        farewell.leave(value); // or the other's would end while it is used
        return Optional.of(there.value());
      }
      if (forgotten) {
        farewell.doubt(value);
      }
      long now = clock.millis();
      weight.came(value);
      long keptMillis = forgotten ? 0 : life.from(now);
      found.put(lookUp.name, new Found<>(value, now, keptMillis, forgettings, lookUp.view));
      seenBefore.put(lookUp.name, true);
      return Optional.of(value);
    }
  }

  private void left(V value) {
    weight.left(value);
    farewell.leave(value);
  }

  /** Forgets a name: what it stands for has changed, or is there now. */
  void forget(String name) {
    synchronized (turn) {
      forgettings++;
      underWay.forEach(lookUp -> lookUp.forget(name));
      found.remove(name);
      missing.remove(name);
    }
  }

  /** Forgets all names that stand for such a thing, and that others stood for nothing. */
  void forgetIf(Predicate<? super V> changed) {
    synchronized (turn) {
      forgettings++;
      underWay.forEach(lookUp -> lookUp.forgetIf(changed));
      found.removeIf(f -> changed.test(f.value()));
      missing.removeIf(_ -> true);
    }
  }

  /** Forgets everything, also what was not there. */
  void forgetAll() {
    forgetIf(_ -> true);
  }

  /** Forgets what was kept long enough, so that no secret stays because nobody asks for it. */
  void sweep() {
    found.removeIf(f -> !counts(f));
  }

  /**
   * Lets go of the heaviest until there is room again; what has no weight stays. It was true all
   * the same, and is looked up again at its next use.
   */
  @SuppressWarnings("ReferenceEquality") // that very one
  private void letGoBut(V fresh) {
    record Heavy<V>(String name, Found<V> found, long weight) {}
    List<Heavy<V>> all = new ArrayList<>();
    found.forEach((name, one) -> {
      long its = one.value() == fresh ? 0 : weight.of(one.value());
      if (its > 0) {
        all.add(new Heavy<>(name, one, its));
      }
    });
    all.sort(Comparator.comparingLong((Heavy<V> one) -> one.weight()).reversed());
    for (Heavy<V> one : all) {
      if (!weight.isNearlyOver()) {
        return;
      }
      found.remove(one.name(), one.found());
    }
  }

  /** How much is kept. */
  int size() {
    return found.size();
  }

  /** A clock that went back must not make things live longer. */
  private boolean isOld(long atMillis, long keptMillis) {
    long age = clock.millis() - atMillis;
    return age < 0 || age >= keptMillis;
  }
}
