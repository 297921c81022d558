package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A process whose random numbers repeat is gone before it uses one (SECURITY_DESIGN H6). */
class StuckProcessTest {
  @Test
  void aStuckGeneratorEndsTheProcessAtOnceWithoutCleaningUp() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Stuck.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(70);
    assertThat(said)
        .contains("started")
        .contains("repeats itself. Stopping at once.")
        .doesNotContain("went on")
        .doesNotContain("cleaned up");
  }

  /** Has a generator that sticks after its start, and what the kernel's has when it does. */
  static final class Stuck {
    private Stuck() {}

    public static void main(String[] arguments) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("cleaned up")));
      AtomicInteger reads = new AtomicInteger();
      Randomness randomness =
          Randomness.of(
              length -> {
                byte[] bytes = new byte[length];
                bytes[0] = (byte) Math.min(12, reads.incrementAndGet());
                return bytes;
              },
              Randomness::halt);
      System.out.println("started");
      for (int i = 0; i < 10; i++) {
        randomness.bytes(32);
      }
      System.out.println("went on");
    }
  }
}
