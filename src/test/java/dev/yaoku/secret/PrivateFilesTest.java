package dev.yaoku.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are ours alone (SECURITY_DESIGN M11). */
class PrivateFilesTest {
  @TempDir Path temporary;
  private Path directory = Path.of(".");

  @BeforeEach
  void aPrivateDirectory() throws IOException {
    directory = temporary.resolve("one/two");
    PrivateFiles.directory(directory);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatIsCreatedIsForItsOwnerAlone() throws IOException {
    Path file = directory.resolve("key");
    PrivateFiles.create(file, new byte[] {1, 2});

    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(file)).isEqualTo("rw-------");
    try (SecretBytes content = PrivateFiles.read(file, 10)) {
      assertThat(content.matches(SecretBytes.copyOf(new byte[] {1, 2}))).isTrue();
    }
    PrivateFiles.directory(directory);
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path file = directory.resolve("key");
    PrivateFiles.create(file, new byte[] {1});

    assertThatThrownBy(() -> PrivateFiles.create(file, new byte[] {2}))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readAllBytes(file)).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------", "rwxrwxrwx"})
  void aFileOpenToOthersIsRefused(String permissions) throws IOException {
    Path file = directory.resolve("key");
    PrivateFiles.create(file, new byte[] {1});
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> PrivateFiles.read(file, 10))
        .isInstanceOf(PrivateFiles.NotPrivate.class)
        .hasMessageContaining("open to others");
  }

  @Test
  void aDirectoryOpenToOthersIsRefused() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatThrownBy(() -> PrivateFiles.directory(directory))
        .isInstanceOf(PrivateFiles.NotPrivate.class);
  }

  @Test
  void aSymbolicLinkIsRefused() throws IOException {
    Path file = directory.resolve("key");
    PrivateFiles.create(file, new byte[] {1});
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    assertThatThrownBy(() -> PrivateFiles.read(link, 10))
        .isInstanceOf(PrivateFiles.NotPrivate.class)
        .hasMessage(link + " is a symbolic link, which is not followed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwx------", "rwxr-xr-x"})
  void aDirectoryIsNoFile(String permissions) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> PrivateFiles.read(directory, 10))
        .isInstanceOf(PrivateFiles.NotPrivate.class)
        .hasMessage(directory + " is a directory, not a file");
  }

  @Test
  void aFileLongerThanExpectedIsRefused() throws IOException {
    Path file = directory.resolve("key");
    PrivateFiles.create(file, new byte[11]);

    assertThatThrownBy(() -> PrivateFiles.read(file, 10)).isInstanceOf(IOException.class);
  }

  @Test
  void aFileOfAnotherUserIsRefused() throws IOException {
    Path foreign = directory.resolve("foreign");
    PrivateFiles.create(foreign, new byte[] {1});
    try {
      Files.setAttribute(foreign, "unix:uid", 12345);
    } catch (IOException _) {
      Assumptions.abort("only root can give files away");
    }

    assertThatThrownBy(() -> PrivateFiles.read(foreign, 10))
        .isInstanceOf(PrivateFiles.NotPrivate.class)
        .hasMessageContaining("belongs to");
  }
}
