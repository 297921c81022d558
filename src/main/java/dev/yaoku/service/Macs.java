package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.MacAlgorithm;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;

/** Makes and verifies message authentication codes. */
public final class Macs {
  private final Keys keys;

  Macs(Keys keys) {
    this.keys = keys;
  }

  /**
   * A code, which callers may use as a key of their own; whoever takes it closes it.
   *
   * @param key the key that made it
   */
  public record Code(KeyId key, SecretBytes bytes) implements AutoCloseable {
    @Override
    public void close() {
      bytes.close();
    }
  }

  /**
   * Whether a code is right.
   *
   * @param key the key that was asked
   */
  public record Verdict(KeyId key, boolean valid) {}

  /**
   * Makes the code of a message.
   *
   * @throws KmsException with {@link Problem.MacNotForKey} if the key makes others
   */
  public Code generate(
      Caller caller, KeyReference reference, MacAlgorithm algorithm, SecretBytes message) {
    return code(caller, Action.GENERATE_MAC, reference, algorithm, message);
  }

  /**
   * Whether a code is that of the message. Takes as long for every code (SECURITY_DESIGN L2).
   *
   * @throws KmsException with {@link Problem.MacNotForKey} if the key makes others
   */
  public Verdict verify(
      Caller caller,
      KeyReference reference,
      MacAlgorithm algorithm,
      SecretBytes message,
      byte[] claimed) {
    try (Code right = code(caller, Action.VERIFY_MAC, reference, algorithm, message)) {
      boolean valid = right.bytes().lend(bytes -> Hashes.constantTimeEquals(bytes, claimed));
      return new Verdict(right.key(), valid);
    }
  }

  private Code code(
      Caller caller,
      Action action,
      KeyReference reference,
      MacAlgorithm algorithm,
      SecretBytes message) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(action, key.key());
      key.mustServe(Problem.Work.MACS);
      KeySpec spec = permitted.key().spec();
      if (!spec.macAlgorithms().contains(algorithm)) {
        throw new KmsException(new Problem.MacNotForKey(spec, algorithm.name()));
      }
      byte[] code = message.lend(bytes -> key.mac(permitted).of(bytes));
      return new Code(permitted.key().id(), SecretBytes.take(code));
    }
  }
}
