package dev.yaoku.server;

import dev.yaoku.service.Federation;
import dev.yaoku.service.HeldPolicies;
import dev.yaoku.service.Identities;
import dev.yaoku.service.Keys;
import dev.yaoku.store.Elsewhere;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether another server of the same database changed anything, so that what it took away is
 * gone here too within a second: access keys, tokens, policies, identity providers, and the states,
 * grants and names of keys. Of keys it forgets those that were changed, or those of the keystore or
 * project; identities are few and cheap, so all of them. Where only one server has the store there
 * is nothing to look for.
 *
 * <p>A look that fails or hangs forgets nothing: without one that succeeds, nothing in memory
 * counts for longer than that second ({@link Store#view}).
 */
final class RightsWatch implements AutoCloseable {
  /** How often it looks. */
  static final Duration EVERY = Duration.ofMillis(250);

  private static final Elsewhere EVERYTHING = new Elsewhere(true, true, Set.of());
  private static final Logger LOG = LoggerFactory.getLogger(RightsWatch.class);

  private final Store store;
  private final Identities identities;
  private final HeldPolicies held;
  private final Federation federation;
  private final Keys keys;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("yaoku-rights-watch").daemon().factory());
  private final Complaint looking =
      new Complaint(LOG, "looking for rights that another server changed");

  RightsWatch(
      Store store, Identities identities, HeldPolicies held, Federation federation, Keys keys) {
    this.store = store;
    this.identities = identities;
    this.held = held;
    this.federation = federation;
    this.keys = keys;
  }

  void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What was changed elsewhere counts no more here. */
  void look() {
    looking.around(() -> {
      try {
        store.lookElsewhere(this::forget);
      } catch (StoreException e) {
        throw e;
      } catch (RuntimeException e) {
        forget(EVERYTHING);
        throw e;
      }
    });
  }

  private void forget(Elsewhere changed) {
    if (changed.anything()) {
      identities.everythingChanged();
      held.everythingChanged();
      federation.everythingChanged();
    }
    if (changed.allKeys()) {
      keys.changedAll();
    } else {
      keys.changedElsewhere(changed);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
