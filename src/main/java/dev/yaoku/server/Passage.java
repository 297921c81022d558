package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.RequestHead.Header;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.service.UnsaltedEvent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through the server, once and not back (ARCHITECTURE.md): head, route,
 * credentials, body, proof, caller, handler, event, answer. What the request asks for is its {@link
 * Handling}'s; this is about what comes and goes.
 *
 * <p>Everything happens on the connection's event loop, but for work that may wait or computes for
 * long: that runs on another thread, decides there, and gives its event to the store from there.
 * The request is complete by then, and the loop touches nothing of it until the queue that ends
 * that work has told it to.
 */
final class Passage implements Handling.Outcome {
  /**
   * How much of a refused request's body is read, so that a client that sends all of it first sees
   * the answer, and can use the connection again.
   */
  private static final long DISCARDED_BYTES_MAX = 256 << 10;

  /** Answers of so many bytes are rare, and need room until the client has read them. */
  private static final int LONG_ANSWER_BYTES = 16 << 10;

  private final Connection connection;
  private final HttpServerRequest request;
  private final Shared shared;
  private final Parts parts;
  private final String requestId;
  private final long startNanos = System.nanoTime();
  private final long startMillis;

  private @Nullable RequestHead head;
  private Router.@Nullable Match match;
  private @Nullable Body body;
  private @Nullable Handling handling;

  /** Whether it goes on in this turn of the loop, step by step with the others of it. */
  private boolean inTurn;

  /** What the handler answers, until it is settled. */
  private @Nullable Answer found;

  private @Nullable Answer answer;

  /** What is known of the handling once there is an answer: what follows comes much later. */
  private @Nullable Caller caller;

  private boolean slow;
  private boolean computing;

  /** Of a long answer. */
  private @Nullable AnswerRoom room;

  private long discarded;
  private boolean complete;
  private boolean closing;

  /** Whether the client waits to be told to send the body, and is told something else. */
  private boolean unasked;

  private boolean paused;
  private boolean done;

  /** The answer whose bytes are on their way. */
  private @Nullable Answer leaving;

  Passage(Connection connection, HttpServerRequest request) {
    this.connection = connection;
    this.request = request;
    this.shared = connection.loop.shared;
    this.parts = shared.parts();
    this.requestId = connection.loop.ids.next();
    this.startMillis = parts.clock().millis();
    shared.inFlight().incrementAndGet();
  }

  /** The head is here and can be read. */
  void begin() {
    request.handler(this::chunk);
    request.endHandler(_ -> bodyComplete());
    try {
      if (!asksWhetherAlive()) {
        mustBeWelcome();
      }
      RequestHead read = readHead();
      Answer health = health(read);
      if (health != null) {
        decidedByHead(health);
        return;
      }
      Router.Match matched = shared.router().match(read.method(), read.target().segments());
      match = matched;
      Body awaited = Body.expected(Announced.by(request), bodyBytesMax(matched.route()));
      body = awaited;
      handling =
          new Handling(
              shared, read, matched, awaited, requestId, connection.loop.turn::startBeside, this);
      handling.readCredentials();
      readBody();
    } catch (NotInMemory _) {
      request.pause();
      paused = true;
      there(handling).readCredentialsLater(() -> onLoop(Passage::readBodyLater));
    } catch (Throwable refused) {
      decidedByHead(refusal(refused));
    }
  }

  /**
   * The answer does not depend on the body. A long one is not read only to be thrown away, and one
   * of which the client waits to be told that it is wanted may come or not: nobody could say where
   * the next request begins.
   */
  private void decidedByHead(Answer decision) {
    Announced behind = Announced.by(request);
    boolean unread = behind.bytes() > DISCARDED_BYTES_MAX;
    unasked = behind.awaited();
    closing |= unread || behind.chunked() || unasked;
    decided(decision);
    if (unread) {
      connection.listenNoMore();
    }
  }

  private int bodyBytesMax(Route route) {
    return Math.min(route.bodyBytesMax(), parts.config().limits().bodyBytes());
  }

  /**
   * A head that has no one meaning is the last that this connection says; and so is one of
   * HTTP/1.0, whose lengths are read differently by others. Where it is clear how long the body is,
   * that is waited for, as a client that still sends when the connection ends looks for no answer.
   */
  private RequestHead readHead() {
    closing = true;
    complete = true; // as far as anybody can tell
    List<Header> headers = shared.heads().headers(request);
    complete = false;
    RequestHead read = shared.heads().read(request, headers, connection.peer);
    head = read;
    boolean excess = connection.excess != null;
    closing = excess || request.version() != HttpVersion.HTTP_1_1;
    complete = excess;
    return read;
  }

