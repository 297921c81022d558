package dev.yaoku.service;

import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.Instant;

/** What is left in the store of proofs whose time is over. */
public final class Leftovers {
  /** How long an ended token is still told apart from one that never was. */
  private static final Duration REMEMBERED = Duration.ofDays(7);

  /** So many are forgotten in one transaction. */
  private static final int BATCH = 500;

  /**
   * Small rows that nothing hangs on, of which there is one for each change where they are kept.
   */
  private static final int SIGNATURES_AT_ONCE = 5_000;

  private final Store store;

  /** What is left in one store. */
  public Leftovers(Store store) {
    this.store = store;
  }

  /**
   * Removes tokens and temporary access keys that ended long ago, and signatures whose date is
   * outside the window by now. To be called now and then.
   *
   * @param agreed until when two clocks agree that time has passed: what one that is ahead forgets
   *     would be new when it is set right (SECURITY_DESIGN C3)
   * @return how many tokens and keys were removed
   */
  public int forget(Instant agreed) {
    long now = agreed.toEpochMilli();
    long before = now - REMEMBERED.toMillis();
    Batches.inATurn(
        store, SIGNATURES_AT_ONCE, tx -> tx.forgetSignaturesBefore(now, SIGNATURES_AT_ONCE));
    Instant end = Instant.ofEpochMilli(before);
    return Batches.inATurn(
            store, BATCH, tx -> tx.rights().removeTemporaryKeysEndedBefore(end, BATCH))
        + Batches.inATurn(store, BATCH, tx -> tx.removeTokensEndedBefore(before, BATCH));
  }
}
