package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory;
import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.access.TokenText;
import dev.yaoku.audit.Resource;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.Redacted;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Issues tokens, to whoever proved who it is or holds another token. Only their hash is stored, so
 * they survive a restart and a leaked store holds none (SECURITY_DESIGN H11).
 */
public final class Tokens {
  /** The method of a token that a password proved; from such a one others can be derived. */
  public static final String PASSWORD = "password";

  /** The method of a token that was derived from another. */
  public static final String TOKEN = "token";

  /** The method of a token that an identity provider's token proved. */
  public static final String MAPPED = "mapped";

  /** The method of a token that an access key proved, shown with its secret. */
  public static final String ACCESS_KEY = "hw_ak_sk";

  /** The method of a token that plays a role. */
  public static final String ASSUME_ROLE = "assume_role";

  private final Store store;
  private final Identities identities;
  private final HeldPolicies held;
  private final SessionRoom room;
  private final FailureThrottle throttle;
  private final Events events;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Duration life;

  /**
   * Tokens of one installation.
   *
   * @param room the one for all that issues sessions
   * @param life how long a token works
   */
  public Tokens(
      Store store,
      Identities identities,
      HeldPolicies held,
      SessionRoom room,
      FailureThrottle throttle,
      Events events,
      Randomness randomness,
      InstantSource clock,
      Duration life) {
    this.store = store;
    this.identities = identities;
    this.held = held;
    this.room = room;
    this.throttle = throttle;
    this.events = events;
    this.randomness = randomness;
    this.clock = clock;
    this.life = life;
  }

  /**
   * A token that was just made.
   *
   * @param text what its owner sends from now on; nobody can find it out again
   */
  public record New(Redacted<String> text, IssuedToken issued) {}

  /**
   * A token from which another is to be derived.
   *
   * @param who whose it is
   */
  public record Parent(Principal who, String sha256, Instant issuedAt, Instant expiresAt) {}

  /**
   * Issues a token to a person whose password was just checked.
   *
   * @throws KmsException with {@link Problem.UnknownScope}, or {@link Problem.BadPassword} if the
   *     person got another password meanwhile
   */
  public New issue(Caller caller, TokenScope scope, PasswordProof proof) {
    Instant now = Times.now(clock);
    return issue(caller, scope, new TokenOrigin.ByPassword(proof), now, now.plus(life));
  }

  /**
   * Issues a token to a person whose access key was just shown with its secret. It ends with that
   * access key, and no other scope is to be had by it.
   *
   * @param accessKey a lasting one
   * @throws KmsException with {@link Problem.UnknownScope}, or {@link Problem.BadToken} if the
   *     access key went meanwhile
   */
  public New issue(Caller caller, TokenScope scope, String accessKey) {
    Instant now = Times.now(clock);
    return issue(caller, scope, new TokenOrigin.ByAccessKey(accessKey), now, now.plus(life));
  }

  /**
   * Issues a token to a person for whom an identity provider vouched. It counts like one that a
   * password proved, and ends with the provider.
   *
   * @param proved who it is, and who vouched
   * @param longest how long it may work
   * @throws KmsException with {@link Problem.UnknownScope}, or {@link Problem.BadToken} if the
   *     provider went or was stopped meanwhile
   */
  public New issue(Caller caller, TokenScope scope, Federation.Proved proved, Duration longest) {
    Duration shorter = longest.compareTo(life) < 0 ? longest : life;
    Instant now = Times.now(clock);
    TokenOrigin origin = new TokenOrigin.ByToken(MAPPED, proved.origin());
    return issue(caller, scope, origin, now, now.plus(shorter));
  }

  /**
   * Finds the token from which another is to be derived. Only a living token that a password or an
   * identity provider proved will do.
   *
   * @throws KmsException with {@link Problem.BadToken} or {@link Problem.TokenExpired}
   */
  public Parent parent(String token, String source) {
    String sha256 = TokenText.fits(token) ? TokenText.sha256(token) : "";
    throttle.mustBeLetIn(source, sha256);
    Waiting.mustBeAllowed();
    Optional<Parent> found =
        sha256.isEmpty() ? Optional.empty() : store.read(tx -> parent(tx, sha256));
    if (found.isEmpty()) {
      throttle.failed(source, sha256);
      throw new KmsException(new Problem.BadToken());
    }
    if (!Session.isOfNow(clock.instant(), found.get().issuedAt(), found.get().expiresAt())) {
      throw new KmsException(new Problem.TokenExpired());
    }
    throttle.succeeded(source, sha256);
    return found.get();
  }

  private static Optional<Parent> parent(Reading tx, String sha256) {
    return tx.token(sha256)
        .filter(row -> isDirect(row) && Lineages.lives(tx, row))
        .flatMap(row ->
            Identities.principal(
                    tx,
                    row.account(),
                    row.user(),
                    TokenText.credential(sha256),
                    true,
                    row.project())
                .map(who -> new Parent(who, sha256, row.issuedAt(), row.expiresAt())));
  }

  private static boolean isDirect(Rows.Token row) {
    return (row.parent() == null && row.methods().equals(PASSWORD))
        || (row.methods().equals(MAPPED) && Lineages.isFirst(row));
  }

  /**
   * Derives a token for another scope. It ends when its parent ends.
   *
   * @throws KmsException with {@link Problem.UnknownScope}, or {@link Problem.BadToken} if the
   *     parent was revoked meanwhile
   */
  public New derive(Caller caller, Parent parent, TokenScope scope) {
    TokenOrigin origin = new TokenOrigin.ByToken(TOKEN, parent.sha256());
    return issue(caller, scope, origin, Times.now(clock), parent.expiresAt());
  }

