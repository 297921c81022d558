package dev.yaoku.service;

import org.jspecify.annotations.Nullable;

/** What a token is asked to be good for. */
public sealed interface TokenScope {
  /** One project, by id. */
  record ProjectId(String id) implements TokenScope {}

  /**
   * One project of the user's account, by name.
   *
   * @param account id or name of the account that the caller takes it to be in, or null
   */
  record ProjectNamed(String name, @Nullable String account) implements TokenScope {}

  /** The user's account, by id or name. */
  record Domain(String idOrName) implements TokenScope {}

  /** Nothing asked: the user's account. */
  record Unsaid() implements TokenScope {}
}
