package dev.yaoku.cli;

import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answers instead of doing what it was asked. */
@SuppressWarnings("serial") // never serialised
public final class Refusal extends IOException {
  private static final JsonMapper JSON = new JsonMapper();

  private final int status;
  private final String body;
  private final String requestId;

  /**
   * A refusal.
   *
   * @param call method and path
   * @param body as it came
   * @param requestId as the answer's header says, or empty
   */
  Refusal(String call, int status, String body, String requestId) {
    super("%s: HTTP %d %s".formatted(call, status, body));
    this.status = status;
    this.body = body;
    this.requestId = requestId;
  }

  /** The id under which the server's records have it, or empty. */
  String requestId() {
    return requestId;
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** A sentence for people: code and text, whichever service's shape they came in. */
  String sentence() {
    JsonNode answer = json();
    String code = first(answer, "/error/error_code", "/error_code", "/error/code");
    String text = first(answer, "/error/error_msg", "/error_msg", "/error/message");
    if (text.isEmpty()) {
      return "the server answered HTTP " + status;
    }
    return code.isEmpty() ? text : code + ": " + text;
  }

  private JsonNode json() {
    try {
      return body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
    } catch (JacksonException noJson) {
      return JSON.createObjectNode();
    }
  }

  private static String first(JsonNode answer, String... places) {
    for (String place : places) {
      String text = answer.at(place).asString("");
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }
}
