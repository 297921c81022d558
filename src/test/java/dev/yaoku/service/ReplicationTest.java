package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.audit.AuditEvent;
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
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a replica is, who may use it, and what it is called. */
class ReplicationTest extends ReplicationWorld {
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
          assertThat(event.resource().id()).isEqualTo(key.id().text());
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
    assertThat(onlyHere.audit().touched()).isNotNull().extracting(Key::id).isEqualTo(replica.id());
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
