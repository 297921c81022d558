package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a token may be good for in an account. */
final class Scopes {
  private Scopes() {}

  /**
   * The project that a token of the account is to be good for; null for the account itself.
   *
   * @throws KmsException with {@link Problem.UnknownScope} if it is another account's, not there or
   *     closed
   */
  static Rows.@Nullable Project project(Reading tx, Rows.Account account, TokenScope scope) {
    return switch (scope) {
      case TokenScope.Unsaid _ -> null;
      case TokenScope.Domain(String idOrName) -> {
        mustBe(account, idOrName);
        yield null;
      }
      case TokenScope.ProjectId(String id) ->
          open(tx.project(id).filter(p -> p.account().equals(account.id())));
      case TokenScope.ProjectNamed(String name, String inAccount) -> {
        if (inAccount != null) {
          mustBe(account, inAccount);
        }
        yield open(
            tx.projects(account.id()).stream().filter(p -> p.name().equals(name)).findFirst());
      }
    };
  }

  private static void mustBe(Rows.Account account, String idOrName) {
    if (!account.id().equals(idOrName) && !account.name().equals(idOrName)) {
      throw new KmsException(new Problem.UnknownScope());
    }
  }

  private static Rows.Project open(Optional<Rows.Project> project) {
    return project
        .filter(Rows.Project::enabled)
        .orElseThrow(() -> new KmsException(new Problem.UnknownScope()));
  }
}
