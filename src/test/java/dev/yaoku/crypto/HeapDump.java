package dev.yaoku.crypto;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks for secrets in a dump of all live objects. */
final class HeapDump {
  private static final int NEEDLE_BYTES = 12;
  private static final byte DISGUISE = 0x5b;

  private HeapDump() {}

  /** Bytes in a form that is not found when they are looked for. */
  static byte[] disguised(byte[] bytes) {
    byte[] disguised = bytes.clone();
    for (int i = 0; i < disguised.length; i++) {
      disguised[i] ^= DISGUISE;
    }
    return disguised;
  }

  /**
   * Which of the secrets have their first bytes in a live object.
   *
   * @param secrets disguised, by name
   */
  static List<String> secretsFound(Path directory, Map<String, byte[]> secrets) throws IOException {
    Path file = directory.resolve("heap.hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    List<String> found = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      var dump = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena());
      for (Map.Entry<String, byte[]> secret : secrets.entrySet()) {
        if (contains(dump, secret.getValue())) {
          found.add(secret.getKey());
        }
      }
    }
    Files.delete(file);
    return found;
  }

  private static Arena arena() {
    return Arena.ofAuto();
  }

  private static boolean contains(MemorySegment dump, byte[] disguised) {
    byte first = (byte) (disguised[0] ^ DISGUISE);
    long end = dump.byteSize() - NEEDLE_BYTES;
    for (long at = 0; at <= end; at++) {
      if (dump.get(ValueLayout.JAVA_BYTE, at) == first && matches(dump, at, disguised)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(MemorySegment dump, long at, byte[] disguised) {
    for (int i = 1; i < NEEDLE_BYTES; i++) {
      if (dump.get(ValueLayout.JAVA_BYTE, at + i) != (byte) (disguised[i] ^ DISGUISE)) {
        return false;
      }
    }
    return true;
  }
}
