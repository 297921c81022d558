package dev.yaoku.access;

import java.util.List;

/** Heads of requests over plain HTTP, of a peer that shows no certificate. */
public final class Heads {
  private Heads() {}

  /** One with these headers. */
  public static RequestHead plain(
      String method,
      Target target,
      List<RequestHead.Header> headers,
      String source,
      boolean secure) {
    return new RequestHead(method, target, headers, source, secure, null, "http");
  }
}
