package dev.yaoku.service;

import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.time.Instant;
import java.util.Optional;
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

  /**
   * A token that is there, or is just made.
   *
   * @throws KmsException with {@link Problem.UnknownSubjectToken} if it is nobody's any more
   */
  static IssuedToken of(Reading tx, Rows.Token row) {
    Rows.Account account = found(tx.account(row.account()).filter(Rows.Account::enabled));
    Rows.User user = found(tx.user(row.user()).filter(Rows.User::enabled));
    Rows.Project project = row.project() == null ? null : found(tx.project(row.project()));
    String agency = row.lineage().agency();
    return agency == null
        ? of(row, account, user, project)
        : inRole(
            row,
            account,
            found(tx.rights().agency(agency)),
            user,
            found(tx.account(user.account())),
            project);
  }

  private static <T> T found(Optional<T> named) {
    return named.orElseThrow(SubjectTokens::unknown);
  }

  private static IssuedToken inRole(
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
