package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads where a row that was changed behind the server's back is to stop nothing else. */
final class IfGenuine {
  private IfGenuine() {}

  /** What was read; nothing where a row is not genuine, which the store has reported then. */
  static <T> Optional<T> read(Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (KmsException e) {
      if (e.problem() instanceof Problem.RowNotGenuine) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
