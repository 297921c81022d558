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
import dev.yaoku.audit.Rating;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.SigningAlgorithm;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.NoSync;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas cross the boundaries of regions, and no others (SECURITY_DESIGN H14). */
class ReplicationTest {
  private static final Bound NOTHING = new Bound(null, null);
  private static final EncryptionAlgorithm DEFAULT = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final Duration WEEK = Duration.ofDays(7);

  @TempDir Path directory;
  private final AtomicInteger names = new AtomicInteger();
  private KeyWorld world;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Caller third() {
    return world.caller(KeyWorld.ACCOUNT, KeyWorld.THIRD_PROJECT, "user-1");
  }

  private Replication.Order far(String name) {
    return new Replication.Order(
        KeyWorld.FAR_REGION, KeyWorld.FAR_PROJECT, name, "far away", "0", List.of());
  }

  private Replication.Order far() {
    return far("replica-" + names.incrementAndGet());
  }

  private Replication.Order toThird() {
    return new Replication.Order(
        KeyWorld.THIRD_REGION,
        KeyWorld.THIRD_PROJECT,
        "replica-" + names.incrementAndGet(),
        "",
        "0",
        List.of());
  }

  private Key replicate(Key key, Replication.Order order) {
    return world.services().replication().replicate(world.alice(), ref(key), order);
  }

  private Key stored(Key key) {
    return world.store.read(tx -> tx.key(key.id()).orElseThrow());
  }

  private List<KeyVersion> versions(Key key) {
    return world.store.read(tx -> tx.versions(key.id()));
  }

  private byte[] encrypt(Caller caller, Key key, String text) {
    try (SecretBytes plaintext = SecretBytes.take(text.getBytes(UTF_8))) {
      return world
          .services()
          .encryption()
          .encrypt(caller, ref(key), DEFAULT, plaintext, NOTHING)
          .blob();
    }
  }

  /** The plaintext, and which key opened it. */
  private String decrypt(Caller caller, byte[] blob) {
    try (Encryption.Decrypted decrypted =
        world.services().encryption().decrypt(caller, null, DEFAULT, blob, NOTHING)) {
      return decrypted.plaintext().lend(bytes -> new String(bytes, UTF_8))
          + " by "
          + decrypted.key();
    }
  }

  /** Changes a row behind the server's back. */
  private void edit(String sql, String... values) {
    assertThat(world.edit(sql, values)).isEqualTo(1);
    world.restart();
  }

  private List<AuditEvent> events(String trace) {
    return world.recorded.stream().filter(event -> event.trace().equals(trace)).toList();
  }

  // What a replica is

  @Test
  void aReplicaHasItsOwnIdAndNamesAndTheSameMaterial() {
    Key key = world.key();
    Key replica =
        replicate(
            key,
            new Replication.Order(
                KeyWorld.FAR_REGION,
                KeyWorld.FAR_PROJECT,
                "orders-far",
                "far away",
                "0",
                List.of(new Tag("env", "prod"))));

    assertThat(replica.id()).isNotEqualTo(key.id());
    Key there = stored(replica);
    assertThat(there.project()).isEqualTo(KeyWorld.FAR_PROJECT);
    assertThat(there.account()).isEqualTo(KeyWorld.ACCOUNT);
    assertThat(there.name()).isEqualTo("orders-far");
    assertThat(there.description()).isEqualTo("far away");
    assertThat(there.realm()).isEqualTo(KeyWorld.FAR_REGION);
    assertThat(there.multiRegion().role()).isEqualTo(Role.REPLICA);
    assertThat(there.state()).isInstanceOf(KeyState.Enabled.class);
    assertThat(stored(key).multiRegion()).isEqualTo(new MultiRegion(Role.PRIMARY, there.set()));
    assertThat(world.store.<List<Tag>>read(tx -> tx.tags(replica.id())))
        .containsExactly(new Tag("env", "prod"));
    assertThat(versions(replica))
        .extracting(KeyVersion::materialId)
        .containsExactly(versions(key).getFirst().materialId());
    assertThat(world.services().queries().describe(world.aliceFarAway(), ref(replica)).key().name())
        .isEqualTo("orders-far");
  }

