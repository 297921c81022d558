package dev.yaoku.service;

import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.store.Rows;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token with all that its owner may know of it, but for the token itself.
 *
 * @param administrator whether the user may do everything in the account
 * @param project what it is scoped to, null for the account
 * @param method how its owner proved who it is
 */
public record IssuedToken(
    String account,
    String accountName,
    String user,
    String userName,
    boolean administrator,
    @Nullable KnownProject project,
    String method,
    Instant issuedAt,
    Instant expiresAt) {
  static IssuedToken of(
      Rows.Token row, Rows.Account account, Rows.User user, Rows.@Nullable Project project) {
    return new IssuedToken(
        account.id(),
        account.name(),
        user.id(),
        user.name(),
        user.administrator(),
        project == null ? null : Identities.known(project),
        row.methods(),
        row.issuedAt(),
        row.expiresAt());
  }
}
