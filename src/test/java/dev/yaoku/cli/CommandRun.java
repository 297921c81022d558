package dev.yaoku.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What a command printed and ended with. */
public record CommandRun(int exitCode, String out, String err) {
  /** Runs a command in this process. */
  public static CommandRun of(Map<String, String> environment, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(environment)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
