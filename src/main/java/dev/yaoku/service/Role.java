package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.AgencyUri;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A role that somebody wants to play: an agency of an account, by id or name of that account.
 *
 * @param agency the agency's name
 * @param session a name for the session; null for the person's own name
 */
public record Role(
    @Nullable String accountId,
    @Nullable String accountName,
    String agency,
    @Nullable String session) {
  private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9 ._-]{1,64}");

  /** What is wanted, in order. */
  public Role {
    if (session != null && !SESSION.matcher(session).matches()) {
      throw Names.bad(
          "session_user.name",
          "The name of the session must have 1 to 64 letters, digits, blanks or ._-");
    }
  }

  /**
   * Asks whether the caller may play it. Says the same of agencies that are there and that are not.
   *
   * @throws KmsException with {@link Problem.NotAllowed}; always for those who play a role already
   */
  Permitted openTo(Caller caller, Store store, Identities identities, HeldPolicies held) {
    Subject asked = store.read(tx -> subject(tx, identities));
    caller.mustBeAllowed(Action.ASSUME_AGENCY, asked);
    if (caller.principal().session().role() != null) {
      throw new KmsException(new Problem.NotAllowed(Action.ASSUME_AGENCY.policyName()));
    }
    return new Permitted(this, asked, held);
  }

  /**
   * What permission is asked for: the same form whether or not there is such an agency, or such an
   * account. In place of one that is not there stands what looks like one and stays the same, or
   * whoever writes policies for sessions of his own could find out by them which names accounts
   * have.
   */
  Subject subject(Reading tx, Identities identities) {
    Optional<Rows.Account> account = account(tx); // also one that is closed, which is no news
    String owner = account.map(Rows.Account::id).orElseGet(() -> absent(identities));
    // Also where there is no account, so that it takes about as long.
    Optional<Rights.Agency> found = tx.rights().agencyNamed(owner, agency);
    String id = found.filter(_ -> account.isPresent()).map(Rights.Agency::id).orElse("");
    return Subject.agency(owner, agency, id);
  }

  private String absent(Identities identities) {
    return accountId == null
        ? identities.absentAccount(Objects.requireNonNullElse(accountName, ""))
        : accountId;
  }

  /**
   * A role that a caller may play.
   *
   * @param subject the agency that was asked about
   */
  record Permitted(Role role, Subject subject, HeldPolicies held) {
    /**
     * The agency, if it is open and trusts the account that the person is at home in. Whether the
     * person may play it is asked once more, by what the transaction sees: whoever loses that right
     * has his sessions ended, and one that came right behind would stay.
     *
     * @throws KmsException with {@link Problem.NotAllowed} or {@link Problem.UnknownRole}
     */
    Rights.Agency of(Reading tx, Caller caller, Ancestor ancestor, Instant now) {
      if (!caller.principal().administrator()) {
        caller.prepared(held.ofAccountIn(tx, caller.principal()), caller.place());
        caller.mustBeAllowed(Action.ASSUME_AGENCY, subject);
      }
      return role.of(tx, ancestor, now, subject);
    }

    @Nullable String session() {
      return role.session();
    }
  }

  private Rights.Agency of(Reading tx, Ancestor ancestor, Instant now, Subject asked) {
    return account(tx)
        .filter(Rows.Account::enabled)
        .flatMap(account -> tx.rights().agencyNamed(account.id(), agency))
        // One of the same name may have come in its place since, which permission was not for.
        .filter(found -> AgencyUri.of(found.id()).equals(asked.uri()))
        .filter(found -> Lineages.isOpen(found, now))
        .filter(found -> ancestor.agency() == null)
        .filter(found -> found.trustedAccount().equals(ancestor.account()))
        .orElseThrow(() -> new KmsException(new Problem.UnknownRole()));
  }

  private Optional<Rows.Account> account(Reading tx) {
    return accountId != null
        ? tx.account(accountId)
            .filter(account -> accountName == null || account.name().equals(accountName))
        : Optional.ofNullable(accountName).flatMap(tx::accountNamed);
  }
}
