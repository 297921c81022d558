package dev.yaoku.api;

import java.util.ArrayList;
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
 * @param description what the API's description says of it beside method and path
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
    Description description,
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
        Description.NOTHING,
        0);
  }

  /** This operation, with members of that shape in its body. */
  public Route reading(Class<?> shape) {
    Description was = description;
    return described(new Description(shape, was.answers(), was.headers(), was.query()));
  }

  /** This operation, which answers one of these records or arrays where it does not refuse. */
  public Route answering(Class<?>... shapes) {
    Description was = description;
    return described(new Description(was.members(), List.of(shapes), was.headers(), was.query()));
  }

  /** This operation, which is refused without that header. */
  public Route needingHeader(String name) {
    Description was = description;
    return described(new Description(was.members(), was.answers(), List.of(name), was.query()));
  }

  /** This operation, which is refused without that parameter in the query. */
  public Route needingQuery(String name) {
    return asking(true, name);
  }

  /** This operation, which looks at these parameters of the query if they are there. */
  public Route takingQuery(String... names) {
    return asking(false, names);
  }

  private Route asking(boolean needed, String... names) {
    Description was = description;
    List<Parameter> query = new ArrayList<>(was.query());
    for (String name : names) {
      query.add(new Parameter(name, needed));
    }
    return described(
        new Description(was.members(), was.answers(), was.headers(), List.copyOf(query)));
  }

  /** This operation, which may take so much of the heap. */
  public Route taking(int mebibytes) {
    return with(description, mebibytes);
  }

  private Route described(Description described) {
    return with(described, heapMib);
  }

  private Route with(Description described, int mebibytes) {
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
        described,
        mebibytes);
  }

  /**
   * What the API's description says of an operation.
   *
   * @param members the record that the body is read into; {@code Void.class} if it has no members
   * @param answers records that it answers, or arrays of them: one of these; none if it answers
   *     nothing
   * @param headers names of those without which it is refused, beside those that prove who calls
   * @param query parameters of the query that it looks at
   */
  public record Description(
      Class<?> members, List<Class<?>> answers, List<String> headers, List<Parameter> query) {
    /** Method and path are all there is. */
    static final Description NOTHING = new Description(Void.class, List.of(), List.of(), List.of());
  }

  /** A parameter of the query. */
  public record Parameter(String name, boolean needed) {}

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
