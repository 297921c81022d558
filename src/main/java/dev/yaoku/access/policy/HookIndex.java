package dev.yaoku.access.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * At which places of a list there are statements that ask for a value. It may name a place too
 * many, as the statement itself is asked anyway; so hooks are known by their marks, and each takes
 * eight bytes, however many there are.
 */
final class HookIndex {
  private static final int OWN_BYTES = 64;

  private final Hook.Part[] parts;

  /** The mark above, the place below; in order. */
  private final long[] entries;

  private HookIndex(Hook.Part[] parts, long[] entries) {
    this.parts = parts;
    this.entries = entries;
  }

  /** Of some places of a list, each with the marks of the statement that is there. */
  static HookIndex of(int[] places, List<Marks> marks) {
    long[] entries = new long[marks.stream().mapToInt(one -> one.each().length).sum()];
    Set<Hook.Part> parts = EnumSet.noneOf(Hook.Part.class);
    int count = 0;
    for (int i = 0; i < places.length; i++) {
      parts.addAll(marks.get(i).parts());
      for (int mark : marks.get(i).each()) {
        entries[count++] = first(mark) | places[i];
      }
    }
    Arrays.sort(entries);
    return new HookIndex(parts.toArray(Hook.Part[]::new), entries);
  }

  /** The parts of a value that anything asks for. */
  Hook.Part[] parts() {
    return parts;
  }

  /** The first entry of a mark; the places of all that follow and have it are in order. */
  int firstOf(int mark) {
    int found = Arrays.binarySearch(entries, first(mark));
    return found < 0 ? -found - 1 : found;
  }

  /** The place that an entry names; negative if it has another mark, or there is none. */
  int place(int entry, int mark) {
    return entry < entries.length && (int) (entries[entry] >> Integer.SIZE) == mark
        ? (int) entries[entry]
        : -1;
  }

  private static long first(int mark) {
    return (long) mark << Integer.SIZE;
  }

  /** How much of the heap it takes, in bytes, about. */
  int weight() {
    return OWN_BYTES + Long.BYTES * entries.length;
  }
}
