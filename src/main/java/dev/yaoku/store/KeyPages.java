package dev.yaoku.store;

import dev.yaoku.key.Key;
import dev.yaoku.key.Tag;
import dev.yaoku.store.KeyFilter.TagMatch;
import dev.yaoku.store.KeyFilter.TaggedKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Fetches keys by their numbers in a project, with their tags. */
final class KeyPages {
  /** Up to so many times as many numbers as keys wanted are passed over rather than listed. */
  private static final int SPREAD = 4;

  private static final int LISTED_MAX = 500;

  private final Statements sql;
  private final GenuineRows genuine;

  KeyPages(Statements sql, GenuineRows genuine) {
    this.sql = sql;
    this.genuine = genuine;
  }

  /**
   * The keys of these numbers, highest number first. Rows that are not genuine are left out and
   * reported; so are keys that the index names and that do not match. Keys are as their users see
   * them at {@code now}.
   */
  List<TaggedKey> fetch(
      String project, long[] numbers, KeyFilter filter, Instant now, boolean withTags) {
    boolean needsTags = withTags || !filter.tags().isEmpty();
    Map<Long, List<Row>> tags =
        needsTags
            ? rows(Tables.TAG, project, "key_number", numbers, "ORDER BY key_number, tag_key")
                .stream()
                .collect(Collectors.groupingBy(row -> row.number("key_number")))
            : Map.of();
    Map<Long, Row> keys = new HashMap<>();
    rows(Tables.KEY, project, "number", numbers, "").forEach(r -> keys.put(r.number("number"), r));
    List<TaggedKey> page = new ArrayList<>(numbers.length);
    for (long number : numbers) {
      Row key = keys.get(number);
      if (key != null && genuine.checkListed(key)) {
        addIfGenuine(page, key, tags.getOrDefault(number, List.of()), filter, now, needsTags);
      }
    }
    return page;
  }

  private void addIfGenuine(
      List<TaggedKey> page,
      Row row,
      List<Row> tagRows,
      KeyFilter filter,
      Instant now,
      boolean needsTags) {
    List<Tag> tags = List.of();
    if (needsTags) {
      if (!tagRows.stream().allMatch(genuine::checkListed)) {
        return;
      }
      if (!TagRows.areThoseOf(row, tagRows)) {
        genuine.report(row);
        return;
      }
      tags = tagRows.stream().map(TagRows::tag).toList();
    }
    Key key = KeyRows.key(row).asOf(now);
    if (matches(filter, key, tags)) {
      page.add(new TaggedKey(key, tags));
    }
  }

  private static boolean matches(KeyFilter filter, Key key, List<Tag> tags) {
    return (filter.state() == null || filter.state() == KeyRows.stateName(key.state()))
        && (filter.spec() == null || filter.spec() == key.spec())
        && (filter.enterpriseProject() == null
            || Objects.equals(filter.enterpriseProject(), key.enterpriseProject()))
        && !(filter.customOnly() && key.isDefault())
        && (filter.nameContains() == null || key.name().contains(filter.nameContains()))
        && filter.tags().stream().allMatch(wanted -> tags.stream().anyMatch(t -> is(wanted, t)));
  }

  private static boolean is(TagMatch wanted, Tag tag) {
    return wanted.key().equals(tag.key())
        && (wanted.values().isEmpty() || wanted.values().contains(tag.value()));
  }

  private List<Row> rows(Table table, String project, String column, long[] numbers, String order) {
    if (numbers.length == 0) {
      return List.of();
    }
    long highest = numbers[0];
    long lowest = numbers[numbers.length - 1];
    if (highest - lowest < (long) SPREAD * numbers.length) {
      return sql.list(
          table.select("WHERE project = ? AND %s BETWEEN ? AND ? %s".formatted(column, order)),
          row -> Row.read(table, row),
          project,
          lowest,
          highest);
    }
    List<Row> found = new ArrayList<>();
    for (int from = 0; from < numbers.length; from += LISTED_MAX) {
      long[] some = Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + LISTED_MAX));
      String places = String.join(", ", Collections.nCopies(some.length, "?"));
      List<Object> parameters = new ArrayList<>(List.of(project));
      Arrays.stream(some).forEach(parameters::add);
      found.addAll(
          sql.list(
              table.select("WHERE project = ? AND %s IN (%s) %s".formatted(column, places, order)),
              row -> Row.read(table, row),
              parameters.toArray()));
    }
    return found;
  }
}
