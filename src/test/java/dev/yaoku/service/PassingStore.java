package dev.yaoku.service;

import dev.yaoku.store.AppendListener;
import dev.yaoku.store.AuditRow;
import dev.yaoku.store.CommitListener;
import dev.yaoku.store.Elsewhere;
import dev.yaoku.store.Reading;
import dev.yaoku.store.RowMac;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A real store, for those who stand in front of it. */
abstract class PassingStore implements Store {
  private final Store store;

  PassingStore(Store store) {
    this.store = store;
  }

  @Override
  public <T> T read(Function<? super Reading, T> work) {
    return store.read(work);
  }

  @Override
  public <T> T write(Function<? super Writing, T> work) {
    return store.write(work);
  }

  @Override
  public void append(List<AuditRow> events, AppendListener whose) {
    store.append(events, whose);
  }

  @Override
  public int backlog() {
    return store.backlog();
  }

  @Override
  public boolean writable() {
    return store.writable();
  }

  @Override
  public boolean readable() {
    return store.readable();
  }

  @Override
  public void tell(CommitListener listener) {
    store.tell(listener);
  }

  @Override
  public long rowsRefused() {
    return store.rowsRefused();
  }

  @Override
  public void lookElsewhere(Consumer<? super Elsewhere> forget) {
    store.lookElsewhere(forget);
  }

  @Override
  public boolean isShared() {
    return store.isShared();
  }

  @Override
  public long view() {
    return store.view();
  }

  @Override
  public void authenticateRowsWith(RowMac rowMac) {
    store.authenticateRowsWith(rowMac);
  }

  @Override
  public void close() {
    store.close();
  }
}