  @Test
  void theReplicationIsOneEventWithAllRows() {
    Key key = world.key();
    Key replica = replicate(key, far());

    assertThat(events("replicateKey"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.resourceId()).isEqualTo(key.id().text());
          assertThat(event.changes())
              .extracting(AuditEvent.Change::table)
              .contains("key", "key_version", "set_member");
          assertThat(event.changes())
              .extracting(AuditEvent.Change::primaryKey)
              .contains(key.id().text(), replica.id().text(), replica.id() + "/1");
        });
  }

  @Test
  void ciphertextOfOneMemberOpensUnderTheOthersByTheLocalOne() {
    Key key = world.key();
    byte[] before = encrypt(world.alice(), key, "before");
    Key replica = replicate(key, far());
    Key other = replicate(key, toThird());
    byte[] here = encrypt(world.alice(), key, "here");
    byte[] there = encrypt(world.aliceFarAway(), replica, "there");

    assertThat(decrypt(world.alice(), before)).isEqualTo("before by " + key.id());
    assertThat(decrypt(world.aliceFarAway(), before)).isEqualTo("before by " + replica.id());
    assertThat(decrypt(world.aliceFarAway(), here)).isEqualTo("here by " + replica.id());
    assertThat(decrypt(world.alice(), there)).isEqualTo("there by " + key.id());
    assertThat(decrypt(third(), there)).isEqualTo("there by " + other.id());
    world.restart();
    assertThat(decrypt(third(), here)).isEqualTo("here by " + other.id());
  }

  @Test
  void theNewestMemberIsKnownToThoseInMemory() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] there = encrypt(world.aliceFarAway(), replica, "x");
    assertThat(decrypt(world.alice(), there)).startsWith("x");
    byte[] here = encrypt(world.alice(), key, "y");
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(third(), here));

    Key other = replicate(key, toThird());

    assertThat(decrypt(third(), here)).isEqualTo("y by " + other.id());
    assertThat(decrypt(world.alice(), encrypt(third(), other, "z"))).isEqualTo("z by " + key.id());
  }

  @Test
  void aNamedKeyMustBeTheLocalOne() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] here = encrypt(world.alice(), key, "here");
    Encryption encryption = world.services().encryption();

    try (Encryption.Decrypted decrypted =
        encryption.decrypt(world.aliceFarAway(), ref(replica), DEFAULT, here, NOTHING)) {
      assertThat(decrypted.key()).isEqualTo(replica.id());
    }
    Refused.with(
        new Problem.KeyNotFound(),
        () -> encryption.decrypt(world.aliceFarAway(), ref(key), DEFAULT, here, NOTHING));
    Key stranger = world.key();
    Refused.with(
        new Problem.BadCiphertext(),
        () -> encryption.decrypt(world.alice(), ref(stranger), DEFAULT, here, NOTHING));
  }

  @Test
  void dataKeysAndReEncryptionFollowTheSameRule() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] blob;
    try (DataKeys.Wrapped wrapped =
        world.services().dataKeys().create(world.alice(), ref(key), 32, NOTHING)) {
      blob = wrapped.blob();
    }
    world
        .services()
        .dataKeys()
        .decrypt(world.aliceFarAway(), ref(replica), blob, 32, NOTHING)
        .close();

    Key target = world.services().creation().create(world.aliceFarAway(), KeyWorld.order("target"));
    byte[] data = encrypt(world.alice(), key, "moved");
    ReEncryption.Moved moved =
        world
            .services()
            .reEncryption()
            .move(
                world.aliceFarAway(),
                new ReEncryption.Source(
                    null, DEFAULT, data, dev.yaoku.crypto.Blob.Kind.DATA, NOTHING, 0),
                new ReEncryption.Destination(ref(target), DEFAULT, NOTHING, false));
    assertThat(moved.source()).isEqualTo(replica.id());
    assertThat(decrypt(world.aliceFarAway(), moved.ciphertext()))
        .isEqualTo("moved by " + target.id());
  }

  @Test
  void signaturesOfOneMemberVerifyUnderTheOther() {
    Key key =
        world
            .services()
            .creation()
            .create(
                world.alice(),
                new KeyCreation.Order(
                    "signer",
                    "",
                    KeySpec.EC_P256,
                    KeyUsage.SIGN_VERIFY,
                    Origin.KMS,
                    "0",
                    "0",
                    null));
    Key replica = replicate(key, far());
    byte[] message = "hello".getBytes(UTF_8);
    byte[] signature =
        world
            .services()
            .signing()
            .sign(
                world.alice(), ref(key), SigningAlgorithm.ECDSA_SHA_256, Signing.Form.RAW, message)
            .bytes();

    assertThat(
            world
                .services()
                .signing()
                .verify(
                    world.aliceFarAway(),
                    ref(replica),
                    SigningAlgorithm.ECDSA_SHA_256,
                    Signing.Form.RAW,
                    message,
                    signature)
                .valid())
        .isTrue();
  }

  // Permission and state are the local member's

  @Test
  void theStateThatCountsIsTheLocalMembers() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    world.services().lifecycle().disable(world.alice(), ref(key));

    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
    Refused.with(
        new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled()),
        () -> decrypt(world.alice(), blob));
    world.services().lifecycle().enable(world.alice(), ref(key));
    world.services().lifecycle().disable(world.aliceFarAway(), ref(replica));
    assertThat(decrypt(world.alice(), blob)).isEqualTo("x by " + key.id());
    Refused.with(
        new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled()),
        () -> decrypt(world.aliceFarAway(), blob));
  }

  @Test
  void theRightThatCountsIsTheOneOnTheLocalMember() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    Caller onlyHere = restricted(KeyWorld.FAR_PROJECT, Set.of(KeyWorld.FAR_PROJECT), Set.of());

    Refused.with(
        new Problem.KeyNotAllowed(Action.DECRYPT_DATA.policyName()), () -> decrypt(onlyHere, blob));
    assertThat(onlyHere.touched()).isNotNull().extracting(Key::id).isEqualTo(replica.id());
  }

  @Test
  void aGrantOnOneMemberIsNoneOnAnother() {
    Key key = world.key();
    replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    world
        .services()
        .grants()
        .create(
            world.alice(),
            ref(key),
            new Grants.Order(
                "stranger", false, Set.of(GrantOperation.DECRYPT_DATA), null, "for mallory"));
    Caller mallory = world.caller(KeyWorld.OTHER_ACCOUNT, KeyWorld.OTHER_FAR_PROJECT, "stranger");

    // Granted is the key that made it, and by that it opens.
    assertThat(decrypt(mallory, blob)).isEqualTo("x by " + key.id());
    Caller other = world.caller(KeyWorld.OTHER_ACCOUNT, KeyWorld.OTHER_FAR_PROJECT, "nobody");
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(other, blob));
  }

  /** Alice, to whom these projects and actions are closed. */
  private Caller restricted(String project, Set<String> closed, Set<Action> denied) {
    return restricted(project, closed, denied, null);
  }

  private Caller restricted(
      String project,
      Set<String> closed,
      Set<Action> denied,
      @org.jspecify.annotations.Nullable String tokenProject) {
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

  // Where replicas cannot go

  private void refused(Problem problem, Caller caller, Key key, Replication.Order order) {
    Key before = stored(key);
    int rows = world.store.read(tx -> tx.setMembers(before.set()).size());
    Refused.with(problem, () -> world.services().replication().replicate(caller, ref(key), order));
    assertThat(stored(key)).isEqualTo(before);
    assertThat(world.store.<Integer>read(tx -> tx.setMembers(before.set()).size())).isEqualTo(rows);
  }

  @Test
  void noReplicaLeavesTheAccountOrGoesWhereTheRegionIsNot() {
    Key key = world.key();
    Problem.BadValue badProject =
        new Problem.BadValue(
            dev.yaoku.key.Field.OTHER,
            "replica_project_id",
            "replica_project_id must be an enabled project of your account in replica_region.");
    for (String project :
        List.of(
            KeyWorld.OTHER_FAR_PROJECT, // another account's
            KeyWorld.SECOND_PROJECT, // in another region
            "f".repeat(32))) { // nowhere
      refused(
          badProject,
          world.alice(),
          key,
          new Replication.Order(KeyWorld.FAR_REGION, project, "r", "", "0", List.of()));
    }
  }

  @Test
  void aReplicaNeedsTheRightToCreateKeysThere() {
    Key key = world.key();
    refused(
        new Problem.NotAllowed("kms:cmk:create"),
        restricted(KeyWorld.PROJECT, Set.of(KeyWorld.FAR_PROJECT), Set.of()),
        key,
        far());
    refused(
        new Problem.KeyNotAllowed("kms:cmk:replicate"),
        restricted(KeyWorld.PROJECT, Set.of(), Set.of(Action.REPLICATE_KEY)),
        key,
        far());
    assertThat(
            world
                .services()
                .replication()
                .replicate(restricted(KeyWorld.PROJECT, Set.of(), Set.of()), ref(key), far())
                .project())
        .isEqualTo(KeyWorld.FAR_PROJECT);
  }

  @Test
  void aTokenOfOneProjectMakesNoKeysInAnother() {
    refused(
        new Problem.NotAllowed("kms:cmk:create"),
        restricted(KeyWorld.PROJECT, Set.of(), Set.of(), KeyWorld.PROJECT),
        world.key(),
        far());
  }

  @Test
  void oneMemberARegion() {
    Key key = world.key();
    refused(
        new Problem.RegionTaken(),
        world.alice(),
        key,
        new Replication.Order(KeyWorld.REGION, KeyWorld.SECOND_PROJECT, "r", "", "0", List.of()));
    replicate(key, far());
    refused(new Problem.RegionTaken(), world.alice(), key, far());
  }

  @Test
  void onlyEnabledCustomKeysOfTheBuiltInKeystoreAreReplicatedAndNoReplicas() {
    refused(new Problem.DefaultKey(), world.alice(), world.defaultKey(), far());
    Key key = world.key();
    Key replica = replicate(key, far());
    Refused.with(
        new Problem.ReadOnlyReplica(),
        () ->
            world
                .services()
                .replication()
                .replicate(world.aliceFarAway(), ref(replica), toThird()));
    world.services().lifecycle().disable(world.alice(), ref(key));
    refused(
        new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled()),
        world.alice(),
        key,
        toThird());
    dev.yaoku.key.Keystore keystore =
        world.services().keystores().create(world.alice(), "vault", "DHSM", "cluster-1");
    world.services().keystores().enable(world.alice(), keystore.id());
    Key filed =
        world
            .services()
            .creation()
            .create(world.alice(), KeyWorld.order("filed", Origin.KMS, keystore.id()));
    refused(new Problem.NotInStep(NoSync.KEYSTORE), world.alice(), filed, far());
  }

  @Test
  void nameQuotaAndTagsAreTheTargetProjects() {
    world.services().creation().create(world.aliceFarAway(), KeyWorld.order("taken"));
    Key key = world.key();
    refused(new Problem.NameTaken(), world.alice(), key, far("taken"));
    world.key("free-there");
    assertThat(replicate(key, far("free-there")).name()).isEqualTo("free-there");
    for (int i = 2; i < 100; i++) {
      world.services().creation().create(world.aliceFarAway(), KeyWorld.order("far-" + i));
    }
    refused(new Problem.KeyQuotaReached(100), world.alice(), world.key(), far());
  }

  // The set is authenticated

  @Test
  void aSetIdSwappedInTheDatabaseIsRefused() {
    Key key = world.key();
    Key replica = replicate(key, far());
    Key other = world.key();
    replicate(other, far());
    byte[] blob = encrypt(world.alice(), other, "x");

    edit(
        "UPDATE \"key\" SET replica_set = ? WHERE id = ?",
        "replica:" + stored(other).set(),
        replica.id().text());
    assertThat(Refused.problem(() -> encrypt(world.aliceFarAway(), replica, "y")))
        .isEqualTo(new Problem.RowNotGenuine("key", replica.id().text()));
    assertThat(decrypt(world.alice(), blob)).startsWith("x");
  }

  @Test
  void aMembersRowSwappedInTheDatabaseIsRefused() {
    Key key = world.key();
    replicate(key, far());
    Key stranger = world.key();
    replicate(stranger, toThird());
    byte[] blob = encrypt(world.alice(), key, "x");
    edit(
        "UPDATE set_member SET replica_set = ? WHERE key_id = ?",
        stored(stranger).set(),
        key.id().text());

    // The key's own row says what it belongs to; the edited one counts for nothing.
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(third(), blob));
    assertThat(decrypt(world.alice(), blob)).startsWith("x");
  }

  @Test
  void theWrapsAreBoundToTheSet() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().keys().changedAll();
    // Whoever could write rows with good MACs still could not move material to another set.
    world.store.write(tx ->
        tx.update(
            tx.lockKey(replica.id())
                .orElseThrow()
                .standing(new MultiRegion(Role.REPLICA, "another-set"))));

    assertThat(Refused.problem(() -> encrypt(world.aliceFarAway(), replica, "y")))
        .isEqualTo(new Problem.RowNotGenuine("key_versions", replica.id() + "/1"));
  }

  // In step

  @Test
  void rotationGivesAllMembersTheSameNewMaterialAtOnce() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] old = encrypt(world.aliceFarAway(), replica, "old");

    world.services().rotation().rotateNow(world.alice(), ref(key));

    assertThat(stored(replica).currentVersion()).isEqualTo(2);
    assertThat(stored(replica).rotation().count()).isEqualTo(1);
    assertThat(versions(replica))
        .extracting(KeyVersion::materialId)
        .isEqualTo(versions(key).stream().map(KeyVersion::materialId).toList());
    byte[] fresh = encrypt(world.aliceFarAway(), replica, "new");
    assertThat(java.nio.ByteBuffer.wrap(fresh).getInt(20)).isEqualTo(2);
    assertThat(decrypt(world.alice(), fresh)).isEqualTo("new by " + key.id());
    assertThat(decrypt(world.alice(), old)).isEqualTo("old by " + key.id());
    assertThat(events("rotateOnDemand"))
        .singleElement()
        .satisfies(event ->
            assertThat(event.changes())
                .extracting(AuditEvent.Change::primaryKey)
                .contains(key.id() + "/2", replica.id() + "/2"));
  }

  @Test
  void theScheduleIsThePrimarysAndShownOnReplicas() {
    Key key = world.key();
    Key replica = replicate(key, far());
    KeyRotation rotation = world.services().rotation();
    rotation.enable(world.alice(), ref(key));
    assertThat(rotation.status(world.aliceFarAway(), ref(replica)).rotation().enabled()).isTrue();
    for (Runnable change :
        List.<Runnable>of(
            () -> rotation.enable(world.aliceFarAway(), ref(replica)),
            () -> rotation.disable(world.aliceFarAway(), ref(replica)),
            () -> rotation.every(world.aliceFarAway(), ref(replica), 30),
            () -> rotation.rotateOnDemand(world.aliceFarAway(), ref(replica)),
            () -> rotation.rotateNow(world.aliceFarAway(), ref(replica)))) {
      Refused.with(new Problem.ReadOnlyReplica(), change::run);
    }

    world.pass(Duration.ofDays(366));

    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);
    assertThat(stored(key).currentVersion()).isEqualTo(2);
    assertThat(stored(replica).currentVersion()).isEqualTo(2);
    assertThat(decrypt(world.alice(), encrypt(world.aliceFarAway(), replica, "x")))
        .isEqualTo("x by " + key.id());
  }

  @Test
  void allVersionsAreCopiedEvenVeryMany() {
    Key key = world.key();
    byte[] first = encrypt(world.alice(), key, "first");
    for (int i = 0; i < 60; i++) {
      world.services().rotation().rotateNow(world.alice(), ref(key));
    }

    Key replica = replicate(key, far());

    assertThat(versions(replica)).hasSize(61);
    assertThat(decrypt(world.aliceFarAway(), first)).isEqualTo("first by " + replica.id());
    List<String> named =
        world.recorded.stream()
            .filter(event -> !event.trace().equals("rotateOnDemand"))
            .filter(event -> event.changes().size() <= 40)
            .flatMap(event -> event.changes().stream())
            .map(AuditEvent.Change::primaryKey)
            .toList();
    for (int i = 1; i <= 61; i++) {
      assertThat(named).contains(replica.id() + "/" + i, key.id() + "/" + i);
    }
  }

  // Gone, and yet not

  @Test
  void disablingAndDeletingWarnOfTheMembersThatLiveOn() {
    Key key = world.key();
    world.services().lifecycle().disable(world.alice(), ref(key));
    assertThat(events("membersLiveOn")).isEmpty();
    world.services().lifecycle().enable(world.alice(), ref(key));
    Key replica = replicate(key, far());
    Key other = replicate(key, toThird());

    world.services().lifecycle().disable(world.alice(), ref(key));
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);

    assertThat(events("membersLiveOn"))
        .hasSize(2)
        .allSatisfy(event -> {
          assertThat(event.rating()).isEqualTo(Rating.WARNING);
          assertThat(event.resourceId()).isEqualTo(key.id().text());
          assertThat(event.account()).isEqualTo(KeyWorld.ACCOUNT);
          assertThat(event.detail())
              .contains("replica " + replica.id() + " in " + KeyWorld.FAR_REGION + ", enabled")
              .contains("replica " + other.id() + " in " + KeyWorld.THIRD_REGION);
        });
    assertThat(events("membersLiveOn").getFirst().detail()).startsWith("disabled by user user-1");
    world.pass(WEEK.plus(WEEK).plus(Duration.ofMinutes(1)));
    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);
    assertThat(events("deleteKey"))
        .singleElement()
        .satisfies(event -> assertThat(event.detail()).contains(replica.id().text()));
  }

  @Test
  void whatAPurgedMemberEncryptedStillOpensUnderTheOthersUntilTheLastIsPurged() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    purge(world.alice(), key);

    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(world.alice(), blob));
    world.restart();
    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
    purge(world.aliceFarAway(), replica);
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(world.aliceFarAway(), blob));
    assertThat(world.store.<Boolean>read(tx -> tx.setMember(key.id()).isPresent())).isFalse();
  }

  private void purge(Caller caller, Key key) {
    world.services().lifecycle().scheduleDeletion(caller, ref(key), WEEK);
    world.pass(WEEK.plus(WEEK).plus(Duration.ofMinutes(1)));
    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);
  }

  @Test
  void aGoneReplicaMakesRoomAndDoesNotComeBackIntoIt() {
    Key key = world.key();
    Key gone = replicate(key, far());
    byte[] blob = encrypt(world.aliceFarAway(), gone, "x");
    world.services().lifecycle().scheduleDeletion(world.aliceFarAway(), ref(gone), WEEK);
    refused(new Problem.RegionTaken(), world.alice(), key, far());
    world.pass(WEEK);
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(world.aliceFarAway(), blob));

    Key next = replicate(key, far());

    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + next.id());
    Refused.with(
        new Problem.RegionTaken(),
        () -> world.services().deletions().undelete(world.aliceFarAway(), ref(gone)));
    world.wall.updateAndGet(now -> now.minus(Duration.ofDays(1)));
    Refused.with(
        new Problem.RegionTaken(),
        () -> world.services().lifecycle().cancelDeletion(world.aliceFarAway(), ref(gone)));
  }

  // Roles

  private Key promote(Caller caller, Key key, String region) {
    return world.services().replication().promote(caller, ref(key), region);
  }

  @Test
  void theMembersSwapTheirRolesAndTheScheduleGoesWithIt() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().rotation().enable(world.alice(), ref(key));

    assertThat(promote(world.alice(), key, KeyWorld.FAR_REGION).id()).isEqualTo(key.id());

    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.REPLICA);
    assertThat(stored(replica).multiRegion())
        .isEqualTo(new MultiRegion(Role.PRIMARY, stored(key).set()));
    Refused.with(
        new Problem.ReadOnlyReplica(),
        () -> world.services().rotation().rotateNow(world.alice(), ref(key)));
    world.pass(Duration.ofDays(366));
    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);
    assertThat(stored(key).currentVersion()).isEqualTo(2);
    assertThat(decrypt(world.aliceFarAway(), encrypt(world.alice(), key, "x")))
        .isEqualTo("x by " + replica.id());
    assertThat(replicateFrom(world.aliceFarAway(), replica).multiRegion().set())
        .isEqualTo(stored(key).set());
  }

  private Key replicateFrom(Caller caller, Key key) {
    return world.services().replication().replicate(caller, ref(key), toThird());
  }

  @Test
  void theSwapMayBeAskedOfAReplicaTooAsLongAsThePrimaryIsEnabled() {
    Key key = world.key();
    Key replica = replicate(key, far());
    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);
    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.REPLICA);
    promote(world.aliceFarAway(), replica, KeyWorld.REGION);
    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.PRIMARY);

    world.services().lifecycle().disable(world.alice(), ref(key));
    Refused.with(
        new Problem.NotInStep(NoSync.PRIMARY_NOT_ENABLED),
        () -> promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION));
    Refused.with(
        new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled()),
        () -> promote(world.alice(), key, KeyWorld.FAR_REGION));
  }

  @Test
  void whereThePrimaryIsGoneAReplicaIsPromotedAndStaysThePrimary() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().rotation().enable(world.alice(), ref(key));
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    world.pass(WEEK);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    Key restored = world.services().deletions().undelete(world.alice(), ref(key));
    assertThat(restored.multiRegion().role()).isEqualTo(Role.REPLICA);
    world.services().rotation().rotateNow(world.aliceFarAway(), ref(replica));
    assertThat(stored(key).currentVersion()).isEqualTo(2);
  }

  @Test
  void whereThePrimaryIsPurgedAWholeIntervalBegins() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().rotation().enable(world.alice(), ref(key));
    purge(world.alice(), key);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    assertThat(stored(replica).rotation().dueAt())
        .isEqualTo(world.wall.get().plus(Duration.ofDays(365)));
  }

  @Test
  void aSwapNeedsAReplicaThatIsEnabledAndTheRightOnBoth() {
    Key alone = world.key();
    Refused.with(
        new Problem.NotInStep(NoSync.SINGLE),
        () -> promote(world.alice(), alone, KeyWorld.FAR_REGION));
    Refused.with(
        new Problem.DefaultKey(),
        () -> promote(world.alice(), world.defaultKey(), KeyWorld.FAR_REGION));
    Key key = world.key();
    Key replica = replicate(key, far());
    for (String region : List.of(KeyWorld.REGION, KeyWorld.THIRD_REGION, "nowhere")) {
      assertThat(Refused.problem(() -> promote(world.alice(), key, region)))
          .isInstanceOf(Problem.BadValue.class);
    }
    Problem notAllowed = new Problem.KeyNotAllowed("kms:cmk:updatePrimaryRegion");
    Refused.with(
        notAllowed,
        () ->
            promote(
                restricted(KeyWorld.PROJECT, Set.of(KeyWorld.FAR_PROJECT), Set.of()),
                key,
                KeyWorld.FAR_REGION));
    Refused.with(
        notAllowed,
        () ->
            promote(
                restricted(KeyWorld.FAR_PROJECT, Set.of(KeyWorld.PROJECT), Set.of()),
                replica,
                KeyWorld.FAR_REGION));
    Refused.with(
        notAllowed,
        () ->
            promote(
                restricted(KeyWorld.PROJECT, Set.of(), Set.of(), KeyWorld.PROJECT),
                key,
                KeyWorld.FAR_REGION));
    world.services().lifecycle().disable(world.aliceFarAway(), ref(replica));
    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_NOT_ENABLED),
        () -> promote(world.alice(), key, KeyWorld.FAR_REGION));
    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.PRIMARY);
  }

  // Names

  @Test
  void aUrnNamesTheRegionOfTheCallersProject() {
    Key key = world.key();
    Key replica = replicate(key, far());
    assertThat(described(world.aliceFarAway(), KeyWorld.FAR_REGION, replica.id()))
        .isEqualTo(replica.id());
    Refused.with(
        new Problem.MalformedKeyId(),
        () -> described(world.aliceFarAway(), KeyWorld.REGION, replica.id()));
    assertThat(world.services().creation().create(third(), KeyWorld.order("x")).realm())
        .isEqualTo(KeyWorld.THIRD_REGION);
  }

  private KeyId described(Caller caller, String region, KeyId id) {
    KeyReference urn =
        KeyReference.parse("kms:" + region + ":" + KeyWorld.ACCOUNT + ":KeyId:" + id);
    return world.services().queries().describe(caller, urn).key().id();
  }

  @Test
  void theRegionsAreThoseOfTheServer() {
    assertThat(world.services().replication().regions(world.alice()))
        .containsExactly(KeyWorld.REGION, KeyWorld.FAR_REGION, KeyWorld.THIRD_REGION);
    world.denied.add(Action.LIST_REGIONS);
    Refused.with(
        new Problem.NotAllowed("kms:cmk:list"),
        () -> world.services().replication().regions(world.alice()));
  }
}
