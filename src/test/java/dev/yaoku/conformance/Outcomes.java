package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What operations answered: that they did it, or a code; never that the server is at fault. */
final class Outcomes {
  static final String OK = "ok";

  private static final int TOO_OFTEN = 429;

  private final Map<String, Set<String>> codes = new TreeMap<>();

  /** All codes that were seen of an operation. */
  Set<String> codes(String operation) {
    return codes.computeIfAbsent(operation, _ -> new TreeSet<>());
  }

  /** What this answer says: {@code ok} or a code. */
  String of(Step step, Reply reply) {
    assertThat(reply.status()).as(step.operation() + " " + reply.raw().body()).isBetween(200, 499);
    if (reply.status() < 300) {
      return OK;
    }
    String code = reply.code();
    if (reply.status() != TOO_OFTEN) { // that depends on how fast this machine is
      codes(step.operation()).add(code);
    }
    return code;
  }
}
