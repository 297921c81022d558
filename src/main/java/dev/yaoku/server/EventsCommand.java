package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yaoku.audit.Entries;
import dev.yaoku.store.AuditRow;
import dev.yaoku.store.EventArchive;
import dev.yaoku.store.StoreException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code yaoku admin events}. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the audit log of all accounts, a JSON object a line, in the order in which events"
          + " became durable: that of time, but for some milliseconds.",
      "The server may be running; what it writes meanwhile may be missing at the end."
    })
final class EventsCommand implements Callable<Integer> {
  /** So many events are printed between two looks at whether anybody reads on. */
  private static final int LOOK_EVERY = 1_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private CommandSpec spec;

  @Mixin private final ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = InstantText.class,
      description = "None that are earlier, such as 2026-01-31T23:59:00Z.")
  private Instant since = Instant.MIN;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = InstantText.class,
      description = "None of this time or later.")
  private Instant until = Instant.MAX;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Config config = options.read(Map.of());
      Logs.configure(config.log());
      return print(config, spec.commandLine().getOut(), err) ? 0 : 1;
    } catch (ConfigException e) {
      e.faults().forEach(fault -> err.println("yaoku: " + fault));
      return 2;
    } catch (StartRefused | StoreException e) {
      err.println("yaoku: " + e.getMessage());
      return 1;
    }
  }

  /** Says whether all is printed. */
  private boolean print(Config config, PrintWriter out, PrintWriter err) {
    try (EventArchive log = Stores.events(config, finding -> err.println("yaoku: " + finding))) {
      long printed = 0;
      for (AuditRow event = log.next(); event != null; event = log.next()) {
        Instant at = Instant.ofEpochMilli(event.atMillis());
        if (!at.isBefore(since) && at.isBefore(until)) {
          out.print(json(event.entry()));
          out.print('\n'); // println would write each line by itself
          if (++printed % LOOK_EVERY == 0 && isCutOff(out)) {
            break;
          }
        }
      }
      if (isCutOff(out)) {
        err.println("yaoku: The output took no more: what was printed is not the whole log.");
        return false;
      }
      return log.isComplete();
    }
  }

  /** The writer of the command line does not hear of what its stream is refused. */
  static boolean isCutOff(PrintWriter out) {
    return out.checkError() || System.out.checkError();
  }

  private static String json(byte[] entry) {
    int start = Math.min(Entries.SALT_BYTES, entry.length);
    return new String(entry, start, entry.length - start, UTF_8);
  }
}
