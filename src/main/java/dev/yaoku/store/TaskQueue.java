package dev.yaoku.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Hands tasks to the one thread that commits. Bounded: a task that does not fit is refused at once.
 *
 * <p>The writer takes all that waits as one group. When the last group held several tasks, or more
 * requests are under way than wait here, it waits a moment for more, so that there are at most a
 * thousand commits a second under load; a lone task never waits, nor do several when nobody is left
 * who could join them (ADR 27).
 *
 * <p>Events of requests that computed for long are patient: while nothing else waits, they wait for
 * half of those that are still being computed, a few milliseconds at most, and leave with whatever
 * else is committed before.
 *
 * <p>Changes cost more than events, the more the fewer they are in a group, and whoever made one
 * comes again only when it is durable. So when the last group held several changes, the writer
 * waits until as many tasks are there as had come by then, as long as they keep coming. Where they
 * are many it waits for half of them: while these wait for the disk, the others are worked on.
 */
final class TaskQueue {
  /**
   * What may wait.
   *
   * @param changes how many changes of rows
   * @param events how many events
   * @param eventBytes how many bytes the events may hold
   * @param gather how far apart commits are kept under load, zero for not at all
   */
  record Limits(int changes, int events, long eventBytes, Duration gather) {}

  /** So many tasks are worth a commit of their own, however soon after the last. */
  private static final int ENOUGH_TASKS = 256;

  /**
   * So many events and changes are, when nobody else is under way who could join them, and they are
   * at least half of what the last group held: of many callers some have just been answered and are
   * about to come again.
   */
  private static final int ENOUGH_FOR_NOW = 4;

  private static final int GROUP_TASKS_MAX = 4_096;

  /** So many changes are better committed in two groups, one after the other. */
  private static final int TWO_GROUPS = 32;

  /** For so many times the distance of commits changes wait for others at most. */
  private static final int GATHER_CHANGES_TIMES = 4;

  /** For so many times the distance of commits patient events wait for others at most. */
  private static final int GATHER_PATIENT_TIMES = 12;

  private final Limits limits;
  private final IntSupplier underWay;
  private final IntSupplier patientUnderWay;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Task> waiting = new ArrayDeque<>();
  private int changes;
  private int patient;
  private long eventBytes;
  private final AtomicInteger events = new AtomicInteger();
  private boolean idle;
  private boolean closed;
  private int lastGroup;
  private int lastPrompt;
  private int lastBrought;
  private int lastChanges;
  private int wanted = ENOUGH_TASKS;
  private boolean wantsPrompt;
  private long lastArrivalNanos = System.nanoTime();
  private long lastStartNanos = System.nanoTime();

  /**
   * An empty queue.
   *
   * @param underWay how many requests there are that may yet bring a task
   * @param patientUnderWay how many of them will bring patient events
   */
  TaskQueue(Limits limits, IntSupplier underWay, IntSupplier patientUnderWay) {
    this.limits = limits;
    this.underWay = underWay;
    this.patientUnderWay = patientUnderWay;
  }

