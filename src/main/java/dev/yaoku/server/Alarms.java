package dev.yaoku.server;

import dev.yaoku.service.Clocks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What an operator should be woken for, as gauges. */
final class Alarms {
  private Alarms() {}

  static void bind(MeterRegistry registry, Clocks clocks) {
    Gauge.builder("yaoku_clocks_disagree", clocks, c -> c.suspect() ? 1 : 0)
        .description(
            "1 while wall clock and counted time are over an hour apart and nothing is destroyed")
        .strongReference(true)
        .register(registry);
    Gauge.builder("yaoku_clocks_apart_seconds", clocks, c -> c.apart().toSeconds())
        .description("wall clock less counted time")
        .strongReference(true)
        .register(registry);
  }
}