  /** The head is here and means nothing, or too much. */
  void malformed() {
    Throwable cause = request.decoderResult().cause();
    boolean tooLong =
        cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
    closing = true;
    complete = true;
    connection.received();
    decided(
        refusal(tooLong ? new Problem.UriTooLong() : new Problem.BadRequest("malformed request")));
  }

  /** Whoever gets no answer to that ends the server and starts it anew, which helps no crowd. */
  private boolean asksWhetherAlive() {
    return Admin.LIVE.equals(request.uri()) && HttpMethod.GET.equals(request.method());
  }

  private void mustBeWelcome() {
    if (connection.excess != null) {
      closing = true;
      complete = true;
      throw new KmsException(
          connection.excess == Gate.Excess.IN_ALL
              ? new Problem.Overloaded()
              : new Problem.Throttled(1));
    }
    if (shared.inFlight().get() > parts.config().lanes().fastInFlight()) {
      throw new KmsException(new Problem.Overloaded());
    }
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
    if (done) {
      return;
    }
    readBody();
    resume();
  }

  private void resume() {
    if (paused) {
      paused = false;
      request.resume();
    }
  }

  private void readBody() {
    if (there(body).continueExpected()) {
      request.response().writeContinue();
    }
  }

  private void chunk(Buffer bytes) {
    if (answer != null || done || body == null) {
      discarded += bytes.length();
      connection.discarded();
      if (connection.isDeaf() || discarded > DISCARDED_BYTES_MAX) {
        connection.listenNoMore();
      }
      return;
    }
    try {
      body.add(bytes);
    } catch (KmsException tooLong) {
      closing = true;
      decided(refusal(tooLong));
    }
  }

