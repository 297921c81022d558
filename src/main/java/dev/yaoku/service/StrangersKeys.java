package dev.yaoku.service;

import dev.yaoku.access.Directory.StrangersKey;
import dev.yaoku.access.Remembered;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Secrets of access keys for those who have not proved any yet. What they ask for costs them alone,
 * and what is found counts as long as that nothing was, so that one cannot be told from the other:
 * by the store's work, by what stays in memory, by who is turned away, or by what others change.
 *
 * <p>A secret never changes, and whether its key may be used is asked elsewhere once a signature is
 * right. So nothing here gets untrue but that a key is not there.
 */
final class StrangersKeys {
  private static final Duration COUNTS_FOR = Duration.ofSeconds(1);

  private final Remembered<String, Found> found;
  private final Semaphore turns;
  private final InstantSource clock;

  /** Held while anything is kept or forgotten. */
  private final Object turn = new Object();

  private final Set<LookUp> underWay = new LinkedHashSet<>();

  /** One under way, and whether the key came to be or went meanwhile. */
  private static final class LookUp {
    private final String id;
    private boolean overtaken;

    private LookUp(String id) {
      this.id = id;
    }
  }

  private record Found(StrangersKey key, long atMillis) {}

  /**
   * Nothing found yet.
   *
   * @param max how many names are kept
   * @param turns how many look-ups may run at once
   */
  StrangersKeys(int max, Semaphore turns, InstantSource clock) {
    this.turns = turns;
    this.clock = clock;
    this.found = new Remembered<>(max, this::isOld, f -> f.key().key().close());
  }

  /**
   * What a stranger's signature has to be of.
   *
   * @param load reads it from the store; makes one that nobody has where there is none
   * @throws dev.yaoku.key.NotInMemory if it must be loaded and this thread must not wait
   * @throws KmsException with {@link Problem.Throttled} if too many are being looked up
   */
  StrangersKey find(String id, Function<String, StrangersKey> load) {
    Found kept = found.get(id);
    if (kept != null && !isOld(kept)) {
      return kept.key();
    }
    Waiting.mustBeAllowed();
    if (!turns.tryAcquire()) {
      throw new KmsException(new Problem.Throttled(1));
    }
    LookUp lookUp = begun(id);
    try {
      return kept(lookUp, load.apply(id));
    } finally {
      ended(lookUp);
      turns.release();
    }
  }

  private LookUp begun(String id) {
    LookUp lookUp = new LookUp(id);
    synchronized (turn) {
      underWay.add(lookUp);
    }
    return lookUp;
  }

  private void ended(LookUp lookUp) {
    synchronized (turn) {
      underWay.remove(lookUp);
    }
  }

  /** What is kept from now on: this, or what somebody else found meanwhile, which may be in use. */
  private StrangersKey kept(LookUp lookUp, StrangersKey loaded) {
    synchronized (turn) {
      Found there = found.get(lookUp.id);
      if (there != null && !isOld(there)) {
        loaded.key().close();
        return there.key();
      }
      if (loaded.there() || !lookUp.overtaken) {
        found.put(lookUp.id, new Found(loaded, clock.millis()));
      }
      return loaded;
    }
  }

  /** Forgets an access key: it is gone, or there now. */
  void forget(String id) {
    synchronized (turn) {
      for (LookUp lookUp : underWay) {
        lookUp.overtaken |= lookUp.id.equals(id);
      }
      found.remove(id);
    }
  }

  /** Forgets what does not count any more, so that no secret stays because nobody asks for it. */
  void sweep() {
    found.removeIf(this::isOld);
  }

  /** A clock that went back must not make things live longer. */
  private boolean isOld(Found one) {
    long age = clock.millis() - one.atMillis();
    return age < 0 || age >= COUNTS_FOR.toMillis();
  }
}
