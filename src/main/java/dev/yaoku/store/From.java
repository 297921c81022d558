package dev.yaoku.store;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a list begins.
 *
 * @param offset after so many entries, if no place is known
 * @param behind the place, or null
 */
public record From(long offset, @Nullable Position behind) {
  /** After so many entries, whatever was there when an earlier page was read. */
  public static From offset(long offset) {
    return new From(offset, null);
  }

  /** Right behind an entry that was delivered, wherever that is by now. */
  public static From behind(Position position) {
    return new From(0, position);
  }

  /** What comes from here on of a list that is in memory, in its order. */
  public <T> List<T> rest(List<T> all, Function<T, Position> positionOf) {
    Stream<T> rest =
        behind == null
            ? all.stream().skip(offset)
            : all.stream().filter(entry -> positionOf.apply(entry).compareTo(behind) > 0);
    return rest.toList();
  }
}
