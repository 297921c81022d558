package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.access.RequestHead;
import dev.yaoku.api.Answer;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.service.UnsaltedEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through the server, once and not back (ARCHITECTURE.md): head, route,
 * credentials, body, proof, caller, handler, event, answer. It says what comes next, and on which
 * thread. What the request asks for is its {@link Handling}'s; what comes and goes is kept by
 * {@link Inbound} and {@link Outbound}.
 *
 * <p>Everything happens on the connection's event loop, but for work that may wait or computes for
 * long: that runs on another thread, decides there, and gives its event to the store from there.
 * The request is complete by then, and the loop touches nothing of it until the queue that ends
 * that work has told it to.
 */
final class Passage implements Handling.Outcome {
  private final Connection connection;
  private final HttpServerRequest request;
  private final Shared shared;
  private final Inbound in;
  private final Outbound out;

  private @Nullable Handling handling;

  /** Whether it goes on in this turn of the loop, step by step with the others of it. */
  private boolean inTurn;

  Passage(Connection connection, HttpServerRequest request) {
    this.connection = connection;
    this.request = request;
    this.shared = connection.loop.shared;
    this.in = new Inbound(connection, request);
    this.out = new Outbound(connection, request, in);
  }

  /** The head is here and can be read. */
  void begin() {
    request.handler(this::chunk);
    request.endHandler(_ -> bodyComplete());
    try {
      in.mustBeWelcome();
      RequestHead head = in.readHead();
      Answer health = health(head);
      if (health != null) {
        decidedByHead(health);
        return;
      }
      Handling begun = handling(head);
      handling = begun;
      begun.readCredentials();
      in.askForBody();
    } catch (NotInMemory _) {
      in.pause();
      there(handling).readCredentialsLater(() -> onLoop(Passage::readBodyLater));
    } catch (Throwable refused) {
      decidedByHead(refusal(refused));
    }
  }

  private Handling handling(RequestHead head) {
    Router.Match match = in.findRoute(head);
    Body body = in.expectBody(match.route());
    return new Handling(
        shared, head, match, body, in.requestId(), connection.loop.turn::startBeside, this);
  }

  private void decidedByHead(Answer decision) {
    boolean unread = in.needsNoBody();
    decided(decision);
    if (unread) {
      connection.listenNoMore();
    }
  }

  /** The head is here and means nothing, or too much. */
  void malformed() {
    decided(refusal(in.malformed()));
  }

  private @Nullable Answer health(RequestHead read) {
    var segments = read.target().segments();
    if (segments.size() != 2
        || !segments.getFirst().equals("health")
        || !read.method().equals("GET")) {
      return null;
    }
    return Admin.health(shared.health(), segments.getLast());
  }

  private void readBodyLater() {
    if (out.isDone()) {
      return;
    }
    in.askForBody();
    in.resume();
  }

  private void chunk(Buffer bytes) {
    if (out.isDecided() || out.isDone()) {
      in.discard(bytes);
      return;
    }
    try {
      in.take(bytes);
    } catch (KmsException tooLong) {
      decided(refusal(tooLong));
    }
  }

  private void bodyComplete() {
    in.complete();
    if (out.isDecided()) {
      if (in.isClosing() && out.isDone()) {
        connection.closeWhenSent();
      }
      return;
    }
    if (!out.isDone() && handling != null && handling.isReady()) {
      inTurn = true;
      connection.loop.turn.complete(this);
    }
  }

  /** The first step of a request that is complete: who calls. */
  void prove() {
    step(Handling::prove);
  }

  /** The second step: what is asked for. */
  void handle() {
    step(known -> out.hold(known.handleHere()));
  }

  /** The last step: what is recorded before the answer leaves. */
  void settle() {
    if (inTurn) {
      inTurn = false;
      settle(there(out.held()));
    }
  }

  /** A step on the event loop, where nothing waits. What must wait goes on elsewhere. */
  private void step(Consumer<Handling> work) {
    if (!inTurn) {
      return;
    }
    Handling known = there(handling);
    try {
      Waiting.forbidden(known, work);
    } catch (NotInMemory longer) {
      inTurn = false;
      known.later(longer);
    } catch (Throwable refused) {
      inTurn = false;
      decided(refusal(refused));
    }
  }

