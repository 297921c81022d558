package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Message;
import dev.yaoku.crypto.PairUse;
import dev.yaoku.crypto.SigningAlgorithm;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;

/** Signs, verifies, and shows public keys. */
public final class Signing {
  private final Keys keys;
  private final Engine engine;

  Signing(Keys keys, Engine engine) {
    this.keys = keys;
    this.engine = engine;
  }

  /** What a caller says of the message that comes with a request. */
  public enum Form {
    /** A digest of it comes. */
    DIGEST,
    /** It comes itself. */
    RAW,
    /** Nothing is said: a digest, but for algorithms that take none. */
    UNSAID
  }

  /**
   * A signature.
   *
   * @param key the key that made it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Signature(KeyId key, byte[] bytes) {}

  /**
   * Whether a signature is good.
   *
   * @param key the key that was asked
   */
  public record Verdict(KeyId key, boolean valid) {}

  /**
   * A public key.
   *
   * @param encoded SubjectPublicKeyInfo in DER
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record PublicKey(KeyId key, byte[] encoded) {}

  /**
   * Signs a message or its digest.
   *
   * @throws KmsException with {@link Problem.SigningNotForKey} or {@link Problem.DigestLength}
   */
  public Signature sign(
      Caller caller,
      KeyReference reference,
      SigningAlgorithm algorithm,
      Form form,
      byte[] message) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.SIGN, key.key());
      key.mustServe(Problem.Work.SIGNATURES);
      KeySpec spec = permitted.key().spec();
      Message signed = message(spec, algorithm, form, message);
      byte[] signature =
          engine.use(key.pair(permitted), PairUse.SIGN, half -> half.sign(algorithm, signed));
      return new Signature(permitted.key().id(), signature);
    }
  }

  /** Whether a signature is one of the message by the key. Anything malformed is simply not one. */
  public Verdict verify(
      Caller caller,
      KeyReference reference,
      SigningAlgorithm algorithm,
      Form form,
      byte[] message,
      byte[] signature) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.VERIFY, key.key());
      key.mustServe(Problem.Work.SIGNATURES);
      KeySpec spec = permitted.key().spec();
      Message signed = message(spec, algorithm, form, message);
      boolean valid =
          engine.usePublic(
              key.pair(permitted),
              PairUse.VERIFY,
              half -> half.verify(algorithm, signed, signature));
      return new Verdict(permitted.key().id(), valid);
    }
  }

  /** The public half of a key. */
  public PublicKey publicKey(Caller caller, KeyReference reference) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.GET_PUBLIC_KEY, key.key());
      key.mustServe(Problem.Work.PUBLIC_KEY);
      return new PublicKey(permitted.key().id(), key.pair(permitted).half().publicHalf().encoded());
    }
  }

  private static Message message(
      KeySpec spec, SigningAlgorithm algorithm, Form form, byte[] bytes) {
    if (!spec.signingAlgorithms().contains(algorithm)) {
      throw new KmsException(new Problem.SigningNotForKey(spec, algorithm.name()));
    }
    boolean digest = form == Form.DIGEST || (form == Form.UNSAID && algorithm.signsDigests());
    if (digest && !algorithm.signsDigests()) {
      throw new KmsException(new Problem.SignsNoDigests(algorithm.name()));
    }
    if (!digest) {
      return new Message.Raw(bytes);
    }
    if (bytes.length != algorithm.hash().length()) {
      throw new KmsException(new Problem.DigestLength(algorithm.hash().length()));
    }
    return new Message.Digest(bytes);
  }
}
