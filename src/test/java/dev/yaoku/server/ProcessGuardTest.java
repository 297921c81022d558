package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessGuardTest {
  @Test
  void aGuardedProcessLeavesNoCoreAndCannotBeRead() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Guarded.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(output).contains("raised true").contains("core 0").contains("dumpable 0");
  }

  @Test
  void whereTheSystemDoesNotAgreeTheLogSaysSo() {
    try (CapturedLog captured = new CapturedLog()) {
      ProcessGuard.warnUnless(true);
      assertThat(captured.text()).isEmpty();
      ProcessGuard.warnUnless(false);
      assertThat(captured.text()).contains("may leave a core file").hasLineCount(1);
    }
  }

  /** Raises the guard in a process of its own, as it cannot be lowered again. */
  static final class Guarded {
    private static final int PR_GET_DUMPABLE = 3;

    private Guarded() {}

    /** What the system says of it. */
    @SuppressWarnings("restricted")
    private static int dumpable() {
      Linker linker = Linker.nativeLinker();
      MethodHandle prctl =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("prctl"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      try {
        return (int) prctl.invokeExact(PR_GET_DUMPABLE);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    public static void main(String[] arguments) throws IOException {
      System.out.println("raised " + ProcessGuard.raise());
      System.out.println("dumpable " + dumpable());
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max core file size")) {
          System.out.println("core " + line.replaceAll("\\D+", " ").trim().split(" ", -1)[0]);
        }
      }
    }
  }
}
