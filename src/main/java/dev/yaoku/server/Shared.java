package dev.yaoku.server;

import dev.yaoku.audit.Noise;
import dev.yaoku.audit.Refusals;
import dev.yaoku.service.HeapRoom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops of a server share.
 *
 * @param inFlight requests under way, from head to answer
 * @param computing those of them that compute for long
 * @param afterOthers starts a virtual thread a task, which runs after those that can run already
 * @param slow runs work of proved callers that may wait
 * @param unproved runs look-ups and log-ins of callers not yet known
 * @param making where long answers have room while they are made
 * @param requests where what arrives of requests has room until they are answered
 * @param narrowings where policies have room that narrow callers whose requests wait
 * @param answers where long answers have room until they are read
 * @param noise counts requests without a proved identity
 * @param log where request lines go; null for nowhere
 */
record Shared(
    Parts parts,
    Router router,
    HeadReader heads,
    AtomicInteger inFlight,
    AtomicInteger computing,
    Executor afterOthers,
    SlowLane slow,
    SlowLane unproved,
    HeapRoom making,
    HeapShare requests,
    HeapShare narrowings,
    HeapShare answers,
    Noise noise,
    Refusals refusals,
    Metrics metrics,
    @Nullable RequestLog log,
    Health health) {}
