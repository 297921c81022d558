package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.access.TokenText;
import dev.yaoku.audit.Resource;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;

/** Tokens that a request is about and not made with: shown, revoked. */
public final class SubjectTokens {
  private final Store store;
  private final Identities identities;
  private final Events events;
  private final InstantSource clock;

  SubjectTokens(Store store, Identities identities, Events events, InstantSource clock) {
    this.store = store;
    this.identities = identities;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Shows a living token to its owner or to an administrator of its account.
   *
   * @throws KmsException with {@link Problem.UnknownSubjectToken}, whatever the reason
   */
  public IssuedToken show(Caller caller, String token) {
    caller.mustBeAllowed(Action.SHOW_TOKEN);
    String sha256 = sha256(token);
    return store.read(tx -> IssuedToken.of(tx, subject(tx, caller, sha256)));
  }

  /**
   * Ends a token at once, and all that were derived from it.
   *
   * @throws KmsException with {@link Problem.UnknownSubjectToken}, whatever the reason
   */
  public void revoke(Caller caller, String token) {
    caller.mustBeAllowed(Action.REVOKE_TOKEN);
    String sha256 = sha256(token);
    Forgetting.after(
        () ->
            Forgetting.recorded(
                caller, () -> store.writeFromReserve(tx -> revoke(tx, caller, sha256))),
        revoked -> identities.tokenChanged(sha256, revoked.user()),
        identities::everythingChanged);
  }

  private Rows.Token revoke(Writing tx, Caller caller, String sha256) {
    Replays.refuse(tx, caller);
    Rows.Token revoked = subject(tx, caller, sha256);
    String owner =
        Lineages.holder(tx, revoked, clock.instant()).map(Principal::userName).orElse("");
    tx.removeToken(sha256);
    tx.append(events.of(caller, resource(sha256, owner), Statuses.NO_CONTENT, tx.changes()));
    return revoked;
  }

  private Rows.Token subject(Reading tx, Caller caller, String sha256) {
    Principal who = caller.principal();
    return tx.token(sha256)
        .filter(row -> row.account().equals(who.account()))
        .filter(row -> administers(who) || isOf(who, row))
        .filter(row -> Session.isOfNow(clock.instant(), row.issuedAt(), row.expiresAt()))
        .filter(row -> Lineages.holder(tx, row, clock.instant()).isPresent())
        .orElseThrow(SubjectTokens::unknown);
  }

  /** A session that is less than its person has to do with the own tokens only. */
  private static boolean administers(Principal who) {
    return who.administrator() && !who.session().isLesser();
  }

  private static boolean isOf(Principal who, Rows.Token row) {
    String agency = row.lineage().agency();
    return row.user().equals(who.person())
        && (agency == null ? who.session().role() == null : agency.equals(who.user()));
  }

  private static String sha256(String token) {
    if (!TokenText.fits(token)) {
      throw unknown();
    }
    return TokenText.sha256(token);
  }

  static KmsException unknown() {
    return new KmsException(new Problem.UnknownSubjectToken());
  }

  /** A token as events name it, with the name of whose it is. */
  static Resource resource(String sha256, String owner) {
    return new Resource("token", TokenText.credential(sha256), owner);
  }
}
