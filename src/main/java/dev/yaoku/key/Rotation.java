package dev.yaoku.key;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a key's material is renewed.
 *
 * @param enabled whether new material is made on schedule
 * @param intervalDays days between rotations, 30 to 365; kept while disabled
 * @param dueAt when the next rotation is due, null while disabled
 * @param lastAt when the last one happened, null if never
 * @param count how many have happened
 */
public record Rotation(
    boolean enabled,
    int intervalDays,
    @Nullable Instant dueAt,
    @Nullable Instant lastAt,
    int count) {
  private static final int USUAL_DAYS = 365;

  /** The rotation of a new key: none. */
  public static final Rotation NONE = new Rotation(false, USUAL_DAYS, null, null, 0);

  /** On, at the usual interval from now, whatever it was before. */
  public Rotation on(Instant now) {
    return new Rotation(true, USUAL_DAYS, after(now, USUAL_DAYS), lastAt, count);
  }

  /** Off. */
  public Rotation off() {
    return new Rotation(false, intervalDays, null, lastAt, count);
  }

  /** At another interval, counted from the last rotation or, if there was none, from now. */
  public Rotation every(int days, Instant now) {
    return new Rotation(true, days, after(lastAt == null ? now : lastAt, days), lastAt, count);
  }

  /** After one more rotation. */
  public Rotation done(Instant now) {
    return new Rotation(
        enabled, intervalDays, enabled ? after(now, intervalDays) : null, now, count + 1);
  }

  /** Whether new material is due. */
  public boolean isDueAt(Instant now) {
    return dueAt != null && !dueAt.isAfter(now);
  }

  private static Instant after(Instant start, int days) {
    return start.plus(Duration.ofDays(days));
  }
}
