package dev.yaoku.key;

import java.time.Instant;

/** What can be done with a key now. */
public sealed interface KeyState {
  /** Usable. */
  record Enabled() implements KeyState {}

  /** Kept, but not usable until it is enabled again. */
  record Disabled() implements KeyState {}

  /**
   * Neither usable nor changeable until deletion is cancelled.
   *
   * @param at when the key is gone for its users
   */
  record PendingDeletion(Instant at) implements KeyState {}

  /** Has no material yet, or none any more. */
  record PendingImport() implements KeyState {}
}
