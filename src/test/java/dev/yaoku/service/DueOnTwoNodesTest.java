package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.Due;
import dev.yaoku.store.EventTail;
import dev.yaoku.store.PostgresProcess;
import dev.yaoku.store.PostgresSettings;
import dev.yaoku.store.Reading;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes with connections of their own to one database find the same things due at the same
 * time, and each thing is done once.
 */
@EnabledIf(value = PostgresProcess.CAN_RUN, disabledReason = PostgresProcess.MISSING)
@Timeout(60)
class DueOnTwoNodesTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration MOMENT = Duration.ofMinutes(1);
  private static final int KEYS = 10;

  /** Where those meet who read at the same time. */
  private static final ScopedValue<Phaser> MEETING = ScopedValue.newInstance();

  @TempDir Path directory;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private PostgresProcess postgres;
  private String database = "";
  private KeyWorld world;
  private KeyServices other;
  private Customer alice;

  /** How often somebody read that every key is due. */
  private final AtomicInteger readings = new AtomicInteger();

  /** Nobody changes anything before the other node has read that it is due. */
  private final class Meeting extends PassingStore {
    Meeting(Store store) {
      super(store);
    }

    @Override
    public <T> T read(Function<? super Reading, T> work) {
      T found = super.read(work);
      if (MEETING.isBound()) {
        if (found instanceof Due<?> due && due.genuine().size() == KEYS) {
          readings.incrementAndGet();
        }
        meet(MEETING.get());
      }
      return found;
    }

    private void meet(Phaser meeting) {
      try {
        meeting.awaitAdvanceInterruptibly(meeting.arrive());
      } catch (InterruptedException e) {
        throw new AssertionError("the other node did not come", e);
      }
    }
  }

  @BeforeEach
  void startTwo() throws IOException, SQLException {
    postgres = PostgresProcess.shared();
    database = postgres.newDatabase(null);
    opened.add(() -> postgres.dropDatabase(database));
    PostgresSettings settings = postgres.settings(database);
    world = KeyWorld.among(directory, () -> connected(settings));
    opened.add(world);
    world.standBefore(Meeting::new);
    SqlStore second = connected(settings);
    opened.add(second);
    other = world.beside(second, Meeting::new);
    alice = new Customer(world, world::alice);
  }

  @AfterEach
  void stopThem() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  private static SqlStore connected(PostgresSettings settings) {
    return SqlStore.openPostgres(settings, _ -> {}, BeforeMigration.NOTHING, System::nanoTime);
  }

  private List<KeyId> keys(Callable<Key> made) throws Exception {
    List<KeyId> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(made.call().id());
    }
    return keys;
  }

  private Key rotating() {
    Key key = world.key();
    world.services().rotation().enable(world.alice(), ref(key));
    world.services().rotation().every(world.alice(), ref(key), (int) MONTH.toDays());
    return key;
  }

  private Key doomed() {
    Key key = world.key();
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    return key;
  }

  private Key expiring() {
    Key key = alice.key();
    alice.bring(key, KeyWorld.START.plus(DAY));
    return key;
  }

  /** What both nodes did together after each had read that every key is due. */
  private int bothReadingAll(ToIntFunction<KeyServices> work) throws Exception {
    int done = atOnce(work);
    assertThat(readings.getAndSet(0)).isEqualTo(2);
    return done;
  }

  /** What both nodes did together of what is due. */
  private int atOnce(ToIntFunction<KeyServices> work) throws Exception {
    other.clocks().tick();
    Phaser meeting = new Phaser(2);
    List<Callable<Integer>> nodes =
        Stream.of(world.services(), other).map(node -> onNode(node, work, meeting)).toList();
    int done = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(nodes.size())) {
      for (Future<Integer> node : threads.invokeAll(nodes)) {
        done += node.get();
      }
    }
    return done;
  }

  private static Callable<Integer> onNode(
      KeyServices node, ToIntFunction<KeyServices> work, Phaser meeting) {
    return () -> {
      try {
        return ScopedValue.where(MEETING, meeting).call(() -> work.applyAsInt(node));
      } finally {
        meeting.arriveAndDeregister();
      }
    };
  }

  /** The keys that have an event, each as often as it has one. */
  private List<KeyId> recorded(String trace) {
    return new EventTail(this::connection)
        .news().stream()
            .map(EventTail::json)
            .filter(event -> event.at("/trace_name").asString().equals(trace))
            .map(event -> new KeyId(event.at("/resource_id").asString()))
            .toList();
  }

  private Connection connection() throws SQLException {
    return postgres.connect(database);
  }

  @Test
  void aKeyIsRotatedOnce() throws Exception {
    List<KeyId> keys = keys(this::rotating);
    world.pass(MONTH);

    assertThat(bothReadingAll(node -> node.dueRotations().rotateDue())).isEqualTo(KEYS);

    assertThat(recorded("rotateKey")).containsExactlyInAnyOrderElementsOf(keys);
    for (KeyId key : keys) {
      int versions = world.store.read(tx -> tx.versions(key).size());
      assertThat(versions).isEqualTo(2);
    }
    assertThat(atOnce(node -> node.dueRotations().rotateDue())).isZero();
  }

  @Test
  void aKeyIsPurgedOnce() throws Exception {
    List<KeyId> keys = keys(this::doomed);
    world.pass(WEEK.plus(WEEK).plus(MOMENT));

    assertThat(bothReadingAll(node -> node.deletions().purgeDue())).isEqualTo(KEYS);

    assertThat(recorded("deleteKey")).containsExactlyInAnyOrderElementsOf(keys);
    for (KeyId key : keys) {
      boolean isStored = world.store.read(tx -> tx.key(key).isPresent());
      assertThat(isStored).isFalse();
    }
    assertThat(atOnce(node -> node.deletions().purgeDue())).isZero();
  }

  @Test
  void materialExpiresOnceAndIsDestroyedOnce() throws Exception {
    List<KeyId> keys = keys(this::expiring);
    world.pass(DAY);
    assertThat(bothReadingAll(node -> node.expiries().endDue())).isEqualTo(KEYS);
    assertThat(recorded("expireKeyMaterial")).containsExactlyInAnyOrderElementsOf(keys);

    world.pass(WEEK.plus(MOMENT));
    assertThat(bothReadingAll(node -> node.expiries().endDue())).isEqualTo(KEYS);
    assertThat(recorded("destroyKeyMaterial")).containsExactlyInAnyOrderElementsOf(keys);
    for (KeyId key : keys) {
      int left = world.store.read(tx -> tx.versions(key).getFirst().wrapped().length);
      assertThat(left).isZero();
    }
  }
}
