package dev.yaoku.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsFileTest {
  @TempDir Path directory;

  @Test
  void membersAreReadBySectionAndName() throws IOException {
    CredentialsFile file =
        written("# a comment\n[basic]\nak = YK1\nsk=a=b\n\n[global]\nak = YK2\n");

    assertThat(file.get("basic.ak")).isEqualTo("YK1");
    assertThat(file.get("basic.sk")).isEqualTo("a=b");
    assertThat(file.get("global.ak")).isEqualTo("YK2");
    assertThat(file.find("basic.project_id")).isEmpty();
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    CredentialsFile file = written("[basic]\nsk = secret\n");

    assertThatThrownBy(() -> file.get("basic.ak"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("basic.ak")
        .hasMessageNotContaining("secret");
  }

  private CredentialsFile written(String text) throws IOException {
    return CredentialsFile.read(Files.writeString(directory.resolve("credentials"), text));
  }
}
