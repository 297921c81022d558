package dev.yaoku.service;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.LockedBytes;
import dev.yaoku.secret.SecretBytes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * RSA keys of one kind, made ahead: a pair takes long, and there are calls of which each asks for
 * one (SECURITY_DESIGN H9, M6). A few wait outside the heap; no more than a few are made at once,
 * so that one tenant's loop leaves the cores to others.
 */
final class KeysAhead {
  private static final int AHEAD = 4;
  private static final int AT_ONCE = 2;
  private static final int PATIENCE_SECONDS = 5;

  private final Engine engine;
  private final KeySpec spec;
  private final BlockingQueue<LockedBytes> ahead = new ArrayBlockingQueue<>(AHEAD);
  private final Semaphore making = new Semaphore(AT_ONCE, true);

  KeysAhead(Engine engine, KeySpec spec) {
    this.engine = engine;
    this.spec = spec;
  }

  /**
   * The private half of a new pair, PKCS#8, which the caller closes.
   *
   * @throws KmsException with {@link Problem.Throttled} if too many are being made
   */
  SecretBytes take() {
    LockedBytes waiting = ahead.poll();
    if (waiting == null) {
      return make();
    }
    try (waiting) {
      return waiting.lend(bytes -> bytes.lend(SecretBytes::copyOf));
    } finally {
      engine.later(this::makeAhead);
    }
  }

  private SecretBytes make() {
    mayMake();
    try {
      return engine.generate(spec);
    } finally {
      making.release();
      engine.later(this::makeAhead);
    }
  }

  private void mayMake() {
    Waiting.mustBeAllowed();
    try {
      if (making.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new KmsException(new Problem.Throttled(1));
  }

  /** One more, if there is room. Runs beside everything else, at low priority. */
  private void makeAhead() {
    if (ahead.remainingCapacity() == 0) {
      return;
    }
    try (SecretBytes made = engine.cryptography().generate(spec)) {
      LockedBytes locked = LockedBytes.copyOf(made);
      if (!ahead.offer(locked)) {
        locked.close();
      }
    }
  }
}
