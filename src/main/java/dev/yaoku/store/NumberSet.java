package dev.yaoku.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of key numbers, in buckets of 16,384. Sets are joined and cut in memory: a million keys are
 * 62 buckets of 2,048 bytes, so that a total and the place of a deep page cost no scan.
 *
 * <p>The store keeps a bucket as a list of 16-bit entries in ascending order while that is shorter
 * than its bits. The lower 14 bits of an entry are a number in the bucket; {@link #UP_TO} says that
 * all numbers since the entry before are in the set, too. {@link WiderSets} writes this form: who
 * changes it leaves a copy there.
 */
final class NumberSet {
  static final int BUCKET_BITS = 14;
  static final int BUCKET_SIZE = 1 << BUCKET_BITS;
  private static final int UP_TO = 1 << 15;
  private static final int WORDS = BUCKET_SIZE / Long.SIZE;
  private static final int FULL_BYTES = BUCKET_SIZE / Byte.SIZE;

  private final TreeMap<Long, long[]> buckets = new TreeMap<>();

  static long bucketOf(long number) {
    return number >>> BUCKET_BITS;
  }

  void add(long number) {
    long[] words = buckets.computeIfAbsent(bucketOf(number), b -> new long[WORDS]);
    int bit = (int) (number & (BUCKET_SIZE - 1));
    words[bit / Long.SIZE] |= 1L << (bit % Long.SIZE);
  }

  void remove(long number) {
    long[] words = buckets.get(bucketOf(number));
    if (words != null) {
      int bit = (int) (number & (BUCKET_SIZE - 1));
      words[bit / Long.SIZE] &= ~(1L << (bit % Long.SIZE));
    }
  }

  /** Adds a number, or removes it. */
  void put(long number, boolean in) {
    if (in) {
      add(number);
    } else {
      remove(number);
    }
  }

  boolean contains(long number) {
    long[] words = buckets.get(bucketOf(number));
    int bit = (int) (number & (BUCKET_SIZE - 1));
    return words != null && (words[bit / Long.SIZE] & (1L << (bit % Long.SIZE))) != 0;
  }

  /** Adds a bucket as the store keeps it. */
  void addBucket(long bucket, byte[] encoded) {
    long[] words = buckets.computeIfAbsent(bucket, b -> new long[WORDS]);
    if (encoded.length == FULL_BYTES) {
      ByteBuffer buffer = ByteBuffer.wrap(encoded);
      for (int i = 0; i < WORDS; i++) {
        words[i] |= buffer.getLong();
      }
      return;
    }
    if (encoded.length % 2 != 0 || encoded.length > FULL_BYTES) {
      throw new StoreException("The index of keys is damaged: restore the store from a backup.");
    }
    int before = -1;
    for (int i = 0; i < encoded.length; i += Short.BYTES) {
      int entry = ((encoded[i] & 0xff) << Byte.SIZE) | (encoded[i + 1] & 0xff);
      int number = entry & (BUCKET_SIZE - 1);
      if ((entry & UP_TO) == 0) {
        words[number / Long.SIZE] |= 1L << (number % Long.SIZE);
      } else {
        addAll(words, before + 1, number);
      }
      before = number;
    }
  }

  /** Sets all bits from one to another, which is part of them. */
  private static void addAll(long[] words, int first, int last) {
    for (int from = first; from <= last; from = (from | (Long.SIZE - 1)) + 1) {
      int to = Math.min(last, from | (Long.SIZE - 1));
      words[from / Long.SIZE] |= -1L >>> (Long.SIZE - 1 - (to - from)) << (from % Long.SIZE);
    }
  }

  /** Adds what is in the other set too. */
  void addAll(NumberSet other) {
    for (Map.Entry<Long, long[]> bucket : other.buckets.entrySet()) {
      long[] words = buckets.computeIfAbsent(bucket.getKey(), b -> new long[WORDS]);
      long[] others = bucket.getValue();
      for (int i = 0; i < WORDS; i++) {
        words[i] |= others[i];
      }
    }
  }

  /** A bucket as the store keeps it; null for an empty one. */
  byte @Nullable [] bucket(long bucket) {
    long[] words = buckets.get(bucket);
    if (words == null || count(words) == 0) {
      return null;
    }
    ByteBuffer encoded = ByteBuffer.allocate(FULL_BYTES);
    if (!list(BitSet.valueOf(words), encoded)) {
      encoded.clear().asLongBuffer().put(words);
      return encoded.array();
    }
    return Arrays.copyOf(encoded.array(), encoded.position());
  }

  /** Writes the list of a bucket's numbers, if that is shorter than their bits. */
  private static boolean list(BitSet numbers, ByteBuffer to) {
    int first = numbers.nextSetBit(0);
    while (first >= 0) {
      int end = numbers.nextClearBit(first);
      if (to.remaining() <= 2 * Short.BYTES) {
        return false;
      }
      to.putShort((short) first);
      if (end - first > 1) {
        to.putShort((short) ((end - 1) | UP_TO));
      }
      first = numbers.nextSetBit(end);
    }
    return true;
  }

  /** Keeps only what is in the other set too. */
  NumberSet retainAll(NumberSet other) {
    buckets.keySet().retainAll(other.buckets.keySet());
    for (Map.Entry<Long, long[]> bucket : buckets.entrySet()) {
      long[] words = bucket.getValue();
      long[] others = other.buckets.get(bucket.getKey());
      for (int i = 0; others != null && i < WORDS; i++) {
        words[i] &= others[i];
      }
    }
    return this;
  }

  /** How many numbers there are. */
  long count() {
    long count = 0;
    for (long[] words : buckets.values()) {
      count += count(words);
    }
    return count;
  }

  /** How many numbers are at least so high. */
  long countFrom(long number) {
    long count = 0;
    for (Map.Entry<Long, long[]> bucket : buckets.tailMap(bucketOf(number)).entrySet()) {
      count += count(bucket.getValue());
    }
    long[] words = buckets.getOrDefault(bucketOf(number), new long[0]);
    int bit = (int) (number & (BUCKET_SIZE - 1));
    for (int i = 0; i < words.length && i <= bit / Long.SIZE; i++) {
      long lower = i < bit / Long.SIZE ? -1L : (1L << (bit % Long.SIZE)) - 1;
      count -= Long.bitCount(words[i] & lower);
    }
    return count;
  }

  /**
   * A page of the numbers, highest first.
   *
   * @param offset how many to pass over
   * @param limit how many at most
   */
  long[] page(long offset, int limit) {
    long[] page = new long[Math.clamp(count() - offset, 0, limit)];
    int size = 0;
    long skip = offset;
    for (Map.Entry<Long, long[]> bucket : buckets.descendingMap().entrySet()) {
      long[] words = bucket.getValue();
      int count = count(words);
      if (skip >= count) {
        skip -= count;
        continue;
      }
      long base = bucket.getKey() << BUCKET_BITS;
      for (int i = WORDS - 1; i >= 0 && size < page.length; i--) {
        long word = words[i];
        while (word != 0 && size < page.length) {
          int top = Long.SIZE - 1 - Long.numberOfLeadingZeros(word);
          word ^= 1L << top;
          if (skip > 0) {
            skip--;
          } else {
            page[size++] = base + (long) i * Long.SIZE + top;
          }
        }
      }
      if (size == page.length) {
        break;
      }
    }
    return page;
  }

  private static int count(long[] words) {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }
}
