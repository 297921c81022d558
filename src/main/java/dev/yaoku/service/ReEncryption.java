package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PairUse;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import org.jspecify.annotations.Nullable;

/** Moves a ciphertext from one key to another without showing what is in it. */
public final class ReEncryption {
  private final Keys keys;
  private final Engine engine;

  ReEncryption(Keys keys, Engine engine) {
    this.keys = keys;
    this.engine = engine;
  }

  /**
   * What is moved.
   *
   * @param key the key that made it, or null to read it from the blob
   * @param kind of the blob; data for asymmetric ciphertext
   * @param dataKeyBytes how long the caller says the data key is, 0 for nothing said
   */
  @SuppressWarnings("ArrayRecordComponent") // on its way to one operation
  public record Source(
      @Nullable KeyReference key,
      EncryptionAlgorithm algorithm,
      byte[] ciphertext,
      Blob.Kind kind,
      Bound bound,
      int dataKeyBytes) {}

  /**
   * Where it goes.
   *
   * @param oldAlgorithms whether algorithms will do that are only for what others made: the
   *     operator's choice
   */
  public record Destination(
      KeyReference key, EncryptionAlgorithm algorithm, Bound bound, boolean oldAlgorithms) {}

  /**
   * What became of it.
   *
   * @param source the key that opened it
   * @param destination the key that closed it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Moved(KeyId source, KeyId destination, byte[] ciphertext) {}

  /**
   * Decrypts with one key and encrypts with the other. A data key stays one.
   *
   * @throws KmsException as {@link Encryption} and {@link DataKeys} do, first for the source key,
   *     then for the destination
   */
  public Moved move(Caller caller, Source source, Destination destination) {
    try (OpenKey from = openSource(caller, source);
        OpenKey to = openDestination(caller, from, source, destination)) {
      UsableKey sealed = caller.mustBeAllowed(fromAction(source.kind()), from.key());
      UsableKey target = caller.mustBeAllowed(toAction(source.kind()), to.key());
      to.mustServe(workOf(source.kind()));
      mustOffer(sealed, source.algorithm(), true);
      mustOffer(target, destination.algorithm(), destination.oldAlgorithms());
      try (SecretBytes plaintext = opened(caller, from, sealed, source)) {
        mustFit(plaintext, destination.algorithm(), target.key().spec());
        byte[] ciphertext = closed(to, target, source.kind(), destination, plaintext);
        return new Moved(sealed.key().id(), target.key().id(), ciphertext);
      }
    }
  }

  /** All about the source is refused before anything about the destination. */
  private OpenKey openDestination(
      Caller caller, OpenKey from, Source source, Destination destination) {
    caller.mustBeAllowed(fromAction(source.kind()), from.key());
    from.mustServe(workOf(source.kind()));
    return keys.open(caller, destination.key());
  }

  private OpenKey openSource(Caller caller, Source source) {
    KeyId named = source.key() == null ? null : keys.idOf(caller, source.key());
    if (source.algorithm() != EncryptionAlgorithm.SYMMETRIC_DEFAULT) {
      if (named == null) {
        throw new KmsException(new Problem.MalformedKeyId());
      }
      return keys.open(caller, named);
    }
    return named == null ? keys.openFor(caller, makerOf(source)) : keys.open(caller, named);
  }

  private KeyId makerOf(Source source) {
    return KeyId.of(headerOf(source).keyId());
  }

  private Blob.Header headerOf(Source source) {
    try {
      return Blobs.header(source.ciphertext(), source.kind());
    } catch (KmsException _) {
      throw badBlob(source);
    }
  }

  /**
   * The refusal of a blob that there is no key for, after the work of one that does not open. A
   * data key that does not open has a code of its own, so that its time tells nothing more.
   */
  private KmsException badBlob(Source source) {
    if (source.kind() == Blob.Kind.DATA) {
      Blob.pretendToDecrypt(
          engine.cryptography()::publicKeyOf, source.ciphertext(), source.bound().encoded());
    }
    return new KmsException(new Problem.BadCiphertext());
  }

  /** What one must be allowed to do with the source key. */
  public static Action fromAction(Blob.Kind kind) {
    return kind == Blob.Kind.DATA_KEY ? Action.RE_ENCRYPT_DATA_KEY_FROM : Action.RE_ENCRYPT_FROM;
  }

