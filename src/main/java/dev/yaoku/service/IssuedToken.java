package dev.yaoku.service;

import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token with all that its owner may know of it, but for the token itself.
 *
 * @param administrator whether the user may do everything in the account
 * @param project what it is scoped to, null for the account
 * @param method how its owner proved who it is
 * @param assumedBy the person who plays a role with it, whose name and id are then the agency's;
 *     null for no role
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
    Instant expiresAt,
    @Nullable AssumedBy assumedBy) {
  /** Somebody who plays a role. */
  public record AssumedBy(String account, String accountName, String user, String userName) {}

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
        row.expiresAt(),
        null);
  }

  /** A token that plays a role. */
  static IssuedToken inRole(
      Rows.Token row,
      Rows.Account account,
      Rights.Agency agency,
      Rows.User person,
      Rows.Account home,
      Rows.@Nullable Project project) {
    return new IssuedToken(
        account.id(),
        account.name(),
        agency.id(),
        account.name() + "/" + agency.name(),
        false,
        project == null ? null : Identities.known(project),
        row.methods(),
        row.issuedAt(),
        row.expiresAt(),
        new AssumedBy(home.id(), home.name(), person.id(), person.name()));
  }
}
