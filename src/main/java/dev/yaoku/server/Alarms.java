package dev.yaoku.server;

import dev.yaoku.service.Clocks;
import dev.yaoku.service.DataKeys;
import dev.yaoku.service.StoppedKeys;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What an operator should be woken for, as gauges. */
final class Alarms {
  private Alarms() {}

  static void bind(MeterRegistry registry, Clocks clocks) {
    Gauge.builder("yaoku_clocks_disagree", clocks, c -> c.disagree() ? 1 : 0)
        .description(
            "1 while wall clock and counted time are over an hour apart and nothing is destroyed")
        .strongReference(true)
        .register(registry);
    Gauge.builder("yaoku_clocks_apart_seconds", clocks, c -> c.apart().toSeconds())
        .description("wall clock less counted time")
        .strongReference(true)
        .register(registry);
  }

  /** Servers of one database that do not have alike what they must. */
  static void bind(MeterRegistry registry, SettingsWatch settings) {
    Gauge.builder("yaoku_settings_differ", settings, s -> s.differ() ? 1 : 0)
        .description(
            "1 while this server and the one that started last on the database differ in settings"
                + " that all must have alike")
        .strongReference(true)
        .register(registry);
  }

  /** Keys that this machine computed something wrong with (SECURITY_DESIGN H7). */
  static void count(MeterRegistry registry, StoppedKeys stopped) {
    Gauge.builder("yaoku_stopped_keys", stopped, StoppedKeys::count)
        .description("keys not used until the next start, as the machine computed wrongly with one")
        .strongReference(true)
        .register(registry);
  }

  /** What the contract allows and nobody should want (SECURITY_DESIGN L1). */
  static void count(MeterRegistry registry, DataKeys dataKeys) {
    FunctionCounter.builder("yaoku_short_data_keys", dataKeys, DataKeys::shortOnes)
        .description("data keys of less than 128 bits that were wrapped")
        .register(registry);
  }
}
