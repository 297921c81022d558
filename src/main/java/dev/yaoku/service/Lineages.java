package dev.yaoku.service;

import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind a credential, and whether all that it came from is still there: a credential dies
 * with its parent, with the person and with the role (SECURITY_DESIGN H11).
 */
final class Lineages {
  private static final int CREDENTIAL_DIGITS = 8;
  private static final int SHA256_DIGITS = 64;

  /** Nobody derives so often; a longer chain is taken for a ring. */
  private static final int GENERATIONS_MAX = 8;

  private static final String PROVIDER = "provider:";
  private static final char GENERATION = ':';

  private Lineages() {}

  /** How a token names the identity provider that it came from, before it was stopped again. */
  static String ofProvider(String id, long generation) {
    return generation == 0 ? PROVIDER + id : PROVIDER + id + GENERATION + generation;
  }

  /** Whether what a token names as its origin is an identity provider. */
  static boolean isOfProvider(@Nullable String parent) {
    return parent != null && parent.startsWith(PROVIDER);
  }

  /** Whether a person proved this token directly, or a provider that the account trusts did. */
  static boolean isFirst(Rows.Token row) {
    return row.parent() == null || isOfProvider(row.parent());
  }

  /** Whose token it is, if it counts. That its time is not over is checked at each use. */
  static Optional<Principal> principal(Reading tx, Rows.Token row, Instant now) {
    if (!lives(tx, row)) {
      return Optional.empty();
    }
    String key = row.lineage().parentKey();
    boolean derived = !isFirst(row) || (key != null && tx.accessKey(key).isEmpty());
    return principal(
        tx,
        new Credential(
            row.account(),
            row.user(),
            row.lineage().agency(),
            row.lineage().session(),
            row.sha256().substring(0, CREDENTIAL_DIGITS),
            true,
            row.project()),
        false,
        derived,
        Narrowing.compile(row.lineage().narrowing()),
        row.issuedAt(),
        now);
  }

  /** Whose temporary access key it is, if it counts. */
  static Optional<Principal> principal(Reading tx, Rights.TemporaryKey row, Instant now) {
    if (!parentLives(tx, row.parent(), GENERATIONS_MAX)) {
      return Optional.empty();
    }
    return principal(
        tx,
        new Credential(
            row.account(), row.user(), row.agency(), row.session(), row.id(), false, row.project()),
        true,
        false,
        Narrowing.compile(row.narrowing()),
        row.issuedAt(),
        now);
  }

  private record Credential(
      String account,
      String person,
      @Nullable String agency,
      @Nullable String session,
      String name,
      boolean token,
      @Nullable String project) {}

  private static Optional<Principal> principal(
      Reading tx,
      Credential credential,
      boolean temporary,
      boolean derived,
      @Nullable CompiledPolicies narrowing,
      Instant issuedAt,
      Instant now) {
    String agency = credential.agency();
    if (agency != null) {
      return inRole(tx, credential, agency, now)
          .map(role ->
              new Principal(
                  credential.account(),
                  role.accountName(),
                  agency,
                  role.role().agencyName() + "/" + role.role().name(),
                  false,
                  credential.name(),
                  credential.token(),
                  credential.project(),
                  new Session(role.role(), temporary, derived, narrowing, issuedAt)));
    }
    return Identities.principal(
            tx,
            credential.account(),
            credential.person(),
            credential.name(),
            credential.token(),
            credential.project())
        .map(who ->
            new Principal(
                who.account(),
                who.accountName(),
                who.user(),
                who.userName(),
                who.administrator(),
                who.credential(),
                who.byToken(),
                who.tokenProject(),
                new Session(null, temporary, derived, narrowing, issuedAt)));
  }

  private record Playing(String accountName, Session.Role role) {}

  /** A role is played while agency and person are there, enabled and meant for each other. */
  private static Optional<Playing> inRole(
      Reading tx, Credential credential, String agencyId, Instant now) {
    Optional<Rows.Account> account = tx.account(credential.account()).filter(Rows.Account::enabled);
    Optional<Rows.User> person = tx.user(credential.person()).filter(Rows.User::enabled);
    Optional<Rights.Agency> agency = tx.rights().agency(agencyId).filter(a -> isOpen(a, now));
    if (account.isEmpty() || person.isEmpty() || agency.isEmpty()) {
      return Optional.empty();
    }
    String home = person.get().account();
    boolean meant =
        agency.get().account().equals(account.get().id())
            && agency.get().trustedAccount().equals(home)
            && tx.account(home).filter(Rows.Account::enabled).isPresent();
    String session = credential.session() == null ? person.get().name() : credential.session();
    return meant
        ? Optional.of(
            new Playing(
                account.get().name(),
                new Session.Role(agencyId, agency.get().name(), person.get().id(), home, session)))
        : Optional.empty();
  }

  /** Whether an agency can still be assumed: some are for a number of days only. */
  static boolean isOpen(Rights.Agency agency, Instant now) {
    return agency.durationSeconds() == 0
        || now.isBefore(agency.createdAt().plusSeconds(agency.durationSeconds()));
  }

  /**
   * When a credential ends that plays a role, which is when the agency does at the latest.
   *
   * @param agency null for no role
   */
  static Instant end(Reading tx, @Nullable String agency, Instant expiresAt) {
    return agency == null
        ? expiresAt
        : tx.rights()
            .agency(agency)
            .filter(found -> found.durationSeconds() != 0)
            .map(found -> found.createdAt().plusSeconds(found.durationSeconds()))
            .filter(end -> end.isBefore(expiresAt))
            .orElse(expiresAt);
  }

  /** Whether all that a token came from is there. */
  static boolean lives(Reading tx, Rows.Token row) {
    return lives(tx, row, GENERATIONS_MAX);
  }

  private static boolean lives(Reading tx, Rows.Token row, int left) {
    return (row.parent() == null || parentLives(tx, row.parent(), left - 1))
        && (row.lineage().parentKey() == null
            || parentLives(tx, row.lineage().parentKey(), left - 1));
  }

  /** Whether what a token is to be made from is there. */
  static boolean parentLives(Reading tx, String parent) {
    return parentLives(tx, parent, GENERATIONS_MAX);
  }

  /** Whether what is made from this would not be too far from where it began. */
  static boolean mayHaveChildren(Reading tx, String parent) {
    return parentLives(tx, parent, GENERATIONS_MAX - 1);
  }

  private static boolean providerLives(Reading tx, String origin) {
    int from = PROVIDER.length();
    int to = origin.indexOf(GENERATION, from);
    return tx.rights()
        .identityProvider(origin.substring(from, to < 0 ? origin.length() : to))
        .filter(Rights.IdentityProvider::enabled)
        .filter(found -> ofProvider(found.id(), found.generation()).equals(origin))
        .isPresent();
  }

  /** A token is named by its SHA-256, an access key by its public name. */
  private static boolean parentLives(Reading tx, String parent, int left) {
    if (left <= 0) {
      return false;
    }
    if (parent.startsWith(PROVIDER)) {
      return providerLives(tx, parent);
    }
    if (parent.length() == SHA256_DIGITS) {
      return tx.token(parent).filter(row -> lives(tx, row, left)).isPresent();
    }
    Optional<Rows.AccessKey> lasting = tx.accessKey(parent);
    return lasting.isPresent()
        ? lasting.get().enabled()
        : tx.rights()
            .temporaryKey(parent)
            .filter(key -> parentLives(tx, key.parent(), left - 1))
            .isPresent();
  }
}
