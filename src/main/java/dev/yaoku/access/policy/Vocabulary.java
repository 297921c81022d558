package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The conditions and keys that a set of policies names, each once and by a number. */
final class Vocabulary {
  private final Map<Condition, Integer> numbersOfConditions = new HashMap<>();
  private final Map<ConditionKey, Integer> numbersOfKeys = new HashMap<>();
  private CompiledCondition[] conditions = {};
  private final List<ConditionKey> keys = new ArrayList<>();

  /** The number of a condition, a new one if it has none. */
  int numberOf(Condition condition) {
    Integer known = numbersOfConditions.get(condition);
    if (known != null) {
      return known;
    }
    int number = conditions.length;
    conditions = Arrays.copyOf(conditions, number + 1);
    conditions[number] = new CompiledCondition(condition, numberOf(condition.key()));
    numbersOfConditions.put(condition, number);
    return number;
  }

  private int numberOf(ConditionKey key) {
    Integer known = numbersOfKeys.putIfAbsent(key, keys.size());
    if (known != null) {
      return known;
    }
    keys.add(key);
    return keys.size() - 1;
  }

  int conditions() {
    return conditions.length;
  }

  int keys() {
    return keys.size();
  }

  CompiledCondition condition(int number) {
    return conditions[number];
  }

  ConditionKey key(int number) {
    return keys.get(number);
  }
}
