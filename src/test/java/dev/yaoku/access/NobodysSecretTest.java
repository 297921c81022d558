package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Household;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stands for the secret of an access key that is not there must be nobody's to know: it would
 * verify, and what follows would tell such a name from others by time.
 */
class NobodysSecretTest {
  @TempDir private Path directory;

  @Test
  void whatStandsForNoKeyIsNoSecretThatCanBeGuessed() throws IOException {
    try (Household household = new Household(directory);
        SecretBytes nought = SecretBytes.take(new byte[40])) {
      Directory.StrangersKey nobodys =
          household.identities.secretForStranger("YKNOBODY000000000001").orElseThrow();
      assertThat(nobodys.there()).isFalse();
      assertThat(nobodys.key().isOf(nought)).contains(false);
    }
  }
}
