package dev.yaoku.server;

import dev.yaoku.api.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What is counted of requests. Labels are operation, outcome and lane, nothing that names a tenant
 * (SECURITY_DESIGN M22). All timers exist from the start, so that counting looks nothing up.
 */
final class Metrics {
  private static final String[] OUTCOMES = {"ok", "refused", "failed"};

  private static final Duration[] BUCKETS = {
    Duration.ofNanos(250_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final PrometheusMeterRegistry registry;
  private final Timer[][] byRoute;
  private final Timer[] noRoute;
  private final Counter moved;

  Metrics(PrometheusMeterRegistry registry, List<Route> routes) {
    this.registry = registry;
    byRoute = routes.stream().map(route -> timers(route.operation())).toArray(Timer[][]::new);
    noRoute = timers("none");
    moved =
        Counter.builder("yaoku_lane_moves")
            .description("requests of the fast lane that had to wait after all")
            .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private Timer[] timers(String operation) {
    Timer[] timers = new Timer[OUTCOMES.length];
    for (int i = 0; i < timers.length; i++) {
      timers[i] =
          Timer.builder("yaoku_requests")
              .description("requests, from the head's arrival to the answer's departure")
              .tag("operation", operation)
              .tag("outcome", OUTCOMES[i])
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
    }
    return timers;
  }

  /**
   * Counts one request.
   *
   * @param route the route's number, below 0 for none
   */
  void request(int route, int status, long nanos) {
    int outcome = status < 400 ? 0 : status < 500 ? 1 : 2;
    (route < 0 ? noRoute : byRoute[route])[outcome].record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts a request that left the fast lane for the slow one. */
  void moved() {
    moved.increment();
  }

  <T> void gauge(String name, String what, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).description(what).strongReference(true).register(registry);
  }

  <T> void laneGauge(
      String name, String description, String lane, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value)
        .description(description)
        .tag("lane", lane)
        .strongReference(true)
        .register(registry);
  }

  /** Everything, as Prometheus reads it. */
  String page() {
    return registry.scrape();
  }
}
