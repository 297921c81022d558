package dev.yaoku.service;

import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.function.Function;

/**
 * A real store as if others had it too: what was read of it counts only until another view of it
 * begins.
 */
final class ViewedStore extends CountingStore {
  private long view;
  private boolean busy;
  private int changes;
  private int number;
  private Runnable meanwhile = () -> {};

  ViewedStore(Store store) {
    super(store);
  }

  /** From now on others may have changed what was read before. */
  void beginAnotherView() {
    view++;
  }

  /** From now on others change something before each change that is made. */
  void besideABusyServer() {
    busy = true;
  }

  /**
   * The same, and one of them takes something away.
   *
   * @param beforeChange before which change, the first being 1
   */
  void besideABusyServer(int beforeChange, Runnable what) {
    besideABusyServer();
    number = beforeChange;
    meanwhile = what;
  }

  /** How many changes were tried beside it. */
  int changes() {
    return changes;
  }

  @Override
  public <T> T write(Function<? super Writing, T> work) {
    if (busy) {
      beginAnotherView();
      changes++;
      if (changes == number) {
        meanwhile.run();
      }
    }
    return super.write(work);
  }

  @Override
  public long view() {
    return view;
  }
}
