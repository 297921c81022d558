package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The conditions and keys that a set of policies names, each once and by a number. */
final class Vocabulary {
  private final CompiledCondition[] conditions;

  /** Of each condition the number of its key. */
  private final int[] keysOfConditions;

  private final ConditionKey[] keys;

  private Vocabulary(CompiledCondition[] conditions, int[] keysOfConditions, ConditionKey[] keys) {
    this.conditions = conditions;
    this.keysOfConditions = keysOfConditions;
    this.keys = keys;
  }

  /**
   * Gives numbers; what it needs for that is not kept. In order rather than by hash codes: tenants
   * write the texts, and there are many with one code.
   */
  static final class Numbering {
    private static final Comparator<ConditionKey> KEYS =
        Comparator.comparing(ConditionKey::kind).thenComparing(ConditionKey::tag);
    private static final Comparator<Condition> CONDITIONS =
        Comparator.comparing(Condition::key, KEYS)
            .thenComparing(Condition::operator)
            .thenComparing(Condition::scope)
            .thenComparing(Condition::ifExists)
            .thenComparing(condition -> condition.values().toArray(String[]::new), Arrays::compare);

    private final Map<Condition, Integer> numbersOfConditions = new TreeMap<>(CONDITIONS);
    private final Map<ConditionKey, Integer> numbersOfKeys = new TreeMap<>(KEYS);
    private final List<CompiledCondition> conditions = new ArrayList<>();
    private final List<ConditionKey> keys = new ArrayList<>();

    /** The number of a condition, a new one if none is equal to it. */
    int numberOf(CompiledCondition condition) {
      Integer known = numbersOfConditions.putIfAbsent(condition.condition(), conditions.size());
      if (known != null) {
        return known;
      }
      conditions.add(condition);
      return conditions.size() - 1;
    }

    /** The number of a key, a new one if it has none. */
    int numberOf(ConditionKey key) {
      Integer known = numbersOfKeys.putIfAbsent(key, keys.size());
      if (known != null) {
        return known;
      }
      keys.add(key);
      return keys.size() - 1;
    }

    Vocabulary done() {
      int[] keysOfConditions =
          conditions.stream().mapToInt(one -> numberOf(one.condition().key())).toArray();
      return new Vocabulary(
          conditions.toArray(CompiledCondition[]::new),
          keysOfConditions,
          keys.toArray(ConditionKey[]::new));
    }
  }

  int conditions() {
    return conditions.length;
  }

  int keys() {
    return keys.length;
  }

  CompiledCondition condition(int number) {
    return conditions[number];
  }

  /** The number of the key of the condition of this number. */
  int keyOf(int condition) {
    return keysOfConditions[condition];
  }

  ConditionKey key(int number) {
    return keys[number];
  }

  /** How much of the heap its own part takes, in bytes, about. */
  int weight() {
    return 100 + 8 * conditions.length + 4 * keys.length;
  }
}
