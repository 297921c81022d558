package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Credentials;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.store.OnBehalf;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: credentials, proof, caller and handler, each once. On the event loop
 * what memory answers at once; beside it what must wait for the store or compute for long.
 */
final class Handling {
  /** Hears what came of work beside the event loop. */
  interface Outcome {
    /** There is an answer. */
    void answeredBeside(Answer answer);

    /** It is refused, or failed. */
    void refusedBeside(Throwable why);

    /** It is refused before there was work to do; on whatever thread. */
    void refused(Throwable why);
  }

  private final Shared shared;
  private final Parts parts;
  private final RequestHead head;
  private final Router.Match match;
  private final Body body;
  private final String requestId;
  private final Executor beside;
  private final Outcome outcome;

  private @Nullable Credentials credentials;
  private volatile @Nullable Caller caller;
  private boolean admitted;

  /** The view of the store by which the caller was admitted. */
  private long admittedIn;

  private boolean slow;
  private boolean computing;

  /**
   * A request whose head is here.
   *
   * @param beside starts what must wait on a virtual thread
   */
  Handling(
      Shared shared,
      RequestHead head,
      Router.Match match,
      Body body,
      String requestId,
      Executor beside,
      Outcome outcome) {
    this.shared = shared;
    this.parts = shared.parts();
    this.head = head;
    this.match = match;
    this.body = body;
    this.requestId = requestId;
    this.beside = beside;
    this.outcome = outcome;
  }

  /**
   * Finds out who offers to prove something, before the body is here.
   *
   * @throws NotInMemory if that must be looked up where waiting is allowed
   */
  void readCredentials() {
    if (route().entry() == Route.Entry.PROVED) {
      credentials = Waiting.forbidden(() -> parts.authenticator().read(head));
    }
  }

  /** The same where waiting is allowed. */
  void readCredentialsLater(Runnable then) {
    toSlowLane(() -> {
      try {
        credentials = parts.authenticator().read(head);
        slow = false;
        then.run();
      } catch (Throwable refused) {
        outcome.refused(refused);
      }
    });
  }

  /** Whether the credentials that it needs are known, so that only the body may be missing. */
  boolean isReady() {
    return route().entry() != Route.Entry.PROVED || credentials != null;
  }

  /**
   * The handler, if it may run here. Others of its turn came in between: where what is in memory
   * counts no more since the proof, the caller proves again.
   *
   * @throws NotInMemory if it may not, or something is not in memory: then it goes on {@link
   *     #later}
   */
  Answer handleHere() {
    if (route().lane() == Route.Lane.SLOW) {
      throw NotInMemory.SIGNAL;
    }
    return admitted && admittedIn != parts.store().view() ? handleInTurn() : handle();
  }

  /** Goes on where waiting, or computing for long, is allowed. */
  void later(NotInMemory longer) {
    if (route().lane() == Route.Lane.FAST) {
      shared.metrics().moved();
    }
    if (longer.computes() && admitted) {
      toComputing();
    } else {
      toSlowLane(this::runSlow);
    }
  }

  /**
   * Proof; the body is complete. Each step of it is done once, also if a later one has to be
   * repeated where waiting is allowed.
   *
   * @throws NotInMemory if something is not in memory: then it goes on {@link #later}
   */
  void prove() {
    Credentials offered = credentials;
    if (offered == null || admitted) {
      return;
    }
    admittedIn = parts.store().view();
    Caller proved = caller;
    if (proved == null) {
      proved = callerOf(offered.prove(body.bytes()), offered);
      caller = proved;
    }
    parts.callers().admit(proved, head);
    parts.rates().count(proved);
    admitted = true;
  }

  private Caller callerOf(Principal principal, Credentials proof) {
    String project = match.variables().getOrDefault("project_id", "");
    return parts.callers().caller(principal, proof, project, requestId, head.source());
  }

  /**
   * Has waited for its turn, maybe for minutes. What has ended meanwhile, a credential, a right or
   * a project, must not count because it did when the request came; what proves the same as before
   * in another way, as a certificate does whose authority was renewed, counts as it is now.
   */
  private void proveAgain() {
    Credentials proof = credentials;
    if (proof == null) {
      return;
    }
    Caller known = theCaller();
    admittedIn = parts.store().view();
    Principal now = proof.stillStands();
    if (!now.equals(known.principal()) || !proof.standing().equals(known.standing())) {
      known = callerOf(now, proof);
      caller = known;
    }
    parts.callers().admit(known, head);
  }

