package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.AuditContext;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Decision;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says what somebody could do, without doing it. About users of the caller's own account only, and
 * nothing of the statements of others (SECURITY_DESIGN L12).
 */
public final class DryRuns {
  private final Store store;
  private final Keys keys;
  private final Identities identities;

  /** Dry runs over keys, and over agencies of accounts. */
  public DryRuns(Store store, Keys keys, Identities identities) {
    this.store = store;
    this.keys = keys;
    this.identities = identities;
  }

  /**
   * What would be said to one action.
   *
   * @param by the statement that decides; null for none
   */
  public record Verdict(
      Action action, boolean allowed, String sentence, Decision.@Nullable By by) {}

  /**
   * Whether a user may do something, by a request that comes as the caller's does: from there and
   * now, in the same way and to the same project.
   *
   * @param user id or name of a user of the caller's account
   * @param actions all are tried
   * @param reference the key that it is done with; null for none
   * @throws KmsException with {@link Problem.UserNotFound}, or what every operation on the key
   *     would say to anybody, such as {@link Problem.RowNotGenuine}
   */
  public List<Verdict> check(
      Caller caller, String user, List<Action> actions, @Nullable KeyReference reference) {
    Subjected subjected = subjected(caller, user);
    return actions.stream()
        .map(action ->
            check(caller, subjected, action, imagined -> ask(imagined, action, reference)))
        .toList();
  }

  /**
   * Whether policies let a user assume an agency, of whatever account. Says the same of agencies
   * that are there and that are not: whether this one trusts the user's account does not count.
   *
   * @param user id or name of a user of the caller's account
   * @throws KmsException with {@link Problem.UserNotFound}
   */
  public Verdict check(Caller caller, String user, Role role) {
    Subjected subjected = subjected(caller, user);
    Subject agency = store.read(tx -> role.subject(tx, identities));
    return check(
        caller,
        subjected,
        Action.ASSUME_AGENCY,
        imagined -> {
          imagined.mustBeAllowed(Action.ASSUME_AGENCY, agency);
          return false;
        });
  }

  private Subjected subjected(Caller caller, String user) {
    caller.mustBeAllowed(Action.CHECK_ACCESS);
    return store.read(tx -> find(tx, caller.principal().account(), user));
  }

  private record Subjected(Rows.User user, Rows.Account account) {}

  private static Subjected find(Reading tx, String account, String user) {
    // No database takes the character 0, so nobody is called so.
    Optional<Rows.User> found =
        user.indexOf(0) >= 0
            ? Optional.empty()
            : tx.user(user).or(() -> tx.userNamed(account, user));
    Rows.User row =
        found
            .filter(any -> any.account().equals(account))
            .orElseThrow(() -> new KmsException(new Problem.UserNotFound()));
    return new Subjected(row, tx.account(account).orElseThrow());
  }

  /**
   * What is said to one action.
   *
   * @param attempt returns whether a grant alone allows it
   */
  private Verdict check(
      Caller caller, Subjected subjected, Action action, Predicate<Caller> attempt) {
    Rows.User user = subjected.user();
    if (!user.enabled()) {
      return new Verdict(action, false, "The user is disabled.", null);
    }
    Principal who =
        new Principal(
            user.account(),
            subjected.account().name(),
            user.id(),
            user.name(),
            user.administrator(),
            "",
            false,
            null);
    Caller imagined = caller.imagining(who);
    try {
      boolean byGrant = attempt.test(imagined);
      Decision said = imagined.audit().decision();
      String sentence = byGrant || said == null ? "Allowed by a grant." : said.sentence();
      return new Verdict(action, true, sentence, byGrant || said == null ? null : said.by());
    } catch (KmsException e) {
      return refused(imagined.audit(), action, e);
    }
  }

  /** Returns whether a grant alone allows it. */
  private boolean ask(Caller imagined, Action action, @Nullable KeyReference reference) {
    if (reference == null) {
      imagined.mustBeAllowed(action);
      return false;
    }
    try (OpenKey open = keys.open(imagined, reference)) {
      Key key = open.key();
      return imagined.mustBeAllowed(action, key).byGrant();
    }
  }

  /** What is no refusal of this user, such as of a damaged row, is no verdict either. */
  private static Verdict refused(AuditContext audit, Action action, KmsException refusal) {
    Problem problem = refusal.problem();
    boolean told =
        problem instanceof Problem.NotAllowed || problem instanceof Problem.KeyNotAllowed;
    boolean ofKey =
        problem instanceof Problem.KeyNotFound || problem instanceof Problem.MalformedKeyId;
    if (!told && !ofKey) {
      throw refusal;
    }
    Decision said = told || audit.hidden() != null ? audit.decision() : null;
    return said == null
        ? new Verdict(action, false, "There is no such key for this user.", null)
        : new Verdict(action, false, said.sentence(), said.by());
  }
}
