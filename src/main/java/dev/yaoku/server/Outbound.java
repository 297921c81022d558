package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Route;
import dev.yaoku.key.Problem;
import dev.yaoku.service.UnsaltedEvent;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request from its making until it is out: the memory that it takes, what is
 * recorded of it, and its bytes, which are cleared if they never leave.
 */
final class Outbound {
  /** Answers of so many bytes are rare, and need room until the client has read them. */
  private static final int LONG_ANSWER_BYTES = 16 << 10;

  private final Connection connection;
  private final HttpServerRequest request;
  private final Inbound in;
  private final Shared shared;
  private final Parts parts;
  private final long startNanos = System.nanoTime();

  /** What the handler answers, until it is settled. */
  private @Nullable Answer found;

  private @Nullable Answer answer;

  /** What is known of the handling once there is an answer: what follows comes much later. */
  private @Nullable Caller caller;

  private boolean slow;
  private boolean computing;

  /** Of a long answer. */
  private @Nullable AnswerRoom room;

  private boolean done;

  /** The answer whose bytes are on their way. */
  private @Nullable Answer leaving;

  /**
   * A request is under way that will be answered.
   *
   * @param in what arrives of it
   */
  Outbound(Connection connection, HttpServerRequest request, Inbound in) {
    this.connection = connection;
    this.request = request;
    this.in = in;
    this.shared = connection.loop.shared;
    this.parts = shared.parts();
    shared.inFlight().incrementAndGet();
  }

  /** Keeps what the handler answers until it is settled. */
  void hold(Answer made) {
    found = made;
  }

  /** What the handler answers; null as long as it has not. */
  @Nullable Answer held() {
    return found;
  }

  /** Remembers what is known of the handling. */
  void note(Handling handling) {
    caller = handling.caller();
    slow = handling.ranSlow();
    computing = handling.isComputing();
  }

  /** From now on the answer is known: this one, or that there is no room for it. */
  Answer decide(Answer made) {
    found = made;
    Answer decision = withRoom(made);
    answer = decision;
    return decision;
  }

  /** Whether the answer is known. */
  boolean isDecided() {
    return answer != null;
  }

  /** Whether the answer was given, or will not be. */
  boolean isDone() {
    return done;
  }

  /** Whether it took a core for long. */
  boolean isComputing() {
    return computing;
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
    return room == null ? refusing(decision, new Problem.Overloaded()) : decision;
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
    return proved == null ? in.source() : Handling.owner(proved);
  }

  /**
   * Who called, if there is to be an event of its own; null otherwise. To be asked once: a refusal
   * counts as one.
   */
  @Nullable Caller callerToRecord(Answer decision) {
    Caller proved = caller;
    return proved != null && !proved.audit().recorded() && !isOnlyCounted(proved, decision)
        ? proved
        : null;
  }

  /** While the store takes no events nothing is, and such a refusal is answered like all else. */
  private boolean isOnlyCounted(Caller proved, Answer decision) {
    Principal who = proved.principal();
    return decision.status() >= 400
        && decision.status() < 500
        && parts.store().writable()
        && !shared.refusals().takeInFull(who.account(), who.user(), decision.code());
  }

  /** What the store is to record before the answer leaves. */
  UnsaltedEvent event(Caller proved, Answer decision) {
    return parts.recorder().outcome(proved, in.operation(), decision.status(), decision.code());
  }

  /** The event is durable, or the store says why not. */
  void recorded(@Nullable Throwable failure) {
    Answer decision = answer;
    if (decision == null) {
      throw new IllegalStateException("there is an event and no answer");
    }
    if (failure == null) {
      send(decision);
    } else {
      in.refusing().warn("its event could not be recorded", failure);
      send(refusing(decision, new Problem.StoreUnavailable()));
    }
  }

  private Answer refusing(Answer unsent, Problem problem) {
    return replacing(unsent, in.refusing().because(problem));
  }

  /** Another answer in place of one that does not leave. */
  Answer replacing(Answer unsent, Answer instead) {
    wipe(unsent);
    return instead;
  }

  /** Sends an answer that has no event of its own; refusals of strangers are counted. */
  void sendAtOnce(Answer decision) {
    if (caller == null && decision.status() >= 400) {
      shared.noise().count(decision.code(), in.source());
    }
    send(decision);
  }

  /** Sends an answer, if nobody has ended the request before. */
  void send(Answer decision) {
    if (done) {
      wipe(decision);
      giveRoomBack();
      return;
    }
    finish(decision);
    Route route = in.route();
    boolean secret = route != null && route.secretAnswer();
    boolean neverAsked = in.neverAsked();
    boolean close = in.isClosing() || neverAsked;
    connection.answering(close, secret);
    var sent = Sending.send(request.response(), decision, in.requestId(), close, secret);
    leaving = decision;
    if (room != null) {
      sent.onComplete(_ -> giveRoomBack());
    }
    if (close && (in.isComplete() || neverAsked)) {
      connection.closeWhenSent();
    }
  }

  private void finish(Answer decision) {
    end();
    long nanos = System.nanoTime() - startNanos;
    shared.metrics().request(in.routeNumber(), decision.status(), nanos);
    RequestLog log = shared.log();
    if (log != null) {
      log.write(LogLines.of(in, caller, slow, decision, nanos));
    }
  }

  /** Nothing more happens for the request: what it took is free again. */
  void end() {
    done = true;
    shared.inFlight().decrementAndGet();
    if (computing) {
      shared.computing().decrementAndGet();
    }
    in.wipe();
  }

  /** There will be no answer: clears what there is of one. */
  void drop() {
    giveRoomBack();
    wipe(found);
    wipe(answer);
  }

  @SuppressWarnings("ReferenceEquality") // is it the one that is on its way
  private void wipe(@Nullable Answer unsent) {
    if (unsent != null && unsent != leaving) {
      Arrays.fill(unsent.body(), (byte) 0);
    }
  }
}
