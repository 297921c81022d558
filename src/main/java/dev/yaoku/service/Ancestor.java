package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A living credential that another is to be derived from, as one transaction sees it. What is
 * derived has all of its limits and may have more (SECURITY_DESIGN H11).
 *
 * @param name the SHA-256 of a token, or the public name of an access key
 * @param who whose it is, without the policies that it is narrowed to
 * @param account the account that it acts in
 * @param person the user behind it
 * @param agency the role that it plays, or null
 * @param session a name for it, or null
 * @param narrowing policies that it is narrowed to, or null
 * @param project the one project that it works in; null for all, {@link Rights.Attachment#ACCOUNT}
 *     for none
 * @param expiresAt when it ends; {@link Instant#MAX} for never
 */
record Ancestor(
    String name,
    Principal who,
    String account,
    String person,
    @Nullable String agency,
    @Nullable String session,
    @Nullable String narrowing,
    @Nullable String project,
    Instant expiresAt) {

  /** The credential of this name, if it and all that it came from count now. */
  static Optional<Ancestor> find(Reading tx, String name, Instant now) {
    Optional<Ancestor> found =
        name.length() == TokenText.SHA256_DIGITS
            ? tx.token(name).flatMap(row -> of(tx, row, now))
            : tx.accessKey(name)
                .flatMap(row -> of(tx, row))
                .or(() -> tx.rights().temporaryKey(name).flatMap(row -> of(tx, row, now)));
    return found.filter(ancestor -> now.isBefore(ancestor.expiresAt()));
  }

  /**
   * The credential of this name, which is the one that the caller came with and can have
   * descendants.
   *
   * @throws KmsException with {@link Problem.BadToken} if it is not, {@link Problem.BadRequest} if
   *     what is made from it would be too far from where it began
   */
  static Ancestor of(Reading tx, Caller caller, String name, Instant now) {
    Ancestor parent =
        find(tx, name, now)
            .filter(found -> Acquaintance.isSame(found.who(), caller.principal()))
            .orElseThrow(() -> new KmsException(new Problem.BadToken()));
    if (!Lineages.mayHaveChildren(tx, name)) {
      throw new KmsException(
          new Problem.BadRequest(
              "This credential was itself derived too often from others. Derive from an earlier"
                  + " one."));
    }
    return parent;
  }

  private static Optional<Ancestor> of(Reading tx, Rows.AccessKey row) {
    return Optional.of(row)
        .filter(Rows.AccessKey::enabled)
        .flatMap(key -> Identities.principal(tx, key.account(), key.user(), key.id(), false, null))
        .map(who ->
            new Ancestor(
                row.id(), who, row.account(), row.user(), null, null, null, null, Instant.MAX));
  }

  private static Optional<Ancestor> of(Reading tx, Rows.Token row, Instant now) {
    return Lineages.holder(tx, row, now)
        .map(who ->
            new Ancestor(
                row.sha256(),
                who,
                row.account(),
                row.user(),
                row.lineage().agency(),
                row.lineage().session(),
                row.lineage().narrowing(),
                projectOf(row, who),
                Lineages.end(tx, row.lineage().agency(), row.expiresAt())));
  }

  /**
   * A token of the account opens projects only to those who may have it scoped to one: whoever
   * proved who it is directly.
   */
  private static @Nullable String projectOf(Rows.Token row, Principal who) {
    boolean lesser = who.session().isLesser() || row.lineage().narrowing() != null;
    return row.project() == null && lesser ? Rights.Attachment.ACCOUNT : row.project();
  }

  private static Optional<Ancestor> of(Reading tx, Rights.TemporaryKey row, Instant now) {
    return Lineages.holder(tx, row, now)
        .map(who ->
            new Ancestor(
                row.id(),
                who,
                row.account(),
                row.user(),
                row.agency(),
                row.session(),
                row.narrowing(),
                row.project(),
                Lineages.end(tx, row.agency(), row.expiresAt())));
  }

  /** The earlier of two ends. */
  Instant endAtTheLatest(Instant other) {
    return other.isBefore(expiresAt) ? other : expiresAt;
  }
}
