package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Target;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.function.Supplier;

/**
 * What is the same around every operation: note what is asked for, ask permission where it does not
 * depend on a key, read the body, wipe its secrets afterwards.
 */
final class Frame {
  /** A page of a list: a thousand entries of some KiB, from the row to the answer. */
  static final int PAGE_MIB = 8;

  private final HuaweiErrors dialect;
  private final String project;

  Frame(HuaweiErrors dialect) {
    this(dialect, "/v1.0/{project_id}");
  }

  private Frame(HuaweiErrors dialect, String project) {
    this.dialect = dialect;
    this.project = project;
  }

  /** The same for the few operations whose paths begin otherwise. */
  Frame ofVersion2() {
    return new Frame(dialect, "/v2/{project_id}");
  }

  /** How the listener treats a route. */
  enum Manner {
    /** In memory, and with secrets in the body or the answer. */
    FAST_SECRET(Route.Lane.FAST, true),
    /** In memory. */
    FAST(Route.Lane.FAST, false),
    /** Takes a core for long, and with secrets in the body or the answer. */
    SLOW_SECRET(Route.Lane.SLOW, true),
    /** With the store. */
    SLOW(Route.Lane.SLOW, false);

    private final Route.Lane lane;
    private final boolean secret;

    Manner(Route.Lane lane, boolean secret) {
      this.lane = lane;
      this.secret = secret;
    }
  }

  /** An operation with members in its body. */
  @FunctionalInterface
  interface Operation<T> {
    Answer answer(Caller caller, T members, Exchange exchange);
  }

  /** An operation without. */
  @FunctionalInterface
  interface BareOperation {
    Answer answer(Caller caller, Exchange exchange);
  }

  /** A POST about one key: permission is asked for the key once it is resolved. */
  <T> Route onKey(
      String name,
      String path,
      Manner manner,
      Action action,
      Class<T> members,
      Operation<T> operation) {
    return onKey(name, "POST", path, manner, action, members, operation);
  }

  /** The same with another method: some clients send a body with DELETE. */
  <T> Route onKey(
      String name,
      String method,
      String path,
      Manner manner,
      Action action,
      Class<T> members,
      Operation<T> operation) {
    Json.Shape<T> shape = Json.Shape.of(members);
    return route(
            name,
            method,
            path,
            manner,
            exchange -> {
              Caller caller = exchange.proved();
              caller.intends(action);
              mustHaveNoQuery(exchange);
              return told(caller, () -> read(shape, caller, exchange, operation));
            })
        .reading(members);
  }

  /** A POST about the project: whom nothing could allow it does not get the body read. */
  <T> Route onProject(
      String name,
      String path,
      Manner manner,
      Action action,
      Class<T> members,
      Operation<T> operation) {
    return onProject(name, "POST", path, manner, action, members, operation);
  }

  /** The same with another method. */
  <T> Route onProject(
      String name,
      String method,
      String path,
      Manner manner,
      Action action,
      Class<T> members,
      Operation<T> operation) {
    Json.Shape<T> shape = Json.Shape.of(members);
    return route(
            name,
            method,
            path,
            manner,
            exchange -> {
              Caller caller = exchange.proved();
              caller.mustConceive(action);
              return read(shape, caller, exchange, operation);
            })
        .reading(members);
  }

  /** A POST about the whole account: its path names no project. */
  <T> Route onAccount(
      String name, String path, Action action, Class<T> members, Operation<T> operation) {
    Json.Shape<T> shape = Json.Shape.of(members);
    return new Route(
            name,
            "POST",
            path,
            Route.Entry.PROVED,
            Route.Lane.SLOW,
            Route.USUAL_BODY,
            false,
            dialect,
            exchange -> {
              Caller caller = exchange.proved();
              caller.intends(action);
              mustHaveNoQuery(exchange);
              return told(caller, () -> read(shape, caller, exchange, operation));
            })
        .reading(members);
  }