  private New issue(
      Caller caller, TokenScope scope, TokenOrigin origin, Instant issuedAt, Instant expiresAt) {
    caller.mustBeAllowed(Action.CREATE_TOKEN);
    return made(
        caller,
        caller.principal().user(),
        (tx, sha256) -> {
          origin.mustLive(tx);
          Home home = home(tx, caller.principal());
          Rows.Project project = Scopes.project(tx, home.account(), scope);
          Rows.Token row =
              new Rows.Token(
                  sha256,
                  home.account().id(),
                  home.user().id(),
                  project == null ? null : project.id(),
                  project == null,
                  origin.method(),
                  origin.parent(),
                  issuedAt,
                  expiresAt,
                  new Rows.Lineage(null, null, null, origin.accessKey()),
                  1);
          insert(tx, caller, row);
          return IssuedToken.of(row, home.account(), home.user(), project);
        });
  }

  /**
   * Makes a token.
   *
   * @param person who is behind it
   * @param work stores what has this SHA-256
   */
  private New made(Caller caller, String person, BiFunction<Writing, String, IssuedToken> work) {
    String text = TokenText.of(randomness.bytes(TokenText.RANDOM_BYTES));
    String sha256 = TokenText.sha256(text);
    IssuedToken issued = room.issue(SessionRoom.Kind.TOKEN, person, tx -> work.apply(tx, sha256));
    caller.audit().markRecorded();
    identities.tokenIssued(sha256);
    return new New(new Redacted<>(text), issued);
  }

  private void insert(Writing tx, Caller caller, Rows.Token row) {
    tx.insert(row);
    Resource token = SubjectTokens.resource(row.sha256(), caller.principal().userName());
    tx.append(events.of(caller, token, Statuses.CREATED, tx.changes()));
  }

  /**
   * Whose token this is, whatever it is scoped to.
   *
   * @throws KmsException with {@link Problem.BadToken} or {@link Problem.TokenExpired}
   */
  public Principal holder(String token, String source) {
    String sha256 = TokenText.fits(token) ? TokenText.sha256(token) : "";
    throttle.mustBeLetIn(source, sha256);
    Optional<Directory.KnownToken> known =
        sha256.isEmpty() ? Optional.empty() : identities.token(sha256);
    if (known.isEmpty()) {
      throttle.failed(source, sha256);
      throw new KmsException(new Problem.BadToken());
    }
    if (known.get().isOver(clock.instant())) {
      throw new KmsException(new Problem.TokenExpired());
    }
    throttle.succeeded(source, sha256);
    return known.get().principal();
  }

  /**
   * Issues a token that plays a role. It ends when what it was made from ends, or the agency does,
   * and no other is derived from it.
   *
   * @param parent the credential that the caller came with: the SHA-256 of a token, or an access
   *     key
   * @param scope in the agency's account
   * @throws KmsException with {@link Problem.NotAllowed}, {@link Problem.UnknownRole}, {@link
   *     Problem.UnknownScope}, or {@link Problem.BadToken} if the parent ended meanwhile
   */
  public New assume(Caller caller, String parent, Role role, TokenScope scope) {
    Role.Permitted permitted = role.openTo(caller, store, identities, held);
    Instant now = Times.now(clock);
    BiFunction<Writing, String, IssuedToken> work =
        (tx, sha256) -> {
          Replays.refuse(tx, caller);
          Ancestor from = Ancestor.of(tx, caller, parent, now);
          Rows.Token row = inRole(tx, caller, sha256, from, permitted, scope, now);
          insert(tx, caller, row);
          if (!row.account().equals(caller.principal().account())) {
            String agency = Objects.requireNonNull(row.lineage().agency());
            String session = row.lineage().session();
            String credential = TokenText.credential(sha256);
            tx.append(
                events.assumed(
                    caller, row.account(), agency, session, credential, row.expiresAt()));
          }
          return IssuedToken.of(tx, row);
        };
    return held.compiledOutside(() -> made(caller, caller.principal().person(), work));
  }

  private Rows.Token inRole(
      Reading tx,
      Caller caller,
      String sha256,
      Ancestor from,
      Role.Permitted role,
      TokenScope scope,
      Instant now) {
    Rights.Agency agency = role.of(tx, caller, from, now);
    Rows.Account account = tx.account(agency.account()).orElseThrow(SubjectTokens::unknown);
    Rows.Project project = Scopes.project(tx, account, scope);
    boolean byToken = from.name().length() == TokenText.SHA256_DIGITS;
    return new Rows.Token(
        sha256,
        account.id(),
        from.person(),
        project == null ? null : project.id(),
        project == null,
        ASSUME_ROLE,
        byToken ? from.name() : null,
        now,
        Lineages.end(tx, agency.id(), from.endAtTheLatest(now.plus(life))),
        new Rows.Lineage(
            agency.id(), from.narrowing(), role.session(), byToken ? null : from.name()),
        1);
  }

  /** A user with the account that it is at home in. */
  private record Home(Rows.Account account, Rows.User user) {}

  private static Home home(Reading tx, Principal who) {
    Optional<Rows.Account> account = tx.account(who.account()).filter(Rows.Account::enabled);
    Optional<Rows.User> user = tx.user(who.user()).filter(Rows.User::enabled);
    if (account.isEmpty() || user.isEmpty()) {
      throw new KmsException(new Problem.BadPassword());
    }
    return new Home(account.get(), user.get());
  }
}
