package dev.yaoku.store;

import org.jspecify.annotations.Nullable;

/** Whoever waits for events to be durable. Called by a thread of the store, so it must be quick. */
@FunctionalInterface
public interface AppendListener {
  /**
   * The events are durable, or not.
   *
   * @param failure why not; null if they are
   */
  void settled(@Nullable Throwable failure);

  /**
   * All who shared the commit have heard of it: the time to wake whoever acts on it, once for all.
   */
  default void allSettled() {}

  /**
   * Whether the request computed for so long that a few milliseconds more to share a commit cost it
   * little. Events of others never wait for patient ones.
   */
  default boolean isPatient() {
    return false;
  }
}