  /** An operation that reads no body; what is sent is ignored ({@code quirks.md} S2). */
  Route bare(String name, String method, String path, Action action, BareOperation operation) {
    return bare(name, method, path, Manner.SLOW, action, operation);
  }

  /** The same with secrets in the answer. */
  Route bareSecret(
      String name, String method, String path, Action action, BareOperation operation) {
    return bare(name, method, path, Manner.SLOW_SECRET, action, operation);
  }

  private Route bare(
      String name,
      String method,
      String path,
      Manner manner,
      Action action,
      BareOperation operation) {
    return route(
        name,
        method,
        path,
        manner,
        exchange -> {
          Caller caller = exchange.proved();
          caller.intends(action);
          return told(caller, () -> operation.answer(caller, exchange));
        });
  }

  /**
   * Does the work, and where it finds no key, asks whether the caller could do this with any key at
   * all. If not, the caller is told of the missing permission, and not that there is no such key.
   *
   * <p>The action is that of the route, not the one that permission was asked for last: for a key
   * that is there but hidden from the caller, that may be another one than for a key that is not
   * there, and the answers would tell the two apart.
   */
  private static Answer told(Caller caller, Supplier<Answer> work) {
    try {
      return work.get();
    } catch (KmsException refused) {
      Action intended = caller.audit().intended();
      if (refused.problem() instanceof Problem.KeyNotFound && intended != null) {
        caller.mustConceive(intended);
      }
      throw refused;
    }
  }

  /** An operation that anyone may call. */
  Route open(String name, String path, Route.Handler handler) {
    return new Route(
        name,
        "GET",
        path,
        Route.Entry.OPEN,
        Route.Lane.FAST,
        Route.USUAL_BODY,
        false,
        dialect,
        handler);
  }

  /** An operation on the installation and on no project; what is sent is ignored. */
  Route ofServer(String name, String method, String path, Action action, BareOperation operation) {
    return whole(
        name,
        method,
        path,
        Manner.SLOW,
        exchange -> {
          Caller caller = exchange.proved();
          caller.intends(action);
          return operation.answer(caller, exchange);
        });
  }

  private Route route(
      String name, String method, String path, Manner manner, Route.Handler handler) {
    return whole(name, method, project + path, manner, handler);
  }

  private Route whole(
      String name, String method, String path, Manner manner, Route.Handler handler) {
    return new Route(
            name,
            method,
            path,
            Route.Entry.PROVED,
            manner.lane,
            Route.USUAL_BODY,
            manner.secret,
            dialect,
            handler)
        .taking(isList(name, manner) ? PAGE_MIB : 0);
  }

  /** ListKeyDetail is about one key, and must not leave the event loop to wait for room. */
  private static boolean isList(String name, Manner manner) {
    return name.startsWith("List") && manner.lane == Route.Lane.SLOW;
  }

  private static <T> Answer read(
      Json.Shape<T> shape, Caller caller, Exchange exchange, Operation<T> operation) {
    try (Incoming<T> incoming = Json.read(exchange.json(), shape)) {
      return operation.answer(caller, incoming.members(), exchange);
    }
  }

  /** A scoped signature covers either the query or the body of a POST, so there is only one. */
  static void mustHaveNoQuery(Exchange exchange) {
    if (!exchange.head().target().query().isEmpty()) {
      throw new KmsException(
          new Problem.BadRequest("This call takes its members in the body, not in the query."));
    }
  }

  /**
   * The value of a query parameter, or empty.
   *
   * @throws KmsException with {@link Problem.BadRequest} if it is there twice
   */
  static String query(Exchange exchange, String name) {
    String value = "";
    boolean found = false;
    for (Target.Parameter parameter : exchange.head().target().query()) {
      if (parameter.name().equals(name)) {
        if (found) {
          throw new KmsException(
              new Problem.BadRequest("The query parameter " + name + " is there twice."));
        }
        found = true;
        value = parameter.value();
      }
    }
    return value;
  }

  /** A variable of the route's path. */
  static String variable(Exchange exchange, String name) {
    String value = exchange.path().get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no variable " + name);
    }
    return value;
  }
}
