package dev.yaoku.store;

/** A transaction was not even begun: the store has no room for it now. Nothing was changed. */
public final class NotTried extends StoreException {
  @java.io.Serial private static final long serialVersionUID = 1L;

  NotTried(String message) {
    super(message);
  }
}
