package dev.yaoku.access.policy;

import java.util.List;

/** What a request has for the keys of conditions. Asked only for keys that a policy names. */
@FunctionalInterface
public interface Circumstances {
  /** Of a request that has none of the keys, so that every condition on one sees it absent. */
  Circumstances NONE = _ -> List.of();

  /**
   * The values of one key: empty if the request does not have it. Times are ISO 8601 in UTC, truth
   * is {@code true} or {@code false}, addresses are literals.
   */
  List<String> values(ConditionKey key);
}
