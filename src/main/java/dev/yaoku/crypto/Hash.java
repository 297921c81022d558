package dev.yaoku.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import org.bouncycastle.crypto.digests.SM3Digest;

/** The hash functions, each with the provider that computes it. */
public enum Hash {
  SHA_256("SHA-256", 64, 32),
  SHA_384("SHA-384", 128, 48),
  SHA_512("SHA-512", 128, 64),
  SM3("SM3", 64, 32);

  private static final byte[] NOTHING = {};

  private final String standardName;
  private final int blockBytes;
  private final int length;
  private final Pool<MessageDigest> digests;

  Hash(String standardName, int blockBytes, int length) {
    this.standardName = standardName;
    this.blockBytes = blockBytes;
    this.length = length;
    this.digests = new Pool<>(this::newDigest);
  }

  /** The name that standards give it. */
  public String standardName() {
    return standardName;
  }

  /** How long a digest is, in bytes. */
  public int length() {
    return length;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The digest of the parts, one after the other. */
  public byte[] digest(byte[]... parts) {
    return digestAfter(NOTHING, 0, 0, parts);
  }

  /** The digest of a part of a first array and of more parts. A pooled object keeps nothing. */
  byte[] digestAfter(byte[] first, int from, int length, byte[]... parts) {
    return this == SM3 ? sm3(first, from, length, parts) : pooled(first, from, length, parts);
  }

  private byte[] pooled(byte[] first, int from, int length, byte[]... parts) {
    MessageDigest digest = digests.borrow();
    digest.update(first, from, length);
    for (byte[] part : parts) {
      digest.update(part);
    }
    byte[] result = digest.digest();
    // Otherwise the last block and the digest would stay in it until somebody needs it again. That
    // use would begin with a reset, so this one costs nothing more.
    digest.reset();
    digests.giveBack(digest);
    return result;
  }

  /** Made anew each time: it costs next to nothing, and what it keeps goes with it. */
  private static byte[] sm3(byte[] first, int from, int length, byte[]... parts) {
    SM3Digest digest = new SM3Digest();
    digest.update(first, from, length);
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return result;
  }

  private MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(standardName, Providers.SUN);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no " + standardName, e);
    }
  }
}
