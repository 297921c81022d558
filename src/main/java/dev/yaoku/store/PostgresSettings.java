package dev.yaoku.store;

import dev.yaoku.secret.Redacted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL is and how it is used. There is no way to give a URL: its parameters could load
 * classes (SECURITY_DESIGN M14).
 *
 * @param host name or address
 * @param port TCP port
 * @param database its name
 * @param user who connects
 * @param password of the user; null for none
 * @param tls whether to connect by TLS with the full check of the server's certificate
 * @param rootCertificate PEM file of the authority that vouches for the server; null for those that
 *     Java trusts
 * @param readers how many connections read at once
 * @param readWait how long a read waits for a connection
 * @param changesWaitingMax how many changes may wait for the writer
 * @param eventsWaitingMax how many events may wait for their writer
 * @param eventBytesWaitingMax how many bytes those may hold
 * @param gather how far apart commits are kept under load; a lone change never waits
 * @param migrate whether this user may change the schema; false for a runtime role that may not
 */
public record PostgresSettings(
    String host,
    int port,
    String database,
    String user,
    @Nullable Redacted<String> password,
    boolean tls,
    @Nullable Path rootCertificate,
    int readers,
    Duration readWait,
    int changesWaitingMax,
    int eventsWaitingMax,
    long eventBytesWaitingMax,
    Duration gather,
    boolean migrate) {
  /** Names only: what a resolver says about another name is no proof. */
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

  /** A database with everything else as usual: by TLS unless it is on this machine. */
  public static PostgresSettings of(
      String host, int port, String database, String user, @Nullable Redacted<String> password) {
    return new PostgresSettings(
        host,
        port,
        database,
        user,
        password,
        !isThisMachine(host),
        null,
        8,
        Duration.ofSeconds(5),
        1_024,
        65_536,
        64L << 20,
        Duration.ofMillis(1),
        true);
  }

  /** Whether what is sent there does not leave this machine. */
  public static boolean isThisMachine(String host) {
    return THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
  }

  TaskQueue.Limits limits() {
    return new TaskQueue.Limits(changesWaitingMax, eventsWaitingMax, eventBytesWaitingMax, gather);
  }
}
