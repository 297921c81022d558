package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.SignatureMark;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.audit.Entries;
import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.Origin;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.RootKey;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.Rows;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * All services over a real store, with clocks that stand still until they are moved: two accounts,
 * of which the first has two projects.
 */
public final class KeyWorld implements AutoCloseable {
  public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  public static final String ACCOUNT = "b168fe00ff56492495a7d22974df2d0b";
  public static final String PROJECT = "0123456789abcdef0123456789abcdef";
  public static final String SECOND_PROJECT = "1123456789abcdef0123456789abcdef";
  public static final String OTHER_ACCOUNT = "c168fe00ff56492495a7d22974df2d0b";
  public static final String OTHER_PROJECT = "2123456789abcdef0123456789abcdef";
  public static final String REGION = "cn-north-4";

  /** A second region with a project of the first account, and one of the other. */
  public static final String FAR_REGION = "cn-south-1";

  public static final String FAR_PROJECT = "3123456789abcdef0123456789abcdef";
  public static final String OTHER_FAR_PROJECT = "4123456789abcdef0123456789abcdef";

  /** A third region with a project of the first account. */
  public static final String THIRD_REGION = "ap-southeast-3";

  public static final String THIRD_PROJECT = "5123456789abcdef0123456789abcdef";

  public SqlStore store;
  public final AtomicReference<Instant> wall = new AtomicReference<>(START);
  public final AtomicLong nanos = new AtomicLong(1_000_000);
  public final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();

  /** What no policy allows to anybody. */
  public final Set<Action> denied = EnumSet.noneOf(Action.class);

  /** What a policy forbids to everybody, so that no grant can allow it. */
  public final Set<Action> forbidden = EnumSet.noneOf(Action.class);

  private final TestCallers callers = new TestCallers(denied, forbidden);

  public final Randomness randomness = Randomness.kernel();
  public final Cryptography cryptography =
      new Cryptography(randomness, !"off".equals(System.getProperty("yaoku.test.native")));
  private final PrivateKeyWork work = new PrivateKeyWork(2, () -> {}, () -> {});
  private final Path database;
  private final Supplier<SqlStore> stores;
  private final RootKey root;
  public final Hierarchy hierarchy;
  private Rules rules;
  private final AtomicInteger names = new AtomicInteger();
  private KeyServices services;

  private KeyWorld(Path directory, Rules rules) {
    this(directory, rules, () -> opened(directory.resolve("yaoku.db")));
  }

