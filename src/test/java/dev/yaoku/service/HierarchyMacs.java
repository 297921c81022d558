package dev.yaoku.service;

import dev.yaoku.seal.Hierarchy;
import dev.yaoku.store.RowMac;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The MACs of rows by a real key hierarchy, as the server has the store ask for them. */
record HierarchyMacs(Hierarchy hierarchy) implements RowMac {
  @Override
  public int keyVersion() {
    return hierarchy.systemKeyVersion();
  }

  @Override
  public byte[] mac(int keyVersion, String table, List<byte @Nullable []> columns) {
    return hierarchy.rowMac(keyVersion, table, columns);
  }
}
