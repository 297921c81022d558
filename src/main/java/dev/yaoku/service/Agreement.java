package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.BadKey;
import dev.yaoku.crypto.PairUse;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;

/** Agrees with the owner of another key on a secret (ECDH, NIST SP 800-56A section 5.7.1.2). */
public final class Agreement {
  private final Keys keys;
  private final Engine engine;

  Agreement(Keys keys, Engine engine) {
    this.keys = keys;
    this.engine = engine;
  }

  /**
   * A secret that both know; whoever takes it closes it.
   *
   * @param key our key
   * @param secret the x-coordinate, as long as the field
   */
  public record Shared(KeyId key, SecretBytes secret) implements AutoCloseable {
    @Override
    public void close() {
      secret.close();
    }
  }

  /**
   * Refuses a secret that only an enclave may read, after what is refused to others before (the
   * order of {@code semantics.md} section 1).
   *
   * @return with {@link Problem.NoEnclaves}, to be thrown
   */
  public KmsException noEnclaves(Caller caller, KeyReference reference) {
    try (OpenKey key = keys.open(caller, reference)) {
      caller.mustBeAllowed(Action.DERIVE_SHARED_SECRET, key.key());
      key.mustServe(Problem.Work.AGREEMENT);
      return new KmsException(new Problem.NoEnclaves());
    }
  }

  /**
   * The secret that our key and the other's public key make.
   *
   * @param peer SubjectPublicKeyInfo in DER
   * @throws KmsException with {@link Problem.BadValue} if that is no point of the key's curve
   */
  public Shared derive(Caller caller, KeyReference reference, byte[] peer) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.DERIVE_SHARED_SECRET, key.key());
      key.mustServe(Problem.Work.AGREEMENT);
      byte[] secret = engine.use(key.pair(permitted), PairUse.AGREE, half -> half.agree(peer));
      return new Shared(permitted.key().id(), SecretBytes.take(secret));
    } catch (BadKey e) {
      throw new KmsException(
          new Problem.BadValue(
              Field.OTHER,
              "public_key",
              "public_key must be a public key of the same curve, DER in Base64."));
    }
  }
}
