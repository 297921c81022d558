package dev.yaoku.service;

import dev.yaoku.store.Store;

/**
 * A real store as if others had it too: what was read of it counts only until another view of it
 * begins.
 */
final class ViewedStore extends CountingStore {
  private long view;

  ViewedStore(Store store) {
    super(store);
  }

  /** From now on others may have changed what was read before. */
  void beginAnotherView() {
    view++;
  }

  @Override
  public long view() {
    return view;
  }
}
