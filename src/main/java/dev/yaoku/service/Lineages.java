package dev.yaoku.service;

import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.access.TokenText;
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
  /** Nobody derives so often; a longer chain is taken for a ring. */
  private static final int GENERATIONS_MAX = 8;

  /** What lasts was issued at no time. */
  private static final Instant LASTING = Instant.MAX;

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
    return holder(tx, row, now)
        .map(who -> who.narrowedTo(Narrowing.compile(row.lineage().narrowing())));
  }

  /** Whose temporary access key it is, if it counts. */
  static Optional<Principal> principal(Reading tx, Rights.TemporaryKey row, Instant now) {
    return holder(tx, row, now).map(who -> who.narrowedTo(Narrowing.compile(row.narrowing())));
  }

  /**
   * The same without the policies that narrow it, for those who ask who it is and not what it may
   * do: compiling policies takes longer than all else, and a transaction that changes something
   * keeps everybody waiting.
   */
  static Optional<Principal> holder(Reading tx, Rows.Token row, Instant now) {
    String key = row.lineage().parentKey();
    boolean derived = !isFirst(row) || (key != null && tx.accessKey(key).isEmpty());
    Credential credential =
        new Credential(
            row.account(),
            row.user(),
            row.lineage().agency(),
            row.lineage().session(),
            TokenText.credential(row.sha256()),
            true,
            row.project());
    return since(tx, row, GENERATIONS_MAX)
        .map(since -> new Session(null, false, derived, null, row.issuedAt(), since))
        .flatMap(session -> principal(tx, credential, session, now));
  }

  /** The same of a temporary access key. */
  static Optional<Principal> holder(Reading tx, Rights.TemporaryKey row, Instant now) {
    Credential credential =
        new Credential(
            row.account(), row.user(), row.agency(), row.session(), row.id(), false, row.project());
    return since(tx, row.parent(), GENERATIONS_MAX)
        .map(since ->
            new Session(null, true, false, null, row.issuedAt(), earlier(since, row.issuedAt())))
        .flatMap(session -> principal(tx, credential, session, now));
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
      Reading tx, Credential credential, Session session, Instant now) {
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
                  session.playing(role.role())));
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
                session));
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
    return since(tx, row, GENERATIONS_MAX).isPresent();
  }

  /** Whether what a token is to be made from is there. */
  static boolean parentLives(Reading tx, String parent) {
    return since(tx, parent, GENERATIONS_MAX).isPresent();
  }

  /** Whether what is made from this would not be too far from where it began. */
  static boolean mayHaveChildren(Reading tx, String parent) {
    return since(tx, parent, GENERATIONS_MAX - 1).isPresent();
  }

  // When the first of a line was issued; nothing where one that it came from is gone

  private static Optional<Instant> since(Reading tx, Rows.Token row, int left) {
    return since(tx, row.parent(), left - 1)
        .flatMap(
            token -> since(tx, row.lineage().parentKey(), left - 1).map(key -> earlier(token, key)))
        .map(parents -> earlier(parents, row.issuedAt()));
  }

  /** A token is named by its SHA-256, an access key by its public name. */
  private static Optional<Instant> since(Reading tx, @Nullable String parent, int left) {
    if (parent == null) {
      return Optional.of(LASTING);
    }
    if (left <= 0) {
      return Optional.empty();
    }
    if (parent.startsWith(PROVIDER)) {
      return providerLives(tx, parent) ? Optional.of(LASTING) : Optional.empty();
    }
    if (parent.length() == TokenText.SHA256_DIGITS) {
      return tx.token(parent).flatMap(row -> since(tx, row, left));
    }
    Optional<Rows.AccessKey> lasting = tx.accessKey(parent);
    return lasting.isPresent()
        ? lasting.filter(Rows.AccessKey::enabled).map(_ -> LASTING)
        : tx.rights()
            .temporaryKey(parent)
            .flatMap(key ->
                since(tx, key.parent(), left - 1).map(first -> earlier(first, key.issuedAt())));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
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
}
