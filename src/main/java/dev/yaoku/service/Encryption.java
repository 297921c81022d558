package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import org.jspecify.annotations.Nullable;

/** Encrypts and decrypts data of the caller's. */
public final class Encryption {
  /** The algorithm of symmetric keys. */
  public static final String SYMMETRIC_DEFAULT = "SYMMETRIC_DEFAULT";

  private final Keys keys;

  Encryption(Keys keys) {
    this.keys = keys;
  }

  /**
   * A ciphertext.
   *
   * @param key the key that made it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Encrypted(KeyId key, byte[] blob) {}

  /**
   * A plaintext; whoever takes it closes it.
   *
   * @param key the key that opened it
   */
  public record Decrypted(KeyId key, SecretBytes plaintext) implements AutoCloseable {
    @Override
    public void close() {
      plaintext.close();
    }
  }

  /** Encrypts under the current version of a key. */
  public Encrypted encrypt(
      Caller caller, KeyReference reference, String algorithm, SecretBytes plaintext, Bound bound) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.ENCRYPT_DATA, key.key());
      mustOffer(permitted, algorithm);
      key.mustServe(KeyUsage.ENCRYPT_DECRYPT);
      byte[] blob = Blobs.seal(key, permitted, Blob.Kind.DATA, bound, plaintext);
      return new Encrypted(permitted.key().id(), blob);
    }
  }

  /**
   * Decrypts. The blob says which key made it; only a blob of this server's data does.
   *
   * @param expected the key that the caller believes made it, or null
   * @throws KmsException with {@link Problem.BadCiphertext}, whatever is wrong with it
   */
  public Decrypted decrypt(
      Caller caller, @Nullable KeyReference expected, String algorithm, byte[] blob, Bound bound) {
    if (!algorithm.equals(SYMMETRIC_DEFAULT)) {
      throw refuseAsymmetric(caller, expected, algorithm);
    }
    Blob.Header header = Blobs.header(blob, Blob.Kind.DATA);
    KeyId id = KeyId.of(header.keyId());
    if (expected != null && !keys.idOf(expected).equals(id)) {
      throw new KmsException(new Problem.BadCiphertext());
    }
    try (OpenKey key = keys.open(caller, id)) {
      UsableKey permitted = caller.mustBeAllowed(Action.DECRYPT_DATA, key.key());
      key.mustServe(KeyUsage.ENCRYPT_DECRYPT);
      SealingKey material = key.material(permitted, header.version());
      if (material == null || material.suite() != header.suite()) {
        throw new KmsException(new Problem.BadCiphertext());
      }
      return new Decrypted(id, opened(material, blob, bound));
    }
  }

  private static SecretBytes opened(SealingKey material, byte[] blob, Bound bound) {
    try {
      return SecretBytes.take(Blob.decrypt(material, blob, bound.encoded()));
    } catch (DoesNotOpen e) {
      Blobs.note(e);
      throw new KmsException(new Problem.BadCiphertext());
    }
  }

  /** Asymmetric ciphertext names no key, so the caller must; no key here takes it. */
  private KmsException refuseAsymmetric(
      Caller caller, @Nullable KeyReference expected, String algorithm) {
    if (expected == null) {
      return new KmsException(new Problem.MalformedKeyId());
    }
    try (OpenKey key = keys.open(caller, expected)) {
      UsableKey permitted = caller.mustBeAllowed(Action.DECRYPT_DATA, key.key());
      return new KmsException(new Problem.AlgorithmNotForKey(permitted.key().spec(), algorithm));
    }
  }

  private static void mustOffer(UsableKey permitted, String algorithm) {
    if (!algorithm.equals(SYMMETRIC_DEFAULT)) {
      throw new KmsException(new Problem.AlgorithmNotForKey(permitted.key().spec(), algorithm));
    }
  }
}
