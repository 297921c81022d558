package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yaoku.store.AuditRow;
import dev.yaoku.store.EventTail;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of a server, read behind its back. */
final class AuditLog {
  private static final int SALT_BYTES = 16;

  private final EventTail tail;

  AuditLog(Path data) {
    tail = new EventTail(data.resolve("yaoku.db"));
  }

  /** The events since the last look, in order of time. */
  List<JsonNode> news() {
    return tail.news().stream().map(AuditLog::json).toList();
  }

  private static JsonNode json(AuditRow event) {
    byte[] entry = event.entry();
    return JsonMapper.shared()
        .readTree(new String(entry, SALT_BYTES, entry.length - SALT_BYTES, UTF_8));
  }
}