  private Answer handleInTurn() {
    if (admitted) {
      proveAgain();
    }
    return handle();
  }

  private Answer handle() {
    Route route = route();
    if (route.secretAnswer() && !head.secure()) {
      throw new KmsException(new Problem.NeedsTls());
    }
    Exchange exchange =
        new Exchange(
            head,
            match.variables(),
            body.bytes(),
            caller,
            requestId,
            parts.config().limits().jsonDepth(),
            new Proving());
    return route.heapMib() == 0
        ? route.handler().handle(exchange)
        : shared.making().inTurn(route.heapMib() << 10, () -> route.handler().handle(exchange));
  }

  /** On a route that is open to anyone, where waiting is allowed. */
  private final class Proving implements Exchange.Prover {
    @Override
    public Caller prove() {
      if (credentials == null) {
        credentials = parts.authenticator().read(head);
      }
      Handling.this.prove();
      return theCaller();
    }

    @Override
    public void proved(Caller known) {
      if (admitted) {
        Principal signer = theCaller().principal();
        known
            .audit()
            .note(
                "signed by %s of user %s of account %s"
                    .formatted(signer.credential(), signer.user(), signer.account()));
      }
      caller = known;
      parts.rates().count(known);
    }
  }

  /** Work of callers not yet known is kept apart from the projects' own. */
  private void toSlowLane(Runnable work) {
    Caller known = admitted ? caller : null;
    queue(() -> {
      if (known == null) {
        shared.unproved().submit(head.source(), work, beside);
      } else {
        queue(known, counted -> shared.slow().submit(owner(known), counted, beside), work);
      }
    });
  }

  /** All that is left to do is to compute for long. */
  private void toComputing() {
    computing = true;
    shared.computing().incrementAndGet();
    Caller known = theCaller();
    queue(() ->
        queue(
            known,
            counted -> shared.slow().submit(owner(known), counted, parts.computing()),
            this::runComputing));
  }

  /**
   * Queues work of somebody known. What narrows a caller may be large, and many may wait: while
   * they do it takes room (ADR 37).
   */
  private void queue(Caller known, Consumer<Runnable> submission, Runnable work) {
    CompiledPolicies narrowing = known.principal().session().narrowing();
    if (narrowing == null) {
      submission.accept(work);
      return;
    }
    String owner = known.principal().account();
    long bytes = narrowing.weightWithParts();
    if (!shared.narrowings().take(owner, bytes)) {
      throw new KmsException(new Problem.Overloaded());
    }
    try {
      submission.accept(() -> {
        shared.narrowings().give(owner, bytes);
        work.run();
      });
    } catch (RuntimeException | Error full) {
      shared.narrowings().give(owner, bytes);
      throw full;
    }
  }

  private void queue(Runnable submission) {
    slow = true;
    try {
      submission.run();
    } catch (Throwable full) {
      outcome.refused(full);
    }
  }

  /** Whose share of what all have in common a caller uses. */
  static String owner(Caller known) {
    return known.project().isEmpty() ? known.principal().account() : known.project();
  }

  /** On a thread for computing, which others need: if the store is needed after all, elsewhere. */
  private void runComputing() {
    try {
      outcome.answeredBeside(Waiting.forbiddenButComputing(this::handleInTurn));
    } catch (NotInMemory _) {
      toSlowLane(this::runSlow);
    } catch (Throwable refused) {
      outcome.refusedBeside(refused);
    }
  }

  private void runSlow() {
    try {
      boolean known = admitted;
      prove();
      if (admitted && !known) {
        toSlowLane(this::runSlow);
      } else {
        outcome.answeredBeside(OnBehalf.ofCaller(this::handleInTurn));
      }
    } catch (Throwable refused) {
      outcome.refusedBeside(refused);
    }
  }

  /** Who proved to call; null as long as nobody has. */
  @Nullable Caller caller() {
    return caller;
  }

  /** Whether it took, or takes, a core for long. */
  boolean isComputing() {
    return computing;
  }

  /** Whether it left the event loop. */
  boolean ranSlow() {
    return slow;
  }

  private Caller theCaller() {
    Caller proved = caller;
    if (proved == null) {
      throw new IllegalStateException("who calls is not proved yet");
    }
    return proved;
  }

  private Route route() {
    return match.route();
  }
}
