package dev.yaoku.service;

import java.lang.ref.WeakReference;

/**
 * What {@link LookUps} found, for who is not to keep it in memory longer than it is kept there. It
 * has all that its next use looks at, so that this costs no more than to keep what was found.
 */
final class Glimpse<V> extends WeakReference<V> {
  private final long atMillis;
  private final long keptMillis;
  private final long forgettings;
  private final long view;

  Glimpse(LookUps.Found<V> found) {
    super(found.value());
    atMillis = found.atMillis();
    keptMillis = found.keptMillis();
    forgettings = found.forgettings();
    view = found.view();
  }

  long atMillis() {
    return atMillis;
  }

  long keptMillis() {
    return keptMillis;
  }

  long forgettings() {
    return forgettings;
  }

  long view() {
    return view;
  }
}
