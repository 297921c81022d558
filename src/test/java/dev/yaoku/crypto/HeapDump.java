package dev.yaoku.crypto;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks for secrets in a dump of all live objects: in every array of numbers that something refers
 * to. The collector covers small gaps with arrays that nothing refers to, and what lay there before
 * is in the dump as their content; no Java code can read it, and SECURITY.md says so.
 */
public final class HeapDump {
  private static final int NEEDLE_BYTES = 12;
  private static final byte DISGUISE = 0x5b;
  private static final int ID_BYTES = 8;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int PRIMITIVE_ARRAY = 0x23;

  private final MemorySegment dump;

  private HeapDump(MemorySegment dump) {
    this.dump = dump;
  }

  /** Bytes in a form that is not found when they are looked for. */
  public static byte[] disguised(byte[] bytes) {
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
  public static List<String> secretsFound(Path directory, Map<String, byte[]> secrets)
      throws IOException {
    Path file = directory.resolve("heap.hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new HeapDump(mapped).search(secrets);
    } finally {
      Files.delete(file);
    }
  }

  /** Takes one object or root of the dump: its tag, and from where to where it lies. */
  @FunctionalInterface
  private interface Visitor {
    void visit(int tag, long from, long end);
  }

  private List<String> search(Map<String, byte[]> secrets) {
    Needles texts = new Needles(DISGUISE);
    secrets.forEach((name, disguised) ->
        texts.add(Arrays.copyOf(disguised, Math.min(NEEDLE_BYTES, disguised.length)), name));
    Map<Long, Set<String>> hits = new LinkedHashMap<>();
    walk((tag, from, end) -> {
      if (tag == PRIMITIVE_ARRAY) {
        texts.in(
            from, end, name -> hits.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(name));
      }
    });
    Needles ids = new Needles((byte) 0);
    hits.forEach((at, names) -> {
      byte[] id = dump.asSlice(at, ID_BYTES).toArray(ValueLayout.JAVA_BYTE);
      names.forEach(name -> ids.add(id, name));
    });
    Set<String> found = new LinkedHashSet<>();
    // Only what is no number can refer to an object.
    walk((tag, from, end) -> {
      if (tag != PRIMITIVE_ARRAY) {
        ids.in(from, end, found::add);
      }
    });
    return List.copyOf(found);
  }

  /** What is looked for, all of it at once: where two bytes are the first of any, at those. */
  private final class Needles {
    private static final class Needle {
      private final byte[] bytes;
      private final String name;

      Needle(byte[] bytes, String name) {
        this.bytes = bytes;
        this.name = name;
      }
    }

    private final byte disguise;
    private final Map<Integer, List<Needle>> byStart = new HashMap<>();
    private final BitSet starts = new BitSet(1 << Short.SIZE);

    Needles(byte disguise) {
      this.disguise = disguise;
    }

    void add(byte[] disguised, String name) {
      int start = ((disguised[0] & 0xff) << Byte.SIZE) | (disguised[1] & 0xff);
      starts.set(start);
      byStart.computeIfAbsent(start, _ -> new ArrayList<>()).add(new Needle(disguised, name));
    }

    void in(long from, long end, Consumer<String> finder) {
      int start = 0;
      for (long at = from; at < end; at++) {
        int here = (dump.get(ValueLayout.JAVA_BYTE, at) ^ disguise) & 0xff;
        start = ((start << Byte.SIZE) | here) & 0xffff;
        if (at > from && starts.get(start)) {
          for (Needle needle : byStart.getOrDefault(start, List.of())) {
            if (isAt(at - 1, end, needle.bytes)) {
              finder.accept(needle.name);
            }
          }
        }
      }
    }

    private boolean isAt(long at, long end, byte[] disguised) {
      if (at + disguised.length > end) {
        return false;
      }
      for (int i = 0; i < disguised.length; i++) {
        if (dump.get(ValueLayout.JAVA_BYTE, at + i) != (byte) (disguised[i] ^ disguise)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Records of the file: tag, time, length, content. */
  private void walk(Visitor visitor) {
    long at = 0;
    while (dump.get(ValueLayout.JAVA_BYTE, at) != 0) {
      at++;
    }
    at += 1 + Integer.BYTES + Long.BYTES;
    while (at < dump.byteSize()) {
      int tag = dump.get(ValueLayout.JAVA_BYTE, at);
      long end = at + 9 + Integer.toUnsignedLong(dump.get(INT, at + 5));
      if (tag == 0x0c || tag == 0x1c) {
        walkSegment(at + 9, end, visitor);
      }
      at = end;
    }
  }

  private void walkSegment(long from, long end, Visitor visitor) {
    long at = from;
    while (at < end) {
      int tag = dump.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      at++;
      long next =
          at
              + switch (tag) {
                case 0xff, 0x05, 0x07 -> ID_BYTES;
                case 0x01 -> 2 * ID_BYTES;
                case 0x02, 0x03, 0x08 -> ID_BYTES + 2 * Integer.BYTES;
                case 0x04, 0x06 -> ID_BYTES + Integer.BYTES;
                case 0x20 -> classBytes(at);
                case 0x21 -> 2 * ID_BYTES + 2 * Integer.BYTES + dump.get(INT, at + 20);
                case 0x22 ->
                    2 * ID_BYTES + 2 * Integer.BYTES + (long) ID_BYTES * dump.get(INT, at + 12);
                case PRIMITIVE_ARRAY -> arrayBytes(at);
                default -> throw new IllegalStateException("unknown in a heap dump: " + tag);
              };
      visitor.visit(tag, at, next);
      at = next;
    }
  }

  private long classBytes(long start) {
    long at = start + 7L * ID_BYTES + 2 * Integer.BYTES;
    int constants = dump.get(SHORT, at) & 0xffff;
    at += Short.BYTES;
    for (int i = 0; i < constants; i++) {
      at += Short.BYTES;
      at += 1 + size(at);
    }
    int statics = dump.get(SHORT, at) & 0xffff;
    at += Short.BYTES;
    for (int i = 0; i < statics; i++) {
      at += ID_BYTES;
      at += 1 + size(at);
    }
    int fields = dump.get(SHORT, at) & 0xffff;
    return at + Short.BYTES + fields * (ID_BYTES + 1L) - start;
  }

  /** How long a value of the type at this place is. */
  private int size(long at) {
    return switch (dump.get(ValueLayout.JAVA_BYTE, at)) {
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      default -> 8;
    };
  }

  private long arrayBytes(long at) {
    long type = at + ID_BYTES + 2 * Integer.BYTES;
    long elements = Integer.toUnsignedLong(dump.get(INT, at + ID_BYTES + Integer.BYTES));
    return type + 1 - at + elements * size(type);
  }
}
