package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one effect about one action, in order. Those that ask for certain values of a key,
 * as most do where there are many, are found by what the request has for the key: by the whole of a
 * value, or by how it begins or ends. The others are asked one after the other. Which statement
 * decides does not depend on that: it is the first that applies, but one that always applies goes
 * before all others, so that nothing needs to be asked where there is one.
 */
final class StatementList {
  /** Below this, asking all costs less than looking up. */
  private static final int WORTH_LOOKING_UP = 8;

  private static final int OWN_BYTES = 80;

  private final Vocabulary vocabulary;
  private final CompiledStatement[] statements;
  private final boolean denying;
  private final int[] plain;
  private final Found[] found;
  private final @Nullable CompiledStatement always;

  /** Statements that are found by one key. */
  private final class Found {
    private final int key;
    private final int first;
    private final HookIndex index;

    /** Of these places, in order. */
    Found(int key, int[] places, List<Marks> marks) {
      this.key = key;
      this.first = places[0];
      this.index = HookIndex.of(places, marks);
    }

    /** The first place before another whose statement applies; that other if there is none. */
    int firstBefore(int other, Resource resource, Asked asked) {
      int found = other;
      if (first >= found) {
        return found;
      }
      for (AskedValue value : asked.values(key)) {
        if (!value.text().isEmpty()) {
          for (Hook.Part part : index.parts()) {
            found = firstOf(part.markOf(value.text()), found, resource, asked);
          }
        }
      }
      return found;
    }

    private int firstOf(int mark, int other, Resource resource, Asked asked) {
      int entry = index.firstOf(mark);
      for (int place = index.place(entry, mark);
          place >= 0 && place < other;
          place = index.place(++entry, mark)) {
        if (decides(place, resource, asked)) {
          return place;
        }
      }
      return other;
    }
  }

  /**
   * In order.
   *
   * @param room how many hooks may still be written down
   */
  StatementList(Vocabulary vocabulary, List<CompiledStatement> statements, HookRoom room) {
    this.vocabulary = vocabulary;
    this.statements = statements.toArray(CompiledStatement[]::new);
    this.denying = !statements.isEmpty() && statements.getFirst().denies();
    this.always =
        statements.stream().filter(CompiledStatement::alwaysApplies).findFirst().orElse(null);
    boolean[] isFound = new boolean[this.statements.length];
    this.found = always == null ? found(isFound, room) : new Found[0];
    this.plain = IntStream.range(0, isFound.length).filter(place -> !isFound[place]).toArray();
  }

  private Found[] found(boolean[] isFound, HookRoom room) {
    Map<Integer, List<Integer>> byKey = new TreeMap<>();
    for (int place = 0; place < statements.length; place++) {
      if (statements[place].selectiveKey() >= 0) {
        byKey.computeIfAbsent(statements[place].selectiveKey(), _ -> new ArrayList<>()).add(place);
      }
    }
    List<Found> all = new ArrayList<>();
    byKey.forEach((key, places) -> {
      if (places.size() >= WORTH_LOOKING_UP && room.take(marks(places))) {
        places.forEach(place -> isFound[place] = true);
        int[] inOrder = places.stream().mapToInt(place -> place).toArray();
        List<Marks> marks =
            places.stream()
                .map(place -> Objects.requireNonNull(statements[place].marks()))
                .toList();
        all.add(new Found(key, inOrder, marks));
      }
    });
    return all.toArray(Found[]::new);
  }

  private int marks(List<Integer> places) {
    return places.stream().mapToInt(place -> statements[place].markCount()).sum();
  }

  boolean isEmpty() {
    return statements.length == 0;
  }

  /** The first that applies to everything; null if none does. */
  @Nullable CompiledStatement always() {
    return always;
  }

  /**
   * The statement that decides; null if none applies. Once the work is spent nobody knows any more:
   * nothing is allowed then that might be, and nothing escapes what might deny it.
   */
  @Nullable CompiledStatement first(Resource resource, Circumstances circumstances, Work work) {
    if (always != null || statements.length == 0) {
      return always;
    }
    Asked asked = new Asked(vocabulary, circumstances, work);
    int first = firstPlain(resource, asked);
    for (Found one : found) {
      first = one.firstBefore(first, resource, asked);
    }
    if (work.isSpent()) {
      return denying ? statements[first % statements.length] : null;
    }
    return first == statements.length ? null : statements[first];
  }

  /** The first place of those that are not looked up whose statement applies. */
  private int firstPlain(Resource resource, Asked asked) {
    for (int place : plain) {
      if (decides(place, resource, asked)) {
        return place;
      }
    }
    return statements.length;
  }

  /** Whether a statement applies, or is where the work ended. */
  private boolean decides(int place, Resource resource, Asked asked) {
    asked.work().spend(1);
    return statements[place].applies(resource, asked) || asked.work().isSpent();
  }

  /** How much of the heap its own part takes, in bytes, about. */
  int weight() {
    int bytes = OWN_BYTES + Integer.BYTES * (statements.length + plain.length);
    for (Found one : found) {
      bytes += one.index.weight();
    }
    return bytes;
  }
}
