package dev.yaoku.key;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a key's material is renewed.
 *
 * @param enabled whether new material is made on schedule
 * @param intervalDays days between rotations, 30 to 365; kept while disabled
 * @param dueAt when the next rotation is due, null while disabled and on replicas
 * @param lastAt when the last one happened, null if never
 * @param count how many have happened
 */
public record Rotation(
    boolean enabled,
    int intervalDays,
    @Nullable Instant dueAt,
    @Nullable Instant lastAt,
    int count) {
  /** The rotation of a new key: none. */
  public static final Rotation NONE = new Rotation(false, 365, null, null, 0);

  /** The interval that rotation begins with. */
  private static final int DAYS_AT_FIRST = 365;

  /** A rotation that is no later than this keeps its schedule. */
  private static final Duration LATE = Duration.ofDays(1);

  /** Rotation from now on, every 365 days, whatever the interval was before. */
  public Rotation start(Instant now) {
    return new Rotation(true, DAYS_AT_FIRST, after(now, DAYS_AT_FIRST), lastAt, count);
  }

  /** No rotation from now on. */
  public Rotation stop() {
    return new Rotation(false, intervalDays, null, lastAt, count);
  }

  /** Another interval, counted from the begin of the running one; never due before now. */
  public Rotation every(int days, Instant now) {
    Instant begun = dueAt == null ? now : dueAt.minus(Duration.ofDays(intervalDays));
    Instant due = after(begun, days);
    return new Rotation(enabled, days, due.isBefore(now) ? now : due, lastAt, count);
  }

  /**
   * What follows a rotation now. One that was on time keeps the schedule; after one that was late,
   * or not scheduled at all, a whole interval begins.
   */
  public Rotation happened(Instant now) {
    if (!enabled || dueAt == null) {
      return new Rotation(enabled, intervalDays, dueAt, now, count + 1);
    }
    boolean onTime = isDueAt(now) && dueAt.plus(LATE).isAfter(now);
    Instant next = after(onTime ? dueAt : now, intervalDays);
    return new Rotation(true, intervalDays, next, now, count + 1);
  }

  /**
   * Due no later than one interval from now: what a clock needs that was ahead and was set back.
   */
  public Rotation recalled(Instant now) {
    Instant latest = after(now, intervalDays);
    return dueAt == null || !dueAt.isAfter(latest)
        ? this
        : new Rotation(enabled, intervalDays, latest, lastAt, count);
  }

  /** Of a replica: shown as the primary's is, and never due by itself. */
  public Rotation following() {
    return new Rotation(enabled, intervalDays, null, lastAt, count);
  }

  /** Of a replica that becomes the primary, where no other hands its schedule over. */
  public Rotation leading(Instant now) {
    return enabled && dueAt == null
        ? new Rotation(true, intervalDays, after(now, intervalDays), lastAt, count)
        : this;
  }

  /** Whether a rotation is due. */
  public boolean isDueAt(Instant now) {
    return enabled && dueAt != null && !dueAt.isAfter(now);
  }

  private static Instant after(Instant begin, int days) {
    return begin.plus(Duration.ofDays(days));
  }
}
