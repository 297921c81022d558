package dev.yaoku.store;

/**
 * One event on its way to the log.
 *
 * @param atMillis when it happened, milliseconds since the epoch
 * @param account whose event it is, empty for the installation's own
 * @param entry 16 random bytes followed by JSON, at most 16 KiB, stored as it is
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes on their way to one place
public record AuditRow(long atMillis, String account, byte[] entry) {
  /** The longest entry, in bytes. */
  public static final int ENTRY_BYTES_MAX = 16 << 10;
}
