package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.AuditContext;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Decision;
import dev.yaoku.access.policy.Decision.Outcome;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.key.Key;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Refusal;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why requests were refused. Noted beside the request, in memory first and in the store soon after;
 * kept for a week, and so many of an account. Whoever asks learns of his own account only, and
 * nothing of the statements of others (SECURITY_DESIGN C2, L12).
 */
public final class Explanations {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final int OF_ACCOUNT_MAX = 10_000;
  private static final int WAITING_MAX = 5_000;

  /** So many are stored, or forgotten, in one transaction. */
  private static final int BATCH = 200;

  private static final int NAME_MAX = 256;

  /** Control characters and halves of surrogate pairs; a database may refuse to store them. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]");

  private static final Pattern REQUEST_ID = Pattern.compile("[0-9a-f]{32}");

  /** Ids of what stands for policies without being anybody's. */
  private static final Set<String> BUILT_IN = Set.of("", "session", "administrator");

  private final Store store;
  private final InstantSource clock;
  private final int ofAccountMax;
  private final ArrayBlockingQueue<Refusal> waiting = new ArrayBlockingQueue<>(WAITING_MAX);

  /** Explanations of what one server refuses. */
  public Explanations(Store store, InstantSource clock) {
    this(store, clock, OF_ACCOUNT_MAX);
  }

  /**
   * The same.
   *
   * @param ofAccountMax how many of an account are kept
   */
  Explanations(Store store, InstantSource clock, int ofAccountMax) {
    this.store = store;
    this.clock = clock;
    this.ofAccountMax = ofAccountMax;
  }

  /**
   * Why a request was refused. Texts are empty where there is nothing to say.
   *
   * @param credential public name of what proved the identity
   * @param action what was asked for, as policies name it
   * @param resource what it was about
   * @param sentence the reason, for people
   * @param by the statement that decided, if it is the account's; null for none
   */
  public record Explanation(
      String requestId,
      Instant at,
      String project,
      String user,
      String userName,
      String credential,
      String source,
      String action,
      String resource,
      int status,
      String code,
      String sentence,
      Decision.@Nullable By by) {
    static Explanation of(Refusal refusal, String sentence, Decision.@Nullable By by) {
      return new Explanation(
          refusal.requestId(),
          refusal.at(),
          refusal.project(),
          refusal.user(),
          refusal.userName(),
          refusal.credential(),
          refusal.source(),
          refusal.action(),
          refusal.resource(),
          refusal.status(),
          refusal.code(),
          sentence,
          by);
    }
  }

  /** Notes a refusal; what finds no room is dropped. Never waits. */
  public void note(Caller caller, int status, String code) {
    if (status >= 400 && status < 500) {
      var _ = waiting.offer(refusal(caller, status, code));
    }
  }

  private Refusal refusal(Caller caller, int status, String code) {
    Principal who = caller.principal();
    AuditContext audit = caller.audit();
    Action action = audit.action();
    // That a key is not there for somebody must not show whether it is there for others.
    boolean told = status == 403 || audit.hidden() != null;
    @Nullable Decision said = told ? audit.decision() : null;
    Decision.@Nullable By by = said == null ? null : said.by();
    return new Refusal(
        caller.requestId(),
        Times.now(clock),
        who.account(),
        caller.project(),
        who.user(),
        who.userName(),
        who.credential(),
        caller.source(),
        action == null ? "" : action.policyName(),
        resource(caller),
        status,
        code,
        said == null ? "" : said.outcome().name(),
        by == null ? "" : by.policyId(),
        by == null ? "" : by.policyName(),
        by == null ? 0 : by.number(),
        by == null ? "" : plain(by.sid()));
  }

  private static String resource(Caller caller) {
    AuditContext audit = caller.audit();
    Key hidden = audit.hidden(); // the decision was about this one, whatever else was touched
    Key key = hidden == null ? audit.touched() : hidden;
    if (key != null) {
      return "KeyId:" + key.id().text();
    }
    Subject subject = audit.subject();
    if (subject == null
        || subject.type().equals("KeyId")
        || !subject.account().equals(caller.principal().account())) {
      return "";
    }
    return subject.type() + ":" + plain(subject.id());
  }

  /** What was named may be any text, as a refusal comes before the name is looked at. */
  static String plain(String name) {
    String start = name.substring(0, Math.min(name.length(), NAME_MAX));
    return UNPRINTABLE.matcher(start).replaceAll("\uFFFD");
  }

  /**
   * Why a request of the caller's account was refused.
   *
   * @throws KmsException with {@link Problem.RefusalNotFound} if there is none in this account
   */
  public Explanation explain(Caller caller, String requestId) {
    caller.mustBeAllowed(Action.EXPLAIN_REFUSAL);
    String account = caller.principal().account();
    return store.read(tx -> {
      Refusal refusal = find(tx, requestId);
      if (refusal == null || !refusal.account().equals(account)) {
        throw new KmsException(new Problem.RefusalNotFound());
      }
      return explained(tx, refusal);
    });
  }

  private @Nullable Refusal find(Reading tx, String requestId) {
    if (!REQUEST_ID.matcher(requestId).matches()) {
      return null;
    }
    return waiting.stream()
        .filter(refusal -> refusal.requestId().equals(requestId))
        .findFirst()
        .or(() -> tx.refusal(requestId))
        .orElse(null);
  }

  private static Explanation explained(Reading tx, Refusal refusal) {
    if (refusal.outcome().isEmpty()) {
      return Explanation.of(
          refusal, "It was not refused by policies: its code says what is wrong.", null);
    }
    Outcome outcome = Outcome.valueOf(refusal.outcome());
    if (outcome == Outcome.ALLOWED) {
      return Explanation.of(
          refusal, "The account's policies allow it; something else does not.", null);
    }
    if (refusal.statement() == 0) {
      return Explanation.of(refusal, new Decision(outcome, null).sentence(), null);
    }
    if (!isOf(tx, refusal.account(), refusal.policyId())) {
      return Explanation.of(refusal, "Denied by a policy that the account does not have.", null);
    }
    Decision.By by =
        new Decision.By(
            refusal.policyId(), refusal.policyName(), refusal.statement(), refusal.sid());
    return Explanation.of(refusal, new Decision(outcome, by).sentence(), by);
  }

  /** Whether a policy is one of every account's or of this one's. */
  private static boolean isOf(Reading tx, String account, String policy) {
    return BUILT_IN.contains(policy)
        || SystemPolicies.withId(policy).isPresent()
        || tx.rights().policy(policy).filter(row -> row.account().equals(account)).isPresent();
  }

  /**
   * Stores what was noted, and forgets the oldest of accounts that have too much by it. To be
   * called every second or so.
   */
  public void flush() {
    List<Refusal> noted = List.copyOf(waiting);
    Batches.each(
        store, noted, BATCH, Writing::insert, written -> waiting.removeAll(Set.copyOf(written)));
    noted.stream().map(Refusal::account).distinct().forEach(this::forgetTooMany);
  }

  private void forgetTooMany(String account) {
    if (store.<Long>read(tx -> tx.refusalCount(account)) > ofAccountMax) {
      Batches.untilNone(store, BATCH, tx -> tx.forgetOldestRefusals(account, ofAccountMax, BATCH));
    }
  }

  /** Forgets what is old. To be called every minute or so. */
  public void forgetOld() {
    long before = clock.instant().minus(KEPT).toEpochMilli();
    Batches.inATurn(store, BATCH, tx -> tx.forgetRefusalsBefore(before, BATCH));
  }
}
