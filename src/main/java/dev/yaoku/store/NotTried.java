package dev.yaoku.store;

import java.io.Serial;

/**
 * Work that was not done, for want of room or because its turn came too late. Nothing of it was
 * changed.
 */
public final class NotTried extends StoreException {
  @Serial private static final long serialVersionUID = 1L;

  NotTried(String message) {
    super(message);
  }
}
