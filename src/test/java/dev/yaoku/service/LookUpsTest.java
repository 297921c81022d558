package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LookUpsTest {
  private static final int STRANGERS = 4;

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final InstantSource clock = () -> now;
  private long view;
  private final List<String> left = new ArrayList<>();
  private final List<String> doubted = new ArrayList<>();
  private final LookUps<String> lookUps =
      new LookUps<>(
          10,
          Duration.ofSeconds(60),
          new Semaphore(STRANGERS),
          clock,
          () -> view,
          new LookUps.Farewell<String>() {
            @Override
            public void doubt(String value) {
              doubted.add(value);
            }

            @Override
            public void leave(String value) {
              left.add(value);
            }
          });

  @Test
  void fewStrangersAreLookedUpAtOnceAndAcquaintancesAlways() throws Exception {
    lookUps.find("known", Optional::of);
    now = now.plusSeconds(60);
    CountDownLatch started = new CountDownLatch(STRANGERS);
    CountDownLatch finish = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> busy = new ArrayList<>();
      for (int i = 0; i < STRANGERS; i++) {
        String name = "stranger" + i;
        busy.add(
            threads.submit(() ->
                lookUps.find(
                    name,
                    _ -> {
                      started.countDown();
                      await(finish);
                      return Optional.empty();
                    })));
      }
      started.await();
      assertThatThrownBy(() -> lookUps.find("one too many", Optional::of))
          .isInstanceOfSatisfying(
              KmsException.class, e -> assertThat(e.problem()).isEqualTo(new Problem.Throttled(1)));
      assertThat(lookUps.find("known", Optional::of)).contains("known");
      finish.countDown();
      for (Future<Optional<String>> one : busy) {
        assertThat(one.get()).isEmpty();
      }
    }
    assertThat(lookUps.find("one too many", Optional::of)).isPresent();
  }

  @Test
  void whatWasReadBeforeAChangeIsReadAgain() {
    for (Runnable change :
        List.<Runnable>of(
            () -> lookUps.forget("name"),
            () -> lookUps.forgetIf(value -> value.equals("0")),
            lookUps::forgetAll)) {
      lookUps.forgetAll();
      left.clear();
      AtomicInteger reads = new AtomicInteger();
      Optional<String> read =
          lookUps.find(
              "name",
              _ -> {
                int nth = reads.getAndIncrement();
                if (nth == 0) {
                  change.run();
                }
                return Optional.of(Integer.toString(nth));
              });
      assertThat(read).contains("1");
      assertThat(left).containsExactly("0");
      assertThat(lookUps.find("name", _ -> Optional.of("later"))).contains("1");
    }
  }

  @Test
  void aNameThatIsChangedAllTheTimeIsRefusedForAMoment() {
    assertThatThrownBy(() ->
            lookUps.find(
                "name",
                _ -> {
                  lookUps.forget("name");
                  return Optional.of("old");
                }))
        .isInstanceOfSatisfying(
            KmsException.class, e -> assertThat(e.problem()).isEqualTo(new Problem.Throttled(1)));
    assertThat(lookUps.kept("name")).isEmpty();
    assertThat(lookUps.find("name", _ -> Optional.of("new"))).contains("new");
  }

  @Test
  void whereEverythingIsForgottenAllTheTimeWhatWasFoundIsUsedOnce() {
    AtomicInteger reads = new AtomicInteger();
    for (int i = 1; i <= 2; i++) {
      Optional<String> read =
          lookUps.find(
              "name",
              _ -> {
                lookUps.forgetAll();
                return Optional.of("read " + reads.incrementAndGet());
              });
      assertThat(read).contains("read " + 4 * i);
      assertThat(lookUps.kept("name")).isEmpty();
      assertThat(left).as("what is in use").doesNotContain("read " + 4 * i);
    }
    assertThat(doubted).containsExactly("read 4", "read 8");
    assertThat(lookUps.find("name", _ -> Optional.of("new"))).contains("new");
    assertThat(left).hasSize(8);
  }

  @Test
  void whatOthersChangeMeanwhileKeepsNobodyFromBeingFound() {
    AtomicInteger reads = new AtomicInteger();
    Optional<String> read =
        lookUps.find(
            "name",
            _ -> {
              reads.incrementAndGet();
              for (int i = 0; i < 1_000; i++) {
                lookUps.forget("other" + i);
                lookUps.forgetIf(value -> value.equals("theirs"));
              }
              return Optional.of("mine");
            });
    assertThat(read).contains("mine");
    assertThat(reads).hasValue(1);
    assertThat(left).isEmpty();
    assertThat(lookUps.kept("name").filter(lookUps::stands)).isPresent();
  }

  @Test
  void whatWasReadUnderAnEarlierViewOfTheStoreIsReadAgain() {
    lookUps.find("name", _ -> Optional.of("old"));
    LookUps.Found<String> found = lookUps.kept("name").orElseThrow();
    view++;
    assertThat(lookUps.kept("name")).isEmpty();
    assertThat(lookUps.stands(found)).isFalse();
    assertThat(lookUps.find("name", _ -> Optional.of("new"))).contains("new");
    assertThat(left).containsExactly("old");
    assertThat(lookUps.find("name", _ -> Optional.of("newer"))).contains("new");
  }

  @Test
  void whatWasReadWhileTheViewChangedIsUsedOnce() {
    Optional<String> read =
        lookUps.find(
            "name",
            _ -> {
              view++;
              return Optional.of("between");
            });
    assertThat(read).contains("between");
    assertThat(lookUps.find("name", _ -> Optional.of("new"))).contains("new");
  }

  @Test
  void whatWasNotThereBeforeAChangeIsAskedForAgain() {
    lookUps.find(
        "name",
        _ -> {
          lookUps.forget("name");
          return Optional.empty();
        });
    assertThat(lookUps.find("name", _ -> Optional.of("new"))).contains("new");
  }

  @Test
  void twoWhoLookUpTheSameNameAtOnceHoldTheSame() {
    List<Optional<String>> within = new ArrayList<>();
    Optional<String> read =
        lookUps.find(
            "name",
            name -> {
              within.add(lookUps.find(name, _ -> Optional.of("first")));
              return Optional.of("second");
            });
    assertThat(within).containsExactly(Optional.of("first"));
    assertThat(read).contains("first");
    assertThat(left).containsExactly("second");
  }

  @Test
  void whatIsKeptIsBoundedAndWhatLeavesIsSeenOff() {
    for (int i = 0; i < 1_000; i++) {
      lookUps.find("name" + i, Optional::of);
      assertThat(lookUps.size()).isLessThanOrEqualTo(10);
    }
    assertThat(left).hasSize(1_000 - lookUps.size());
    now = now.plusSeconds(60);
    lookUps.sweep();
    assertThat(lookUps.size()).isZero();
    assertThat(left).hasSize(1_000).doesNotHaveDuplicates();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatTakesMostOfTheHeapGoesFirstAndWhatTakesNothingStays() {
    Weight<String> weight = new Weight<>(String::length, 100);
    LookUps<String> weighed =
        new LookUps<>(
            100, Duration.ofSeconds(60), new Semaphore(1), clock, () -> view, left::add, weight);
    String much = "m".repeat(60);
    for (String value : List.of("", "little", much, "k".repeat(50))) {
      assertThat(weighed.find("name of " + value, _ -> Optional.of(value))).contains(value);
    }
    assertThat(left).containsExactly(much);
    assertThat(weight.bytes()).isEqualTo(56);

    String all = "a".repeat(101);
    assertThat(weighed.find("all", _ -> Optional.of(all))).contains(all);
    assertThat(weighed.kept("all")).isPresent();
    assertThat(weighed.kept("name of ")).isPresent();
    assertThat(weighed.size()).isEqualTo(2);
    weighed.forgetAll();
    assertThat(weight.bytes()).isZero();
  }
}
