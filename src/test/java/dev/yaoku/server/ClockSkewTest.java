package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever signs by a clock that is wrong is told what the server's says. */
class ClockSkewTest {
  private static final Duration AHEAD = Duration.ofMinutes(16);
  private static final Pattern TIME =
      Pattern.compile("signature expired; the server's clock says ([-0-9]{10}T[0-9:.]+Z)");

  @TempDir Path folder;

  @Test
  void aSignatureOutOfTimeIsAnsweredWithTheServersTime() throws IOException {
    Surroundings machine =
        new Surroundings(() -> Instant.now().plus(AHEAD), System::nanoTime, Randomness.kernel());
    try (LiveServer server = new LiveServer(folder.resolve("data"), Map.of(), machine)) {
      Tenant late = Tenant.first(server);
      for (String path : new String[] {"/v1.0/" + late.project + "/kms/list-keys", "/v3/users"}) {
        HttpResponse<String> answer = late.send("POST", path, "{}").is(401).raw();
        Matcher said = TIME.matcher(answer.body());
        assertThat(said.find()).as(answer.body()).isTrue();
        assertThat(Duration.between(Instant.now(), Instant.parse(said.group(1))))
            .isBetween(AHEAD.minusMinutes(1), AHEAD);
        assertThat(late.dating(AHEAD).send("POST", path, "{}").status()).isNotEqualTo(401);
        late.dating(Duration.ZERO);
      }
    }
  }
}
