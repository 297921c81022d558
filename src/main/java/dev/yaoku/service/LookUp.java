package dev.yaoku.service;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A look-up under way, and what was forgotten since it began. */
final class LookUp<V> {
  private static final int KINDS_MAX = 4_096;

  final String name;
  final long view;
  private final List<Predicate<? super V>> forgotten = new ArrayList<>();
  private boolean byName;

  LookUp(String name, long view) {
    this.name = name;
    this.view = view;
  }

  void forget(String changed) {
    byName |= name.equals(changed);
  }

  void forgetIf(Predicate<? super V> changed) {
    if (forgotten.size() < KINDS_MAX) {
      forgotten.add(changed);
    } else {
      byName = true; // it takes so long that it is better begun anew
    }
  }

  /** Whether it was the name that was forgotten, not what it may stand for. */
  boolean forgottenByName() {
    return byName;
  }

  boolean anythingForgotten() {
    return byName || !forgotten.isEmpty();
  }

  boolean forgotten(V value) {
    return byName || forgotten.stream().anyMatch(changed -> changed.test(value));
  }
}
