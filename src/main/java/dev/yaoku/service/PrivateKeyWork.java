package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
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
 * path").
 */
public final class PrivateKeyWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateKeyWork.class);
  private static final int WAITING_MAX = 4_096;

  private final ThreadPoolExecutor threads;

  /**
   * The threads.
   *
   * @param cores how many
   * @param asThreadStarts run on each first, to lower its claim on a core
   */
  public PrivateKeyWork(int cores, Runnable asThreadStarts) {
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            cores,
            cores,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("private-key-" + count.incrementAndGet())
                    .unstarted(() -> {
                      asThreadStarts.run();
                      work.run();
                    }));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Computes, and waits for it.
   *
   * @throws KmsException with {@link Problem.Overloaded} if too much waits already, or what the
   *     work throws
   * @throws dev.yaoku.key.NotInMemory if this thread must not wait
   */
  <T> T compute(Supplier<T> work) {
    Waiting.mustBeAllowed();
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

  /** Computes when nothing else waits; where it does, not at all. */
  void later(Runnable work) {
    if (!threads.getQueue().isEmpty()) {
      return;
    }
    try {
      var _ = CompletableFuture.runAsync(work, threads).exceptionally(PrivateKeyWork::noted);
    } catch (RejectedExecutionException stopping) {
      LOG.debug("No work ahead: the server stops");
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
  }
}
