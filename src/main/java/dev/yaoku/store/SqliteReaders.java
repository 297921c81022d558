package dev.yaoku.store;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that read, each with a connection of its own: calls into SQLite would pin a virtual
 * thread to its carrier, so virtual threads wait here instead.
 */
final class SqliteReaders implements Readers {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);

  private final SqliteFile file;
  private final GenuineRows genuine;
  private final Health health;
  private final ThreadPoolExecutor threads;

  /** The one that was used last in front: its cache is the warmest. */
  private final ConcurrentLinkedDeque<ReadSession> idle = new ConcurrentLinkedDeque<>();

  SqliteReaders(SqliteFile file, GenuineRows genuine, Health health, SqliteSettings settings) {
    this.file = file;
    this.genuine = genuine;
    this.health = health;
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            settings.readers(),
            settings.readers(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(settings.readsWaitingMax()),
            work -> new StoreThread(work, "store-reader-" + count.incrementAndGet()));
  }

  @Override
  public <T> T read(Function<? super Reading, T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      threads.execute(() -> run(work, result));
    } catch (RejectedExecutionException e) {
      throw new StoreException("The store takes no more reads now: too many wait.", e);
    }
    return Results.await(result);
  }

  private <T> void run(Function<? super Reading, T> work, CompletableFuture<T> result) {
    try {
      ReadSession session = idle.poll();
      if (session == null) {
        session = new ReadSession(file.openReader(), SqlDialect.SQLITE, genuine, health);
      }
      result.complete(read(session, work));
    } catch (Throwable e) {
      result.completeExceptionally(e instanceof Error ? e : Failures.of(e));
    }
  }

  private <T> T read(ReadSession session, Function<? super Reading, T> work) throws SQLException {
    try {
      return session.read(work);
    } finally {
      if (session.isBroken()) {
        close(session);
      } else {
        idle.push(session);
        if (threads.isShutdown()) {
          closeIdle();
        }
      }
    }
  }

  /** Waits for reads that run and closes all connections. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a read of the store did not end in ten seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeIdle();
  }

  private void closeIdle() {
    for (ReadSession session = idle.poll(); session != null; session = idle.poll()) {
      close(session);
    }
  }

  private static void close(ReadSession session) {
    try {
      session.close();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("a connection of the store did not close", e);
    }
  }
}
