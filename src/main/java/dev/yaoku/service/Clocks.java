package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two clocks that must agree before anything is destroyed: the wall clock, which others can set,
 * and a counter in the store, which only elapsed time moves (SECURITY_DESIGN C3).
 *
 * <p>The counter began as the wall clock's time of the first start. Every node adds the monotonic
 * time that passed for it; of several nodes the furthest counts. Time in which no node ran is added
 * by the wall clock, at most seven days a stop and never past it. Where several nodes may share the
 * store, a node that sees a stop of some minutes first looks for some more whether another one
 * counts: then there was no stop, and its own wall clock is ahead. When the two are more than an
 * hour apart, one of them is wrong and nothing is destroyed until a person says which.
 *
 * <p>What was added for a stop may be the age of a copy that was put back, with deletions in it
 * that were cancelled since. So after a stop of some minutes nothing is destroyed for an hour, on
 * any node, or until a person says that the clock is right.
 */
public final class Clocks {
  /** How far the clocks may be apart. */
  public static final Duration APART_MAX = Duration.ofHours(1);

  /**
   * Clocks that are further apart are spoken of in the log: so far off a signature's date may be.
   */
  static final Duration APART_UNSPOKEN = Duration.ofMinutes(15);

  /** How much of a stop is added without asking. */
  public static final Duration DOWNTIME_MAX = Duration.ofDays(7);

  /**
   * A stop that is longer may be the age of a copy that was put back; and where nodes share a
   * store, a clock that is ahead.
   */
  static final Duration LONG_STOP = Duration.ofMinutes(5);

  /** How long nothing is destroyed after one. */
  static final Duration WAIT_AFTER_STOP = Duration.ofHours(1);

  /** Nodes count every half a minute; one that has long work to do in between, later. */
  static final Duration OTHERS_COUNT_WITHIN = Duration.ofMinutes(3);

  private static final Logger LOG = LoggerFactory.getLogger(Clocks.class);

  private static final Resource CLOCK = new Resource("clock", "");
  private static final String COUNTER = "clock.counter";
  private static final String WALL = "clock.wall";
  private static final String ACCEPTED = "clock.accepted";
  private static final String WAITS_UNTIL = "clock.waits-until";

  private final Store store;
  private final InstantSource wall;
  private final LongSupplier nanos;
  private final Events events;
  private final Operators operators;

  private volatile @Nullable Mark mark;
  private volatile boolean alarmed;
  private boolean differed;

  Clocks(Store store, InstantSource wall, LongSupplier nanos, Events events, Operators operators) {
    this.store = store;
    this.wall = wall;
    this.nanos = nanos;
    this.events = events;
    this.operators = operators;
  }

  /**
   * What this node knows of the counter.
   *
   * @param counter the counter's value when this was known
   * @param atNanos the monotonic time then
   * @param accepted how often a person had set the counter until then
   * @param waitsUntil the counter's value until which nothing is destroyed
   * @param stop for how long nobody counted, if nobody does now either; zero once that is known
   */
  private record Mark(
      Instant counter, long atNanos, long accepted, Instant waitsUntil, Duration stop) {
    static Mark of(Reading tx, Instant counter, long atNanos, Duration stop) {
      Instant waitsUntil = instant(tx, WAITS_UNTIL).orElse(Instant.EPOCH);
      return new Mark(counter, atNanos, Clocks.accepted(tx), waitsUntil, stop);
    }

    static Mark of(Reading tx, Instant counter, long atNanos) {
      return of(tx, counter, atNanos, Duration.ZERO);
    }

    Instant at(long nowNanos) {
      return counter.plusNanos(nowNanos - atNanos);
    }

    boolean mayBeAStop() {
      return stop.isPositive();
    }

    /** Whether somebody counted since. */
    boolean isOutdated(Instant stored, long accepted) {
      return !stored.equals(counter) || accepted != this.accepted;
    }

    boolean waits(long nowNanos) {
      return at(nowNanos).isBefore(waitsUntil);
    }

    boolean isLongAgo(long nowNanos) {
      return nowNanos - atNanos >= OTHERS_COUNT_WITHIN.toNanos();
    }
  }

  /** The counter's time as some node stored it last; none before a first start. */
  public static Optional<Instant> counted(Store store) {
    return store.read(Clocks::counter);
  }

  /** Begins counting on this node, and adds the time for which nobody counted. */
  public void start() {
    Instant now = Times.now(wall);
    long nowNanos = nanos.getAsLong();
    // From the reserve: a server must start on a full disk too, so that rights can be taken away.
    mark = store.writeFromReserve(tx -> begun(tx, now, nowNanos));
    raiseOrEndAlarm();
    sayThatItWaits();
  }

