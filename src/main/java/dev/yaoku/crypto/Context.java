package dev.yaoku.crypto;

import java.util.Map;

/**
 * What a caller binds to a ciphertext besides additional authenticated data: a text, or members of
 * names and values.
 */
public sealed interface Context {

  /** One text. The empty text is no context. */
  record Text(String text) implements Context {}

  /** Names and values; their order means nothing. No members are no context. */
  record Members(Map<String, String> members) implements Context {
    public Members {
      members = Map.copyOf(members);
    }
  }
}
