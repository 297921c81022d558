package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.AccessKeyLogin;
import dev.yaoku.access.Admission;
import dev.yaoku.access.Authenticators;
import dev.yaoku.access.Caller;
import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Principal;
import dev.yaoku.access.SignatureRules;
import dev.yaoku.audit.Entries;
import dev.yaoku.crypto.Passwords;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.RootKey;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Two accounts in a real store, with everything that identity needs; the clock is the test's. */
public final class Household implements AutoCloseable {
  public static final String ACCOUNT = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  public static final String OTHER_ACCOUNT = "b".repeat(32);
  public static final String PROJECT = "1".repeat(32);
  public static final String SECOND_PROJECT = "2".repeat(32);
  public static final String OTHER_PROJECT = "3".repeat(32);
  public static final String ALICE = "c".repeat(32);
  public static final String BOB = "d".repeat(32);
  public static final String CAROL = "e".repeat(32);
  public static final String ACCESS_KEY = "YKALICE0000000000001";
  public static final String SECRET = "alicesecretalicesecretalicesecretalices0";
  public static final String REGION = "cn-north-4";
  public static final String PASSWORD = "correct horse é";

  private static final String INSTALLATION = "installation";
  private static final AtomicInteger NEXT = new AtomicInteger();

  public Instant now = Instant.parse("2026-01-02T03:04:05.701Z");
  public Duration tick = Duration.ZERO;

  /** Stands still, or goes on by one tick whenever somebody looks. */
  public final InstantSource clock =
      () -> {
        now = now.plus(tick);
        return now;
      };

  public final Randomness randomness = Randomness.kernel();
  public final Path file;
  public Hierarchy hierarchy;
  public final Events events;
  public final FailureThrottle throttle;

  /** Those in the folder {@code revoked}, once they are read. */
  final RevocationLists revoked;

  private final RootKey root;
  private byte[] systemKey = {};
  public SqlStore store;
  public Identities identities;
  public Tokens tokens;
  public Logins logins;
  public Accounts accounts;
  public Admission admission;
  public HeldPolicies held;
  public IdentityServices services;
  public PolicyPermissions permissions;
  public TemporaryKeys temporaryKeys;
  SessionRoom room;
  Leftovers leftovers;

  public Household(Path directory) throws IOException {
    file = directory.resolve("yaoku.db");
    root = RootKey.create(directory.resolve("root.key"), randomness);
    hierarchy = new Hierarchy(root, INSTALLATION, randomness);
    systemKey = hierarchy.newSystemKey(1);
    revoked = new RevocationLists(directory.resolve("revoked"));
    events = new Events(clock, new Entries(randomness::bytes)::encode);
    throttle = new FailureThrottle(FailureThrottle.Limits.USUAL, clock);
    store = open();
    found();
    assembleOver(store);
  }

  private SqlStore open() {
    SqlStore opened =
        SqlStore.openSqlite(file, SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING);
    opened.authenticateRowsWith(new HierarchyMacs(hierarchy));
    return opened;
  }

  /** Has everything anew, with nothing in memory, over a store that tells or does more. */
  final void assembleOver(Store other) {
    identities = new Identities(other, hierarchy, clock, Identities.Limits.USUAL, revoked);
    held = new HeldPolicies(other, clock, 100, Duration.ofMinutes(1));
    room = new SessionRoom(other, identities);
    leftovers = new Leftovers(other);
    tokens =
        new Tokens(
            other,
            identities,
            held,
            room,
            throttle,
            events,
            randomness,
            clock,
            Duration.ofHours(24));
    temporaryKeys =
        new TemporaryKeys(other, hierarchy, identities, held, room, events, randomness, clock);
    logins = new Logins(other, hierarchy, clock, 2, Long.MAX_VALUE);
    accounts = new Accounts(other);
    permissions = new PolicyPermissions(held, identities, new Operators(other), clock, REGION);
    admission = new Admission(identities, permissions);
    services = servicesOver(other);
  }

  /** The same services over a store that tells or does more. */
  IdentityServices servicesOver(Store other) {
    return IdentityServices.over(
        other, hierarchy, identities, held, logins, randomness, clock, events, List.of(REGION));
  }

  /** Keeps whose client certificates the accounts take. */
  public ClientAuthorities clientAuthorities() {
    return new ClientAuthorities(store, identities, held, events, clock);
  }

  /** Checks access keys that are shown with their secret. */
  public AccessKeyLogin accessKeyLogin() {
    return Authenticators.of(
            identities, throttle, SignatureRules.USUAL, clock, randomness.secret(40))
        .logins();
  }

  /** Stops and starts, so that nothing is left in memory. */
  public void restart() {
    store.close();
    hierarchy.close();
    hierarchy = new Hierarchy(root, INSTALLATION, randomness);
    hierarchy.openSystemKey(1, systemKey);
    store = open();
    assembleOver(store);
  }

  /** Changes a row behind the server's back. */
  void edit(String sql, String... values) {
    assertThat(BehindItsBack.edit(file, sql, values)).isEqualTo(1);
  }

