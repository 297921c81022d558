package dev.yaoku.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
  private static final Path UNPACKED = Path.of(System.getProperty("java.library.path"));

  @Test
  void everyNativeLibraryComesFromTheBuildAndNowhereElse() throws IOException, SQLException {
    NativeLibraries.mustBeIn(UNPACKED);
    loadThemAll();

    assertThat(mapped())
        .containsExactlyInAnyOrderElementsOf(
            NativeLibraries.NAMES.stream().map(name -> UNPACKED.resolve(name).toString()).toList());
  }

  @Test
  void whatIsMissingIsNamedWithWhatToDo(@TempDir Path directory) throws IOException {
    for (String name : NativeLibraries.NAMES) {
      Files.createFile(directory.resolve(name));
    }
    assertThatCode(() -> NativeLibraries.mustBeIn(directory)).doesNotThrowAnyException();
    Files.delete(directory.resolve("libsqlitejdbc.so"));

    assertThatThrownBy(() -> NativeLibraries.mustBeIn(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("libsqlitejdbc.so")
        .hasMessageContaining("yaoku script")
        .hasMessageNotContaining("libnetty");
  }

  private static void loadThemAll() throws SQLException {
    assertThat(Epoll.isAvailable()).isTrue();
    assertThat(OpenSsl.versionString()).isEqualTo("BoringSSL");
    assertThat(AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError()).isNull();
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      assertThat(sqlite.isValid(1)).isTrue();
    }
  }

  /** The libraries of ours among the files mapped as code, wherever they lie. */
  private static List<String> mapped() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains(" r-xp "))
          .map(line -> line.replaceFirst("^[^/]*", ""))
          .filter(file -> file.matches(".*(netty|sqlite|Corretto).*"))
          .distinct()
          .toList();
    }
  }
}
