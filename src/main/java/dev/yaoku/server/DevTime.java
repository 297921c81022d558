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

  @Override
  public List<Route> routes(Dialect dialect, Runnable round) {
    return List.of(
        ClockRoute.of(
            dialect,
            forward -> {
              ahead.updateAndGet(forward::plus);
              round.run();
              return now();
            }));
  }
}
