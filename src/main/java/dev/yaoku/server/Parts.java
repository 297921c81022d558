package dev.yaoku.server;

import dev.yaoku.access.Authenticator;
import dev.yaoku.access.RequestRates;
import dev.yaoku.api.Dialect;
import dev.yaoku.api.Route;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.store.Store;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What the listener is made of.
 *
 * @param routes all operations
 * @param gateway how refusals are written that come before a route is known
 * @param authenticator finds out who calls
 * @param callers makes callers of proved identities
 * @param recorder makes the events of requests
 * @param encoder turns the server's own events into entries of the log
 * @param store keeps the events
 * @param warm whether the server could answer now: no algorithm failed its self-test
 * @param asksForCertificates whether clients are to be asked for certificates now
 * @param random gives so many random bytes
 * @param clock says when
 * @param metrics where everything is counted
 * @param rates how much callers may ask in a second
 * @param computing threads for requests that take a core for long
 */
public record Parts(
    Config config,
    List<Route> routes,
    Dialect gateway,
    Authenticator authenticator,
    Callers callers,
    Recorder recorder,
    Function<AuditEvent, byte[]> encoder,
    Store store,
    BooleanSupplier warm,
    BooleanSupplier asksForCertificates,
    IntFunction<byte[]> random,
    InstantSource clock,
    PrometheusMeterRegistry metrics,
    RequestRates rates,
    Executor computing) {}
