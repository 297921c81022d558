package dev.yaoku.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** MACs as section 4 of the security design writes them, under a key that everybody knows. */
final class TestRowMac implements RowMac {
  private static final int VERSION = 1;
  private final byte[] key;

  TestRowMac() {
    this(7);
  }

  TestRowMac(int seed) {
    key = new byte[32];
    java.util.Arrays.fill(key, (byte) seed);
  }

  @Override
  public int keyVersion() {
    return VERSION;
  }

  @Override
  public byte[] mac(int keyVersion, String table, List<byte @Nullable []> columns) {
    if (keyVersion != VERSION) {
      throw new IllegalArgumentException("no system key of version " + keyVersion);
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      update(mac, table.getBytes(StandardCharsets.UTF_8));
      mac.update(ByteBuffer.allocate(4).putInt(columns.size()).array());
      columns.forEach(column -> update(mac, column));
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void update(Mac mac, byte @Nullable [] bytes) {
    mac.update(ByteBuffer.allocate(4).putInt(bytes == null ? -1 : bytes.length).array());
    if (bytes != null) {
      mac.update(bytes);
    }
  }
}
