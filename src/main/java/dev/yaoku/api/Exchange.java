package dev.yaoku.api;

import dev.yaoku.access.Caller;
import dev.yaoku.access.RequestHead;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as a handler sees it.
 *
 * @param head method, target, headers
 * @param path the template's variables, decoded
 * @param body raw bytes, empty if there were none; overwritten with zeros after the answer on
 *     routes with secrets
 * @param caller who calls; null only on routes that are open to anyone
 * @param requestId 32 hexadecimal characters
 * @param jsonDepthMax how deep the operator lets JSON be nested
 * @param prover finds out who calls, on routes that are open to anyone
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record Exchange(
    RequestHead head,
    Map<String, String> path,
    byte[] body,
    @Nullable Caller caller,
    String requestId,
    int jsonDepthMax,
    Prover prover) {

  /** Who calls, on a route that is open to anyone. */
  public interface Prover {
    /** Finds out by what every request may be proved with. */
    Caller prove();

    /**
     * Is told, where the route has found out by other means.
     *
     * @throws KmsException with {@link Problem.Throttled} if it is one request too many
     */
    void proved(Caller caller);
  }

  /**
   * The body, if it can be read as JSON without going too deep.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.BadJson} if it is nested
   *     deeper than allowed
   */
  public byte[] json() {
    JsonDepth.mustNotExceed(body, jsonDepthMax);
    return body;
  }

  /**
   * Who calls, on a route that is open to anyone, where what is asked for is for somebody. From
   * here on the request is that caller's, also in the log.
   *
   * @throws dev.yaoku.key.KmsException with the problem that the caller is told
   */
  public Caller prove() {
    return prover.prove();
  }

  /**
   * The same where the handler found out who calls, such as by a password in the body. Where
   * somebody else proved the request itself, the record says who.
   *
   * @throws KmsException with {@link Problem.Throttled} if it is one request too many
   */
  public void provedFor(Caller known) {
    prover.proved(known);
  }

  /** Who calls, on a route that only proved callers reach. */
  public Caller proved() {
    if (caller == null) {
      throw new IllegalStateException("route is open to anyone");
    }
    return caller;
  }
}
