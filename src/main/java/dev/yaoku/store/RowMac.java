package dev.yaoku.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proves that this installation wrote a row (SECURITY_DESIGN section 4, "Rows"). The store room
 * encodes, the seal room holds the key.
 */
public interface RowMac {
  /**
   * The version of the system key that makes new MACs; stored in the row and part of what is
   * authenticated.
   */
  int keyVersion();

  /**
   * HMAC-SHA-256 under {@code system.row} of that version over LP(table), u32 number of columns, LP
   * of each column.
   *
   * @param keyVersion which system key
   * @param table the table's name
   * @param columns every column but the MAC itself in schema order; integers as u64, text as UTF-8
   * @return 32 bytes
   * @throws IllegalArgumentException if there is no system key of that version
   */
  byte[] mac(int keyVersion, String table, List<byte @Nullable []> columns);
}
