package dev.yaoku.server;

import dev.yaoku.api.Dialect;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.ClockRoute;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Time that a test of a client can move forward: wall clock and elapsed time together, so that
 * deletion, expiry and rotation happen as they would after an honest wait. Only {@code --dev} makes
 * one (SECURITY_DESIGN M13).
 *
 * <p>Signatures are dated by the unmoved clock, so that clients go on being understood.
 */
final class DevTime implements Addition {
  /** Nanoseconds of 292 years are more than a {@code long} holds; no test waits so long. */
  private static final Duration AHEAD_MAX = Duration.ofDays(36_525);

  private final Surroundings machine;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  DevTime(Surroundings machine) {
    this.machine = machine;
  }

  /** The machine, with clocks that are ahead. */
  Surroundings surroundings() {
    return new Surroundings(
        this::now,
        () -> machine.nanos().getAsLong() + ahead.get().toNanos(),
        machine.randomness(),
        machine.algorithms());
  }

  private Instant now() {
    return machine.clock().instant().plus(ahead.get());
  }

  @Override
  public InstantSource clockOfSignatures() {
    return machine.clock();
  }

  /**
   * A store that was named is kept, and its counter with it: time goes on where it had come to,
   * rather than that the two clocks disagree for good.
   */
  @Override
  public void goOnFrom(Instant counted) {
    Duration missing = Duration.between(now(), counted);
    if (missing.isPositive()) {
      ahead.updateAndGet(missing::plus);
    }
  }

  private static Duration further(Duration before, Duration forward) {
    Duration after = before.plus(forward);
    if (after.compareTo(AHEAD_MAX) > 0) {
      throw ClockRoute.tooFar(AHEAD_MAX);
    }
    return after;
  }

  @Override
  public List<Route> routes(Dialect dialect, Runnable round) {
    return List.of(
        ClockRoute.of(
            dialect,
            forward -> {
              ahead.updateAndGet(before -> further(before, forward));
              round.run();
              return now();
            }));
  }
}
