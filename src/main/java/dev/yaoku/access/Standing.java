package dev.yaoku.access;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered beside a credential for as long as that is kept in memory, so that the next
 * request with it needs no look-up by name: with thousands of callers each name looked up costs
 * more than what is found. It decides nothing that the look-up would decide otherwise. It is of one
 * credential: two never share one, or one would pass for the other.
 */
public class Standing {
  private static final long PROOF_COUNTS_MILLIS = 60_000;

  private volatile @Nullable Proof lastProof;

  /** That a source proved the credential. */
  private record Proof(String source, long atMillis) {}

  /** Nothing is remembered yet. */
  public Standing() {}

  /** Remembers that a source has proved the credential. */
  final void provedFrom(String source, long nowMillis) {
    lastProof = new Proof(source.intern(), nowMillis); // one object for thousands of credentials
  }

  /** Whether this source was the last to prove the credential, and within the last minute. */
  final boolean wasProvedFrom(String source, long nowMillis) {
    Proof last = lastProof;
    return last != null
        && last.atMillis() <= nowMillis
        && nowMillis - last.atMillis() < PROOF_COUNTS_MILLIS
        && last.source().equals(source);
  }
}
