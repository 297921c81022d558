package dev.yaoku.server;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.api.Route;
import dev.yaoku.api.iam.IamPaths;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.StoreException;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why a request is refused: to the client in the dialect of its service, to the operator what
 * is not for clients.
 *
 * @param route what the request is for; null where that is not known
 */
record Refusing(Parts parts, HttpServerRequest request, @Nullable Route route, String requestId) {
  private static final Logger LOG = LoggerFactory.getLogger(Refusing.class);

  /** The answer for what went wrong. */
  Answer because(Throwable why) {
    return switch (why) {
      case KmsException known -> because(known.problem());
      case StoreException failed -> {
        warn("the store failed", failed);
        yield because(new Problem.StoreUnavailable());
      }
      // There are no more threads, or no memory outside the heap: with a full heap the JVM ends.
      case OutOfMemoryError limit -> {
        LOG.warn("request {}: a limit of the system is reached: {}", requestId, limit.getMessage());
        yield because(new Problem.Overloaded());
      }
      default -> {
        LOG.error("request {} failed", requestId, why);
        yield because(new Problem.Internal());
      }
    };
  }

  /** The answer for a problem. */
  Answer because(Problem problem) {
    if (problem instanceof Problem.BadSignature bad) {
      LOG.debug("request {}: {}", requestId, bad.forTheLog());
    }
    if (problem instanceof Problem.BadIdentityToken(String forTheLog)) {
      LOG.debug("request {}: the identity token is not accepted, as {}", requestId, forTheLog);
    }
    return dialect(problem).refusal(problem, requestId);
  }

  /** One line and no stack trace: there may be many, and the disk may be nearly full. */
  void warn(String what, Throwable failure) {
    if (failure instanceof StoreException known) {
      LOG.warn("request {}: {}: {}", requestId, what, known.inOneLine());
      LOG.debug("request {}", requestId, failure);
    } else {
      LOG.warn("request {}: {}", requestId, what, failure);
    }
  }

  /**
   * Whose way of writing refusals it is: the route's. Where a request of no route is wrong in its
   * form, that of the service to which its path belongs.
   */
  private Dialect dialect(Problem problem) {
    Dialect known = route == null ? parts.gateway() : route.dialect();
    boolean ofForm =
        problem instanceof Problem.BadRequest || problem instanceof Problem.MethodNotSupported;
    boolean noRoute = problem instanceof Problem.NoSuchVersion || (route == null && ofForm);
    return noRoute ? IamPaths.dialectOf(request.uri()).orElse(known) : known;
  }
}