  private KeyWorld(Path directory, Rules rules, Supplier<SqlStore> stores) {
    try {
      this.root = RootKey.create(directory.resolve("root/root.key"), randomness);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.rules = rules;
    this.database = directory.resolve("yaoku.db");
    this.stores = stores;
    this.store = stores.get();
    this.hierarchy = new Hierarchy(root, "test", randomness);
    byte[] systemKey = hierarchy.newSystemKey(1);
    store.authenticateRowsWith(new HierarchyMacs(hierarchy));
    store.write(tx -> {
      tx.insert(new Rows.SystemKey(1, systemKey, START));
      return found(tx);
    });
    this.services = open(store);
  }

  /** A world with the usual rules. */
  public static KeyWorld in(Path directory) {
    return new KeyWorld(directory, roomy(Rules.defaults(REGION).keysPerProjectMax()));
  }

  /** A world with these rules. */
  public static KeyWorld in(Path directory, Rules rules) {
    return new KeyWorld(directory, rules);
  }

  /** A world with the usual rules, whose rows are where other nodes reach them too. */
  static KeyWorld among(Path directory, Supplier<SqlStore> stores) {
    return new KeyWorld(directory, roomy(), stores);
  }

  /** What another node runs, over connections of its own to the same rows. */
  KeyServices beside(SqlStore connected, UnaryOperator<Store> made) {
    connected.authenticateRowsWith(new HierarchyMacs(hierarchy));
    return open(made.apply(connected));
  }

  /** The usual rules without a quota of keys that tests would run into. */
  public static Rules roomy() {
    return roomy(100_000);
  }

  /** The same without one of aliases or grants. */
  public static Rules endless() {
    return roomy(100_000, 10_000, 10_000);
  }

  static Rules roomy(int keysMax) {
    Rules usual = Rules.defaults(REGION);
    return roomy(keysMax, usual.aliasesPerKeyMax(), usual.grantsPerKeyMax());
  }

  /** No pairs are made ahead: they would take the cores from the tests. */
  private static Rules roomy(int keysMax, int aliasesMax, int grantsMax) {
    Rules usual = Rules.defaults(REGION, FAR_REGION, THIRD_REGION);
    return new Rules(
        usual.regions(),
        usual.names(),
        keysMax,
        usual.tagsPerKeyMax(),
        aliasesMax,
        grantsMax,
        usual.grantsCascade(),
        usual.purgeGrace(),
        usual.cachedKeysMax(),
        usual.cachedBytesMax(),
        usual.cachedFor(),
        usual.chineseAlgorithms(),
        usual.freeAliasMoves(),
        0,
        usual.keySpaces());
  }

  private static SqlStore opened(Path database) {
    return SqlStore.openSqlite(database, SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING);
  }

  private boolean found(Writing tx) {
    tx.putSetting(Operators.ACCOUNT, ACCOUNT);
    account(tx, ACCOUNT, PROJECT, SECOND_PROJECT, FAR_PROJECT, THIRD_PROJECT);
    account(tx, OTHER_ACCOUNT, OTHER_PROJECT, OTHER_FAR_PROJECT);
    return true;
  }

  private static String regionOf(String project) {
    return switch (project) {
      case FAR_PROJECT, OTHER_FAR_PROJECT -> FAR_REGION;
      case THIRD_PROJECT -> THIRD_REGION;
      default -> REGION;
    };
  }

  private void account(Writing tx, String account, String... projects) {
    tx.insert(new Rows.Account(account, "acme-" + account, true, START, 1));
    for (String project : projects) {
      Hierarchy.NewProjectKey key = hierarchy.newProjectKey(project);
      tx.insert(
          new Rows.Project(project, account, "p-" + project, regionOf(project), true, START, 1));
      tx.insert(
          new Rows.ProjectKey(project, key.version(), key.wrapped(), key.lasting(), START, 1));
    }
  }

  private KeyServices open(Store over) {
    InstantSource clock = wall::get;
    Entries entries = new Entries(randomness::bytes);
    Events events =
        new Events(
            clock,
            event -> {
              recorded.add(event);
              return entries.encode(event);
            });
    KeyServices opened =
        KeyServices.over(
            over, hierarchy, cryptography, work, randomness, clock, nanos::get, events, rules);
    opened.clocks().start();
    return opened;
  }

  /** The operations. */
  public KeyServices services() {
    return services;
  }

  /** Stops and starts again: nothing is left in memory, monotonic time begins anew. */
  public void restart() {
    nanos.set(nanos.get() ^ 0x5555_5555L);
    services = open(store);
  }

  /** Stops and starts again, the store too: what was not committed is gone. */
  void reopen() {
    store.close();
    store = stores.get();
    store.authenticateRowsWith(new HierarchyMacs(hierarchy));
    restart();
  }

  /** Opens the services over something that stands before the store. */
  void standBefore(UnaryOperator<Store> made) {
    services = open(made.apply(store));
  }

  /** From now on no pair is made and none is used. */
  void endPrivateKeyWork() {
    work.close();
  }

  /** Stops and starts again with other rules. */
  public void restart(Rules changed) {
    rules = changed;
    restart();
  }

  /** Changes rows behind the server's back; says how many. What is in memory stays as it was. */
  public int edit(String sql, String... values) {
    return BehindItsBack.edit(database, sql, values);
  }

  /** Lets time pass on both clocks, as it does when nothing is wrong, with a tick each day. */
  public void pass(Duration duration) {
    Duration left = duration;
    while (left.isPositive()) {
      Duration step = left.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1) : left;
      wall.updateAndGet(now -> now.plus(step));
      nanos.addAndGet(step.toNanos());
      services.clocks().tick();
      left = left.minus(step);
    }
  }

  /** Sets the wall clock only. */
  public void jump(Duration duration) {
    wall.updateAndGet(now -> now.plus(duration));
  }

  /** A user of the first account in its first project. */
  public Caller alice() {
    return caller(ACCOUNT, PROJECT);
  }

  /** The same user in the second project of the account. */
  public Caller aliceElsewhere() {
    return caller(ACCOUNT, SECOND_PROJECT);
  }

  /** The same user in the account's project of the second region. */
  public Caller aliceFarAway() {
    return caller(ACCOUNT, FAR_PROJECT);
  }

  /** A user of the other account. */
  public Caller mallory() {
    return caller(OTHER_ACCOUNT, OTHER_PROJECT);
  }

  private Caller caller(String account, String project) {
    return caller(account, project, "user-1");
  }

  /** Any user of an account in one of its projects. */
  public Caller caller(String account, String project, String user) {
    return caller(account, project, user, Optional.empty());
  }

  /** The user of the first account with a signature that is good for one change. */
  Caller alice(SignatureMark mark) {
    return caller(ACCOUNT, PROJECT, "user-1", Optional.of(mark));
  }

  private Caller caller(String account, String project, String user, Optional<SignatureMark> mark) {
    return callers.caller(account, project, regionOf(project), user, mark);
  }

  /** What is asked for when only the name matters. */
  public static KeyCreation.Order order(String name) {
    return order(name, Origin.KMS, "0");
  }

  static KeyCreation.Order order(String name, Origin origin, String keystore) {
    return new KeyCreation.Order(
        name, "", KeySpec.AES_256, KeyUsage.ENCRYPT_DECRYPT, origin, "0", keystore, null);
  }

  /** A new key of Alice's with this name. */
  public Key key(String name) {
    return services.creation().create(alice(), order(name));
  }

  /** A new key of Alice's with some name. */
  public Key key() {
    return key("key-" + names.incrementAndGet());
  }

  /** The key of a cloud service. */
  public Key defaultKey() {
    return services.creation().createDefault(alice(), "obs").key();
  }

  public static KeyReference ref(Key key) {
    return ref(key.id());
  }

  public static KeyReference ref(KeyId id) {
    return new KeyReference.Id(id);
  }

  @Override
  public void close() {
    work.close();
    hierarchy.close();
    store.close();
    root.close();
  }
}
