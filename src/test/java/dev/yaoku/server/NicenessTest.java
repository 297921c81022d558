package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the kernel says of a thread that set its own claim on a core. */
@EnabledOnOs(OS.LINUX)
class NicenessTest {
  /** Fields of {@code /proc/thread-self/stat} after the name, counted from 0 (proc_pid_stat(5)). */
  private static final int NICE = 16;

  private static final int POLICY = 38;

  @Test
  void aThreadThatYieldsIsNice() throws Exception {
    assertThat(after(Niceness::yieldToOthers)[NICE]).isEqualTo("5");
  }

  @Test
  void aThreadThatRunsWhenIdleHasThePolicyForThat() throws Exception {
    assertThat(after(Niceness::runWhenIdle)[POLICY]).isEqualTo("5"); // SCHED_IDLE
  }

  @Test
  void aThreadThatAnswersPromptlyKeepsItsPolicyAndItsNiceness() throws Exception {
    String[] before = after(() -> {});
    String[] fields = after(Niceness::answerPromptly);
    assertThat(fields[POLICY]).isEqualTo(before[POLICY]);
    assertThat(fields[NICE]).isEqualTo(before[NICE]);
  }

  /** In a thread of its own, as there is no way back. */
  private static String[] after(Runnable setting) throws Exception {
    CompletableFuture<String[]> seen = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            setting.run();
            seen.complete(ownFields());
          } catch (RuntimeException e) {
            seen.completeExceptionally(e);
          }
        });
    return seen.get();
  }

  private static String[] ownFields() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