  private Mark begun(Writing tx, Instant now, long nowNanos) {
    Optional<Instant> stored = counter(tx);
    Duration stop = stored.map(counter -> downtime(tx, counter, now)).orElse(Duration.ZERO);
    if (store.isShared() && stop.compareTo(LONG_STOP) > 0) {
      return Mark.of(tx, stored.orElseThrow(), nowNanos, stop);
    }
    Instant counter = stored.map(before -> before.plus(stop)).orElse(now);
    save(tx, counter, now);
    waitAfter(tx, stop, counter);
    return Mark.of(tx, counter, nowNanos);
  }

  /** Adds the time that passed. To be called at least every minute. */
  public synchronized void tick() {
    Mark before = current();
    Instant now = Times.now(wall);
    long nowNanos = nanos.getAsLong();
    Mark after =
        store.writeFromReserve(tx -> {
          Instant stored = counter(tx).orElseThrow(Clocks::notStarted);
          long accepted = accepted(tx);
          Instant own = before.at(nowNanos);
          Duration stop = Duration.ZERO;
          if (before.mayBeAStop() && !before.isOutdated(stored, accepted)) {
            if (!before.isLongAgo(nowNanos)) {
              return before;
            }
            stop = atMost(before.stop(), downtime(tx, own, now));
            own = own.plus(stop);
          }
          // After a person has set the counter, what this node counted before means nothing.
          boolean behind = accepted != before.accepted() || stored.isAfter(own);
          if (behind) {
            // Its wall time stays too: this one may be earlier, and what lies between would be
            // counted again as a stop.
            return Mark.of(tx, stored, nowNanos);
          }
          save(tx, own, now);
          waitAfter(tx, stop, own);
          return Mark.of(tx, own, nowNanos);
        });
    mark = after;
    raiseOrEndAlarm();
    if (after.waitsUntil().isAfter(before.waitsUntil())) {
      sayThatItWaits();
    }
    sayThatTheyDiffer();
  }

  /** The counter's time. */
  public Instant counter() {
    return current().at(nanos.getAsLong());
  }

  /**
   * From when a wait is to be counted that must not be cut short when a wall clock that is behind
   * is set right: the wall clock's time, or the counter's if the wall clock is behind it by more
   * than clocks may be apart.
   */
  public Instant waitsFrom() {
    Instant now = Times.now(wall);
    Instant counter = counter();
    return areApart(counter, now) && counter.isAfter(now)
        ? counter.truncatedTo(ChronoUnit.MILLIS)
        : now;
  }

  /** The earlier of the two times: until then both clocks agree that time has passed. */
  public Instant agreed() {
    Instant counter = counter();
    Instant now = wall.instant();
    return now.isBefore(counter) ? now : counter;
  }

  /** Whether the clocks are too far apart, so that nothing may be destroyed. */
  public boolean suspect() {
    return areApart(counter(), wall.instant());
  }

  /**
   * Whether nothing may be destroyed now: the clocks are too far apart, or were stopped for long a
   * while ago, or it is not known yet whether they were.
   */
  public boolean waits() {
    return suspect() || current().mayBeAStop() || current().waits(nanos.getAsLong());
  }

  /** Whether one of the clocks is wrong, rather than that nobody may have counted for a while. */
  public boolean disagree() {
    return !current().mayBeAStop() && suspect();
  }

  /** How far the wall clock is ahead of the counter; negative if it is behind. */
  public Duration apart() {
    return Duration.between(counter(), wall.instant());
  }

  /**
   * The two clocks side by side.
   *
   * @param wall what the machine's clock says
   * @param counter what the server counted
   * @param suspect whether they are too far apart, so that nothing is destroyed
   */
  public record Both(Instant wall, Instant counter, boolean suspect) {}

  /**
   * What the clocks say, to an operator of the installation.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.NotAllowed}
   */
  public Both show(Caller caller) {
    operators.mustBeOne(caller, Action.SHOW_CLOCK);
    return both();
  }

  private Both both() {
    return new Both(Times.now(wall), counter().truncatedTo(ChronoUnit.MILLIS), suspect());
  }

  /**
   * Sets the counter to the wall clock, because an operator of the installation has found the wall
   * clock to be right.
   *
   * @return the clocks as they are afterwards
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.NotAllowed}
   */
  public Both accept(Caller caller) {
    operators.mustBeOne(caller, Action.ACCEPT_CLOCK);
    Instant counted = counter();
    Instant now = Times.now(wall);
    long nowNanos = nanos.getAsLong();
    mark =
        store.write(tx -> {
          Replays.refuse(tx, caller);
          long accepted = accepted(tx) + 1;
          tx.putSetting(ACCEPTED, Long.toString(accepted));
          save(tx, now, now);
          endTheWait(tx, now);
          String detail = "set the counter from " + counted + " to " + now;
          tx.append(events.notable(caller, CLOCK, Statuses.OK, detail, tx.changes()));
          return Mark.of(tx, now, nowNanos);
        });
    caller.audit().markRecorded();
    raiseOrEndAlarm();
    return both();
  }

