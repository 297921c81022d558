package dev.yaoku.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the write-ahead log of the embedded store into its file, on a thread and a connection of
 * its own: a commit must not wait for it. Only the last few pages, and the new beginning of the
 * log, are left to the writer, because under load the log ends only where the writer does (ADR 6).
 */
final class Checkpoints implements AutoCloseable {
  /** Opens the connection that folds. */
  interface Opener {
    Connection open() throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String PASSIVE = "PRAGMA wal_checkpoint(PASSIVE)";
  private static final String TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)";
  private static final String BUSY = "PRAGMA busy_timeout = ";
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

  /** A log of so many pages, 20 MiB, begins anew. */
  private static final int LONG_PAGES = 5_000;

  /** A log of so many pages, 32 MiB, the writer folds: the thread cannot, or the disk is slow. */
  static final int PAGES_MAX = 8_000;

  /** The bytes of such a log: 4 KiB a page and its frame's head (SQLite, "WAL file format"). */
  static final long LOG_BYTES = PAGES_MAX * (4_096L + 24) + 32;

  private final Opener opener;
  private final StoreThread thread;

  /** By which pages are sent to the disk; see {@link SqliteFile#openBesideSqlite}. */
  private final FileChannel file;

  private final Health health;

  /** Held by whoever folds: SQLite would turn the second away. */
  private final ReentrantLock turn = new ReentrantLock();

  private boolean failing;
  private volatile boolean dirty;
  private volatile boolean toBeFinished;

  /** Known to the writer only. */
  private boolean toBeEmptied;

  private volatile boolean closed;

  /** The disk did not take what was folded. */
  private volatile boolean broken;

  /**
   * Begins to fold.
   *
   * @param file the store's file, which is closed by {@link #close}
   * @param health is told when the disk does not take what was folded
   * @throws StoreException if the file cannot be opened
   */
  Checkpoints(Opener opener, FileChannel file, Health health) {
    this.opener = opener;
    this.file = file;
    this.health = health;
    Connection first;
    try {
      first = opener.open();
    } catch (SQLException e) {
      closeFile(file);
      throw Failures.of(e);
    }
    this.thread = new StoreThread(() -> run(first), "store-checkpoints");
    thread.start();
  }

  /**
   * There is something to fold.
   *
   * @param purged whether key material was removed for good, which must not be left in the log
   *     either (SECURITY_DESIGN M7)
   */
  void committed(boolean purged) {
    dirty = true;
    toBeEmptied |= purged;
  }

  /** Called by the writer between two transactions. */
  void lookAfter(Statement writer) throws SQLException {
    if (broken) {
      return;
    }
    if (toBeEmptied) {
      toBeEmptied = !empty(writer);
    }
    finish(writer);
  }

  /**
   * Folds what has come meanwhile if the log is long and nearly folded, so that the next
   * transaction begins it anew.
   */
  private void finish(Statement writer) throws SQLException {
    if (toBeFinished && turn.tryLock()) {
      try {
        toBeFinished = false;
        pages(writer);
      } finally {
        turn.unlock();
      }
    }
  }

  /**
   * Empties the log altogether, after whatever folding is under way. For readers it does not wait,
   * as everybody's changes would; it is tried again after each transaction.
   *
   * @return whether it is done, or readers were in the way
   */
  private boolean empty(Statement writer) throws SQLException {
    turn.lock();
    try {
      writer.execute(BUSY + 0);
      try (ResultSet row = writer.executeQuery(TRUNCATE)) {
        return row.next() && row.getInt(1) == 0;
      } finally {
        writer.execute(BUSY + SqliteFile.BUSY_MILLIS);
      }
    } finally {
      turn.unlock();
    }
  }

  private void run(Connection first) {
    foldBy(() -> first);
    while (!closed && !broken) {
      LockSupport.parkNanos(this, AFTER_A_FAILURE.toNanos());
      foldBy(opener);
    }
  }

  /** Until the end, or a failure: the writer folds long logs meanwhile. */
  private void foldBy(Opener by) {
    try {
      Connection connection = by.open();
      try (Statement statement = connection.createStatement()) {
        foldOften(statement);
      } finally {
        if (!broken) { // else the log must stay, which the last close of a connection removes
          connection.close();
        }
      }
    } catch (SQLException | RuntimeException e) {
      if (!failing) {
        LOG.warn("the log of the store is not folded into its file; it is tried every second", e);
      }
      failing = true;
    }
  }

  private void foldOften(Statement statement) throws SQLException {
    while (!closed && !broken) {
      if (dirty) {
        dirty = false;
        fold(statement);
        failing = false;
      }
      LockSupport.parkNanos(this, EVERY.toNanos());
    }
  }

  /**
   * Folds. Of a long log it sends all to the disk, and what has come meanwhile, too: whoever ends
   * the log has SQLite send what is not there, for which all changes wait.
   */
  private void fold(Statement statement) throws SQLException {
    if (pagesInTurn(statement) >= LONG_PAGES && send()) {
      toBeFinished = pagesInTurn(statement) >= LONG_PAGES && send();
    }
  }

  private int pagesInTurn(Statement statement) throws SQLException {
    turn.lock();
    try {
      return pages(statement);
    } finally {
      turn.unlock();
    }
  }

  /**
   * What a disk did not take may be gone from memory, and the next attempt succeed without it. The
   * log has it, so nothing may be folded any more, nor the log removed.
   */
  private boolean send() {
    try {
      file.force(false);
    } catch (IOException e) {
      broken = true;
      health.refuse(
          "The disk does not take the pages of the store: look at the disk, then start the server"
              + " anew. Nothing that was answered is lost, as the log beside the store has it.");
      LOG.error("the disk does not take the pages of the store", e);
    }
    return !broken;
  }

  /** Folds as much as nobody is in the way of; says how many pages the log has. */
  private static int pages(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(PASSIVE)) {
      return row.next() ? row.getInt(2) : 0;
    }
  }

  /** Ends the folding. */
  void end() {
    closed = true;
    LockSupport.unpark(thread);
    thread.awaitEnd();
  }

  /** To be called when the other connections of the store are closed. */
  @Override
  public void close() {
    if (!broken) {
      closeFile(file);
    }
  }

  private static void closeFile(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("the file of the store did not close", e);
    }
  }
}
