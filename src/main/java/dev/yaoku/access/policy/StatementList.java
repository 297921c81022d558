package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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

  private static final int[] NOWHERE = {};

  private final Vocabulary vocabulary;
  private final CompiledStatement[] statements;
  private final int[] plain;
  private final Found[] found;
  private final @Nullable CompiledStatement always;

  /** Statements that are found by one key. */
  private final class Found {
    private final int key;
    private final int first;
    private final List<Hook.Part> parts;
    private final Map<Hook, int[]> places = new HashMap<>();

    /** Of these places, in order. */
    Found(int key, List<Integer> all) {
      this.key = key;
      this.first = all.getFirst();
      for (int place : all) {
        for (Hook hook : hooks(place)) {
          places.merge(hook, new int[] {place}, StatementList::joined);
        }
      }
      this.parts = places.keySet().stream().map(Hook::part).distinct().toList();
    }

    /** The first place before another whose statement applies; that other if there is none. */
    int firstBefore(int other, Resource resource, Asked asked) {
      int found = other;
      if (first >= found) {
        return found;
      }
      for (AskedValue value : asked.values(key)) {
        if (!value.text().isEmpty()) {
          for (Hook.Part part : parts) {
            Hook hook = new Hook(part, part.of(value.text()));
            found = firstOf(places.getOrDefault(hook, NOWHERE), found, resource, asked);
          }
        }
      }
      return found;
    }
  }

  /** In order. */
  StatementList(Vocabulary vocabulary, List<CompiledStatement> statements) {
    this.vocabulary = vocabulary;
    this.statements = statements.toArray(CompiledStatement[]::new);
    this.always =
        statements.stream().filter(CompiledStatement::alwaysApplies).findFirst().orElse(null);
    Map<Integer, List<Integer>> byKey = new TreeMap<>();
    for (int place = 0; place < this.statements.length; place++) {
      CompiledCondition selective = this.statements[place].selective();
      if (selective != null) {
        byKey.computeIfAbsent(selective.key(), _ -> new ArrayList<>()).add(place);
      }
    }
    byKey.values().removeIf(places -> places.size() < WORTH_LOOKING_UP);
    boolean[] isFound = new boolean[this.statements.length];
    byKey.values().forEach(places -> places.forEach(place -> isFound[place] = true));
    this.plain = IntStream.range(0, isFound.length).filter(place -> !isFound[place]).toArray();
    List<Found> all = new ArrayList<>();
    byKey.forEach((key, places) -> all.add(new Found(key, places)));
    this.found = all.toArray(Found[]::new);
  }

  private List<Hook> hooks(int place) {
    CompiledCondition selective = Objects.requireNonNull(statements[place].selective());
    return Objects.requireNonNull(selective.hooks()).stream().distinct().toList();
  }

  private static int[] joined(int[] before, int[] one) {
    int[] all = Arrays.copyOf(before, before.length + 1);
    all[before.length] = one[0];
    return all;
  }

  boolean isEmpty() {
    return statements.length == 0;
  }

  /** The statement that decides; null if none applies. */
  @Nullable CompiledStatement first(Resource resource, Circumstances circumstances) {
    if (always != null || statements.length == 0) {
      return always;
    }
    Asked asked = new Asked(vocabulary, circumstances);
    int first = firstOf(plain, statements.length, resource, asked);
    for (Found one : found) {
      first = one.firstBefore(first, resource, asked);
    }
    return first == statements.length ? null : statements[first];
  }

  /** The first of these places, before another, whose statement applies; that other if none. */
  private int firstOf(int[] places, int other, Resource resource, Asked asked) {
    for (int place : places) {
      if (place >= other) {
        return other;
      }
      if (statements[place].applies(resource, asked)) {
        return place;
      }
    }
    return other;
  }
}
