package dev.yaoku.api;

import java.util.Map;

/**
 * What goes back.
 *
 * @param status HTTP status
 * @param headers beyond Content-Type, Content-Length and X-Request-Id, which the listener adds
 * @param body JSON in UTF-8, or empty for none
 * @param code the error code, or empty for success; for log, audit and metrics
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record Answer(int status, Map<String, String> headers, byte[] body, String code) {
  /** A success with a JSON body. */
  public static Answer json(int status, byte[] body) {
    return new Answer(status, Map.of(), body, "");
  }

  /** A success without a body. */
  public static Answer noContent() {
    return new Answer(204, Map.of(), new byte[0], "");
  }
}
