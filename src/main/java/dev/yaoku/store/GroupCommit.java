package dev.yaoku.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes everything that waits, does it in one transaction, and tells
 * all who waited once that is durable: durability costs each a share of an fsync.
 */
final class GroupCommit implements AutoCloseable {
  /** Opens the connection that writes, at the start and after it was lost. */
  interface Opener {
    GroupSession open() throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final int ATTEMPTS_MAX = 12;
  private static final String SHORT_OF_SPACE =
      "The disk of the store is nearly full: free some space. Until then only changes that take"
          + " rights away are made.";
  private static final Duration PROBE_EVERY = Duration.ofSeconds(1);

  /** A connection that nobody uses for minutes is forgotten by what lies between. */
  private static final int QUIET_ROUNDS = 10;

  private final TaskQueue queue;
  private final Opener opener;
  private final Health health;
  private final Guard guard;
  private final CommitWatch watch;
  private final StoreThread thread;
  private @Nullable GroupSession session;

  /** Whether the end of a group was sent, so that it may be durable though nothing says so. */
  private boolean committing;

  /** How often in a row nothing was to be written. */
  private int quiet;

  private volatile boolean introduced = true;
  private volatile CommitListener listener = CommitListener.NOBODY;

  GroupCommit(
      String name,
      TaskQueue.Limits limits,
      Opener opener,
      Health health,
      Guard guard,
      CommitWatch watch) {
    this.queue = new TaskQueue(limits, () -> listener.underWay(), () -> listener.patientUnderWay());
    this.opener = opener;
    this.health = health;
    this.guard = guard;
    this.watch = watch;
    this.thread = new StoreThread(this::run, name);
    thread.start();
  }

  /** From now on somebody hears of commits. */
  void tell(CommitListener whom) {
    listener = whom;
    introduced = false;
  }

  /** Queues a change. The result is complete once it is durable. */
  <T> void submit(Task.Change<T> change) {
    if (!queue.offer(change)) {
      listener.failed(1);
      change.failed(new NotTried("The store takes no more changes now: too many wait."));
    }
  }

  /** Queues events. */
  void append(List<AuditRow> events, AppendListener whose) {
    Task.Events task = Task.Events.of(events, whose);
    if (!queue.offer(task)) {
      listener.failed(1);
      task.failed(new NotTried("The log takes no more events now: too many wait."));
      task.allTold();
    }
  }

  /** How many events are not durable yet. */
  int backlog() {
    return queue.events();
  }

  /** Whether what is given now would probably not become durable. */
  boolean isFailing() {
    return watch.isFailing();
  }

  private void run() {
    while (!queue.isDone()) {
      try {
        introduce();
        List<Task> group = queue.take(PROBE_EVERY);
        quiet++;
        if (!group.isEmpty()) {
          quiet = 0;
          commit(group);
        }
        lookAfter();
      } catch (InterruptedException e) {
        // Only close() ends this thread, and it does not interrupt.
        LOG.warn("the writer of the store was interrupted and goes on");
      }
    }
    forgetSession();
  }

  private void introduce() {
    if (!introduced) {
      introduced = true;
      try {
        listener.begin();
      } catch (RuntimeException e) {
        LOG.warn("the writer's claim on a core was not set", e);
      }
    }
  }

  private void commit(List<Task> all) {
    List<Task> group = all;
    List<Task> refused = List.of();
    if (guard.isShortOfSpace()) {
      group = all.stream().filter(Task::fromReserve).toList();
      refused = all.stream().filter(task -> !task.fromReserve()).toList();
    }
    Throwable failure = group.isEmpty() ? null : failureOf(group);
    queue.done(all);
    tellAll(group, failure);
    if (!refused.isEmpty()) {
      listener.failed(refused.size());
      tellAll(refused, new NotTried(SHORT_OF_SPACE));
    }
    for (Task task : all) {
      tellTheEnd(task);
    }
  }

  /**
   * Who made changes waits on a virtual thread. Told from here, each would wake a carrier, which
   * then has the core before the next is told; told by a virtual thread they queue on its carrier.
   */
  private static void tellAll(List<Task> group, @Nullable Throwable failure) {
    List<Task> changes = group.stream().filter(task -> task instanceof Task.Change<?>).toList();
    Runnable telling = () -> changes.forEach(task -> tell(task, failure));
    if (changes.size() > 1) {
      onVirtualThread(telling);
    } else {
      telling.run();
    }
    for (Task task : group) {
      if (!(task instanceof Task.Change<?>)) {
        tell(task, failure);
      }
    }
  }

