package dev.yaoku.seal;

import dev.yaoku.crypto.Hash;
import dev.yaoku.crypto.Hkdf;
import dev.yaoku.crypto.MacKey;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.Text;
import dev.yaoku.key.KeyId;
import dev.yaoku.seal.Wrap.Place;
import dev.yaoku.secret.LockedBytes;
import dev.yaoku.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;

/**
 * One version of a project's key, open. It wraps the material of the project's keys; with the
 * project's lasting key it recognises imported material and searchable contexts.
 */
public final class ProjectKey implements AutoCloseable {
  private static final int SEARCH_BYTES = 16;

  private final String project;
  private final int version;
  private final LockedKey sealing;
  private final LockedBytes lasting;

  private ProjectKey(String project, int version, LockedKey sealing, SecretBytes lasting) {
    this.project = project;
    this.version = version;
    this.sealing = sealing;
    this.lasting = LockedBytes.copyOf(lasting);
  }

  static ProjectKey open(
      String project, int version, SecretBytes key, byte[] lasting, Randomness randomness) {
    LockedKey sealing = new LockedKey(key, randomness);
    try {
      try (SecretBytes opened =
          sealing.use(s -> Wrap.LASTING_KEY.open(s, lasting, lastingPlace(project)))) {
        return new ProjectKey(project, version, sealing, opened);
      }
    } catch (WrapDoesNotOpen e) {
      sealing.close();
      throw e;
    }
  }

  static Place lastingPlace(String project) {
    return new Place().and(project);
  }

  /** A MAC under a subkey of the lasting key, which is on the heap for that long only. */
  private byte[] mac(String purpose, byte[]... parts) {
    return lasting.lend(key -> {
      try (SecretBytes subkey = Hkdf.subkey(Hash.SHA_256, key, purpose);
          MacKey mac = MacKey.of(Hash.SHA_256, subkey)) {
        return mac.of(parts);
      }
    });
  }

  /** The project. */
  public String project() {
    return project;
  }

  /** The version of the project's key, from 1. */
  public int version() {
    return version;
  }

  /** Lends the key that stays the same in every version. */
  <T> T lendLasting(Function<SecretBytes, T> borrower) {
    return lasting.lend(borrower);
  }

  /** Wraps key material for its place (wrap 4). */
  public byte[] wrapMaterial(MaterialPlace place, SecretBytes material) {
    return sealing.use(s -> Wrap.MATERIAL.seal(s, material, place.in(project, version)));
  }

  /**
   * Opens key material. The caller closes it.
   *
   * @throws WrapDoesNotOpen if it was wrapped for another place or is damaged
   */
  public SecretBytes unwrapMaterial(MaterialPlace place, byte[] wrapped) {
    return sealing.use(s -> Wrap.MATERIAL.open(s, wrapped, place.in(project, version)));
  }

  /** Wraps the private half of a wrapping key for imports (wrap 5). */
  public byte[] wrapImportKey(ImportPlace place, SecretBytes privateHalf) {
    return sealing.use(s -> Wrap.IMPORT_KEY.seal(s, privateHalf, place.in(project)));
  }

  /**
   * Opens the private half of a wrapping key for imports. The caller closes it.
   *
   * @throws WrapDoesNotOpen if it was wrapped for another place or is damaged
   */
  public SecretBytes unwrapImportKey(ImportPlace place, byte[] wrapped) {
    return sealing.use(s -> Wrap.IMPORT_KEY.open(s, wrapped, place.in(project)));
  }

  /** Wraps the private key of an access point for its place (wrap 11). */
  public byte[] wrapAccessPointKey(String keySpace, String accessPoint, SecretBytes privateKey) {
    return sealing.use(
        s -> Wrap.ACCESS_POINT_KEY.seal(s, privateKey, accessPointPlace(keySpace, accessPoint)));
  }

  /**
   * Opens the private key of an access point. The caller closes it.
   *
   * @throws WrapDoesNotOpen if it was wrapped for another place or is damaged
   */
  public SecretBytes unwrapAccessPointKey(String keySpace, String accessPoint, byte[] wrapped) {
    return sealing.use(
        s -> Wrap.ACCESS_POINT_KEY.open(s, wrapped, accessPointPlace(keySpace, accessPoint)));
  }

  private Place accessPointPlace(String keySpace, String accessPoint) {
    return new Place().and(project).and(keySpace).and(accessPoint).and(version);
  }

  /** Wraps a PIN for a keystore (wrap 12). */
  public byte[] wrapPin(String keystore, SecretBytes pin) {
    return sealing.use(s -> Wrap.PIN.seal(s, pin, new Place().and(project).and(keystore)));
  }

  /**
   * Recognises material that is imported again, 32 bytes. The same in every version of the
   * project's key.
   */
  public byte[] fingerprint(KeyId key, SecretBytes material) {
    byte[] id = Text.utf8(key.text());
    return material.lend(
        bytes -> mac("import", length(id.length), id, length(bytes.length), bytes));
  }

  /**
   * What the log calls a ciphertext's associated data, so that it can be searched but not guessed
   * at: 16 bytes, the same in every version of the project's key.
   *
   * @param rest the blob's associated data in canonical form
   */
  public byte[] search(byte[] rest) {
    return Arrays.copyOf(mac("search", rest), SEARCH_BYTES);
  }

  private static byte[] length(int length) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(length).array();
  }

  @Override
  public void close() {
    sealing.close();
    lasting.close();
  }

  @Override
  public String toString() {
    return "ProjectKey[" + project + ", " + version + "]";
  }
}
