package dev.yaoku.server;

import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.EventTail;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Finds the event of a request in the log of an embedded store. */
final class RequestEvents {
  private final EventTail log;

  /**
   * The log of a server.
   *
   * @param data the server's data directory
   */
  RequestEvents(Path data) {
    this.log = new EventTail(data.resolve("yaoku.db"));
  }

  /**
   * The event of a request that was answered since the last look; its status tells it from others.
   */
  JsonNode of(Reply reply) {
    String id = reply.raw().headers().firstValue("X-Request-Id").orElseThrow();
    return log.news().stream()
        .map(EventTail::json)
        .filter(event -> event.at("/request_id").asString("").equals(id))
        .filter(event -> event.has("code"))
        .findFirst()
        .orElseThrow();
  }
}
