package dev.yaoku.service;

import dev.yaoku.access.Remembered;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What was found in the store under a name, kept for a while; and for a moment, that nothing was
 * found. Strangers choose the names, so everything has a bound: how much is kept, and how many
 * look-ups of names never seen before run at once (SECURITY_DESIGN H9).
 *
 * <p>What is found while something is being forgotten is used once and not kept, because it may be
 * what was true before.
 */
final class LookUps<V> {
  /** How long it counts that nothing was found. */
  static final Duration MISSING_FOR = Duration.ofSeconds(1);

  private static final Duration FOUND_FOR_AT_LEAST = Duration.ofSeconds(2);

  private final Remembered<String, Found<V>> found;
  private final Remembered<String, Long> missing;
  private final Remembered<String, Boolean> seenBefore;
  private final AtomicLong forgettings = new AtomicLong();
  private final Semaphore strangers;
  private final GrowingLife life;
  private final InstantSource clock;

  /**
   * What was found.
   *
   * @param atMillis when
   * @param keptMillis for how long it counts
   * @param forgettings how often anything had been forgotten before it was looked up
   */
  record Found<V>(V value, long atMillis, long keptMillis, long forgettings) {}

  /**
   * Nothing found yet.
   *
   * @param max how many names are kept
   * @param keptFor how long what was found counts at most
   * @param strangers how many look-ups of names never seen before may run at once
   * @param farewell takes leave of what is no longer kept
   */
  LookUps(
      int max,
      Duration keptFor,
      Semaphore strangers,
      InstantSource clock,
      Consumer<? super V> farewell) {
    this.strangers = strangers;
    this.clock = clock;
    this.life = new GrowingLife(FOUND_FOR_AT_LEAST.toMillis(), keptFor.toMillis());
    this.found = new Remembered<>(max, f -> !counts(f), f -> farewell.accept(f.value()));
    this.missing = new Remembered<>(max, at -> isOld(at, MISSING_FOR.toMillis()), _ -> {});
    this.seenBefore = new Remembered<>(max, _ -> false, _ -> {});
  }

  /**
   * What the name stands for.
   *
   * @param load reads it from the store
   * @throws dev.yaoku.key.NotInMemory if it must be loaded and this thread must not wait
   * @throws KmsException with {@link Problem.Throttled} if too many strangers are being looked up
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
    return one.forgettings() == forgettings.get() && counts(one);
  }

  /** Whether it was found lately enough. */
  private boolean counts(Found<V> one) {
    return !isOld(one.atMillis(), one.keptMillis());
  }

  private Optional<V> loaded(String name, Function<String, Optional<V>> load) {
    long before = forgettings.get();
    Optional<V> value = load.apply(name);
    long now = clock.millis();
    if (value.isEmpty()) {
      missing.put(name, now);
    } else {
      found.put(name, new Found<>(value.get(), now, life.from(now), before));
      seenBefore.put(name, true);
    }
    if (forgettings.get() != before) {
      found.remove(name);
      missing.remove(name);
    }
    return value;
  }

  /** Forgets a name: what it stands for has changed, or is there now. */
  void forget(String name) {
    forgettings.incrementAndGet();
    found.remove(name);
    missing.remove(name);
  }

  /** Forgets all names that stand for such a thing, and that others stood for nothing. */
  void forgetIf(Predicate<? super V> changed) {
    forgettings.incrementAndGet();
    found.removeIf(f -> changed.test(f.value()));
    missing.removeIf(_ -> true);
  }

  /** Forgets everything, also what was not there. */
  void forgetAll() {
    forgettings.incrementAndGet();
    found.removeIf(_ -> true);
    missing.removeIf(_ -> true);
  }

  /** Forgets what was kept long enough, so that no secret stays because nobody asks for it. */
  void sweep() {
    found.removeIf(f -> !counts(f));
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
