package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.key.KeyId;

/** Makes the log line of a request that is answered. */
final class LogLines {
  private LogLines() {}

  static RequestLog.Line of(Passage passage, Answer answer, long nanos) {
    Caller caller = passage.caller();
    KeyId key = caller == null ? null : caller.audit().about();
    return new RequestLog.Line(
        passage.startMillis(),
        passage.requestId(),
        passage.source(),
        passage.operation(),
        caller == null ? "" : caller.principal().user(),
        caller == null ? "" : caller.principal().credential(),
        key == null ? "" : key.text(),
        answer.status(),
        answer.code(),
        passage.ranSlow() ? "slow" : "fast",
        nanos / 1000);
  }
}
