package dev.yaoku.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many files and connections the system lets this process have open at once. Java has raised
 * the limit as far as it may; where there are none left, nobody is let in and nothing is opened.
 */
final class OpenFiles {
  /** The store, its log, what a log-in or a reload opens, and some to spare. */
  static final int BESIDE_CONNECTIONS = 200;

  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String NAME = "Max open files";

  private OpenFiles() {}

  /**
   * Refuses to start where not even one client could be served.
   *
   * @throws StartRefused with how to raise the limit
   */
  static void mustSuffice() {
    limit().stream()
        .filter(limit -> limit < BESIDE_CONNECTIONS)
        .forEach(limit -> {
          throw new StartRefused(tooFew(limit, BESIDE_CONNECTIONS));
        });
  }

  /** Warns of clients that would be kept waiting at the door. */
  static void warnIfFewerThan(long connections) {
    long needed = connections + BESIDE_CONNECTIONS;
    limit().stream()
        .filter(limit -> limit < needed)
        .forEach(limit ->
            LOG.warn(
                "{} Or lower limits.connections, which is {}.",
                tooFew(limit, needed),
                connections));
  }

  private static String tooFew(long limit, long needed) {
    return "The system lets this server open "
        + limit
        + " files and connections at once, and it needs "
        + needed
        + ". Raise the limit (LimitNOFILE=65536 in the unit, ulimit -n 65536).";
  }

  /** Empty where the system does not say, or has no limit. */
  private static OptionalLong limit() {
    try {
      return Files.exists(LIMITS) ? softLimit(Files.readString(LIMITS)) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** The soft limit in a text as of {@code proc(5)}: name, soft limit, hard limit, unit. */
  static OptionalLong softLimit(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith(NAME))
        .map(line -> line.substring(NAME.length()).strip().split(" +", -1)[0])
        .filter(soft -> !soft.isEmpty() && soft.chars().allMatch(c -> c >= '0' && c <= '9'))
        .mapToLong(Long::parseLong)
        .findFirst();
  }
}
