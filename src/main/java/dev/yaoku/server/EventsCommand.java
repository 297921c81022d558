package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yaoku.audit.Entries;
import dev.yaoku.store.AuditRow;
import dev.yaoku.store.EventArchive;
import dev.yaoku.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code yaoku admin events}. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the audit log of all accounts, a JSON object a line, in order of time.",
      "The server may be running; what it writes meanwhile may be missing at the end."
    })
final class EventsCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private CommandSpec spec;

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory (./yaoku-data).")
  private @Nullable Path data;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (TOML).")
  private @Nullable Path configFile;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "None that are earlier, such as 2026-01-31T23:59:00Z.")
  private Instant since = Instant.MIN;

  @Option(names = "--until", paramLabel = "TIME", description = "None of this time or later.")
  private Instant until = Instant.MAX;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Map<String, String> overrides = data == null ? Map.of() : Map.of("data", data.toString());
      Config config = ConfigReader.read(configFile, System.getenv(), overrides);
      Logs.configure(config.log());
      print(config, spec.commandLine().getOut(), err);
      return 0;
    } catch (ConfigException e) {
      e.faults().forEach(fault -> err.println("yaoku: " + fault));
      return 2;
    } catch (StartRefused | StoreException e) {
      err.println("yaoku: " + e.getMessage());
      return 1;
    }
  }

  /** Ends early where nobody reads on. */
  private void print(Config config, PrintWriter out, PrintWriter err) {
    try (EventArchive log = Stores.events(config, finding -> err.println("yaoku: " + finding))) {
      AuditRow event = log.next();
      while (event != null && !out.checkError()) {
        Instant at = Instant.ofEpochMilli(event.atMillis());
        if (!at.isBefore(since) && at.isBefore(until)) {
          out.println(json(event.entry()));
        }
        event = log.next();
      }
    }
  }

  private static String json(byte[] entry) {
    return new String(entry, Entries.SALT_BYTES, entry.length - Entries.SALT_BYTES, UTF_8);
  }
}
