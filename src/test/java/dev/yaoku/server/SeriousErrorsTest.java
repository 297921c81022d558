package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong in a request, it is answered, and leaves no room taken. */
class SeriousErrorsTest {
  /** So many are asked of the kernel for keys, and fewer for the ids of requests. */
  private static final int BYTES = 64;

  private static final String RANDOM = "{'random_data_length':'" + 8 * BYTES + "'}";

  private static final String CREATE =
      "{'key_alias':'one','key_spec':'HMAC_512','key_usage':'GENERATE_VERIFY_MAC'}";

  @TempDir Path scratch;
  private final Randomness kernel = Randomness.kernel();
  private final AtomicReference<@Nullable Error> failure = new AtomicReference<>();
  private LiveServer server;
  private Tenant tenant;

  @BeforeEach
  void start() throws IOException {
    Randomness failing = Randomness.of(this::read, () -> {});
    server =
        new LiveServer(
            scratch.resolve("data"),
            Map.of("lanes.fast-in-flight", "4"),
            new Surroundings(InstantSource.system(), System::nanoTime, failing));
    tenant = Tenant.first(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private byte[] read(int length) {
    Error serious = length == BYTES ? failure.get() : null;
    if (serious != null) {
      throw serious;
    }
    return kernel.bytes(length);
  }

  @Test
  void anErrorIsAnsweredWhereverTheRequestRuns() {
    for (Map.Entry<String, String> call :
        Map.of("gen-random", RANDOM, "create-key", CREATE).entrySet()) {
      failure.set(new LinkageError("for a test"));
      for (int i = 0; i < 10; i++) {
        Reply refused = tenant.kms(call.getKey(), call.getValue()).is(500);
        assertThat(refused.code()).as(call.getKey()).isEqualTo("KMS.0101");
        assertThat(refused.raw().body()).doesNotContain("for a test");
      }
      failure.set(null);
      tenant.ok(call.getKey(), call.getValue());
    }
  }

  @Test
  void whereTheSystemHasNoThreadLeftTheClientIsToComeBack() {
    failure.set(new OutOfMemoryError("unable to create native thread"));
    Reply refused = tenant.kms("create-key", CREATE).is(503);
    assertThat(refused.raw().headers().firstValue("Retry-After")).isPresent();
    failure.set(null);
    tenant.ok("create-key", CREATE);
  }
}
