package dev.yaoku.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.secret.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root key and its file. */
class RootKeyTest {
  private static final Randomness RANDOMNESS = Randomness.kernel();

  @TempDir Path temporary;
  private Path file = Path.of(".");

  @BeforeEach
  void aPlace() {
    file = temporary.resolve("data/root.key");
  }

  @Test
  void aRootKeyReadAgainIsTheSame() throws IOException {
    String fingerprint;
    try (RootKey made = RootKey.create(file, RANDOMNESS)) {
      fingerprint = made.fingerprint();
    }

    assertThat(fingerprint).matches("[0-9a-f]{16}");
    assertThat(RootKey.read(file).fingerprint()).isEqualTo(fingerprint);
    assertThat(Files.size(file)).isEqualTo(32);
  }

  @Test
  void theFingerprintIsThatOfTheSpecification() throws IOException {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    PrivateFiles.directory(temporary.resolve("data"));
    PrivateFiles.create(file, key);

    // HKDF-SHA-256(00..1f, no salt, "yaoku/1/id"), first 8 bytes, computed apart
    assertThat(RootKey.read(file).fingerprint()).isEqualTo("0c27e082f7e66ab0");
  }

  @Test
  void twoRootKeysHaveTwoFingerprints() throws IOException {
    RootKey one = RootKey.create(file, RANDOMNESS);
    RootKey two = RootKey.create(temporary.resolve("other/root.key"), RANDOMNESS);

    assertThat(one.fingerprint()).isNotEqualTo(two.fingerprint());
    assertThat(one).hasToString("RootKey");
  }

  @Test
  void aRootKeyIsNeverOverwritten() throws IOException {
    String before = RootKey.create(file, RANDOMNESS).fingerprint();

    assertThatThrownBy(() -> RootKey.create(file, RANDOMNESS))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(RootKey.read(file).fingerprint()).isEqualTo(before);
  }

  @Test
  void aRootKeyThatOthersCanReadIsRefused() throws IOException {
    RootKey.create(file, RANDOMNESS).close();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> RootKey.read(file)).isInstanceOf(PrivateFiles.NotPrivate.class);
  }

  @Test
  void aFileOfAnotherLengthIsNoRootKey() throws IOException {
    PrivateFiles.directory(temporary.resolve("data"));
    PrivateFiles.create(file, new byte[31]);

    assertThatThrownBy(() -> RootKey.read(file)).hasMessageContaining("no root key");
  }
}
