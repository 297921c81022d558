package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PairUse;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import org.jspecify.annotations.Nullable;

/** Encrypts and decrypts data of the caller's. */
public final class Encryption {
  private final Keys keys;
  private final Engine engine;

  Encryption(Keys keys, Engine engine) {
    this.keys = keys;
    this.engine = engine;
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

  /**
   * Encrypts under the current version of a key.
   *
   * @param bound what must be said again to decrypt; asymmetric ciphertext has no room for it, so
   *     it is ignored there
   * @throws KmsException with {@link Problem.AlgorithmNotForKey}, or with {@link
   *     Problem.PlaintextTooLong}
   */
  public Encrypted encrypt(
      Caller caller,
      KeyReference reference,
      EncryptionAlgorithm algorithm,
      SecretBytes plaintext,
      Bound bound) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.ENCRYPT_DATA, key.key());
      key.mustServe(Problem.Work.ENCRYPTION);
      mustOffer(permitted, algorithm);
      byte[] ciphertext =
          algorithm == EncryptionAlgorithm.SYMMETRIC_DEFAULT
              ? Blobs.seal(key, permitted, Blob.Kind.DATA, bound, plaintext)
              : forTheOwner(engine, key, permitted, algorithm, plaintext);
      return new Encrypted(permitted.key().id(), ciphertext);
    }
  }

  static byte[] forTheOwner(
      Engine engine,
      OpenKey key,
      UsableKey permitted,
      EncryptionAlgorithm algorithm,
      SecretBytes plaintext) {
    int bytesMax = permitted.key().spec().plaintextBytesMax(algorithm);
    if (plaintext.length() > bytesMax) {
      throw new KmsException(new Problem.PlaintextTooLong(bytesMax));
    }
    return engine.usePublic(
        key.pair(permitted),
        PairUse.ENCRYPT,
        half -> plaintext.lend(bytes -> half.encrypt(algorithm, bytes)));
  }

  /**
   * Decrypts. A symmetric ciphertext says which key made it; only a blob of this server's data
   * does. It opens under the other members of that key's multi-region set too. For an asymmetric
   * one the caller names the key.
   *
   * @param expected the key that the caller believes made it, or null
   * @throws KmsException with {@link Problem.BadCiphertext} or {@link Problem.RsaDoesNotOpen},
   *     whatever is wrong with it
   */
  public Decrypted decrypt(
      Caller caller,
      @Nullable KeyReference expected,
      EncryptionAlgorithm algorithm,
      byte[] ciphertext,
      Bound bound) {
    if (algorithm != EncryptionAlgorithm.SYMMETRIC_DEFAULT) {
      return byTheOwner(caller, expected, algorithm, ciphertext);
    }
    KeyId named = expected == null ? null : keys.idOf(caller, expected);
    KeyId maker = makerOf(caller, named, ciphertext, bound);
    try (OpenKey key = named == null ? keys.openFor(caller, maker) : keys.open(caller, named)) {
      UsableKey permitted = caller.mustBeAllowed(Action.DECRYPT_DATA, key.key());
      key.mustServe(Problem.Work.ENCRYPTION);
      mustOffer(permitted, algorithm);
      if (!key.opensFor(caller, maker)) {
        throw badBlob(ciphertext, bound);
      }
      Blob.Header header = Blobs.header(ciphertext, Blob.Kind.DATA);
      SealingKey material = key.material(permitted, header.version());
      if (material == null || material.suite() != header.suite()) {
        throw badBlob(ciphertext, bound);
      }
      return new Decrypted(permitted.key().id(), opened(material, ciphertext, bound));
    }
  }

  /** The key that the blob names. */
  private KeyId makerOf(Caller caller, @Nullable KeyId named, byte[] blob, Bound bound) {
    try {
      return KeyId.of(Blobs.header(blob, Blob.Kind.DATA).keyId());
    } catch (KmsException _) {
      KmsException noBlob = badBlob(blob, bound);
      throw named == null ? noBlob : noBlobOf(caller, named, noBlob);
    }
  }

  /** The refusal of a blob that there is no key for, after the work of one that does not open. */
  private KmsException badBlob(byte[] blob, Bound bound) {
    Blob.pretendToDecrypt(engine.cryptography()::publicKeyOf, blob, bound.encoded());
    return new KmsException(new Problem.BadCiphertext());
  }

  /** Whoever left out the algorithm of an asymmetric key hears of that. */
  private KmsException noBlobOf(Caller caller, KeyId named, KmsException noBlob) {
    try (OpenKey key = keys.open(caller, named)) {
      UsableKey permitted = caller.mustBeAllowed(Action.DECRYPT_DATA, key.key());
      key.mustServe(Problem.Work.ENCRYPTION);
      mustOffer(permitted, EncryptionAlgorithm.SYMMETRIC_DEFAULT);
      return noBlob;
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

  private Decrypted byTheOwner(
      Caller caller,
      @Nullable KeyReference expected,
      EncryptionAlgorithm algorithm,
      byte[] ciphertext) {
    if (expected == null) {
      throw new KmsException(new Problem.MalformedKeyId());
    }
    try (OpenKey key = keys.open(caller, expected)) {
      UsableKey permitted = caller.mustBeAllowed(Action.DECRYPT_DATA, key.key());
      key.mustServe(Problem.Work.ENCRYPTION);
      mustOffer(permitted, algorithm);
      byte[] plaintext =
          engine.use(
              key.pair(permitted), PairUse.DECRYPT, half -> decrypted(half, algorithm, ciphertext));
      return new Decrypted(permitted.key().id(), SecretBytes.take(plaintext));
    }
  }

  static byte[] decrypted(PrivateHalf pair, EncryptionAlgorithm algorithm, byte[] ciphertext) {
    try {
      return pair.decrypt(algorithm, ciphertext);
    } catch (DoesNotOpen e) {
      Blobs.note(e);
      throw new KmsException(
          algorithm == EncryptionAlgorithm.SM2_ENCRYPT
              ? new Problem.BadCiphertext()
              : new Problem.RsaDoesNotOpen());
    }
  }

  private static void mustOffer(UsableKey permitted, EncryptionAlgorithm algorithm) {
    KeySpec spec = permitted.key().spec();
    if (!spec.encryptionAlgorithms().contains(algorithm)) {
      throw new KmsException(new Problem.AlgorithmNotForKey(spec, algorithm.name()));
    }
  }
}
