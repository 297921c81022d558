package dev.yaoku.api.iam;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Target;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is the same around every identity call: routes, bodies, paths, pages. */
final class IamFrame {
  private static final Pattern NEWER = Pattern.compile("/v(3\\.0|5)/");
  private static final int PAGE_MAX = 5_000;

  /** Lists are of all that an account has: ten thousand users with long descriptions are this. */
  private static final int LIST_MIB = 64;

  private final Dialect older;
  private final Dialect newer;

  IamFrame(Dialect older, Dialect newer) {
    this.older = older;
    this.newer = newer;
  }

  /** Links of one thing. */
  record Self(String self) {}

  /** Links of a list. */
  record Links(String self, @Nullable String previous, @Nullable String next) {
    Links(String self) {
      this(self, null, null);
    }
  }

  /** A call with members in its body. */
  @FunctionalInterface
  interface Operation<T> {
    Answer answer(Exchange exchange, T members);
  }

  /** A call without a body. */
  Route bare(String operation, String method, String path, Route.Handler handler) {
    return managing(operation, method, path, Route.Entry.PROVED, false, handler);
  }

  /** A call with a body. */
  <T> Route reading(
      String operation, String method, String path, Class<T> members, Operation<T> work) {
    return managing(
            operation,
            method,
            path,
            Route.Entry.PROVED,
            false,
            exchange -> read(exchange, members, work))
        .reading(members);
  }

  /** A call whose body or answer holds a secret, so that it travels where secrets may. */
  <T> Route secret(
      String operation, String method, String path, Class<T> members, Operation<T> work) {
    return managing(
            operation,
            method,
            path,
            Route.Entry.PROVED,
            true,
            exchange -> read(exchange, members, work))
        .reading(members);
  }

  /**
   * The same for anyone. Whoever offers a signature or a token in the head must hold it; that
   * somebody else must prove something in the body is for the operation to say.
   */
  <T> Route open(
      String operation, String method, String path, Class<T> members, Operation<T> work) {
    return managing(
            operation,
            method,
            path,
            Route.Entry.OPEN,
            true,
            exchange -> {
              if (Parents.areOffered(exchange.head())) {
                exchange.prove();
              }
              return read(exchange, members, work);
            })
        .reading(members);
  }

  /**
   * A call of those who log in, or ask which projects and accounts they reach, before they know
   * anything else. It is refused in the older form on every path, and takes no share of the heap.
   */
  Route first(
      String operation,
      String method,
      String path,
      Route.Entry entry,
      boolean secret,
      Route.Handler handler) {
    return route(operation, method, path, entry, secret, older, handler);
  }

  private static <T> Answer read(Exchange exchange, Class<T> members, Operation<T> work) {
    try (Secrets secrets = new Secrets()) {
      return work.answer(exchange, IamJson.read(exchange.json(), members, secrets));
    }
  }

  /**
   * A call that manages identities: the older form or the newer by its path, with room for lists.
   */
  private Route managing(
      String operation,
      String method,
      String path,
      Route.Entry entry,
      boolean secret,
      Route.Handler handler) {
    Dialect form = NEWER.matcher(path).lookingAt() ? newer : older;
    return route(operation, method, path, entry, secret, form, handler)
        .taking(operation.contains("List") ? LIST_MIB : 0);
  }

  /** Identity calls are rare and may all wait, so they run on the slow lane. */
  private static Route route(
      String operation,
      String method,
      String path,
      Route.Entry entry,
      boolean secret,
      Dialect dialect,
      Route.Handler handler) {
    return new Route(
        operation,
        method,
        path,
        entry,
        Route.Lane.SLOW,
        Route.USUAL_BODY,
        secret,
        dialect,
        handler);
  }

  /** Where a client finds something of this server. */
  String url(Exchange exchange, String path) {
    return Endpoints.base(exchange.head()) + path;
  }

  static Answer answer(int status, Object body) {
    return Answer.json(status, IamJson.write(body));
  }

  /** What a HEAD is told: there, or not. */
  static Answer noContentIf(boolean there, String what) {
    if (!there) {
      throw new KmsException(new Problem.NotThere(what));
    }
    return Answer.noContent();
  }

  /** A variable of the route's path. */
  static String variable(Exchange exchange, String name) {
    return Objects.requireNonNull(exchange.path().get(name));
  }

  /**
   * Refuses a call about another account than the caller's.
   *
   * @throws KmsException with {@link Problem.NotThere}
   */
  static void mustBeOwn(Caller caller, @Nullable String domain) {
    if (domain != null && !domain.isEmpty() && !domain.equals(caller.principal().account())) {
      throw new KmsException(new Problem.NotThere("domain"));
    }
  }

  /** Whether a value is the one that the query asks for, or the query asks for none. */
  static boolean fits(Exchange exchange, String name, String value) {
    String wanted = exchange.head().target().parameter(name);
    return wanted == null || wanted.isEmpty() || wanted.equals(value);
  }

  /**
   * What the query asks of a flag; null for either.
   *
   * @throws KmsException with {@link Problem.BadValue} if it is neither true nor false
   */
  static @Nullable Boolean flag(Target target, String name) {
    String value = target.parameter(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    return switch (value) {
      case "true", "True", "1" -> true;
      case "false", "False", "0" -> false;
      default -> throw bad(name, name + " must be true or false.");
    };
  }

  /** The part of a list that the query asks for. */
  static <T> List<T> page(Exchange exchange, List<T> all) {
    Target target = exchange.head().target();
    int size = number(target, "per_page", PAGE_MAX);
    long from = (number(target, "page", 1) - 1L) * size;
    return from >= all.size()
        ? List.of()
        : all.subList((int) from, (int) Math.min(all.size(), from + size));
  }

  private static int number(Target target, String name, int otherwise) {
    String value = target.parameter(name);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    boolean digits = value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || Integer.parseInt(value) < 1) {
      throw bad(name, name + " must be a number from 1.");
    }
    return Integer.parseInt(value);
  }

  static KmsException bad(String member, String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, member, why));
  }

  /** A member that must be there and not be empty. */
  static String required(@Nullable String value, String member) {
    if (value == null || value.isEmpty()) {
      throw missing(member);
    }
    return value;
  }

  /** An object that must be there. */
  static <T> T object(@Nullable T value, String member) {
    if (value == null) {
      throw missing(member);
    }
    return value;
  }

  static KmsException missing(String member) {
    return new KmsException(new Problem.MissingMember(member));
  }

  static String orEmpty(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }
}
