package dev.yaoku.api;

import java.util.List;

/**
 * One operation as the listener sees it.
 *
 * @param operation its name in logs and metrics, such as {@code CreateKey}
 * @param method HTTP method, upper case
 * @param path template such as {@code /v1.0/{project_id}/kms/create-key}; a last segment {@code
 *     {key...}} takes the whole rest
 * @param entry how callers come in
 * @param lane where it runs first
 * @param bodyBytesMax longest body; {@link #USUAL_BODY} for what the operator allows
 * @param secretAnswer whether the answer carries plaintext or key bytes: never compressed, zeroed
 *     after sending, refused on insecure connections
 * @param dialect how refusals are written
 * @param handler what it does
 * @param members the record that the body is read into, for the API's description; {@code
 *     Void.class} if it has no members
 * @param needs what a request must have beside path and body, for the API's description
 * @param heapMib how much of the heap it may take until its answer is made, in MiB; 0 for so little
 *     that it need not be counted
 */
public record Route(
    String operation,
    String method,
    String path,
    Entry entry,
    Lane lane,
    int bodyBytesMax,
    boolean secretAnswer,
    Dialect dialect,
    Handler handler,
    Class<?> members,
    Needs needs,
    int heapMib) {

  /** The limit of a route that names none of its own: what the operator allows. */
  public static final int USUAL_BODY = Integer.MAX_VALUE;

  /** An operation without members in its body. */
  public Route(
      String operation,
      String method,
      String path,
      Entry entry,
      Lane lane,
      int bodyBytesMax,
      boolean secretAnswer,
      Dialect dialect,
      Handler handler) {
    this(
        operation,
        method,
        path,
        entry,
        lane,
        bodyBytesMax,
        secretAnswer,
        dialect,
        handler,
        Void.class,
        Needs.NOTHING,
        0);
  }

  /** This operation, with members of that shape in its body. */
  public Route reading(Class<?> shape) {
    return described(shape, needs, heapMib);
  }

  /** This operation, which is refused without that header. */
  public Route needingHeader(String name) {
    return described(members, new Needs(List.of(name), needs.query()), heapMib);
  }

  /** This operation, which is refused without that parameter in the query. */
  public Route needingQuery(String name) {
    return described(members, new Needs(needs.headers(), List.of(name)), heapMib);
  }

  /** This operation, which may take so much of the heap. */
  public Route taking(int mebibytes) {
    return described(members, needs, mebibytes);
  }

  private Route described(Class<?> shape, Needs needed, int mebibytes) {
    return new Route(
        operation,
        method,
        path,
        entry,
        lane,
        bodyBytesMax,
        secretAnswer,
        dialect,
        handler,
        shape,
        needed,
        mebibytes);
  }

  /** Names of headers, beside those that prove who calls, and of parameters of the query. */
  public record Needs(List<String> headers, List<String> query) {
    /** Path and body are all there is. */
    public static final Needs NOTHING = new Needs(List.of(), List.of());
  }

  /** Who may come in. */
  public enum Entry {
    /** Anyone. */
    OPEN,
    /** Whoever proves an identity; the path's project must be the caller's. */
    PROVED
  }

  /** Where a request runs first. */
  public enum Lane {
    /**
     * On the event loop, with what is in memory; moved to {@link #SLOW} when that does not suffice.
     */
    FAST,
    /** On a virtual thread. */
    SLOW
  }

  /** The operation itself. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers a request.
     *
     * @throws dev.yaoku.key.KmsException if it is refused
     */
    Answer handle(Exchange exchange);
  }

  /** Segments of the template. */
  public List<String> segments() {
    return List.of(path.substring(1).split("/", -1));
  }
}
