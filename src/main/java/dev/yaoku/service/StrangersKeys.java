package dev.yaoku.service;

import dev.yaoku.access.Directory.StrangersKey;
import dev.yaoku.access.Remembered;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.time.Duration;
import java.time.InstantSource;
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

  private long forgettings;

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
    try {
      long before = forgettings();
      return kept(id, load.apply(id), before);
    } finally {
      turns.release();
    }
  }

  private long forgettings() {
    synchronized (turn) {
      return forgettings;
    }
  }

  /** What is kept from now on: this, or what somebody else found meanwhile, which may be in use. */
  private StrangersKey kept(String id, StrangersKey loaded, long before) {
    synchronized (turn) {
      Found there = found.get(id);
      if (there != null && !isOld(there)) {
        loaded.key().close();
        return there.key();
      }
      if (loaded.there() || forgettings == before) {
        found.put(id, new Found(loaded, clock.millis()));
      }
      return loaded;
    }
  }

  /** Forgets an access key: it is gone, or there now. */
  void forget(String id) {
    synchronized (turn) {
      forgettings++;
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
