package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.key.KeyId;
import org.jspecify.annotations.Nullable;

/** Makes the log line of a request that is answered. */
final class LogLines {
  private LogLines() {}

  static RequestLog.Line of(
      Inbound request, @Nullable Caller caller, boolean slow, Answer answer, long nanos) {
    KeyId key = caller == null ? null : caller.audit().about();
    return new RequestLog.Line(
        request.startMillis(),
        request.requestId(),
        request.source(),
        request.operation(),
        caller == null ? "" : caller.principal().user(),
        caller == null ? "" : caller.principal().credential(),
        key == null ? "" : key.text(),
        answer.status(),
        answer.code(),
        slow ? "slow" : "fast",
        nanos / 1000);
  }
}
