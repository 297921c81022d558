package dev.yaoku.conformance;

import dev.yaoku.store.EventTail;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The log of a server, read behind its back. */
final class AuditLog {
  private final EventTail tail;

  AuditLog(Path data) {
    tail = new EventTail(data.resolve("yaoku.db"));
  }

  /** The events since the last look, in order of time. */
  List<JsonNode> news() {
    return tail.news().stream().map(EventTail::json).toList();
  }
}
