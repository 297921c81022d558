package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KeyState;
import dev.yaoku.key.Tag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many who write share a commit; none of them pays for another's fault. */
@Timeout(60)
class GroupCommitTest {
  /** Lets the writer wait in one change until others have queued up. */
  private static final class Held {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    boolean hold() {
      entered.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return true;
    }
  }

  private static final class Later<T> extends FutureTask<T> {
    final Thread thread = Thread.ofVirtual().unstarted(this);

    Later(Callable<T> work) {
      super(work);
      thread.start();
    }
  }

  /** Each has handed in its change when it waits for the result. */
  private static void awaitWaiting(List<? extends Later<?>> callers) {
    while (!callers.stream().allMatch(c -> c.thread.getState() == Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
  }

  private static long sequence(SqlStore store) {
    return store.<Long>read(Reading::changeSequence);
  }

  @ParameterizedTest
  @EnumSource
  void changesThatWaitTogetherBecomeDurableTogetherAndARefusedOneLeavesNothing(Engine engine)
      throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      long before = sequence(store);
      Held held = new Held();
      Later<Boolean> first = new Later<>(() -> store.write(_ -> held.hold()));
      held.entered.await();
      List<Later<Boolean>> others = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        int n = i;
        others.add(
            new Later<>(() ->
                store.write(tx -> {
                  tx.insert(Samples.key(n));
                  if (n == 13) {
                    throw new IllegalArgumentException("not this one");
                  }
                  return true;
                })));
      }
      awaitWaiting(others);
      held.release.countDown();

      assertThat(first.get()).isTrue();
      for (int i = 1; i <= 20; i++) {
        Future<Boolean> other = others.get(i - 1);
        if (i == 13) {
          assertThatThrownBy(other::get)
              .isInstanceOf(ExecutionException.class)
              .hasRootCauseMessage("not this one");
        } else {
          assertThat(other.get()).isTrue();
        }
        int n = i;
        assertThat(store.<Boolean>read(tx -> tx.key(Samples.id(n)).isPresent())).isEqualTo(i != 13);
      }
      assertThat(sequence(store) - before).as("groups that changed rows").isEqualTo(1);
    }
  }

  /** So others that are due need not wait for it. */
  @ParameterizedTest
  @EnumSource
  void aRowThatIsThereAlreadyIsNoFailureOfThePlaceNorOfTheStore(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      Function<Writing, Boolean> insert =
          tx -> {
            tx.insert(Samples.key(1));
            return true;
          };
      store.write(insert);

      assertThatThrownBy(() -> store.write(insert))
          .isInstanceOfSatisfying(
              StoreException.class, failed -> assertThat(failed.isOfPlace()).isFalse());

      assertThat(store.writable()).isTrue();
    }
  }

  /** The group is begun anew then; what was done before must not be there twice. */
  @ParameterizedTest
  @EnumSource
  void whereAChangeFailsHalfwayTheEventsOfTheOthersAreThereOnceAndItsOwnNever(Engine engine)
      throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      Held held = new Held();
      Later<Boolean> first = new Later<>(() -> store.write(_ -> held.hold()));
      held.entered.await();
      List<Later<Boolean>> others = new ArrayList<>();
      for (int i = 1; i <= 8; i++) {
        int n = i;
        others.add(
            new Later<>(() ->
                store.write(tx -> {
                  tx.append(new AuditRow(n, Samples.ACCOUNT, new byte[] {(byte) n}));
                  if (n % 4 == 0) {
                    throw new IllegalArgumentException("not this one");
                  }
                  tx.insert(Samples.key(n));
                  return true;
                })));
      }
      awaitWaiting(others);
      held.release.countDown();

      assertThat(first.get()).isTrue();
      for (int i = 1; i <= 8; i++) {
        Later<Boolean> other = others.get(i - 1);
        if (i % 4 == 0) {
          assertThatThrownBy(other::get).hasRootCauseMessage("not this one");
        } else {
          assertThat(other.get()).isTrue();
        }
      }
      assertThat(test.events())
          .extracting(AuditRow::atMillis)
          .containsExactlyInAnyOrder(1L, 2L, 3L, 5L, 6L, 7L);
    }
  }

  /** Lists follow from sets that a group writes once, at its end. */
  @ParameterizedTest
  @EnumSource
  void eachChangeOfAGroupCountsTheKeysOfThoseBeforeItAndNoneOfARefusedOne(Engine engine)
      throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.key(100));
        return true;
      });
      Held held = new Held();
      Later<Boolean> first = new Later<>(() -> store.write(_ -> held.hold()));
      held.entered.await();
      List<Later<Long>> others = new ArrayList<>();
      for (int i = 1; i <= 9; i++) {
        int n = i;
        others.add(
            new Later<>(() ->
                store.write(tx -> {
                  tx.insert(Samples.key(n));
                  tx.putTags(Samples.id(n), List.of(new Tag("env", n < 5 ? "test" : "prod")));
                  if (n % 3 == 0) {
                    throw new IllegalArgumentException("not this one");
                  }
                  return tx.customKeys(Samples.PROJECT, Instant.EPOCH);
                })));
      }
      awaitWaiting(others);
      held.release.countDown();
      assertThat(first.get()).isTrue();

      List<Long> counts = new ArrayList<>();
      for (int i = 1; i <= 9; i++) {
        Later<Long> other = others.get(i - 1);
        if (i % 3 == 0) {
          assertThatThrownBy(other::get).hasRootCauseMessage("not this one");
        } else {
          counts.add(other.get());
        }
      }
      assertThat(counts).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L, 7L);
      KeyFilter production =
          new KeyFilter(
              null,
              null,
              null,
              false,
              List.of(new KeyFilter.TagMatch("env", Set.of("prod"))),
              null);
      KeyFilter.Page page =
          store.read(
              tx -> tx.keys(Samples.PROJECT, production, Instant.EPOCH, From.offset(0), 10, true));
      assertThat(page.total()).isEqualTo(3);
      assertThat(page.keys())
          .extracting(key -> key.key().id())
          .containsExactlyInAnyOrder(Samples.id(5), Samples.id(7), Samples.id(8));
    }
  }

  @ParameterizedTest
  @EnumSource
  void eventsBecomeDurableInOrder(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      CountDownLatch durable = new CountDownLatch(500);
      for (int i = 0; i < 500; i++) {
        test.store().append(List.of(Samples.event("event " + i)), failure -> durable.countDown());
      }
      durable.await();

      List<AuditRow> events = test.events();
      assertThat(events).hasSize(500);
      for (int i = 0; i < 500; i++) {
        assertThat(events.get(i).entry()).isEqualTo(Samples.bytes("event " + i));
      }
    }
  }

  @Test
  void whoeverSharedACommitHearsOfItsEndWhenAllHaveHeardOfIt() throws Exception {
    try (TestStore test = Engine.SQLITE.open()) {
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch queued = new CountDownLatch(1);
      List<String> told = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch ends = new CountDownLatch(3);
      test.store()
          .append(
              List.of(Samples.event("first")),
              _ -> {
                busy.countDown();
                awaited(queued);
              });
      busy.await();
      for (String name : List.of("a", "b", "c")) {
        test.store().append(List.of(Samples.event(name)), new Listener(name, told, ends));
      }
      queued.countDown();
      ends.await();

      assertThat(told).containsExactly("a", "b", "c", "end of a", "end of b", "end of c");
    }
  }

  /** Notes what it is told. */
  private record Listener(String name, List<String> told, CountDownLatch ends)
      implements AppendListener {
    @Override
    public void settled(@Nullable Throwable failure) {
      told.add(failure == null ? name : name + " failed");
    }

    @Override
    public void allSettled() {
      told.add("end of " + name);
      ends.countDown();
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theLastOfTheDiskIsForChangesThatTakeRightsAway() throws Exception {
    Path directory = Files.createTempDirectory("yaoku-full");
    Path file = directory.resolve("yaoku.db");
    try (SqlStore roomy = open(file, 0)) {
      roomy.write(tx -> {
        tx.insert(Samples.key(1));
        return true;
      });
    }
    try (TestStore test = Engine.openIn(directory, null, settings(Long.MAX_VALUE))) {
      SqlStore store = test.store();
      assertThatThrownBy(() ->
              store.write(tx -> {
                tx.insert(Samples.key(2));
                return true;
              }))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("free some space");
      assertThat(store.writable()).isFalse();
      CompletableFuture<Throwable> event = new CompletableFuture<>();
      store.append(List.of(Samples.event("read")), event::complete);
      assertThat(event.get()).isInstanceOf(StoreException.class);

      assertThat(
              store.<Boolean>writeFromReserve(tx -> {
                tx.append(Samples.event("disabled"));
                tx.update(tx.lockKey(Samples.id(1)).orElseThrow().disable());
                return true;
              }))
          .isTrue();
      assertThat(store.<KeyState>read(tx -> tx.key(Samples.id(1)).orElseThrow().state()))
          .isEqualTo(new KeyState.Disabled());
    }
  }

  private static SqlStore open(Path file, long reserve) {
    SqlStore store = SqlStore.openSqlite(file, settings(reserve), _ -> {}, BeforeMigration.NOTHING);
    store.authenticateRowsWith(new TestRowMac());
    return store;
  }

  private static SqliteSettings settings(long reserveBytes) {
    SqliteSettings usual = SqliteSettings.DEFAULT;
    return new SqliteSettings(
        usual.readers(),
        usual.readsWaitingMax(),
        usual.changesWaitingMax(),
        usual.eventsWaitingMax(),
        usual.eventBytesWaitingMax(),
        Duration.ofMillis(1),
        reserveBytes);
  }
}
