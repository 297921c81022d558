package dev.yaoku.service;

import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.key.Key;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ciphertext blobs of keys: made, and recognised by their header. */
final class Blobs {
  private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);

  private Blobs() {}

  static byte[] seal(
      OpenKey open, UsableKey permitted, Blob.Kind kind, Bound bound, SecretBytes plaintext) {
    Key key = permitted.key();
    SealingKey material = open.currentMaterial(permitted);
    Blob.Header header =
        new Blob.Header(material.suite(), kind, key.id().bytes(), key.currentVersion());
    return plaintext.lend(bytes -> Blob.encrypt(material, header, bound.encoded(), bytes));
  }

  /**
   * The header of a blob of this kind.
   *
   * @throws KmsException with {@link Problem.BadCiphertext} if it is none (SECURITY_DESIGN H1)
   */
  static Blob.Header header(byte[] blob, Blob.Kind kind) {
    try {
      return Blob.Header.read(blob, kind);
    } catch (DoesNotOpen e) {
      note(e);
      throw new KmsException(new Problem.BadCiphertext());
    }
  }

  /** Outside all failures are one; inside it is worth knowing which (SECURITY_DESIGN H3). */
  static void note(DoesNotOpen failure) {
    switch (failure.reason()) {
      case FORM -> LOG.debug("A ciphertext does not open: it is none, or of the other kind");
      case COMMITMENT ->
          LOG.debug(
              "A ciphertext does not open: its commitment fails, so it was made with another key or"
                  + " context, or its first 80 bytes were changed");
      case TAG ->
          LOG.debug(
              "A ciphertext does not open: its tag fails, so key and context are right and what"
                  + " they protect was changed");
    }
  }
}
