package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a user and a project may make each second, a second's worth at once. Counted by
 * the time at which a caller who kept to the rate would have come this far (ITU-T I.371, generic
 * cell rate algorithm), so that a caller is one number.
 */
public final class RequestRates {
  /** No limits. */
  public static final RequestRates NONE = new RequestRates(0, 0, () -> 0);

  private static final int ENTRIES_MAX = 100_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final @Nullable Rate users;
  private final @Nullable Rate projects;

  /**
   * Rates of one node.
   *
   * @param perUser requests a second of one user; 0 for no limit
   * @param perProject requests a second in one project; 0 for no limit
   * @param nanos monotonic time
   */
  public RequestRates(int perUser, int perProject, LongSupplier nanos) {
    this.users = perUser == 0 ? null : new Rate(perUser, nanos);
    this.projects = perProject == 0 ? null : new Rate(perProject, nanos);
  }

  /**
   * Counts a request.
   *
   * @throws KmsException with {@link Problem.Throttled} if it is one too many; it is not counted
   *     then
   */
  public void count(Caller caller) {
    if (users != null) {
      users.count(caller.principal().user());
    }
    if (projects != null && !caller.project().isEmpty()) {
      projects.count(caller.project());
    }
  }

  private static final class Rate {
    private final long step;
    private final LongSupplier nanos;
    private final long origin;

    /** When each would have come this far, in nanoseconds after the origin. */
    private final Remembered<String, AtomicLong> reached;

    Rate(int perSecond, LongSupplier nanos) {
      this.step = SECOND / perSecond;
      this.nanos = nanos;
      this.origin = nanos.getAsLong();
      this.reached = new Remembered<>(ENTRIES_MAX, at -> at.get() <= now(), _ -> {});
    }

    private long now() {
      return nanos.getAsLong() - origin;
    }

    void count(String who) {
      AtomicLong at = reached.get(who);
      if (at == null) {
        reached.change(who, new AtomicLong(), same -> same);
        at = reached.get(who);
      }
      if (at == null) {
        return; // forgotten at once, as there are too many
      }
      long now = now();
      while (true) {
        long before = at.get();
        long next = Math.max(before, now) + step;
        if (next - now > SECOND) {
          throw new KmsException(new Problem.Throttled(seconds(next - now - SECOND)));
        }
        if (at.compareAndSet(before, next)) {
          return;
        }
      }
    }

    private static int seconds(long wait) {
      return (int) Math.max(1, Math.ceilDiv(wait, SECOND));
    }
  }
}