  /** Queues a task, or says that there is no room or the store is closed. */
  boolean offer(Task task) {
    lock.lock();
    try {
      boolean change = task instanceof Task.Change<?>;
      if (closed
          || (change && changes >= limits.changes())
          || events.get() + task.events() > limits.events()
          || eventBytes + task.bytes() > limits.eventBytes()) {
        return false;
      }
      waiting.add(task);
      changes += change ? 1 : 0;
      patient += task.isPatient() ? 1 : 0;
      events.addAndGet(task.events());
      eventBytes += task.bytes();
      lastArrivalNanos = System.nanoTime();
      if (idle || waiting.size() == wanted || (wantsPrompt && !task.isPatient()) || isWorthIt()) {
        work.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next group, when there is one.
   *
   * @param patience how long to wait for a first task
   * @return tasks in order of arrival; empty if none came in time, or if the queue is closed
   */
  List<Task> take(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long nanos = patience.toNanos();
      int inFlight = lastGroup + waiting.size();
      idle = true;
      while (waiting.isEmpty() && !closed && nanos > 0) {
        nanos = work.awaitNanos(nanos);
      }
      idle = false;
      gatherPatient();
      if (lastChanges > 1) {
        gatherChanges(enoughChanges(inFlight));
      } else if (hasPrompt()) {
        gather();
      }
      return group();
    } finally {
      lock.unlock();
    }
  }

  private List<Task> group() {
    List<Task> group = new ArrayList<>(Math.min(waiting.size(), GROUP_TASKS_MAX));
    lastChanges = 0;
    lastPrompt = 0;
    lastBrought = 0;
    while (!waiting.isEmpty() && group.size() < GROUP_TASKS_MAX) {
      Task task = waiting.remove();
      lastChanges += task instanceof Task.Change<?> ? 1 : 0;
      if (task.isPatient()) {
        patient--;
      } else {
        lastPrompt++;
        lastBrought += Math.max(1, task.events());
      }
      group.add(task);
    }
    lastGroup = group.size();
    lastStartNanos = System.nanoTime();
    return group;
  }

  private boolean hasPrompt() {
    return waiting.size() > patient;
  }

  /** Until half of the patient ones are here, or somebody who is not patient. */
  private void gatherPatient() throws InterruptedException {
    int enough = Math.min((patientUnderWay.getAsInt() + 1) / 2, ENOUGH_TASKS);
    long nanos = GATHER_PATIENT_TIMES * limits.gather().toNanos();
    wanted = enough;
    wantsPrompt = true;
    try {
      while (nanos > 0 && patient > 0 && patient < enough && !hasPrompt() && !closed) {
        nanos = work.awaitNanos(nanos);
      }
    } finally {
      wanted = ENOUGH_TASKS;
      wantsPrompt = false;
    }
  }

  private void gather() throws InterruptedException {
    if (closed || (lastPrompt < 2 && noOtherIsUnderWay())) {
      return;
    }
    long nanos = lastStartNanos + limits.gather().toNanos() - System.nanoTime();
    while (nanos > 0 && waiting.size() < ENOUGH_TASKS && !isWorthIt() && !closed) {
      nanos = work.awaitNanos(nanos);
    }
  }

  /** Whether waiting for others is in vain, and those who wait are enough for a commit. */
  private boolean isWorthIt() {
    return prompt() >= Math.max(ENOUGH_FOR_NOW, lastBrought / 2) && noOtherIsUnderWay();
  }

  /** How many changes, and events that are not patient, wait. */
  private int prompt() {
    return changes + events.get() - patient;
  }

  /** Whether all who are under way and not patient have brought what they had. */
  private boolean noOtherIsUnderWay() {
    return underWay.getAsInt() - patientUnderWay.getAsInt() <= prompt();
  }

  private static int enoughChanges(int underWay) {
    return Math.min(underWay < TWO_GROUPS ? underWay : (underWay + 1) / 2, ENOUGH_TASKS);
  }

  private void gatherChanges(int enough) throws InterruptedException {
    long gather = limits.gather().toNanos();
    long end = System.nanoTime() + GATHER_CHANGES_TIMES * gather;
    wanted = enough;
    try {
      while (waiting.size() < enough && !closed) {
        long nanos = Math.min(lastArrivalNanos + gather, end) - System.nanoTime();
        if (nanos <= 0) {
          return;
        }
        work.awaitNanos(nanos);
      }
    } finally {
      wanted = ENOUGH_TASKS;
    }
  }

  /** Makes room for others once a group is done with. */
  void done(List<Task> group) {
    lock.lock();
    try {
      for (Task task : group) {
        changes -= task instanceof Task.Change<?> ? 1 : 0;
        events.addAndGet(-task.events());
        eventBytes -= task.bytes();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many events are not durable yet. */
  int events() {
    return events.get();
  }

  /** Takes no more tasks; those that wait are still handed out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there will never be a task again. */
  boolean isDone() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