  private void found() {
    Wrapped secret = wrapSecret(ACCOUNT, ALICE, ACCESS_KEY, SECRET);
    store.write(tx -> {
      tx.insert(new Rows.SystemKey(1, systemKey, now));
      tx.putSetting(Operators.ACCOUNT, ACCOUNT);
      tx.insert(new Rows.Account(ACCOUNT, "home", true, now, 1));
      tx.insert(new Rows.Account(OTHER_ACCOUNT, "away", true, now, 1));
      tx.insert(project(PROJECT, ACCOUNT, "cn-north-4", "cn-north-4"));
      tx.insert(project(SECOND_PROJECT, ACCOUNT, "cn-north-4_two", "cn-north-4"));
      tx.insert(project(OTHER_PROJECT, OTHER_ACCOUNT, "cn-north-4", "cn-north-4"));
      tx.insert(user(ALICE, ACCOUNT, "alice", true));
      tx.insert(user(BOB, ACCOUNT, "bob", false));
      tx.insert(user(CAROL, OTHER_ACCOUNT, "carol", true));
      tx.insert(
          new Rows.AccessKey(
              ACCESS_KEY, ACCOUNT, ALICE, secret.bytes(), secret.keyVersion(), true, now, 1));
      return 0;
    });
  }

  private Rows.Project project(String id, String account, String name, String region) {
    return new Rows.Project(id, account, name, region, true, now, 1);
  }

  private Rows.User user(String id, String account, String name, boolean administrator) {
    Wrapped wrapped = password(account, id, PASSWORD);
    return new Rows.User(
        id, account, name, wrapped.bytes(), wrapped.keyVersion(), administrator, true, now, 1);
  }

  private Wrapped password(String account, String user, String text) {
    try (SecretBytes password = text(text);
        SecretBytes record = Passwords.hash(password, randomness)) {
      return hierarchy.wrapPassword(account, user, record);
    }
  }

  public Wrapped wrapSecret(String account, String user, String accessKey, String secret) {
    try (SecretBytes bytes = text(secret)) {
      return hierarchy.wrapSecretAccessKey(account, user, accessKey, Identities.PERMANENT, bytes);
    }
  }

  public static SecretBytes text(String text) {
    return SecretBytes.take(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets somebody of the first account do something, in the account and in all of its projects. */
  public void allow(String user, String action, String resource) {
    allow(new Attachments.Holder.User(user), action, resource);
  }

  /**
   * The same of any holder.
   *
   * @return the id of the policy that says so
   */
  String allow(Attachments.Holder holder, String action, String resource) {
    String name = "policy-" + NEXT.incrementAndGet();
    String document =
        """
        {"Version":"5.0","Statement":[{"Effect":"Allow","Action":["%s"],"Resource":["%s"]}]}\
        """
            .formatted(action, resource);
    String policy =
        services
            .policies()
            .create(caller(ALICE), new Policies.Order(name, "", "AX", document))
            .id();
    services.attachments().attach(caller(ALICE), holder, Rights.Attachment.ACCOUNT, policy);
    return policy;
  }

  /** A token of somebody who has just said a password. */
  public Tokens.New issue(String user, TokenScope scope) {
    return tokens.issue(caller(user), scope, proof(user));
  }

  /** As if somebody had just said the password that its row has. */
  public PasswordProof proof(String user) {
    Rows.User row = store.read(tx -> tx.user(user)).orElseThrow();
    return PasswordProof.of(caller(user).principal(), row);
  }

  /** Somebody who has just proved who it is, by password. */
  public Caller caller(String user) {
    Principal who =
        store.read(tx -> {
          Rows.User row = tx.user(user).orElseThrow();
          return Identities.principal(tx, row.account(), user, "password", false, null)
              .orElseThrow();
        });
    return admission.callerOf(who, Optional.empty(), "", "0".repeat(32), "192.0.2.1");
  }

  /** Takes a user's password away, so that none is the right one. */
  public void dropPassword(String id) {
    change(id, u -> row(u, new byte[0], u.systemKeyVersion(), u.enabled()));
  }

  /** Gives a user another password, as another server would: without waiting for a turn. */
  public void setPassword(String id, String text) {
    Wrapped wrapped = password(ACCOUNT, id, text);
    change(id, u -> row(u, wrapped.bytes(), wrapped.keyVersion(), u.enabled()));
  }

  /** Changes a user's row as an administrator would. */
  public void disableUser(String id) {
    change(id, u -> row(u, u.password(), u.systemKeyVersion(), false));
  }

  private void change(String id, UnaryOperator<Rows.User> how) {
    store.write(tx -> {
      tx.update(how.apply(tx.user(id).orElseThrow()));
      return 0;
    });
  }

  private static Rows.User row(Rows.User u, byte[] password, int keyVersion, boolean enabled) {
    return new Rows.User(
        u.id(),
        u.account(),
        u.name(),
        password,
        keyVersion,
        u.administrator(),
        enabled,
        u.createdAt(),
        u.rowVersion());
  }

  /** Changes the access key's row as an administrator would. */
  public void disableAccessKey() {
    store.write(tx -> {
      Rows.AccessKey k = tx.accessKey(ACCESS_KEY).orElseThrow();
      tx.update(
          new Rows.AccessKey(
              k.id(),
              k.account(),
              k.user(),
              k.secret(),
              k.systemKeyVersion(),
              false,
              k.createdAt(),
              k.rowVersion()));
      return 0;
    });
  }

  @Override
  public void close() {
    store.close();
    hierarchy.close();
    root.close();
  }
}
