package dev.yaoku.server;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The gauges of a listener: connections, lanes, memory of requests and answers, its log. */
final class ServerMetrics {
  private ServerMetrics() {}

  /** Lets the metrics that all event loops share show what these hold. */
  static void bind(Shared all, Gate gate, @Nullable RequestLog log) {
    Metrics metrics = all.metrics();
    metrics.gauge("yaoku_connections", "open connections", gate, Gate::open);
    StoreMetrics.bind(
        all.parts().metrics(),
        all.parts().store(),
        all.health()::storeWorks,
        all.inFlight()::get,
        all.computing()::get);
    lanes(metrics, all);
    metrics.gauge(
        "yaoku_requests_held_bytes",
        "bytes of long requests that are not answered",
        all.requests(),
        HeapShare::held);
    metrics.gauge(
        "yaoku_answers_held_bytes",
        "bytes of long answers that are not read",
        all.answers(),
        HeapShare::held);
    if (log != null) {
      metrics.gauge("yaoku_log_dropped", "request lines dropped", log, RequestLog::dropped);
    }
  }

  private static void lanes(Metrics metrics, Shared all) {
    String requests = "yaoku_lane_requests";
    String inLane = "requests in a lane";
    metrics.laneGauge(requests, inLane, "fast", all.inFlight(), AtomicInteger::get);
    metrics.laneGauge(requests, inLane, "slow", all.slow(), SlowLane::running);
    metrics.laneGauge(requests, inLane, "unproved", all.unproved(), SlowLane::running);
    String waiting = "yaoku_lane_waiting";
    String forLane = "requests that wait for a lane";
    metrics.laneGauge(waiting, forLane, "slow", all.slow(), SlowLane::waiting);
    metrics.laneGauge(waiting, forLane, "unproved", all.unproved(), SlowLane::waiting);
  }
}
