package dev.yaoku.store;

import java.util.Optional;
import java.util.SortedMap;

/**
 * Asked before a store with an earlier schema is changed, so that a server that cannot open it
 * changes nothing.
 */
@FunctionalInterface
public interface BeforeMigration {
  /** For a store that nobody else can have made. */
  BeforeMigration NOTHING = _ -> {};

  /** What a store has of what opens it, as it is stored and not authenticated yet. */
  interface Found {
    /** A setting by its name. */
    Optional<String> setting(String name);

    /** The wrapped system keys by their versions. */
    SortedMap<Integer, byte[]> systemKeys();
  }

  /**
   * Refuses a store that is not this server's.
   *
   * @throws RuntimeException that says whose it is; nothing is changed then
   */
  void mustBeOurs(Found store);
}
