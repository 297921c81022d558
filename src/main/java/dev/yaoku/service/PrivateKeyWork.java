package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes what takes a core for long, such as RSA, on as many threads as there are cores, which
 * yield to the event loops: symmetric requests beside it keep their latency (DESIGN, "The hot
 * path"). Pairs that somebody waits for are made on half as many threads of their own, so that
 * signatures do not wait for them (SECURITY_DESIGN H9); pairs ahead on one that runs when nothing
 * else would.
 */
public final class PrivateKeyWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateKeyWork.class);
  private static final int WAITING_MAX = 4_096;
  private static final int MAKING_MAX = 256;

  /** A thread for computing, which need not hand work on that it comes upon. */
  private static final class Worker extends Thread {
    private Worker(Runnable work, String name) {
      super(work, name);
      setDaemon(true);
    }
  }

  /** So many such threads, which end when there is nothing to do. */
  private static final class Workers extends ThreadPoolExecutor {
    private static final int IDLE_SECONDS = 30;

    private Workers(String name, int threads, int waitingMax, Runnable asThreadStarts) {
      super(
          threads,
          threads,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(waitingMax),
          numbered(name, asThreadStarts));
      allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory numbered(String name, Runnable asThreadStarts) {
      AtomicInteger count = new AtomicInteger();
      return work ->
          new Worker(
              () -> {
                asThreadStarts.run();
                work.run();
              },
              name + count.incrementAndGet());
    }

    /**
     * Gives way: an event loop that has lately used more than its share of the core is not let in
     * when it wakes up, but when this thread's time slice ends, milliseconds later (ADR 26).
     */
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // what the scheduler does is the point
    protected void afterExecute(Runnable work, @Nullable Throwable failed) {
      Thread.yield();
    }
  }

  private final ThreadPoolExecutor threads;
  private final ThreadPoolExecutor makers;
  private final ThreadPoolExecutor idle;

  /**
   * The threads.
   *
   * @param cores how many
   * @param asThreadStarts run on each first, to lower its claim on a core
   * @param asIdleThreadStarts run first on the one for work ahead, to lower its claim to the least
   */
  public PrivateKeyWork(int cores, Runnable asThreadStarts, Runnable asIdleThreadStarts) {
    this.threads = new Workers("private-key-", cores, WAITING_MAX, asThreadStarts);
    this.makers = new Workers("key-pairs-", Math.max(1, cores / 2), MAKING_MAX, asThreadStarts);
    this.idle = new Workers("pairs-ahead-", 1, MAKING_MAX, asIdleThreadStarts);
  }

  /**
   * Runs a request that is known to compute for long, on the threads for that from its begin to its
   * end.
   *
   * @throws RejectedExecutionException if too much waits already, or the server stops
   */
  public void execute(Runnable request) {
    threads.execute(request);
  }

  /**
   * Computes, and waits for it.
   *
   * @throws KmsException with {@link Problem.Overloaded} if too much waits already, or what the
   *     work throws
   * @throws dev.yaoku.key.NotInMemory if this thread must not wait
   */
  <T> T compute(Supplier<T> work) {
    return Thread.currentThread() instanceof Worker ? work.get() : on(threads, work);
  }

  /**
   * Makes a pair, and waits for it.
   *
   * @throws KmsException with {@link Problem.Overloaded} if too much waits already, or what the
   *     work throws
   * @throws dev.yaoku.key.NotInMemory if this thread must not wait
   */
  <T> T make(Supplier<T> work) {
    return on(makers, work);
  }

  private static <T> T on(ThreadPoolExecutor threads, Supplier<T> work) {
    Waiting.mustBeAllowedToCompute();
    try {
      return CompletableFuture.supplyAsync(work, threads).get();
    } catch (RejectedExecutionException full) {
      throw new KmsException(new Problem.Overloaded());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KmsException(new Problem.Overloaded());
    } catch (ExecutionException | CompletionException e) {
      throw rethrown(e.getCause());
    }
  }

  /**
   * Does something ahead when no core has anything else to do.
   *
   * @return whether it will: not while the server stops, or the system has no thread for it
   */
  boolean later(Runnable work) {
    try {
      var _ = CompletableFuture.runAsync(work, idle).exceptionally(PrivateKeyWork::noted);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError notNow) {
      LOG.debug("No work ahead", notNow);
      return false;
    }
  }

  private static @Nullable Void noted(Throwable failed) {
    LOG.error("Work ahead failed", failed);
    return null;
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException ours -> ours;
      case Error serious -> throw serious;
      case null, default -> new IllegalStateException("unexpected checked exception", cause);
    };
  }

  @Override
  public void close() {
    threads.shutdown();
    makers.shutdown();
    idle.shutdownNow();
  }
}
