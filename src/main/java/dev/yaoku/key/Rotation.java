package dev.yaoku.key;

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
  /** The rotation of a new key: none. */
  public static final Rotation NONE = new Rotation(false, 365, null, null, 0);
}
