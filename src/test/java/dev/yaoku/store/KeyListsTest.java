package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.Tag;
import dev.yaoku.store.KeyFilter.StateName;
import dev.yaoku.store.KeyFilter.TagMatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists of keys against a plain list in memory, on both engines, over more than one bucket. */
class KeyListsTest {
  private static final int PLAIN = NumberSet.BUCKET_SIZE + 100;
  private static final int LIVELY = 160;
  private static final int QUESTIONS = 250;
  private static final Instant GONE_AT = Samples.NOW.plus(Duration.ofDays(7));

  /** What the store should hold. */
  private static final class Model {
    final Map<Integer, Key> keys = new TreeMap<>();
    final Map<Integer, List<Tag>> tags = new HashMap<>();

    List<KeyId> matching(KeyFilter filter, Instant now) {
      return keys.entrySet().stream()
          .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
          .filter(e -> matches(filter, e.getValue(), tags.getOrDefault(e.getKey(), List.of()), now))
          .map(e -> e.getValue().id())
          .toList();
    }

    private static boolean matches(KeyFilter filter, Key key, List<Tag> tags, Instant now) {
      boolean gone =
          key.state() instanceof KeyState.PendingDeletion(Instant at) && !at.isAfter(now);
      boolean tagged =
          filter.tags().stream()
              .allMatch(wanted ->
                  tags.stream()
                      .anyMatch(tag ->
                          tag.key().equals(wanted.key())
                              && (wanted.values().isEmpty()
                                  || wanted.values().contains(tag.value()))));
      return !gone
          && tagged
          && (filter.state() == null || filter.state() == name(key.state()))
          && (filter.nameContains() == null || key.name().contains(filter.nameContains()));
    }

    private static StateName name(KeyState state) {
      return switch (state) {
        case KeyState.Enabled _ -> StateName.ENABLED;
        case KeyState.Disabled _ -> StateName.DISABLED;
        case KeyState.PendingDeletion _ -> StateName.PENDING_DELETION;
        case KeyState.PendingImport _ -> StateName.PENDING_IMPORT;
      };
    }
  }

  private static final List<StateName> STATES = List.of(StateName.values());
  private static final List<String> TAG_KEYS = List.of("env", "team", "Env", "钥", "%_");
  private static final List<String> TAG_VALUES = List.of("", "a", "A", "b", "库", "a%");

  private static List<Tag> someTags(Random random) {
    List<Tag> tags = new ArrayList<>();
    for (String key : TAG_KEYS) {
      if (random.nextInt(3) == 0) {
        tags.add(new Tag(key, TAG_VALUES.get(random.nextInt(TAG_VALUES.size()))));
      }
    }
    return tags;
  }

  private static KeyState someState(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new KeyState.Disabled();
      case 1 -> new KeyState.PendingDeletion(GONE_AT);
      case 2 -> new KeyState.PendingImport();
      default -> new KeyState.Enabled();
    };
  }

  private static KeyFilter someFilter(Random random) {
    List<TagMatch> tags =
        Stream.generate(() ->
                new TagMatch(
                    TAG_KEYS.get(random.nextInt(TAG_KEYS.size())),
                    random.nextBoolean()
                        ? Set.of()
                        : Set.of(
                            TAG_VALUES.get(random.nextInt(3)),
                            TAG_VALUES.get(3 + random.nextInt(3)))))
            .limit(random.nextInt(3))
            .toList();
    StateName state = random.nextInt(3) == 0 ? STATES.get(random.nextInt(STATES.size())) : null;
    String name =
        switch (random.nextInt(6)) {
          case 0 -> "key-42";
          case 1 -> "%";
          case 2 -> "7";
          default -> null;
        };
    return new KeyFilter(state, null, null, random.nextInt(4) == 0, tags, name);
  }

  private static void insert(Writing tx, Model model, int n, KeyState state, List<Tag> tags) {
    Key key = Samples.key(n, Samples.PROJECT, state);
    tx.insert(key);
    model.keys.put(n, key);
    if (!tags.isEmpty()) {
      tx.putTags(key.id(), tags);
      model.tags.put(n, tags);
    }
  }

  private static Model filled(SqlStore store, Random random) {
    Model model = new Model();
    store.write(tx -> {
      tx.insert(Samples.key(1_000_000, Samples.OTHER_PROJECT, new KeyState.Enabled()));
      for (int n = 1; n <= PLAIN + LIVELY; n++) {
        boolean lively = n <= LIVELY / 2 || n > PLAIN + LIVELY / 2;
        insert(
            tx,
            model,
            n,
            lively ? someState(random) : new KeyState.Enabled(),
            lively ? someTags(random) : List.of());
      }
      return true;
    });
    return model;
  }

  /** Keys change state, lose their tags, and leave. */
  private static void shake(SqlStore store, Model model, Random random) {
    store.write(tx -> {
      for (int n : List.copyOf(model.keys.keySet())) {
        int fate = n > LIVELY / 2 && n <= PLAIN + LIVELY / 2 ? 9 : random.nextInt(8);
        KeyId id = Samples.id(n);
        if (fate == 0) {
          Key changed = tx.update(tx.lockKey(id).orElseThrow().in(someState(random)));
          model.keys.put(n, changed);
        } else if (fate == 1) {
          List<Tag> tags = someTags(random);
          tx.putTags(id, tags);
          Map<String, Tag> merged = new TreeMap<>();
          model.tags.getOrDefault(n, List.of()).forEach(tag -> merged.put(tag.key(), tag));
          tags.forEach(tag -> merged.put(tag.key(), tag));
          model.tags.put(n, List.copyOf(merged.values()));
        } else if (fate == 2) {
          tx.purge(id);
          model.keys.remove(n);
          model.tags.remove(n);
        }
      }
      return true;
    });
  }

  private static void ask(SqlStore store, Model model, Random random, long seed) {
    for (int question = 0; question < QUESTIONS; question++) {
      KeyFilter filter = someFilter(random);
      Instant now = random.nextBoolean() ? Samples.NOW : GONE_AT;
      List<KeyId> expected = model.matching(filter, now);
      int offset = random.nextInt(4) == 0 ? random.nextInt(expected.size() + 3) : 0;
      int limit = random.nextInt(4) == 0 ? 1_000 : 1 + random.nextInt(30);
      KeyFilter.Page page =
          store.read(tx -> tx.keys(Samples.PROJECT, filter, now, From.offset(offset), limit, true));
      String as = "seed " + seed + ", question " + question + ": " + filter + " from " + offset;
      assertThat(page.total()).as(as).isEqualTo(expected.size());
      assertThat(page.keys().stream().map(found -> found.key().id()).toList())
          .as(as)
          .isEqualTo(expected.stream().skip(offset).limit(limit).toList());
      for (KeyFilter.TaggedKey found : page.keys()) {
        int n =
            Math.toIntExact(found.key().createdAt().toEpochMilli() - Samples.NOW.toEpochMilli());
        assertThat(found.tags())
            .as(as)
            .containsExactlyInAnyOrderElementsOf(model.tags.getOrDefault(n, List.of()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFilterFindsWhatAPlainListWouldInItsOrderWithItsTotal(Engine engine) throws Exception {
    long seed = 20261126;
    Random random = new Random(seed);
    try (TestStore test = engine.open()) {
      Model model = filled(test.store(), random);
      ask(test.store(), model, random, seed);
      shake(test.store(), model, random);
      ask(test.reopen(), model, random, seed);
      assertThat(test.reported).isEmpty();
    }
  }
}
