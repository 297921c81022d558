package dev.yaoku.server;

import dev.yaoku.key.KmsException;
import dev.yaoku.seal.RootKey;
import dev.yaoku.service.Events;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code yaoku admin}: what needs the server's own files. */
@Command(
    name = "admin",
    mixinStandardHelpOptions = true,
    description = "What needs the server's own files, on its own machine.",
    subcommands = {AdminCommand.Recover.class, EventsCommand.class})
public final class AdminCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private CommandSpec spec;

  private final Runnable guard;

  /** For a process that does nothing else: it cannot be read by others from then on. */
  public AdminCommand() {
    this(ProcessGuard::raiseOrWarn);
  }

  /**
   * The same in a process of many.
   *
   * @param guard keeps the memory of the process to itself before there are keys in it
   */
  AdminCommand(Runnable guard) {
    this.guard = guard;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }

  /** {@code yaoku admin recover}. */
  @Command(
      name = "recover",
      mixinStandardHelpOptions = true,
      description = {
        "Lets the administrator in again.",
        "Makes a new password and access key for the administrator of the installation, or of"
            + " another account, and writes them to the file recovered-credentials in the data"
            + " directory.",
        "Needs the data directory, which no running server may use, and the root key. Earlier"
            + " access keys of the administrator are disabled, sessions ended. The audit log says"
            + " so."
      })
  static final class Recover implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private AdminCommand admin;

    @Mixin private final ConfigOptions options = new ConfigOptions();

    @Option(
        names = "--root-key",
        paramLabel = "FILE",
        description = "File of the root key (root.key in the data directory).")
    private @Nullable Path rootKey;

    @Option(
        names = "--listen",
        paramLabel = "HOST:PORT",
        description = "Where the server will listen, as the new credentials name it.")
    private @Nullable String listen;

    @Option(
        names = "--account",
        paramLabel = "ACCOUNT",
        description = "Id or name of the account; otherwise the installation's first.")
    private @Nullable String account;

    @Option(
        names = "--user",
        paramLabel = "NAME",
        description = "Which administrator, where there are several; otherwise the first.")
    private @Nullable String user;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      try {
        Config config = options.read(said());
        Logs.configure(config.log());
        admin.guard.run();
        Path file = recover(config, Surroundings.ofThisMachine(), out);
        if (EventsCommand.isCutOff(out)) {
          err.println(
              "yaoku: The new credentials are in " + file + ", but the output took no more.");
          return 1;
        }
        return 0;
      } catch (ConfigException e) {
        e.faults().forEach(fault -> err.println("yaoku: " + fault));
        return 2;
      } catch (StartRefused e) {
        err.println("yaoku: " + e.getMessage());
        return 1;
      } catch (StoreException e) {
        err.println("yaoku: " + e.inOneLine());
        return 1;
      }
    }

    private static StartRefused noInstallation(Config config) {
      return new StartRefused(
          "There is no installation in " + config.data() + ". Nothing was changed.");
    }

    /** Says where the new credentials are. */
    private Path recover(Config config, Surroundings machine, PrintWriter out) throws IOException {
      Path rootFile = config.rootKey();
      if (!Files.isDirectory(config.data()) || !Files.exists(rootFile)) {
        throw new StartRefused(
            "There is no installation: "
                + (Files.isDirectory(config.data()) ? rootFile : config.data())
                + " is missing. Name it with --data DIR and --root-key FILE.");
      }
      StartFiles.checkPlaces(config);
      Stores.mustExist(config);
      try (Opening opening = new Opening()) {
        DataDirectory directory = opening.keep(DataDirectory.take(config.data()));
        Stores.take(config, directory);
        CredentialsFile file = new CredentialsFile(directory, "recovered-credentials");
        file.mustBeNew();
        Forgeries forgeries = new Forgeries(machine.clock());
        Store store =
            opening.keep(
                Stores.open(
                    config,
                    forgeries,
                    before -> {
                      if (before.setting(Installation.ID).isEmpty()) {
                        throw noInstallation(config);
                      }
                      Installation.mustOpen(before, rootFile, machine.randomness());
                    },
                    machine.nanos()));
        Events events = Wiring.events(machine);
        forgeries.recordIn(store, events);
        if (!Installation.exists(store)) {
          throw noInstallation(config);
        }
        Installation installation;
        try (RootKey root = Installation.rootKey(rootFile)) {
          installation = opening.keep(Installation.open(store, root, machine.randomness()));
        }
        installation.mustSuit(config.dev());
        Recovery recovery =
            new Recovery(installation, events, machine.randomness(), machine.clock().instant());
        report(
            recovery.recover(account, user, file, Yaoku.url(config), config.region()),
            file.path(),
            out);
        return file.path();
      } catch (KmsException e) {
        throw Installation.refusalOf(e);
      }
    }

    private static void report(Recovery.Whom whom, Path file, PrintWriter out) {
      String account = whom.account().name();
      out.println(
          "New credentials of the administrator %s of the account %s are in %s."
              .formatted(whom.user().name(), account, file));
      out.println(
          "Earlier access keys were disabled and sessions ended. Start the server if it was"
              + " stopped.");
      if (!whom.account().enabled()) {
        out.println("The account was disabled. If it still is: yaoku account enable " + account);
      }
    }

    private Map<String, @Nullable String> said() {
      Map<String, @Nullable String> said = new HashMap<>();
      said.put("root-key", rootKey == null ? null : rootKey.toString());
      said.put("listen.address", listen);
      return said;
    }
  }
}
