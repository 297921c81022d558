package dev.yaoku.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Many values for a statement that takes so many of them, so that one does for any number. */
final class Portions {
  private Portions() {}

  /** The values in order; the last portion is filled up with the last value, again and again. */
  static List<List<String>> of(Collection<String> values, int size) {
    List<String> all = List.copyOf(values);
    List<List<String>> portions = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      List<String> some = new ArrayList<>(all.subList(from, Math.min(from + size, all.size())));
      some.addAll(Collections.nCopies(size - some.size(), some.getLast()));
      portions.add(some);
    }
    return portions;
  }
}
