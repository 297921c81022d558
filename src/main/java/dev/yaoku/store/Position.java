package dev.yaoku.store;

/**
 * A place in a list: right behind one of its entries. Lists are in descending order of {@code
 * first} and, where that is equal, in ascending order of {@code second}.
 *
 * @param first a key's number, or the time of creation in milliseconds
 * @param second an id or a name; empty in lists of keys
 */
public record Position(long first, String second) implements Comparable<Position> {
  /** Behind the key of this number. */
  public static Position behind(long number) {
    return new Position(number, "");
  }

  @Override
  public int compareTo(Position other) {
    int byFirst = Long.compare(other.first, first);
    return byFirst == 0 ? Utf8Order.INSTANCE.compare(second, other.second) : byFirst;
  }
}
