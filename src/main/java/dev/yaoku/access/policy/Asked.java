package dev.yaoku.access.policy;

import java.util.List;

/**
 * One request as the statements of one set of policies ask about it: what it has for each key is
 * fetched once, and each condition is decided once, however many statements have it. For one
 * thread.
 */
final class Asked {
  /** As many steps as it takes to fetch what a request has for a key, about. */
  private static final int FETCHING = 4;

  private static final AskedValue[] NONE = {};
  private static final byte HOLDS = 1;
  private static final byte HOLDS_NOT = 2;

  private final Vocabulary vocabulary;
  private final Circumstances circumstances;
  private final Work work;
  private final AskedValue[][] values;
  private final byte[] verdicts;

  Asked(Vocabulary vocabulary, Circumstances circumstances, Work work) {
    this.vocabulary = vocabulary;
    this.circumstances = circumstances;
    this.work = work;
    this.values = new AskedValue[vocabulary.keys()][];
    this.verdicts = new byte[vocabulary.conditions()];
  }

  /** What comparing takes. */
  Work work() {
    return work;
  }

  /** Whether the condition of this number holds; says nothing once the work is spent. */
  boolean holds(int condition) {
    work.spend(1);
    byte verdict = verdicts[condition];
    if (verdict == 0) {
      AskedValue[] asked = values(vocabulary.keyOf(condition));
      verdict = vocabulary.condition(condition).holds(asked, work) ? HOLDS : HOLDS_NOT;
      verdicts[condition] = verdict;
    }
    return verdict == HOLDS;
  }

  /** What the request has for the key of this number; says nothing once the work is spent. */
  AskedValue[] values(int key) {
    AskedValue[] known = values[key];
    if (known == null) {
      if (work.isSpent()) {
        return NONE;
      }
      List<String> texts = circumstances.values(vocabulary.key(key));
      work.spend(FETCHING + texts.size());
      known = new AskedValue[texts.size()];
      for (int i = 0; i < known.length; i++) {
        known[i] = new AskedValue(texts.get(i));
      }
      values[key] = known;
    }
    return known;
  }
}
