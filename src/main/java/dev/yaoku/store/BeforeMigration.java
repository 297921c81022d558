package dev.yaoku.store;

import java.util.Optional;
import java.util.function.Function;

/**
 * Asked before a store with an earlier schema is changed, so that a server with another root key
 * changes nothing.
 */
@FunctionalInterface
public interface BeforeMigration {
  /** For a store that nobody else can have made. */
  BeforeMigration NOTHING = _ -> {};

  /**
   * Refuses a store that is not this server's.
   *
   * @param setting reads a setting by its name, as it is stored and not authenticated yet
   * @throws RuntimeException that says whose it is; nothing is changed then
   */
  void mustBeOurs(Function<String, Optional<String>> setting);
}
