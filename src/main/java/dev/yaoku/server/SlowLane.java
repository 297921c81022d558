package dev.yaoku.server;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work that may wait, on virtual threads, so many at once. Whose work runs next is decided by
 * how much time each owner has used: who used least goes first, so that nobody's loop starves the
 * others; and a quarter of the places is always left to somebody else (SECURITY_DESIGN H9).
 */
final class SlowLane {
  private static final Logger LOG = LoggerFactory.getLogger(SlowLane.class);
  private static final int RETRY_AFTER_SECONDS = 1;
  private static final int OWNERS_MAX = 10_000;

  private final int runningMax;
  private final int runningPerOwnerMax;
  private final int waitingMax;
  private final int waitingPerOwnerMax;
  private final Executor threads;
  private final LongSupplier nanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Owner> owners = new HashMap<>();
  private final PriorityQueue<Owner> ready =
      new PriorityQueue<>(
          Comparator.<Owner>comparingLong(owner -> owner.used).thenComparingLong(o -> o.turn));
  private long turns;

  /** What the owner served last had used; newcomers start from here, not from nothing. */
  private long level;

  private int running;
  private int waiting;

  /** Work, and the threads that it is to run on. */
  private record Queued(Runnable work, Executor threads) {}

  /** Somebody with work: a project, or a source of unproved requests. */
  private static final class Owner {
    final String name;
    final ArrayDeque<Queued> work = new ArrayDeque<>();
    long used;
    long turn;
    int running;
    boolean queued;

    Owner(String name) {
      this.name = name;
    }
  }

  /**
   * A lane.
   *
   * @param runningMax how much runs at once
   * @param waitingMax how much waits in all
   * @param waitingPerOwnerMax how much of one owner waits
   * @param threads starts a virtual thread a task, where work is refused the thread that it wants
   * @param nanos counts the time that work takes
   */
  SlowLane(
      int runningMax,
      int waitingMax,
      int waitingPerOwnerMax,
      Executor threads,
      LongSupplier nanos) {
    this.runningMax = runningMax;
    this.runningPerOwnerMax = Math.max(1, runningMax - runningMax / 4);
    this.waitingMax = waitingMax;
    this.waitingPerOwnerMax = waitingPerOwnerMax;
    this.threads = threads;
    this.nanos = nanos;
  }

  /**
   * Runs the work now or later. Never blocks.
   *
   * @param on starts its thread
   * @throws KmsException with {@link Problem.Throttled} if the owner has too much waiting, with
   *     {@link Problem.Overloaded} if all together have
   */
  void submit(String ownerName, Runnable work, Executor on) {
    lock.lock();
    try {
      Owner owner = owners.get(ownerName);
      if (owner != null && owner.work.size() >= waitingPerOwnerMax) {
        throw new KmsException(new Problem.Throttled(RETRY_AFTER_SECONDS));
      }
      if (waiting >= waitingMax) {
        throw new KmsException(new Problem.Overloaded());
      }
      if (owner == null) {
        owner = new Owner(ownerName);
        owner.used = level;
        owners.put(ownerName, owner);
      }
      owner.work.add(new Queued(work, on));
      waiting++;
      queue(owner);
      startWhatMay();
    } finally {
      lock.unlock();
    }
  }

  int running() {
    return running;
  }

  int waiting() {
    return waiting;
  }

  /** Puts an owner in the queue if there is work of his that may run. */
  private void queue(Owner owner) {
    if (!owner.queued && !owner.work.isEmpty() && owner.running < runningPerOwnerMax) {
      owner.queued = true;
      owner.turn = turns++;
      ready.add(owner);
    }
  }

  private void startWhatMay() {
    while (running < runningMax && !ready.isEmpty()) {
      Owner next = ready.remove();
      next.queued = false;
      level = Math.max(level, next.used);
      Queued first = next.work.remove();
      waiting--;
      try {
        start(next, first);
      } finally {
        queue(next);
      }
    }
  }

  private void start(Owner owner, Queued work) {
    running++;
    owner.running++;
    try {
      start(() -> run(owner, work.work()), work.threads());
    } catch (OutOfMemoryError noThread) {
      running--;
      owner.running--;
      throw noThread;
    }
  }

  private void start(Runnable work, Executor on) {
    try {
      on.execute(work);
    } catch (RejectedExecutionException | OutOfMemoryError noThread) {
      startAnyway(work);
    }
  }

  /** On a virtual thread, which takes none of the system's. */
  private void startAnyway(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException ended) {
      LOG.debug("work came after the end", ended);
    }
  }

  private void run(Owner owner, Runnable work) {
    long from = nanos.getAsLong();
    try {
      work.run();
    } finally {
      finished(owner, nanos.getAsLong() - from);
    }
  }

  private void finished(Owner owner, long took) {
    lock.lock();
    try {
      running--;
      owner.running--;
      charge(owner, took);
      queue(owner);
      startWhatMay();
      forget(owner);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets who has nothing to do and no debt; of all who idle, when they are too many. */
  private void forget(Owner owner) {
    if (owner.running == 0 && owner.work.isEmpty() && owner.used <= level) {
      owners.remove(owner.name);
    }
    if (owners.size() > OWNERS_MAX) {
      owners.values().removeIf(idle -> idle.running == 0 && idle.work.isEmpty());
    }
  }

  /** Adds what was used; the order of the queue follows from it. */
  private void charge(Owner owner, long took) {
    boolean queued = ready.remove(owner);
    owner.used += Math.max(1, took);
    if (queued) {
      ready.add(owner);
    }
  }
}
