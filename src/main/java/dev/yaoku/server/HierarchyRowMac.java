package dev.yaoku.server;

import dev.yaoku.seal.Hierarchy;
import dev.yaoku.store.RowMac;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets the store ask the key hierarchy for the MACs of its rows. */
record HierarchyRowMac(Hierarchy hierarchy) implements RowMac {
  @Override
  public int keyVersion() {
    return hierarchy.systemKeyVersion();
  }

  @Override
  public byte[] mac(int keyVersion, String table, List<byte @Nullable []> columns) {
    return hierarchy.rowMac(keyVersion, table, columns);
  }
}
