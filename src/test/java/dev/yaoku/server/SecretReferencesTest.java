package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.secret.Redacted;
import dev.yaoku.server.Config.SecretReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReferencesTest {
  @TempDir private Path scratch;

  private static @Nullable Redacted<String> read(String reference) {
    return SecretReferences.text(
        new SecretReference(reference), "store.postgres.password", Map.of("DB", " hunter2\n")::get);
  }

  @Test
  void aSecretIsReadFromTheEnvironment() {
    assertThat(read("env:DB")).isEqualTo(new Redacted<>("hunter2"));
  }

  @Test
  void aSecretIsReadFromAFileThatOnlyThisUserCanRead() throws IOException {
    Path file = scratch.resolve("password");
    PrivateFiles.create(file, "hunter2\n".getBytes(StandardCharsets.UTF_8));
    assertThat(read("file:" + file)).isEqualTo(new Redacted<>("hunter2"));

    Path open = Files.writeString(scratch.resolve("open"), "hunter2");
    assertThatThrownBy(() -> read("file:" + open))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("store.postgres.password")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aSecretThatIsNoTextIsRefusedAndNotTakenForAnother() throws IOException {
    Path file = scratch.resolve("latin");
    PrivateFiles.create(file, "hünter2".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> read("file:" + file))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("store.postgres.password: " + file + " is not UTF-8 text")
        .hasMessageNotContaining("nter2");
  }

  @Test
  void aPlaceThatIsNoFileIsNamedAsWhatItIs() {
    assertThatThrownBy(() -> read("file:" + scratch))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(scratch + " is a directory, not a file");
    assertThatThrownBy(() -> read("file:/nonexistent"))
        .hasMessageContaining("there is no file /nonexistent");
  }

  @Test
  void noReferenceIsNoSecretAndAnEmptyPlaceStopsTheStart() throws IOException {
    assertThat(read("")).isNull();
    Path empty = scratch.resolve("empty");
    PrivateFiles.create(empty, new byte[0]);
    for (String nothing : new String[] {"env:NOT_SET", "file:" + empty, "file:/nonexistent"}) {
      assertThatThrownBy(() -> read(nothing))
          .as(nothing)
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("store.postgres.password");
    }
  }
}
