package dev.yaoku.service;

import dev.yaoku.audit.Entries;
import dev.yaoku.store.AuditRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An event that has yet to get its salt, so that those that go to the store together get theirs
 * from one read of the kernel's generator, which costs about as much for many as for one.
 *
 * @param atMillis when it happened, milliseconds since the epoch
 * @param account whose event it is
 * @param entry an entry with room for its salt, which nobody else holds
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes on their way to one place
public record UnsaltedEvent(long atMillis, String account, byte[] entry) {
  /**
   * Salts events.
   *
   * @param random gives so many random bytes, fresh ones at each call
   */
  public static List<AuditRow> salted(List<UnsaltedEvent> events, IntFunction<byte[]> random) {
    byte[] salts = random.apply(events.size() * Entries.SALT_BYTES);
    List<AuditRow> rows = new ArrayList<>(events.size());
    int from = 0;
    for (UnsaltedEvent event : events) {
      System.arraycopy(salts, from, event.entry, 0, Entries.SALT_BYTES);
      from += Entries.SALT_BYTES;
      rows.add(new AuditRow(event.atMillis, event.account, event.entry));
    }
    return rows;
  }
}
