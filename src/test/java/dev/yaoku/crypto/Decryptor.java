package dev.yaoku.crypto;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The decryptor in Python, which shares no code with this room. */
public final class Decryptor implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path SCRIPT = Path.of("src/test/resources/dev/yaoku/crypto/decryptor.py");

  private final Process process;
  private final BufferedWriter to;
  private final BufferedReader from;

  private Decryptor(Process process) {
    this.process = process;
    this.to = process.outputWriter();
    this.from = process.inputReader();
  }

  /** Starts it; a test without Python is skipped, and says so. */
  public static Decryptor start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(runs(List.of("python3", "--version")), "python3 is not here");
    Assumptions.assumeTrue(Files.exists(SCRIPT), "the sources are not here");
    ProcessBuilder builder = new ProcessBuilder("python3", SCRIPT.toString());
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    return new Decryptor(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Whether it can also decrypt, for which Python needs a package. */
  public static boolean decrypts() throws IOException, InterruptedException {
    return runs(List.of("python3", "-c", "import cryptography"));
  }

  private static boolean runs(List<String> command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  static ObjectNode question(String what) {
    return JSON.createObjectNode().put("do", what);
  }

  JsonNode ask(ObjectNode question) throws IOException {
    to.write(JSON.writeValueAsString(question));
    to.newLine();
    to.flush();
    return JSON.readTree(from.readLine());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
