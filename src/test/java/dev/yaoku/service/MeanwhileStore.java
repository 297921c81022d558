package dev.yaoku.service;

import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import java.util.function.Function;

/**
 * A real store for somebody who is slow: whenever something was read, others change it before any
 * use is made of that.
 */
public final class MeanwhileStore extends PassingStore {
  private final Runnable others;
  private boolean busy;

  /**
   * A store in front of another.
   *
   * @param others what they do each time; not again because of what they read themselves
   */
  public MeanwhileStore(Store store, Runnable others) {
    super(store);
    this.others = others;
  }

  @Override
  public <T> T read(Function<? super Reading, T> work) {
    T result = super.read(work);
    if (!busy) {
      busy = true;
      others.run();
      busy = false;
    }
    return result;
  }
}
