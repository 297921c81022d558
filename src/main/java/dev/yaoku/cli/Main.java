package dev.yaoku.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** What the {@code yaoku} script runs: one command a subcommand. */
@Command(
    name = "yaoku",
    description = "A key management server that speaks the Huawei Cloud KMS API.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ClockCommand.class,
      KeyCommand.class,
      GrantCommand.class,
      UserCommand.class,
      GroupCommand.class,
      AccessKeyCommand.class,
      PolicyCommand.class,
      AgencyCommand.class,
      ProjectCommand.class,
      AccountCommand.class,
      IdpCommand.class,
      AuthorityCommand.class,
      ExplainCommand.class,
      CanCommand.class,
      HelpCommand.class,
      Version.class
    })
public final class Main {
  private Main() {}

  /**
   * Runs the command the arguments name and ends the process with its exit code.
   *
   * @param ofServer commands that open a store themselves, which this room does not know
   */
  public static void run(String[] args, Object... ofServer) {
    CommandLine commands = commandLine();
    for (Object command : ofServer) {
      CommandLine added = new CommandLine(command);
      commands.addSubcommand(added);
      if (args.length > 0 && args[0].equals(added.getCommandName())) {
        requireNativeLibraries();
      }
    }
    System.exit(commands.execute(args));
  }

  private static void requireNativeLibraries() {
    try {
      NativeLibraries.mustBeIn(Path.of(System.getProperty("java.library.path", "")));
    } catch (IllegalStateException e) {
      System.err.println("yaoku: " + e.getMessage());
      System.exit(CommandLine.ExitCode.SOFTWARE);
    }
  }

  /** The commands, ready to read arguments. */
  static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  /** The same in another environment. */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new Main(), new Parts(environment))
        .setExecutionExceptionHandler((e, command, _) -> {
          Fault.print(e, command.getErr());
          return CommandLine.ExitCode.SOFTWARE;
        });
  }

  /** Makes what commands are made of. */
  private record Parts(Map<String, String> environment) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == Access.class
          ? type.cast(new Access(environment))
          : CommandLine.defaultFactory().create(type);
    }
  }
}