  private static void waitAfter(Writing tx, Duration stop, Instant counter) {
    if (stop.compareTo(LONG_STOP) > 0) {
      note(tx, WAITS_UNTIL, counter.plus(WAIT_AFTER_STOP));
    }
  }

  private static void endTheWait(Writing tx, Instant counter) {
    if (instant(tx, WAITS_UNTIL).filter(counter::isBefore).isPresent()) {
      note(tx, WAITS_UNTIL, counter);
    }
  }

  private void sayThatItWaits() {
    if (current().waits(nanos.getAsLong()) && !suspect()) {
      LOG.warn(
          "Nothing is destroyed within the next {} minutes, because no server ran for a while. If a"
              + " copy of the store was put back, cancel the deletions now that were cancelled"
              + " after it was taken; ./yaoku clock accept ends the wait.",
          Duration.between(counter(), current().waitsUntil()).plusSeconds(59).toMinutes());
    }
  }

  /** Says it once, until they are together again; what is further apart is an alarm. */
  private void sayThatTheyDiffer() {
    Duration apart = apart();
    boolean differ = !current().mayBeAStop() && apart.abs().compareTo(APART_UNSPOKEN) > 0;
    if (differ && !differed && !suspect()) {
      LOG.warn(
          "The clocks differ by more than {} minutes: the wall clock says {}, the server counted"
              + " {}. Find out which is wrong. With a wrong wall clock signatures of clients whose"
              + " clocks are right are refused; if it is right, run ./yaoku clock accept.",
          APART_UNSPOKEN.toMinutes(),
          wall.instant(),
          counter());
    }
    differed = differ;
  }

  private void raiseOrEndAlarm() {
    boolean suspect = disagree();
    if (suspect == alarmed) {
      return;
    }
    String said = "the wall clock says " + wall.instant() + ", the server counted " + counter();
    if (suspect) {
      LOG.error(
          "The clocks disagree: {}. Nothing is destroyed until they agree or the wall clock is"
              + " accepted: ./yaoku clock accept.",
          said);
    } else {
      LOG.info("The clocks agree again: {}.", said);
    }
    record(
        suspect ? "clocksDisagree" : "clocksAgree",
        suspect ? Rating.INCIDENT : Rating.NORMAL,
        said);
    alarmed = suspect;
  }

  private void record(String trace, Rating rating, String detail) {
    store.writeFromReserve(tx -> {
      tx.append(events.ofServer("", trace, CLOCK, rating, detail, List.of()));
      return true;
    });
  }

  private Mark current() {
    Mark known = mark;
    if (known == null) {
      throw notStarted();
    }
    return known;
  }

  private static Optional<Instant> counter(Reading tx) {
    return instant(tx, COUNTER);
  }

  /** The time for which nobody counted; never so much that the counter passes the wall clock. */
  private static Duration downtime(Reading tx, Instant counter, Instant now) {
    Duration down = Duration.between(instant(tx, WALL).orElse(now), now);
    Duration missing = Duration.between(counter, now);
    Duration added = Collections.min(List.of(down, missing, DOWNTIME_MAX));
    return added.isNegative() ? Duration.ZERO : added;
  }

  /** The wall clock may have been corrected since. */
  private static Duration atMost(Duration stop, Duration asOfNow) {
    return stop.compareTo(asOfNow) < 0 ? stop : asOfNow;
  }

  private static long accepted(Reading tx) {
    return tx.setting(ACCEPTED).map(Long::parseLong).orElse(0L);
  }

  private static Optional<Instant> instant(Reading tx, String name) {
    return tx.setting(name).map(Long::parseLong).map(Instant::ofEpochMilli);
  }

  /**
   * The counter and the wall clock's time at that same moment, which belong together. Of wall
   * clocks that may be wrong the furthest stays: else the node that is ahead would count all that
   * lies between it and the others as a stop, and more of it at each of its starts.
   */
  private static void save(Writing tx, Instant counter, Instant now) {
    Instant before = instant(tx, WALL).orElse(now);
    Instant reached = areApart(counter, now) && before.isAfter(now) ? before : now;
    note(tx, COUNTER, counter);
    note(tx, WALL, reached);
  }

  private static void note(Writing tx, String name, Instant at) {
    tx.noteSetting(name, Long.toString(at.toEpochMilli()));
  }

  private static boolean areApart(Instant counter, Instant wall) {
    return Duration.between(counter, wall).abs().compareTo(APART_MAX) > 0;
  }

  private static IllegalStateException notStarted() {
    return new IllegalStateException("the clocks were not started");
  }
}
