package dev.yaoku.seal;

import dev.yaoku.crypto.Hash;
import dev.yaoku.crypto.Hkdf;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.secret.LockedBytes;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key above all others: 32 random bytes in a file that only the server's user can read. Whoever
 * has this file and the database has every key.
 */
public final class RootKey implements AutoCloseable {
  private static final int BYTES = 32;
  private static final int FINGERPRINT_BYTES = 8;

  private final LockedBytes key;

  private RootKey(SecretBytes key) {
    this.key = LockedBytes.copyOf(key);
    key.close();
  }

  /**
   * Makes a root key and its file, and its directory if need be. The file is on the disk when this
   * returns.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is such a file: a root key is never
   *     overwritten
   * @throws PrivateFiles.NotPrivate if the directory is open to others
   */
  public static RootKey create(Path file, Randomness randomness) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      PrivateFiles.directory(directory);
    }
    byte[] bytes = randomness.bytes(BYTES);
    PrivateFiles.create(file, bytes);
    return new RootKey(SecretBytes.take(bytes));
  }

  /**
   * Reads a root key.
   *
   * @throws PrivateFiles.NotPrivate if others can read or own the file
   * @throws IOException if it cannot be read or is no root key
   */
  public static RootKey read(Path file) throws IOException {
    SecretBytes key = PrivateFiles.read(file, BYTES);
    if (key.length() != BYTES) {
      key.close();
      throw new IOException(file + " is no root key: it has not " + BYTES + " bytes");
    }
    return new RootKey(key);
  }

  /** A public name for the key, 16 hexadecimal characters, which says nothing of the key itself. */
  public String fingerprint() {
    return key.lend(bytes -> {
      try (SecretBytes id = Hkdf.subkey(Hash.SHA_256, bytes, "id")) {
        return id.lend(b -> HexFormat.of().formatHex(Arrays.copyOf(b, FINGERPRINT_BYTES)));
      }
    });
  }

  LockedKey sealing(Randomness randomness) {
    return key.lend(bytes -> new LockedKey(bytes, randomness));
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "RootKey";
  }
}