  private static Action toAction(Blob.Kind kind) {
    return kind == Blob.Kind.DATA_KEY ? Action.RE_ENCRYPT_DATA_KEY_TO : Action.RE_ENCRYPT_TO;
  }

  private static Problem.Work workOf(Blob.Kind kind) {
    return kind == Blob.Kind.DATA_KEY ? Problem.Work.DATA_KEYS : Problem.Work.ENCRYPTION;
  }

  private static void mustOffer(UsableKey key, EncryptionAlgorithm algorithm, boolean old) {
    KeySpec spec = key.key().spec();
    boolean offered =
        spec.encryptionAlgorithms().contains(algorithm)
            || (old && spec.reEncryptionAlgorithms().contains(algorithm));
    if (!offered) {
      throw new KmsException(new Problem.AlgorithmNotForKey(spec, algorithm.name()));
    }
  }

  private SecretBytes opened(Caller caller, OpenKey key, UsableKey permitted, Source source) {
    if (source.algorithm() != EncryptionAlgorithm.SYMMETRIC_DEFAULT) {
      return SecretBytes.take(
          engine.use(
              key.pair(permitted),
              PairUse.DECRYPT,
              half -> Encryption.decrypted(half, source.algorithm(), source.ciphertext())));
    }
    SecretBytes plaintext = unsealed(caller, key, permitted, source);
    boolean isAsSaid = source.dataKeyBytes() == 0 || source.dataKeyBytes() == plaintext.length();
    if (source.kind() == Blob.Kind.DATA_KEY && !isAsSaid) {
      plaintext.close();
      throw new KmsException(new Problem.DataKeyLengthMismatch());
    }
    return plaintext;
  }

  private SecretBytes unsealed(Caller caller, OpenKey key, UsableKey permitted, Source source) {
    Blob.Header header = headerOf(source);
    if (!key.opensFor(caller, KeyId.of(header.keyId()))) {
      throw badBlob(source);
    }
    SealingKey material = key.material(permitted, header.version());
    if (material == null || material.suite() != header.suite()) {
      throw badBlob(source);
    }
    try {
      return SecretBytes.take(
          Blob.decrypt(material, source.ciphertext(), source.bound().encoded()));
    } catch (DoesNotOpen e) {
      Blobs.note(e);
      throw new KmsException(
          source.kind() == Blob.Kind.DATA_KEY
              ? new Problem.DataKeyDoesNotOpen()
              : new Problem.BadCiphertext());
    }
  }

  /**
   * Refuses what the destination would not take from encrypt-data, or would take and nobody could
   * open: SM2 ciphertext of others may hold more than a ciphertext of ours. RSA encrypts nothing as
   * well as something, and what is too long for a pair is refused where it encrypts.
   */
  private static void mustFit(SecretBytes plaintext, EncryptionAlgorithm algorithm, KeySpec spec) {
    boolean isSymmetric = algorithm == EncryptionAlgorithm.SYMMETRIC_DEFAULT;
    boolean isEmpty = plaintext.length() == 0;
    if (isEmpty && (isSymmetric || algorithm == EncryptionAlgorithm.SM2_ENCRYPT)) {
      throw doesNotFit("an empty text, which only an RSA key encrypts.");
    }
    if (isSymmetric && plaintext.length() > spec.plaintextBytesMax()) {
      throw doesNotFit(
          "more than the " + spec.plaintextBytesMax() + " bytes that a symmetric key encrypts.");
    }
  }

  private static KmsException doesNotFit(String held) {
    return new KmsException(
        new Problem.BadValue(Field.PLAINTEXT, "cipher_text", "cipher_text holds " + held));
  }

  private byte[] closed(
      OpenKey key,
      UsableKey permitted,
      Blob.Kind kind,
      Destination destination,
      SecretBytes plaintext) {
    if (destination.algorithm() == EncryptionAlgorithm.SYMMETRIC_DEFAULT) {
      return Blobs.seal(key, permitted, kind, destination.bound(), plaintext);
    }
    return Encryption.forTheOwner(engine, key, permitted, destination.algorithm(), plaintext);
  }
}
