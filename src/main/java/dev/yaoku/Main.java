package dev.yaoku;

import dev.yaoku.server.AdminCommand;
import dev.yaoku.server.ServeCommand;
import java.util.Locale;

/** Where the program begins: the commands, and the server among them. */
public final class Main {
  private Main() {}

  /** Runs the command the arguments name and ends the process with its exit code. */
  public static void main(String[] args) {
    // What is written is read by programs, too: digits and dates are the same everywhere.
    Locale.setDefault(Locale.ROOT);
    dev.yaoku.cli.Main.run(args, new ServeCommand(), new AdminCommand());
  }
}
