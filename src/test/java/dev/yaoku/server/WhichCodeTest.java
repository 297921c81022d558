package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.Randomness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite's second run is without native code indeed, and its first with it. */
class WhichCodeTest {
  private static final boolean SECOND_RUN = "off".equals(System.getProperty("yaoku.test.native"));

  @TempDir Path scratch;

  private List<Boolean> asked(Map<String, String> settings) throws Exception {
    List<Boolean> asked = new ArrayList<>();
    Randomness randomness = Randomness.kernel();
    Surroundings usual = Surroundings.ofThisMachine();
    Surroundings machine =
        new Surroundings(
            usual.clock(),
            usual.nanos(),
            randomness,
            wantNative -> {
              asked.add(wantNative);
              return new Cryptography(randomness, wantNative);
            });
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings, machine)) {
      server.kms("create-key", "{'key_alias':'k','key_spec':'EC_P256'}", "/key_info/key_id");
    }
    return asked;
  }

  @Test
  void aTestsServerComputesAsItsRunSays() throws Exception {
    assertThat(asked(Map.of())).isNotEmpty().containsOnly(!SECOND_RUN);
  }

  @Test
  void whatATestSetsCountsInBothRuns() throws Exception {
    assertThat(asked(Map.of("crypto.native", "true"))).isNotEmpty().containsOnly(true);
  }
}
