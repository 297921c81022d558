package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.TokenText;
import dev.yaoku.audit.Resource;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.Redacted;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Temporary access keys with security tokens. Each is made from a living credential, ends when that
 * ends and no later, and may do no more than it (SECURITY_DESIGN H11).
 *
 * @see "contract/authentication.md, sections 3.4 and 4.5"
 */
public final class TemporaryKeys {
  /** How long one lives if nothing is said. */
  public static final Duration USUAL_LIFE = Duration.ofMinutes(15);

  private static final Duration LIFE_MIN = Duration.ofMinutes(15);
  private static final Duration LIFE_MAX = Duration.ofDays(1);
  private static final String KIND = "credential";

  private final Store store;
  private final Hierarchy hierarchy;
  private final Identities identities;
  private final HeldPolicies held;
  private final SessionRoom room;
  private final Events events;
  private final Randomness randomness;
  private final NewIds ids;
  private final InstantSource clock;

  /** Temporary access keys of one installation. */
  public TemporaryKeys(
      Store store,
      Hierarchy hierarchy,
      Identities identities,
      HeldPolicies held,
      SessionRoom room,
      Events events,
      Randomness randomness,
      InstantSource clock) {
    this.store = store;
    this.hierarchy = hierarchy;
    this.identities = identities;
    this.held = held;
    this.room = room;
    this.events = events;
    this.randomness = randomness;
    this.ids = new NewIds(randomness);
    this.clock = clock;
  }

  /**
   * What is asked for.
   *
   * @param life 15 minutes to a day; it may become less
   * @param policy JSON; what alone the key may do, as far as its person may; null for no such limit
   */
  public record Order(Duration life, @Nullable String policy) {
    /** In order, or refused. */
    public Order {
      if (life.compareTo(LIFE_MIN) < 0 || life.compareTo(LIFE_MAX) > 0) {
        throw Names.bad(
            "duration_seconds",
            "duration_seconds must be "
                + LIFE_MIN.toSeconds()
                + " to "
                + LIFE_MAX.toSeconds()
                + ".");
      }
    }
  }

  /**
   * A key that was just made.
   *
   * @param secret its secret, the receiver's to close; nobody can find it out again
   * @param securityToken what must come with each of its signatures; nobody can find it out again
   * @param agency the id of the agency whose role it plays, or null
   */
  public record New(
      String access,
      SecretBytes secret,
      Redacted<String> securityToken,
      Instant expiresAt,
      @Nullable String agency) {}

  /**
   * Makes a key for the caller itself.
   *
   * @param parent the credential that it is made from: the SHA-256 of a token, or an access key
   * @throws KmsException with {@link Problem.BadToken} if that credential is not there, or cannot
   *     have children
   */
  public New make(Caller caller, String parent, Order order) {
    caller.mustBeAllowed(Action.CREATE_TEMPORARY_KEY);
    return make(caller, parent, order, null, Statuses.CREATED);
  }

  /**
   * Makes a key that plays a role.
   *
   * @param parent as in {@link #make(Caller, String, Order)}
   * @param status of the answer, for its event
   * @throws KmsException with {@link Problem.NotAllowed}, or {@link Problem.UnknownRole} if there
   *     is no such agency for the caller
   */
  public New assume(Caller caller, String parent, Role role, Order order, int status) {
    Role.Permitted permitted = role.openTo(caller, store, identities, held);
    return held.compiledOutside(() -> make(caller, parent, order, permitted, status));
  }

  private New make(
      Caller caller, String parent, Order order, Role.@Nullable Permitted role, int status) {
    Narrowing.mustBeInOrder(order.policy());
    Instant now = Times.now(clock);
    String id = ids.accessKey();
    String token = TokenText.securityToken(randomness.bytes(TokenText.RANDOM_BYTES));
    Draft draft = store.read(tx -> draft(tx, caller, parent, order, role, now));
    SecretBytes secret = ids.secretAccessKey();
    try {
      Rights.TemporaryKey key = draft.key(id, TokenText.sha256(token), wrapped(draft, id, secret));
      room.issue(
          SessionRoom.Kind.TEMPORARY_KEY,
          draft.person(),
          tx -> {
            Replays.refuse(tx, caller);
            if (!draft(tx, caller, parent, order, role, now).equals(draft)) {
              throw new KmsException(new Problem.BadToken());
            }
            tx.rights().insert(key);
            record(tx, caller, draft, id, status);
            return id;
          });
      caller.audit().markRecorded();
      return new New(id, secret, new Redacted<>(token), draft.expiresAt(), draft.agency());
    } catch (RuntimeException e) {
      secret.close();
      throw e;
    } finally {
      identities.temporaryKeyIssued(id);
    }
  }

  private Wrapped wrapped(Draft draft, String id, SecretBytes secret) {
    return hierarchy.wrapSecretAccessKey(
        draft.account(), draft.person(), id, Identities.TEMPORARY, secret);
  }

  /** A key as it will be, but for its name and its secrets. */
  private record Draft(
      String account,
      String person,
      @Nullable String agency,
      String parent,
      @Nullable String narrowing,
      @Nullable String session,
      @Nullable String project,
      Instant issuedAt,
      Instant expiresAt) {
    Rights.TemporaryKey key(String id, String securityToken, Wrapped secret) {
      return new Rights.TemporaryKey(
          id,
          account,
          person,
          agency,
          secret.bytes(),
          secret.keyVersion(),
          securityToken,
          parent,
          narrowing,
          session,
          project,
          issuedAt,
          expiresAt,
          1);
    }
  }

  private static Draft draft(
      Reading tx,
      Caller caller,
      String parent,
      Order order,
      Role.@Nullable Permitted role,
      Instant now) {
    Ancestor from = Ancestor.of(tx, caller, parent, now);
    String narrowing = Narrowing.and(from.narrowing(), order.policy());
    Instant end = from.endAtTheLatest(now.plus(order.life()));
    if (role == null) {
      return new Draft(
          from.account(),
          from.person(),
          from.agency(),
          parent,
          narrowing,
          from.session(),
          from.project(),
          now,
          Lineages.end(tx, from.agency(), end));
    }
    Rights.Agency agency = role.of(tx, caller, from, now);
    return new Draft(
        agency.account(),
        from.person(),
        agency.id(),
        parent,
        narrowing,
        role.session(),
        null,
        now,
        Lineages.end(tx, agency.id(), end));
  }

  /** Whoever gives a role away sees in its own log who plays it. */
  private void record(Writing tx, Caller caller, Draft draft, String id, int status) {
    tx.append(events.of(caller, new Resource(KIND, id, id), status, tx.changes()));
    String agency = draft.agency();
    if (agency != null && !draft.account().equals(caller.principal().account())) {
      tx.append(
          events.assumed(caller, draft.account(), agency, draft.session(), id, draft.expiresAt()));
    }
  }
}
