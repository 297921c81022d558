package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberSetTest {
  private static final int BITS_BYTES = NumberSet.BUCKET_SIZE / Byte.SIZE;

  private static NumberSet of(Iterable<Long> numbers) {
    NumberSet set = new NumberSet();
    numbers.forEach(set::add);
    return set;
  }

  private static NavigableSet<Long> numbers(NumberSet set) {
    NavigableSet<Long> numbers = new TreeSet<>();
    LongStream.of(set.page(0, Math.toIntExact(set.count()))).forEach(numbers::add);
    return numbers;
  }

  /** Every bucket written and read again. */
  private static NumberSet throughTheStore(NumberSet set, long buckets) {
    NumberSet read = new NumberSet();
    for (long bucket = 0; bucket < buckets; bucket++) {
      byte[] encoded = set.bucket(bucket);
      if (encoded != null) {
        assertThat(encoded).hasSizeBetween(2, BITS_BYTES);
        read.addBucket(bucket, encoded);
      }
    }
    return read;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0002, 0.01, 0.06, 0.2, 0.5, 0.9, 0.99, 0.9998, 1})
  void everyDensityIsReadAsItWasWritten(double density) {
    Random random = new Random(7);
    NavigableSet<Long> numbers = new TreeSet<>();
    for (long n = 0; n < 3L * NumberSet.BUCKET_SIZE; n++) {
      if (random.nextDouble() < density) {
        numbers.add(n);
      }
    }
    NumberSet read = throughTheStore(of(numbers), 3);
    assertThat(numbers(read)).isEqualTo(numbers);
    assertThat(read.count()).isEqualTo(numbers.size());
  }

  @Test
  void numbersAtTheEdgesOfWordsAndBucketsAreReadAsTheyWereWritten() {
    Random random = new Random(8);
    long end = 2L * NumberSet.BUCKET_SIZE;
    for (int i = 0; i < 500; i++) {
      NavigableSet<Long> numbers = new TreeSet<>();
      for (int runs = random.nextInt(6); runs >= 0; runs--) {
        long first = random.nextInt(520) * 64L + random.nextInt(3) - 1;
        long length = random.nextInt(4) * 64L + random.nextInt(3) - 1;
        for (long n = first; n <= first + length; n++) {
          if (n >= 0 && n < end) {
            numbers.add(n);
          }
        }
      }
      assertThat(numbers(throughTheStore(of(numbers), 2))).isEqualTo(numbers);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_021, 1_022, 1_023, 1_024, 1_025})
  void asManyNumbersAsAListJustTakesAreReadAsTheyWereWritten(int count) {
    NavigableSet<Long> numbers = new TreeSet<>();
    LongStream.range(0, count).forEach(n -> numbers.add(15 * n));
    assertThat(numbers(throughTheStore(of(numbers), 1))).isEqualTo(numbers);
  }

  @Test
  void keysInARowTakeFourBytesHoweverManyTheyAre() {
    NumberSet set = new NumberSet();
    LongStream.rangeClosed(1, 10_000).forEach(set::add);
    assertThat(set.bucket(0))
        .isEqualTo(new byte[] {0x00, 0x01, (byte) (0x80 | (10_000 >> 8)), 10_000 & 0xff});
  }

  @Test
  void whatIsInSeveralBucketsOfAStoreIsJoined() {
    NumberSet set = new NumberSet();
    for (List<Long> numbers : List.of(List.of(3L, 4L, 5L), List.of(5L, 9L))) {
      set.addBucket(0, Objects.requireNonNull(of(numbers).bucket(0)));
    }
    assertThat(numbers(set)).containsExactly(3L, 4L, 5L, 9L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, BITS_BYTES - 1, BITS_BYTES + 1, BITS_BYTES + 2})
  void aBucketOfAnImpossibleLengthIsRefused(int bytes) {
    NumberSet set = new NumberSet();
    assertThatThrownBy(() -> set.addBucket(0, new byte[bytes]))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("index of keys is damaged");
  }

  /** Which decides nothing: what a list shows is checked against the rows themselves. */
  @Test
  void aBucketOfAnyBytesIsReadAsSomeSet() {
    Random random = new Random(9);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[2 * random.nextInt(BITS_BYTES / 2 + 1)];
      random.nextBytes(bytes);
      NumberSet set = new NumberSet();
      set.addBucket(5, bytes);
      long[] numbers = set.page(0, NumberSet.BUCKET_SIZE);
      assertThat(LongStream.of(numbers).allMatch(n -> NumberSet.bucketOf(n) == 5)).isTrue();
    }
  }
}
