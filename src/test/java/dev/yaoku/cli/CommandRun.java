package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Map;

/** What a command printed and ended with. */
public record CommandRun(int exitCode, String out, String err) {
  /** Runs a command in this process. */
  public static CommandRun of(Map<String, String> environment, String... words) {
    StringWriter out = new StringWriter();
    return run(environment, out, words);
  }

  /** The same where what it prints finds no room. */
  public static CommandRun ontoAFullDisk(Map<String, String> environment, String... words) {
    return run(environment, new OutputStreamWriter(new FullDisk(), UTF_8), words);
  }

  private static CommandRun run(Map<String, String> environment, Writer out, String... words) {
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(environment)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** Takes nothing. */
  public static final class FullDisk extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
