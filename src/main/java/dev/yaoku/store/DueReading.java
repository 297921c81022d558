package dev.yaoku.store;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import java.time.Instant;

/** What is due by time, in all projects. See {@link Reading}. */
public interface DueReading {
  /**
   * Keys whose deletion date lies before the instant, oldest first.
   *
   * @param passed how many rows at the head of the list are passed over, here and in the other
   *     lists
   */
  Due<Key> deletionDue(Instant before, long passed, int limit);

  /** Keys whose rotation is due at the instant and that are enabled, longest due first. */
  Due<Key> rotationDue(Instant now, long passed, int limit);

  /** Keys whose rotation is due later than one whole interval from the instant, soonest first. */
  Due<Key> rotationTooFarOff(Instant now, long passed, int limit);

  /** Keys whose current material has expired at the instant, oldest first. */
  Due<Key> materialExpired(Instant now, long passed, int limit);

  /** Versions whose material expired before the instant and is still stored, oldest first. */
  Due<KeyVersion> versionsExpired(Instant before, long passed, int limit);

  /** Import tokens whose time was over at the instant, oldest first. */
  Due<Rows.ImportToken> importTokensEnded(Instant at, long passed, int limit);

  /** Import tokens whose time is over only after the instant, soonest first. */
  Due<Rows.ImportToken> importTokensTooFarOff(Instant at, long passed, int limit);

  /** Import tokens whose time was over at the instant and that still have their private half. */
  Due<Rows.ImportToken> importTokensEndedButFull(Instant at, long passed, int limit);
}