  /** Here after all where the system has no thread to carry one. */
  private static void onVirtualThread(Runnable work) {
    try {
      Thread.startVirtualThread(work);
    } catch (OutOfMemoryError noThread) {
      work.run();
    }
  }

  /** Commits the group, or says why nothing of it remains. */
  private @Nullable Throwable failureOf(List<Task> group) {
    long start = System.nanoTime();
    boolean known = watch.isFailing();
    watch.begin();
    try {
      commitOrRetry(group);
      watch.committed();
      listener.committed(group.size(), System.nanoTime() - start);
      return null;
    } catch (Throwable e) {
      listener.failed(group.size());
      if (!known) {
        LOG.error("a group of {} tasks was not committed", group.size(), e);
      }
      noteFailure(e);
      forgetSession();
      return e instanceof Error ? e : Failures.of(e);
    }
  }

  private void noteFailure(Throwable failure) {
    if (Failures.isOfWaiting(failure)) {
      watch.waitedInVain();
    } else {
      watch.failed();
    }
  }

  private static void tell(Task task, @Nullable Throwable failure) {
    try {
      if (failure == null) {
        task.committed();
      } else {
        task.failed(failure);
      }
    } catch (RuntimeException e) {
      LOG.error("whoever waited for a commit failed", e);
    }
  }

  private static void tellTheEnd(Task task) {
    try {
      task.allTold();
    } catch (RuntimeException e) {
      LOG.error("whoever waited for a commit failed", e);
    }
  }

  private void commitOrRetry(List<Task> group) throws SQLException, InterruptedException {
    guard.check();
    health.mustBeUsable();
    boolean kept = session != null;
    boolean halfway = false;
    for (int attempt = 1; ; attempt++) {
      try {
        commitOnce(group, halfway);
        return;
      } catch (WriteSession.FailedHalfway e) {
        halfway = true; // again, with savepoints
      } catch (SQLException | RuntimeException e) {
        if (kept && !committing && Failures.isOfConnection(e)) {
          // It was lost while nobody used it, as by a restart of the database, or in the middle of
          // what had not been committed: nothing is there of it.
          kept = false;
          halfway = false;
          forgetSession();
        } else if (Failures.isSerialisation(e) && attempt < ATTEMPTS_MAX) {
          open().rollback();
          halfway = false;
          awaitOthers(attempt);
        } else {
          throw e;
        }
      }
    }
  }

  /** Servers that collide wait differently long, or they would collide again. */
  private static void awaitOthers(int attempt) throws InterruptedException {
    Thread.sleep(Duration.ofMillis((System.nanoTime() >>> 10) % (2L << Math.min(attempt, 6))));
  }

  private void commitOnce(List<Task> group, boolean halfway) throws SQLException {
    committing = false;
    GroupSession open = open();
    if (halfway) {
      open.rollback();
    }
    open.begin(group.stream().anyMatch(task -> task instanceof Task.Change<?>));
    for (Task task : group) {
      task.run(open);
    }
    committing = true;
    open.commit();
  }

  private GroupSession open() throws SQLException {
    GroupSession open = session;
    if (open == null) {
      open = opener.open();
      session = open;
    }
    return open;
  }

  /** What the writer does when nothing waits, or between groups. */
  private void lookAfter() {
    try {
      if (session != null) {
        session.lookAfter();
        if (quiet >= QUIET_ROUNDS) {
          quiet = 0;
          session.mustBeThere();
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("looking after the store failed; it is opened anew: {}", e.getMessage());
      LOG.debug("it failed there", e);
      forgetSession();
    }
    if (watch.lastFailed()) {
      probe();
    }
  }

  /** Tries whether a commit succeeds again. */
  private void probe() {
    watch.begin();
    try {
      guard.check();
      health.mustBeUsable();
      if (guard.isShortOfSpace()) {
        watch.failed(); // what is left is for those who may use it
        return;
      }
      GroupSession open = open();
      open.begin(true);
      open.probe();
      open.commit();
      watch.committed();
    } catch (SQLException | RuntimeException e) {
      LOG.debug("the store still fails", e); // whose first failure was told
      noteFailure(e);
      forgetSession();
    }
  }

  private void forgetSession() {
    try {
      if (session != null) {
        session.close();
      }
    } catch (RuntimeException e) {
      LOG.warn("the connection of the store's writer did not close", e);
    } finally {
      session = null;
    }
  }

  /** Commits what waits and stops. */
  @Override
  public void close() {
    queue.close();
    thread.awaitEnd();
  }
}
