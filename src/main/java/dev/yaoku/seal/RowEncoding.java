package dev.yaoku.seal;

import dev.yaoku.crypto.Text;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as bytes: LP(table) ‖ u32 columns ‖ LP of each column, NULL as length FFFFFFFF.
 *
 * @see "SECURITY_DESIGN section 4, Rows"
 */
final class RowEncoding {
  private static final int NULL = 0xffff_ffff;

  private RowEncoding() {}

  static byte[] of(String table, List<byte @Nullable []> columns) {
    byte[] name = Text.utf8(table);
    int size = 2 * Integer.BYTES + name.length + columns.size() * Integer.BYTES;
    for (byte[] column : columns) {
      size += column == null ? 0 : column.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putInt(name.length).put(name).putInt(columns.size());
    for (byte[] column : columns) {
      if (column == null) {
        out.putInt(NULL);
      } else {
        out.putInt(column.length).put(column);
      }
    }
    return out.array();
  }
}
