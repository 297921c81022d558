package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Permissions;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Decision;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Keys of an account that has projects in three regions, and how they are replicated there. */
abstract class ReplicationWorld {
  static final Bound NOTHING = new Bound(null, null);
  static final EncryptionAlgorithm DEFAULT = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  static final Duration WEEK = Duration.ofDays(7);
  static final Problem WITHOUT_MATERIAL =
      new Problem.WrongState(Problem.Need.USABLE, new KeyState.PendingImport());

  @TempDir Path directory;
  private final AtomicInteger names = new AtomicInteger();
  KeyWorld world;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  Caller third() {
    return world.caller(KeyWorld.ACCOUNT, KeyWorld.THIRD_PROJECT, "user-1");
  }

  Replication.Order far(String name) {
    return new Replication.Order(
        KeyWorld.FAR_REGION, KeyWorld.FAR_PROJECT, name, "far away", "0", List.of());
  }

  Replication.Order far() {
    return far("replica-" + names.incrementAndGet());
  }

  Replication.Order toThird() {
    return new Replication.Order(
        KeyWorld.THIRD_REGION,
        KeyWorld.THIRD_PROJECT,
        "replica-" + names.incrementAndGet(),
        "",
        "0",
        List.of());
  }

  Key replicate(Key key, Replication.Order order) {
    return world.services().replication().replicate(world.alice(), ref(key), order);
  }

  Key promote(Caller caller, Key key, String region) {
    return world.services().replication().promote(caller, ref(key), region);
  }

  /** A key of Alice's with material that she brought. */
  Key imported() {
    return imported(null);
  }

  /** The same with material that expires, or does not. */
  Key imported(@Nullable Instant expiresAt) {
    Customer alice = new Customer(world, world::alice);
    Key key = alice.key();
    alice.bring(key, expiresAt);
    return key;
  }

  /** Deletes a key and lets the time pass until it is destroyed. */
  void purge(Caller caller, Key key) {
    world.services().lifecycle().scheduleDeletion(caller, ref(key), WEEK);
    world.pass(WEEK.plus(WEEK).plus(Duration.ofMinutes(1)));
    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);
  }

  /** Changes a row behind the server's back, of which nothing stays in memory. */
  void edit(String sql, Key of) {
    assertThat(edited(sql, of.id().text())).isEqualTo(1);
    world.restart();
  }

  int edited(String sql, String value) {
    return world.edit(sql, value);
  }

  /** From now on a replica's row is not genuine. */
  void damage(Key key) {
    edit("UPDATE \"key\" SET description = 'changed' WHERE id = ?", key);
  }

  /** Brings the row of a replica that is {@link #far()} back as it was. */
  void restore(Key replica) {
    edit("UPDATE \"key\" SET description = 'far away' WHERE id = ?", replica);
  }

  Key stored(Key key) {
    return world.store.read(tx -> tx.key(key.id()).orElseThrow());
  }

  List<KeyVersion> versions(Key key) {
    return world.store.read(tx -> tx.versions(key.id()));
  }

  byte[] encrypt(Caller caller, Key key, String text) {
    try (SecretBytes plaintext = SecretBytes.take(text.getBytes(UTF_8))) {
      return world
          .services()
          .encryption()
          .encrypt(caller, ref(key), DEFAULT, plaintext, NOTHING)
          .blob();
    }
  }

  /** The plaintext, and which key opened it. */
  String decrypt(Caller caller, byte[] blob) {
    try (Encryption.Decrypted decrypted =
        world.services().encryption().decrypt(caller, null, DEFAULT, blob, NOTHING)) {
      return decrypted.plaintext().lend(bytes -> new String(bytes, UTF_8))
          + " by "
          + decrypted.key();
    }
  }

  List<AuditEvent> events(String trace) {
    return world.recorded.stream().filter(event -> event.trace().equals(trace)).toList();
  }

  /** Alice, to whom these projects and actions are closed. */
  Caller restricted(String project, Set<String> closed, Set<Action> denied) {
    return restricted(project, closed, denied, null);
  }

  Caller restricted(
      String project, Set<String> closed, Set<Action> denied, @Nullable String tokenProject) {
    Principal who =
        new Principal(
            KeyWorld.ACCOUNT,
            "acme",
            "user-1",
            "someone",
            false,
            "YK1",
            tokenProject != null,
            tokenProject);
    Permissions permissions =
        new Permissions() {
          @Override
          public Decision decide(Caller asking, String in, Action action, Subject subject) {
            boolean seen = action == Action.DESCRIBE_KEY;
            boolean open = seen || (!closed.contains(in) && !denied.contains(action));
            return open ? new Decision(Decision.Outcome.ALLOWED, null) : Decision.NOT_ALLOWED;
          }

          @Override
          public boolean conceives(Caller asking, Action action) {
            return true;
          }
        };
    Caller caller = new Caller(who, project, "0".repeat(32), "127.0.0.1", permissions);
    caller.foundIn(project.equals(KeyWorld.FAR_PROJECT) ? KeyWorld.FAR_REGION : KeyWorld.REGION);
    return caller;
  }

  void refused(Problem problem, Caller caller, Key key, Replication.Order order) {
    Key before = stored(key);
    int rows = world.store.read(tx -> tx.setMembers(before.set()).size());
    Refused.with(problem, () -> world.services().replication().replicate(caller, ref(key), order));
    assertThat(stored(key)).isEqualTo(before);
    assertThat(world.store.<Integer>read(tx -> tx.setMembers(before.set()).size())).isEqualTo(rows);
  }
}
