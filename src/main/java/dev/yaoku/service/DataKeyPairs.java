package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;

/** Makes asymmetric pairs for the caller's own use. None of them is stored. */
public final class DataKeyPairs {
  private final Keys keys;
  private final Engine engine;
  private final Rules rules;

  DataKeyPairs(Keys keys, Engine engine, Rules rules) {
    this.keys = keys;
    this.engine = engine;
    this.rules = rules;
  }

  /**
   * A pair; whoever takes it closes it.
   *
   * @param key the key that encrypts the private half
   * @param publicKey SubjectPublicKeyInfo in DER
   * @param blob the private half as data encrypted under the key
   * @param privateKey the private half in PKCS#8
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Made(KeyId key, byte[] publicKey, byte[] blob, SecretBytes privateKey)
      implements AutoCloseable {
    @Override
    public void close() {
      privateKey.close();
    }
  }

  /**
   * Makes a pair and encrypts its private half, so that decrypting data gives it back.
   *
   * @param spec an asymmetric kind whose material is PKCS#8
   * @param action what it is called in policies and records
   */
  public Made create(
      Caller caller, Action action, KeyReference reference, KeySpec spec, Bound bound) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(action, key.key());
      key.mustServe(Problem.Work.DATA_KEYS);
      rules.mustOffer(spec);
      SecretBytes material = engine.generate(permitted.key().project(), spec);
      boolean done = false;
      try (PrivateHalf half = engine.cryptography().privateHalf(spec, material)) {
        byte[] blob = Blobs.seal(key, permitted, Blob.Kind.DATA, bound, material);
        Made made = new Made(permitted.key().id(), half.publicHalf().encoded(), blob, material);
        done = true;
        return made;
      } finally {
        if (!done) {
          material.close();
        }
      }
    }
  }
}
