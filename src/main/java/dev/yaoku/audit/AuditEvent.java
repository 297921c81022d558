package dev.yaoku.audit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param at when, to the millisecond
 * @param requestId the request's id, empty for the server's own acts
 * @param who did it
 * @param project the project, or empty
 * @param source address, or empty
 * @param trace trace name such as {@code createKey}
 * @param resource what it was done to
 * @param rating how much somebody should look at it
 * @param status HTTP status of the answer, 0 for the server's own acts
 * @param code error code, empty for success
 * @param detail more for people, or null
 * @param changes rows that the change wrote: table, primary key, new row version, MAC
 */
public record AuditEvent(
    Instant at,
    String requestId,
    Actor who,
    String project,
    String source,
    String trace,
    Resource resource,
    Rating rating,
    int status,
    String code,
    @Nullable String detail,
    List<Change> changes) {
  /** A row that a change wrote. */
  public record Change(String table, String primaryKey, long rowVersion, String mac) {}

  /** Whose it is. */
  public String account() {
    return who.account();
  }

  /** The longest entry, bytes (SECURITY_DESIGN C2); the store takes no longer one. */
  public static final int ENTRY_BYTES_MAX = 16 << 10;
}