  private void bodyComplete() {
    complete = true;
    connection.received();
    if (answer != null) {
      if (closing && done) {
        connection.closeWhenSent();
      }
      return;
    }
    if (!done && handling != null && handling.isReady()) {
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
    step(known -> found = known.handleHere());
  }

  /** The last step: what is recorded before the answer leaves. */
  void settle() {
    if (inTurn) {
      inTurn = false;
      settle(there(found));
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
    return refusing().because(refused);
  }

  private Answer refusal(Problem problem) {
    return refusing().because(problem);
  }

  private Refusing refusing() {
    return new Refusing(parts, request, match == null ? null : match.route(), requestId);
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
    if (takesEvent(decision)) {
      record(there(caller), decision);
    } else {
      connection.loop.runTogether(() -> Turn.guarded(this, beside -> beside.sendAtOnce(decision)));
    }
  }

  /** The answer is known; it leaves when its event is durable. */
  private void settle(Answer made) {
    Answer decision = decide(made);
    if (takesEvent(decision)) {
      record(there(caller), decision);
    } else {
      sendAtOnce(decision);
    }
    resume(); // what is left of the request is not part of the next one
  }

  private Answer decide(Answer made) {
    found = made;
    noteWhatIsKnown();
    Answer decision = withRoom(made);
    answer = decision;
    return decision;
  }

  private void noteWhatIsKnown() {
    if (handling != null) {
      caller = handling.caller();
      slow = handling.ranSlow();
      computing = handling.isComputing();
    }
  }

  /**
   * A long answer waits for its event, and then for a client that may read it slowly. If there is
   * no room for so long it is not given, and what is recorded is the refusal; but what was changed
   * was changed.
   */
  private Answer withRoom(Answer decision) {
    int bytes = decision.body().length;
    Caller proved = caller;
    boolean changed = proved != null && proved.audit().recorded();
    if (bytes <= LONG_ANSWER_BYTES || changed) {
      return decision;
    }
    room = AnswerRoom.take(shared.answers(), reader(), bytes);
    return room == null ? replacing(decision, refusal(new Problem.Overloaded())) : decision;
  }

  private void giveRoomBack() {
    if (room != null) {
      room.giveBack();
      room = null;
    }
  }

  /** Who is to read the answer. */
  private String reader() {
    Caller proved = caller;
    return proved == null ? source() : Handling.owner(proved);
  }

  /** Whether there is to be an event of its own. To be asked once: a refusal counts as one. */
  private boolean takesEvent(Answer decision) {
    Caller proved = caller;
    return proved != null && !proved.audit().recorded() && !isOnlyCounted(proved, decision);
  }

  private void sendAtOnce(Answer decision) {
    if (caller == null && decision.status() >= 400) {
      shared.noise().count(decision.code(), source());
    }
    send(decision);
  }

  /** While the store takes no events nothing is, and such a refusal is answered like all else. */
  private boolean isOnlyCounted(Caller proved, Answer decision) {
    Principal who = proved.principal();
    return decision.status() >= 400
        && decision.status() < 500
        && parts.store().writable()
        && !shared.refusals().takeInFull(who.account(), who.user(), decision.code());
  }

  private void record(Caller proved, Answer decision) {
    UnsaltedEvent event;
    try {
      event = parts.recorder().outcome(proved, operation(), decision.status(), decision.code());
    } catch (RuntimeException failed) {
      Answer instead = replacing(decision, refusal(failed));
      connection.loop.now(() -> Turn.guarded(this, failing -> failing.send(instead)));
      return;
    }
    connection.loop.record(this, event);
  }

  /** The event is durable, or the store says why not. */
  void recorded(@Nullable Throwable failure) {
    Answer decision = there(answer);
    if (failure == null) {
      send(decision);
    } else {
      refusing().warn("its event could not be recorded", failure);
      send(replacing(decision, refusal(new Problem.StoreUnavailable())));
    }
  }

  private Answer replacing(Answer unsent, Answer instead) {
    wipe(unsent);
    return instead;
  }

  private void send(Answer decision) {
    if (done) {
      wipe(decision);
      giveRoomBack();
      return;
    }
    finish(decision);
    Route route = match == null ? null : match.route();
    boolean secret = route != null && route.secretAnswer();
    boolean neverAsked = unasked || (body != null && body.neverContinued());
    boolean close = closing || neverAsked;
    connection.answering(close, secret);
    var sent = Sending.send(request.response(), decision, requestId, close, secret);
    leaving = decision;
    if (room != null) {
      sent.onComplete(_ -> giveRoomBack());
    }
    if (close && (complete || neverAsked)) {
      connection.closeWhenSent();
    }
  }

  private void finish(Answer decision) {
    end();
    long nanos = System.nanoTime() - startNanos;
    shared.metrics().request(match == null ? -1 : match.number(), decision.status(), nanos);
    RequestLog log = shared.log();
    if (log != null) {
      log.write(LogLines.of(this, decision, nanos));
    }
  }

  /**
   * The request did not arrive in time.
   *
   * @return whether the client is told
   */
  boolean tooSlow() {
    if (answer != null || complete) {
      return false;
    }
    closing = true;
    complete = true;
    decided(refusal(new Problem.TooSlow()));
    return true;
  }

  /**
   * There is no room for what still comes.
   *
   * @return whether the client is told
   */
  boolean noRoom() {
    if (answer != null || complete) {
      return false;
    }
    closing = true;
    decided(refusal(new Problem.Overloaded()));
    return true;
  }

  /** The connection is gone. What is under way goes on to its end; nobody hears of it. */
  void abandoned() {
    if (answer == null && !complete) {
      giveUp();
    }
  }

  /** There will be no answer, for a reason of ours. */
  void cut() {
    giveUp();
    giveRoomBack();
    wipe(found);
    wipe(answer);
    connection.close();
  }

  @SuppressWarnings("ReferenceEquality") // is it the one that is on its way
  private void wipe(@Nullable Answer unsent) {
    if (unsent != null && unsent != leaving) {
      Arrays.fill(unsent.body(), (byte) 0);
    }
  }

  private void giveUp() {
    if (!done) {
      noteWhatIsKnown();
      end();
    }
  }

  /** Nothing more happens for it: what it took is free again. */
  private void end() {
    done = true;
    shared.inFlight().decrementAndGet();
    if (computing) {
      shared.computing().decrementAndGet();
    }
    if (body != null) {
      body.wipe();
    }
  }

  String requestId() {
    return requestId;
  }

  long startMillis() {
    return startMillis;
  }

  String source() {
    return head == null ? connection.peer.source() : head.source();
  }

  String operation() {
    return match == null ? "none" : match.route().operation();
  }

  /** Whether it took a core for long. */
  boolean isComputing() {
    return computing;
  }

  /** Whether it left the event loop. */
  boolean ranSlow() {
    return slow;
  }

  /** Who proved to call; null if nobody has. */
  @Nullable Caller caller() {
    return caller;
  }

  private static <T> T there(@Nullable T step) {
    if (step == null) {
      throw new IllegalStateException("a step of the way was left out");
    }
    return step;
  }
}