  private Answer refusal(Throwable refused) {
    return in.refusing().because(refused);
  }

  private Answer refusal(Problem problem) {
    return in.refusing().because(problem);
  }

  @Override
  public void refused(Throwable why) {
    guardedBeside(() -> decided(refusal(why)));
  }

  @Override
  public void refusedBeside(Throwable why) {
    guardedBeside(() -> settleBeside(refusal(why)));
  }

  @Override
  public void answeredBeside(Answer made) {
    guardedBeside(() -> settleBeside(made));
  }

  /** What fails by a mistake of ours ends the request, on whatever thread. */
  private void guardedBeside(Runnable work) {
    try {
      work.run();
    } catch (Throwable defect) {
      connection.loop.run(() -> Turn.failed(this, defect));
    }
  }

  private void onLoop(Consumer<Passage> work) {
    connection.loop.run(() -> Turn.guarded(this, work));
  }

  private void decided(Answer decision) {
    connection.loop.now(() -> Turn.guarded(this, decided -> decided.settle(decision)));
  }

  /** The whole request is here, so that its event makes no detour by the loop. */
  private void settleBeside(Answer made) {
    Answer decision = decide(made); // seen by the loop through the queue that tells it
    Caller recorded = out.callerToRecord(decision);
    if (recorded != null) {
      record(recorded, decision);
    } else {
      connection.loop.runTogether(
          () -> Turn.guarded(this, beside -> beside.out.sendAtOnce(decision)));
    }
  }

  /** The answer is known; it leaves when its event is durable. */
  private void settle(Answer made) {
    Answer decision = decide(made);
    Caller recorded = out.callerToRecord(decision);
    if (recorded != null) {
      record(recorded, decision);
    } else {
      out.sendAtOnce(decision);
    }
    in.resume(); // what is left of the request is not part of the next one
  }

  private Answer decide(Answer made) {
    noteWhatIsKnown();
    return out.decide(made);
  }

  private void noteWhatIsKnown() {
    if (handling != null) {
      out.note(handling);
    }
  }

  private void record(Caller proved, Answer decision) {
    UnsaltedEvent event;
    try {
      event = out.event(proved, decision);
    } catch (RuntimeException failed) {
      Answer instead = out.replacing(decision, refusal(failed));
      connection.loop.now(() -> Turn.guarded(this, failing -> failing.out.send(instead)));
      return;
    }
    connection.loop.record(this, event);
  }

  /** The event is durable, or the store says why not. */
  void recorded(@Nullable Throwable failure) {
    out.recorded(failure);
  }

  /**
   * The request did not arrive in time.
   *
   * @return whether the client is told
   */
  boolean tooSlow() {
    if (!isArriving()) {
      return false;
    }
    in.endConnection();
    decided(refusal(new Problem.TooSlow()));
    return true;
  }

  /**
   * There is no room for what still comes.
   *
   * @return whether the client is told
   */
  boolean noRoom() {
    if (!isArriving()) {
      return false;
    }
    in.closeBehind();
    decided(refusal(new Problem.Overloaded()));
    return true;
  }

  /** The connection is gone. What is under way goes on to its end; nobody hears of it. */
  void abandoned() {
    if (isArriving()) {
      giveUp();
    }
  }

  /** Whether more of it is to come before it can be answered. */
  private boolean isArriving() {
    return !out.isDecided() && !in.isComplete();
  }

  /** There will be no answer, for a reason of ours. */
  void cut() {
    giveUp();
    out.drop();
    connection.close();
  }

  private void giveUp() {
    if (!out.isDone()) {
      noteWhatIsKnown();
      out.end();
    }
  }

  String requestId() {
    return in.requestId();
  }

  /** Whether it took a core for long. */
  boolean isComputing() {
    return out.isComputing();
  }

  private static <T> T there(@Nullable T step) {
    if (step == null) {
      throw new IllegalStateException("a step of the way was left out");
    }
    return step;
  }
}
