package dev.yaoku;

import dev.yaoku.server.AdminCommand;
import dev.yaoku.server.ServeCommand;

/** Where the program begins: the commands, and the server among them. */
public final class Main {
  private Main() {}

  /** Runs the command the arguments name and ends the process with its exit code. */
  public static void main(String[] args) {
    dev.yaoku.cli.Main.run(args, new ServeCommand(), new AdminCommand());
  }
}
