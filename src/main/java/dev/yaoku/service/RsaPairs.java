package dev.yaoku.service;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.LockedBytes;
import dev.yaoku.secret.SecretBytes;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * RSA pairs, made ahead: making one takes from a tenth of a second to several seconds of a core. A
 * few of each size wait in locked memory outside the heap, never on disk, so that no crash, backup
 * or copied store hands one out twice (docs/adr/0017). Where none waits, one is made while the
 * caller waits.
 *
 * <p>No project takes more than half of what waits before the rest is full again, nor makes more
 * than one at a time: a loop of one project leaves pairs and the core to others (SECURITY_DESIGN
 * H9).
 */
public final class RsaPairs {
  private static final int PATIENCE_SECONDS = 20;

  private final Cryptography cryptography;
  private final PrivateKeyWork work;
  private final Map<KeySpec, Shelf> shelves = new EnumMap<>(KeySpec.class);
  private final ConcurrentMap<String, Semaphore> making = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Pairs of one size, and how many of them each project took since all places were full. */
  private record Shelf(
      int places,
      BlockingQueue<LockedBytes> pairs,
      ConcurrentMap<String, Integer> taken,
      AtomicBoolean filling) {
    private Shelf(int places) {
      this(
          places, new ArrayBlockingQueue<>(places), new ConcurrentHashMap<>(), new AtomicBoolean());
    }
  }

  /**
   * Nothing is made yet.
   *
   * @param ahead how many of each size wait, 0 to make none ahead
   */
  RsaPairs(Cryptography cryptography, PrivateKeyWork work, int ahead) {
    this.cryptography = cryptography;
    this.work = work;
    if (ahead > 0) {
      for (KeySpec spec : KeySpec.values()) {
        if (spec.isRsa()) {
          shelves.put(spec, new Shelf(ahead));
        }
      }
    }
  }

  /**
   * A pair that nobody had before; the caller closes it.
   *
   * @throws KmsException with {@link Problem.Throttled} if the project makes too many
   */
  SecretBytes take(String project, KeySpec spec) {
    Waiting.mustBeAllowed();
    Shelf shelf = shelves.get(spec);
    @Nullable LockedBytes waiting = shelf == null ? null : poll(shelf, project);
    try {
      return waiting == null ? make(project, spec) : open(waiting);
    } finally {
      fill(spec);
    }
  }

  private static @Nullable LockedBytes poll(Shelf shelf, String project) {
    int share = Math.ceilDiv(shelf.places, 2);
    if (shelf.taken.merge(project, 1, Integer::sum) > share) {
      shelf.taken.merge(project, -1, Integer::sum);
      return null;
    }
    LockedBytes pair = shelf.pairs.poll();
    if (pair == null) {
      shelf.taken.merge(project, -1, Integer::sum);
    }
    return pair;
  }

  private static SecretBytes open(LockedBytes waiting) {
    try (waiting) {
      return waiting.lend(bytes -> bytes.lend(SecretBytes::copyOf));
    }
  }

  private SecretBytes make(String project, KeySpec spec) {
    Semaphore turn = making.computeIfAbsent(project, _ -> new Semaphore(1, true));
    mustGetTurn(turn);
    try {
      return work.make(() -> cryptography.generate(spec));
    } finally {
      turn.release();
    }
  }

  private static void mustGetTurn(Semaphore turn) {
    try {
      if (turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new KmsException(new Problem.Throttled(1));
  }

  /** Makes what is missing, some time, beside everything else. */
  public void fill() {
    shelves.keySet().forEach(this::fill);
  }

  private void fill(KeySpec spec) {
    Shelf shelf = shelves.get(spec);
    if (shelf != null
        && !closed
        && shelf.pairs.remainingCapacity() > 0
        && shelf.filling.compareAndSet(false, true)) {
      boolean taken = work.later(() -> makeAhead(spec, shelf));
      if (!taken) {
        shelf.filling.set(false);
      }
    }
  }

  /** One more, and then the next, of whatever size has waited longest for its turn. */
  private void makeAhead(KeySpec spec, Shelf shelf) {
    try (SecretBytes made = cryptography.generate(spec)) {
      LockedBytes locked = LockedBytes.copyOf(made);
      if (!shelf.pairs.offer(locked)) {
        locked.close();
      }
      if (closed) {
        close(); // this one came after the others were wiped
      }
    } finally {
      shelf.filling.set(false);
    }
    if (shelf.pairs.remainingCapacity() == 0) {
      shelf.taken.clear();
    }
    fill(spec);
  }

  /** How many wait. */
  int waiting(KeySpec spec) {
    Shelf shelf = shelves.get(spec);
    return shelf == null ? 0 : shelf.pairs.size();
  }

  /** Wipes what waits, and what is being made. */
  public void close() {
    closed = true;
    for (Shelf shelf : shelves.values()) {
      for (@Nullable LockedBytes pair = shelf.pairs.poll();
          pair != null;
          pair = shelf.pairs.poll()) {
        pair.close();
      }
    }
  }
}
