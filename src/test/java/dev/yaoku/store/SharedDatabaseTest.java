package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.key.Alias;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.Tag;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers share one PostgreSQL, and that one comes and goes. */
@Timeout(120)
class SharedDatabaseTest {
  private static final String COUNT = "installation";

  private PostgresProcess postgres;
  private String database = "";
  private final List<SqlStore> open = new ArrayList<>();

  /** Time that passes for the servers without anybody having to wait for it. */
  private final AtomicLong skippedNanos = new AtomicLong();

  @BeforeEach
  void makeADatabase() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    postgres = PostgresProcess.shared();
    database = postgres.newDatabase(null);
  }

  @AfterEach
  void closeAll() throws SQLException {
    open.forEach(SqlStore::close);
    postgres.dropDatabase(database);
  }

  private SqlStore server() {
    SqlStore store =
        SqlStore.openPostgres(
            postgres.settings(database),
            _ -> {},
            BeforeMigration.NOTHING,
            () -> System.nanoTime() + skippedNanos.get());
    store.authenticateRowsWith(new TestRowMac());
    open.add(store);
    return store;
  }

  private static int count(Reading tx) {
    return Integer.parseInt(tx.setting(COUNT).orElse("0"));
  }

  private static boolean countOne(Writing tx) {
    tx.putSetting(COUNT, Integer.toString(count(tx) + 1));
    return true;
  }

  @Test
  void whatTwoServersChangeAtOnceIsLostByNeither() throws Exception {
    SqlStore one = server();
    SqlStore other = server();
    List<CompletableFuture<Boolean>> changes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      for (SqlStore each : List.of(one, other)) {
        changes.add(
            CompletableFuture.supplyAsync(
                () -> each.write(SharedDatabaseTest::countOne), Thread::startVirtualThread));
      }
    }
    for (CompletableFuture<Boolean> change : changes) {
      assertThat(change.get()).isTrue();
    }
    assertThat(one.<Integer>read(SharedDatabaseTest::count)).isEqualTo(80);
    assertThat(other.<Integer>read(SharedDatabaseTest::count)).isEqualTo(80);
  }

  @Test
  void eachServerLearnsWhichKeysAnotherChanged() throws Exception {
    SqlStore one = server();
    SqlStore other = server();
    one.write(tx -> {
      tx.insert(Samples.key(1));
      tx.insert(Samples.key(2));
      return true;
    });
    assertThat(changedFor(other).allKeys()).as("it never looked before").isTrue();
    assertThat(changedFor(other)).isEqualTo(Elsewhere.NOTHING);

    one.write(SharedDatabaseTest::countOne);
    assertThat(changedFor(other)).isEqualTo(new Elsewhere(true, false, Set.of()));
    one.write(tx -> tx.putTags(Samples.id(2), List.of(new Tag("team", "red"))));
    assertThat(changedFor(other)).isEqualTo(new Elsewhere(true, false, Set.of(Samples.id(2))));
    other.write(tx -> tx.putTags(Samples.id(1), List.of(new Tag("team", "red"))));
    assertThat(changedFor(other)).as("its own").isEqualTo(Elsewhere.NOTHING);
    assertThat(changedFor(one).anything()).isTrue();
    one.write(tx -> {
      tx.insert(orders());
      return true;
    });
    assertThat(changedFor(other).keys()).containsExactly(Samples.id(1));
    one.write(tx -> tx.update(orders().on(Samples.id(2), orders().text(), Samples.NOW)));
    assertThat(changedFor(other).keys())
        .as("who loses a name and who gets it")
        .containsExactlyInAnyOrder(Samples.id(1), Samples.id(2));

    // What one tenant changes concerns nobody else's keys.
    one.write(tx -> {
      tx.insert(Samples.keystore(1));
      tx.update(Samples.keystore(1).enabled(true));
      return true;
    });
    assertThat(changedFor(other))
        .isEqualTo(
            new Elsewhere(true, false, Set.of(), Set.of(Samples.keystore(1).id()), Set.of()));
    one.write(tx -> {
      tx.insert(Samples.setMember(1));
      tx.insert(Samples.setMember(2));
      return true;
    });
    assertThat(changedFor(other))
        .isEqualTo(new Elsewhere(true, false, Set.of(Samples.id(1), Samples.id(2))));

    // What nobody wrote here says nothing, and stops nobody.
    change("UPDATE setting SET value = '1' WHERE name = 'key-changes'");
    assertThat(changedFor(one)).isEqualTo(new Elsewhere(false, true, Set.of()));
    assertThat(changedFor(one)).isEqualTo(Elsewhere.NOTHING);
    other.write(SharedDatabaseTest::countOne);
    assertThat(changedFor(one)).isEqualTo(new Elsewhere(true, true, Set.of()));
    one.write(tx -> tx.putTags(Samples.id(2), List.of(new Tag("team", "blue"))));
    assertThat(changedFor(other).allKeys()).isTrue();
  }

  /** And so it is for who has many keys in a keystore. */
  @Test
  void whoChangesManyKeysBetweenTwoLooksMakesOthersForgetItsOwnAndNobodyElses() {
    SqlStore one = server();
    SqlStore other = server();
    List<Integer> many = IntStream.range(10, 210).boxed().toList();
    one.write(tx -> {
      tx.insert(Samples.key(1, "quiet", new KeyState.Enabled()));
      many.forEach(n -> tx.insert(Samples.key(n)));
      many.forEach(n -> tx.insert(Samples.version(n, 1)));
      return true;
    });
    changedFor(other);

    one.write(tx -> tx.putTags(Samples.id(1), List.of(new Tag("team", "red"))));
    many.forEach(n ->
        one.write(tx -> {
          tx.update(Samples.version(n, 1).emptied());
          return true;
        }));

    Elsewhere found = changedFor(other);
    assertThat(found.allKeys()).isFalse();
    assertThat(found.projects()).containsExactly(Samples.PROJECT);
    assertThat(found.keys()).contains(Samples.id(1), Samples.id(209));
  }

  /** What a look finds to be changed elsewhere. */
  private static Elsewhere changedFor(SqlStore server) {
    AtomicReference<Elsewhere> told = new AtomicReference<>();
    server.lookElsewhere(told::set);
    return told.get();
  }

  private static Alias orders() {
    return new Alias(
        Samples.ACCOUNT,
        "orders",
        Samples.key(1).project(),
        Samples.id(1),
        "alias/orders",
        Samples.NOW,
        Samples.NOW,
        1);
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }

  @Test
  void aServerDoesNothingMoreOnceANewerProgramHasChangedTheSchema() throws Exception {
    String said = "A newer program changed the schema of the store to version 999";
    SqlStore store = server();
    store.write(SharedDatabaseTest::countOne);
    change(
        "UPDATE flyway_schema_history SET version = '999' WHERE version = '"
            + Migrations.NEWEST
            + "'");
    assertThatThrownBy(() -> changedFor(store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(said);
    assertThatThrownBy(() -> store.<Integer>read(SharedDatabaseTest::count))
        .hasMessageContaining(said);
    assertThatThrownBy(() -> store.write(SharedDatabaseTest::countOne)).hasMessageContaining(said);
    assertThat(store.writable()).isFalse();
    assertThat(store.readable()).isFalse();
    assertThat(figureOfTheStore("SELECT value FROM setting WHERE name = 'installation'"))
        .isEqualTo(1);
  }

  @Test
  void whoComesSecondWaits() throws Exception {
    server(); // makes the tables
    long before = rolledBack();
    SqlStore one = server();
    SqlStore other = server();
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Boolean> first = stopsInAChange(one, release);
    CompletableFuture<Boolean> second = later(() -> other.write(SharedDatabaseTest::countOne));
    while (connections("AND wait_event_type = 'Lock'") == 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(second).isNotDone();
    release.countDown();

    assertThat(first.get()).isTrue();
    assertThat(second.get()).isTrue();
    assertThat(one.<Integer>read(SharedDatabaseTest::count)).isEqualTo(2);
    assertThat(rolledBack()).as("three reads, and nothing begun in vain").isEqualTo(before + 3);
  }

  @Test
  void serversThatChangeAtOnceWaitForEachOtherAndNoneIsTurnedAway() throws Exception {
    server(); // makes the tables
    long before = rolledBack();
    List<SqlStore> servers = List.of(server(), server());
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      SqlStore server = servers.get(i % 2);
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                for (int change = 0; change < 50; change++) {
                  server.write(SharedDatabaseTest::countOne);
                }
              },
              Thread::startVirtualThread));
    }
    for (CompletableFuture<Void> client : clients) {
      client.get();
    }
    assertThat(servers.getFirst().<Integer>read(SharedDatabaseTest::count)).isEqualTo(600);
    assertThat(rolledBack()).as("three reads, and nothing begun in vain").isEqualTo(before + 3);
  }

  /**
   * How many transactions were rolled back, which is how reads end, too. Stops all servers, whose
   * connections tell it at their end.
   */
  private long rolledBack() throws Exception {
    open.forEach(SqlStore::close);
    open.clear();
    while (connections("") > 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return figure("SELECT xact_rollback FROM pg_stat_database WHERE datname = '%s'");
  }

  private long connections(String those) throws SQLException {
    return figure("SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' " + those);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private long figure(String sql) throws SQLException {
    return figure("postgres", sql);
  }

  private long figureOfTheStore(String sql) throws SQLException {
    return figure(database, sql);
  }

  private long figure(String where, String sql) throws SQLException {
    try (Connection connection = postgres.connect(where);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql.formatted(database))) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** A change that has begun, and goes on when it is released. */
  private static CompletableFuture<Boolean> stopsInAChange(SqlStore store, CountDownLatch release)
      throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CompletableFuture<Boolean> change =
        later(() ->
            store.write(tx -> {
              entered.countDown();
              await(release);
              return countOne(tx);
            }));
    entered.await();
    return change;
  }

  /** Its machine may have lost power: all others wait for what it holds. */
  @Test
  void aServerThatStopsInTheMiddleOfAChangeKeepsNobodyWaitingUntilTheyGiveUp() throws Exception {
    SqlStore one = server();
    SqlStore other = server();
    one.write(SharedDatabaseTest::countOne);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Boolean> stopped = stopsInAChange(one, release);

    assertThat(other.write(SharedDatabaseTest::countOne)).isTrue();

    release.countDown();
    assertThat(stopped.get()).as("nothing of it was there, so it was done again").isTrue();
    assertThat(one.<Integer>read(SharedDatabaseTest::count)).isEqualTo(3);
  }

  /** What permitted it may have been taken away on another server while it waited. */
  @Test
  void whatACallerAskedForIsNotDoneAfterAWaitThatIsLongerThanWhatIsKnownCounts() throws Exception {
    SqlStore store = server();
    CompletableFuture<Boolean> asked;
    CompletableFuture<Boolean> own;
    try (Connection holder = postgres.connect(database);
        Statement holding = holder.createStatement()) {
      holding.execute("BEGIN; LOCK TABLE change_sequence IN ACCESS EXCLUSIVE MODE");
      asked = later(() -> OnBehalf.ofCaller(() -> store.write(SharedDatabaseTest::countOne)));
      while (connections("AND wait_event_type = 'Lock'") == 0) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      own = later(() -> store.write(SharedDatabaseTest::countOne));
      skip(Recency.COUNTS_FOR.plusNanos(1));
    }
    assertThatThrownBy(asked::get).hasCauseInstanceOf(NotTried.class);
    assertThat(own.get()).as("nobody had to permit it").isTrue();
    assertThat(store.<Integer>read(SharedDatabaseTest::count)).isEqualTo(1);
    assertThat(OnBehalf.<Boolean>ofCaller(() -> store.write(SharedDatabaseTest::countOne)))
        .as("asked anew")
        .isTrue();
  }

  private static CompletableFuture<Boolean> later(Supplier<Boolean> work) {
    return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
  }

  @Test
  void aConnectionThatWasLostWhileNobodyUsedItCostsNobodyAnything() throws Exception {
    SqlStore store = server();
    store.write(SharedDatabaseTest::countOne);
    assertThat(appended(store, "before")).isNull();
    figure(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            + " WHERE datname = '%s'");

    assertThat(store.write(SharedDatabaseTest::countOne)).isTrue();
    assertThat(appended(store, "after")).isNull();
    assertThat(store.writable()).isTrue();
    assertThat(figureOfTheStore("SELECT count(*) FROM audit")).isEqualTo(2);
  }

  private static @Nullable Throwable appended(SqlStore store, String name) {
    CompletableFuture<@Nullable Throwable> told = new CompletableFuture<>();
    store.append(List.of(Samples.event(name)), told::complete);
    return told.join();
  }

  @Test
  void whatEachServerNotesForItselfMakesNoOtherForgetAnything() {
    SqlStore one = server();
    SqlStore other = server();
    changedFor(other);
    one.write(tx -> {
      tx.noteSetting("clock", "1");
      tx.forgetSignaturesBefore(1, 100);
      return true;
    });
    assertThat(changedFor(other)).isEqualTo(Elsewhere.NOTHING);
    assertThat(other.<String>read(tx -> tx.setting("clock").orElseThrow())).isEqualTo("1");
  }

  @Test
  void toRemoveWhatEndedLongAgoMakesNoOtherForgetAnything() {
    SqlStore one = server();
    SqlStore other = server();
    one.write(tx -> {
      tx.insert(Samples.token(1));
      tx.rights().insert(Samples.temporaryKey(1));
      return true;
    });
    changedFor(other);

    one.write(tx -> {
      Instant end = Instant.parse("2100-01-01T00:00:00Z");
      assertThat(tx.removeTokensEndedBefore(end.toEpochMilli(), 10)).isEqualTo(1);
      assertThat(tx.rights().removeTemporaryKeysEndedBefore(end, 10)).isEqualTo(1);
      return true;
    });

    assertThat(changedFor(other)).isEqualTo(Elsewhere.NOTHING);
    assertThat(other.<Boolean>read(tx -> tx.token(Samples.token(1).sha256()).isEmpty())).isTrue();
  }

  @Test
  void aServerWritesAgainOnceItsDatabaseIsBack() throws Exception {
    SqlStore store = server();
    store.write(SharedDatabaseTest::countOne);
    postgres.end();
    try {
      assertThatThrownBy(() -> store.write(SharedDatabaseTest::countOne))
          .isInstanceOfSatisfying(
              StoreException.class, failed -> assertThat(failed.isOfPlace()).isTrue())
          .hasMessageContaining("PostgreSQL does not answer");
      CompletableFuture<Throwable> event = new CompletableFuture<>();
      store.append(List.of(Samples.event("lost")), event::complete);
      assertThat(event.get()).isInstanceOf(StoreException.class);
      assertThat(store.writable()).isFalse();
    } finally {
      postgres.startAgain();
    }
    while (!store.writable()) { // it looks by itself, without anybody's request
      skip(Duration.ofSeconds(1));
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(store.write(SharedDatabaseTest::countOne)).isTrue();
    CompletableFuture<Throwable> event = new CompletableFuture<>();
    store.append(List.of(Samples.event("kept")), event::complete);
    assertThat(event.get()).isNull();
    assertThat(store.<Integer>read(SharedDatabaseTest::count)).isEqualTo(2);
  }

  private void skip(Duration time) {
    skippedNanos.addAndGet(time.toNanos());
  }

  /** That says nothing of a disk. */
  @Test
  void aStoreIsWritableAsSoonAsNobodyHoldsWhatAChangeNeeds() throws Exception {
    SqlStore store = server();
    command(
        """
        CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'held' USING ERRCODE = '55P03'; END $$;
        CREATE TRIGGER held BEFORE UPDATE ON change_sequence EXECUTE FUNCTION held()
        """);
    assertThatThrownBy(() -> store.write(SharedDatabaseTest::countOne))
        .hasMessageContaining("Somebody holds what a change needs");
    assertThat(store.writable()).isFalse();

    command("DROP TRIGGER held ON change_sequence");
    assertThat(store.write(SharedDatabaseTest::countOne)).isTrue();
    assertThat(store.writable()).isTrue();
  }

  private void command(String sql) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aStoreIsNotWritableWhileACommitHangsNorSoonAfterOneFailed() throws Exception {
    SqlStore store = server();
    assertThat(store.writable()).isTrue();
    CompletableFuture<Boolean> change;
    try (Connection holder = postgres.connect(database);
        Statement holding = holder.createStatement()) {
      holding.execute("BEGIN; LOCK TABLE change_sequence IN ACCESS EXCLUSIVE MODE");
      change =
          CompletableFuture.supplyAsync(
              () -> store.write(SharedDatabaseTest::countOne), Thread::startVirtualThread);
      while (connections("AND wait_event_type = 'Lock'") == 0) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(store.writable()).as("it has just begun").isTrue();
      skip(CommitWatch.PATIENCE);
      assertThat(store.writable()).isFalse();
      figure(
          "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE datname = '%s'"
              + " AND wait_event_type = 'Lock'");
      assertThatThrownBy(change::get).hasCauseInstanceOf(StoreException.class);
    }
    assertThat(store.write(SharedDatabaseTest::countOne)).isTrue();
    assertThat(store.writable()).as("the next may fail again").isFalse();
    skip(Duration.ofSeconds(10));
    assertThat(store.writable()).isTrue();
  }
}
