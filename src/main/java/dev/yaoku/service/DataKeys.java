package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.Hash;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.crypto.Suite;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Makes, wraps and unwraps keys for the caller's own use. None of them is stored. */
public final class DataKeys {
  /** How long a digest of a data key is. */
  public static final int DIGEST_BYTES = 32;

  /** Below this a data key can be guessed: the contract allows it, so it is counted. */
  private static final int SHORT_BELOW_BYTES = 16;

  private final Keys keys;
  private final Randomness randomness;
  private final LongAdder shortOnes = new LongAdder();

  DataKeys(Keys keys, Randomness randomness) {
    this.keys = keys;
    this.randomness = randomness;
  }

  /**
   * A data key; whoever takes it closes it.
   *
   * @param key the key that wraps it
   * @param plain the data key itself, null where it was not asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Wrapped(KeyId key, byte[] blob, @Nullable SecretBytes plain)
      implements AutoCloseable {
    @Override
    public void close() {
      if (plain != null) {
        plain.close();
      }
    }
  }

  /** Makes a data key of this many bytes, and returns it plain and wrapped. */
  public Wrapped create(Caller caller, KeyReference reference, int bytes, Bound bound) {
    SecretBytes plain = randomness.secret(bytes);
    boolean done = false;
    try {
      Wrapped wrapped = wrap(caller, Action.CREATE_DATA_KEY, reference, plain, bound);
      done = true;
      return new Wrapped(wrapped.key(), wrapped.blob(), plain);
    } finally {
      if (!done) {
        plain.close();
      }
    }
  }

  /** Makes a data key of this many bytes, and returns it wrapped only. */
  public Wrapped createWithoutPlaintext(
      Caller caller, KeyReference reference, int bytes, Bound bound) {
    try (SecretBytes plain = randomness.secret(bytes)) {
      return wrap(caller, Action.CREATE_DATA_KEY_WITHOUT_PLAINTEXT, reference, plain, bound);
    }
  }

  /**
   * Wraps a data key of the caller's.
   *
   * @param withDigest the data key, followed by its digest: SHA-256 under AES keys, SM3 under SM4
   *     keys
   * @throws KmsException with {@link Problem.DataKeyDigestMismatch} if the digest is not its own
   */
  public Wrapped encrypt(
      Caller caller, KeyReference reference, SecretBytes withDigest, Bound bound) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.ENCRYPT_DATA_KEY, key.key());
      key.mustServe(Problem.Work.DATA_KEYS);
      // Over the caller's own input, before any material is touched: it tells nobody anything.
      try (SecretBytes plain = withoutDigest(hashFor(permitted.key()), withDigest)) {
        return sealed(key, permitted, plain, bound);
      }
    }
  }

  private static Hash hashFor(Key key) {
    return key.spec().suite().orElseThrow() == Suite.SM4 ? Hash.SM3 : Hash.SHA_256;
  }

  private static SecretBytes withoutDigest(Hash hash, SecretBytes withDigest) {
    return withDigest.lend(bytes -> {
      int length = bytes.length - DIGEST_BYTES;
      byte[] plain = Arrays.copyOf(bytes, length);
      byte[] claimed = Arrays.copyOfRange(bytes, length, bytes.length);
      if (!Hashes.constantTimeEquals(claimed, hash.digest(plain))) {
        Arrays.fill(plain, (byte) 0);
        throw new KmsException(new Problem.DataKeyDigestMismatch());
      }
      return SecretBytes.take(plain);
    });
  }

  private Wrapped wrap(
      Caller caller, Action action, KeyReference reference, SecretBytes plain, Bound bound) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(action, key.key());
      key.mustServe(Problem.Work.DATA_KEYS);
      return sealed(key, permitted, plain, bound);
    }
  }

  private Wrapped sealed(OpenKey key, UsableKey permitted, SecretBytes plain, Bound bound) {
    byte[] blob = Blobs.seal(key, permitted, Blob.Kind.DATA_KEY, bound, plain);
    if (plain.length() < SHORT_BELOW_BYTES) {
      shortOnes.increment();
    }
    return new Wrapped(permitted.key().id(), blob, null);
  }

  /** How many data keys of less than 128 bits were wrapped since the start (SECURITY_DESIGN L1). */
  public long shortOnes() {
    return shortOnes.sum();
  }

  /**
   * Unwraps a data key.
   *
   * @param length how long the caller says it is, compared only once it has opened (SECURITY_DESIGN
   *     M1)
   * @throws KmsException with {@link Problem.BadCiphertext} if the blob is not of this key and
   *     kind, with {@link Problem.DataKeyDoesNotOpen} if it does not open, with {@link
   *     Problem.DataKeyLengthMismatch}
   */
  public Unwrapped decrypt(
      Caller caller, KeyReference reference, byte[] blob, int length, Bound bound) {
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.DECRYPT_DATA_KEY, key.key());
      key.mustServe(Problem.Work.DATA_KEYS);
      SecretBytes plain = opened(materialFor(caller, key, permitted, blob), blob, bound);
      if (plain.length() != length) {
        plain.close();
        throw new KmsException(new Problem.DataKeyLengthMismatch());
      }
      return new Unwrapped(plain, hashFor(permitted.key()));
    }
  }

  private static SealingKey materialFor(
      Caller caller, OpenKey key, UsableKey permitted, byte[] blob) {
    Blob.Header header = Blobs.header(blob, Blob.Kind.DATA_KEY);
    if (!key.opensFor(caller, KeyId.of(header.keyId()))) {
      throw new KmsException(new Problem.BadCiphertext());
    }
    SealingKey material = key.material(permitted, header.version());
    if (material == null || material.suite() != header.suite()) {
      throw new KmsException(new Problem.BadCiphertext());
    }
    return material;
  }

  private static SecretBytes opened(SealingKey material, byte[] blob, Bound bound) {
    try {
      return SecretBytes.take(Blob.decrypt(material, blob, bound.encoded()));
    } catch (DoesNotOpen e) {
      Blobs.note(e);
      throw new KmsException(new Problem.DataKeyDoesNotOpen());
    }
  }

  /**
   * A data key that was unwrapped; whoever takes it closes it.
   *
   * @param hash what makes the digest that goes with it
   */
  public record Unwrapped(SecretBytes plain, Hash hash) implements AutoCloseable {
    /** The digest that goes with it. */
    public byte[] digest() {
      return plain.lend(bytes -> hash.digest(bytes));
    }

    @Override
    public void close() {
      plain.close();
    }
  }
}
