package dev.yaoku.store;

import dev.yaoku.store.WriteSession.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Something that waits for a commit. */
sealed interface Task {
  /** How many events it carries to the log. */
  int events();

  /** How many bytes it keeps in memory until it is done. */
  long bytes();

  /** Whether it may use the last of the disk. */
  boolean fromReserve();

  /** Does its part of the transaction; called again if the transaction is tried again. */
  void run(GroupSession session);

  /** Tells whoever waits that the transaction is durable. */
  void committed();

  /** Tells whoever waits that nothing of the transaction remains. */
  void failed(Throwable cause);

  /** Tells whoever waits that all of the group have been told. */
  default void allTold() {}

  /** Whether it may wait a little longer than others for company. */
  default boolean isPatient() {
    return false;
  }

  /** Events on their way to the log. */
  record Events(List<AuditRow> rows, long bytes, AppendListener whose) implements Task {
    static Events of(List<AuditRow> rows, AppendListener whose) {
      long bytes = 0;
      for (AuditRow row : rows) {
        bytes += row.entry().length;
      }
      return new Events(rows, bytes, whose);
    }

    @Override
    public int events() {
      return rows.size();
    }

    @Override
    public boolean fromReserve() {
      return false;
    }

    @Override
    public void run(GroupSession session) {
      session.append(rows);
    }

    @Override
    public void committed() {
      whose.settled(null);
    }

    @Override
    public void failed(Throwable cause) {
      whose.settled(cause);
    }

    @Override
    public void allTold() {
      whose.allSettled();
    }

    @Override
    public boolean isPatient() {
      return whose.isPatient();
    }
  }

  /** A change of rows. */
  final class Change<T> implements Task {
    private final Function<? super Writing, T> work;
    private final boolean fromReserve;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable Outcome<T> outcome;

    Change(Function<? super Writing, T> work, boolean fromReserve) {
      this.work = work;
      this.fromReserve = fromReserve;
    }

    CompletableFuture<T> result() {
      return result;
    }

    @Override
    public int events() {
      return 0;
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public boolean fromReserve() {
      return fromReserve;
    }

    @Override
    public void run(GroupSession session) {
      outcome = session.attempt(work);
    }

    @Override
    public void committed() {
      switch (outcome) {
        case Outcome.Done<T>(T value) -> result.complete(value);
        case Outcome.Refused<T>(Throwable cause) -> result.completeExceptionally(cause);
        case null -> failed(new IllegalStateException("a task was committed and never run"));
      }
    }

    @Override
    public void failed(Throwable cause) {
      result.completeExceptionally(cause);
    }
  }
}
