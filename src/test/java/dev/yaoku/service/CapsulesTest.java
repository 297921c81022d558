package dev.yaoku.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Message;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.PublicKeyText;
import dev.yaoku.crypto.SigningAlgorithm;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Capsules.Released;
import dev.yaoku.service.Capsules.Under;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key spaces of several tenants, permissions, and what is recorded. */
class CapsulesTest {
  private static final String SPACE = "1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22";

  @TempDir Path directory;
  private KeyWorld world;

  @BeforeEach
  void aWorld() {
    world = KeyWorld.in(directory);
  }

  @AfterEach
  void theEnd() {
    world.close();
  }

  private AccessPoint program(Caller caller, String name) {
    return world
        .services()
        .accessPoints()
        .create(caller, new AccessPoints.Order(SPACE, name, AccessPoint.Kind.CUSTOM, "", "", ""));
  }

  private static OpeningPolicy allowing(AccessPoint... points) {
    return new OpeningPolicy(
        "1.0", null, java.util.Arrays.stream(points).map(AccessPoint::id).toList(), null);
  }

  private String sealed(Caller caller, Key key, Under under) {
    try (Released made =
        world.services().capsules().create(caller, KeyWorld.ref(key), 32, under, null)) {
      return Base64.getEncoder().encodeToString(made.capsule());
    }
  }

  private Attestation proof(Caller caller, AccessPoint point, String capsule) {
    String until = world.wall.get().plus(Duration.ofHours(1)).toString();
    try (AccessPoints.PrivateKey key =
            world.services().accessPoints().privateKey(caller, point.id());
        PrivateHalf pair = world.cryptography.privateHalf(KeySpec.RSA_3072, key.bytes())) {
      byte[] signature =
          pair.sign(
              SigningAlgorithm.RSASSA_PSS_SHA_256,
              new Message.Raw((capsule + "\n" + until).getBytes(UTF_8)));
      return new Attestation(
          null,
          Base64.getEncoder().encodeToString(signature),
          PublicKeyText.of(pair.publicHalf().encoded()),
          until,
          null);
    }
  }

  private String opened(Caller caller, Key key, String capsule, Attestation proof) {
    try (Released opened =
        world
            .services()
            .capsules()
            .open(
                caller,
                KeyWorld.ref(key),
                capsule,
                Base64.getDecoder().decode(capsule),
                proof,
                null)) {
      return opened.instance();
    }
  }

  private static Problem refused(Supplier<?> call) {
    return Refused.problem(call::get);
  }

  @Test
  void anotherProjectHasNoneOfAProjectsPlacesPoliciesAndCapsules() {
    Key key = world.key();
    AccessPoint point = program(world.alice(), "one");
    KeyPolicy policy =
        world.services().keyPolicies().create(world.alice(), SPACE, "one", allowing(point), "");
    String capsule = sealed(world.alice(), key, new Under.Stored(policy.id()));
    Attestation proof = proof(world.alice(), point, capsule);
    assertThat(opened(world.alice(), key, capsule, proof)).isEqualTo(point.id());

    for (Caller other : List.of(world.mallory(), world.aliceElsewhere())) {
      KeyPolicies policies = world.services().keyPolicies();
      AccessPoints points = world.services().accessPoints();
      assertThat(policies.list(other, SPACE, "", 10).items()).isEmpty();
      assertThat(points.list(other, SPACE, "", 10).items()).isEmpty();
      assertThat(refused(() -> policies.show(other, policy.id())))
          .isEqualTo(new Problem.NotInKeySpace("key policy"));
      assertThat(refused(() -> policies.update(other, policy.id(), allowing(), "")))
          .isInstanceOf(Problem.NotInKeySpace.class);
      assertThat(refused(() -> points.privateKey(other, point.id())))
          .isInstanceOf(Problem.NotInKeySpace.class);
      Key theirs = world.services().creation().create(other, KeyWorld.order("theirs"));
      assertThat(refused(() -> sealed(other, theirs, new Under.Stored(policy.id()))))
          .isInstanceOf(Problem.NotInKeySpace.class);
      assertThat(refused(() -> opened(other, theirs, capsule, proof)))
          .isEqualTo(new Problem.BadCapsule());
      // A name that is taken there is free here.
      AccessPoint own = program(other, "one");
      String ownCapsule = sealed(other, theirs, new Under.Inline(allowing(own, point)));
      assertThat(opened(other, theirs, ownCapsule, proof(other, own, ownCapsule)))
          .isEqualTo(own.id());
      // The place of another project proves nothing, though the policy names it.
      assertThat(
              refused(
                  () -> opened(other, theirs, ownCapsule, proof(world.alice(), point, ownCapsule))))
          .isEqualTo(new Problem.NotAttested());
    }
    assertThat(refused(() -> opened(world.mallory(), key, capsule, proof)))
        .isEqualTo(new Problem.KeyNotFound());
  }

  @Test
  void everyCallNeedsItsOwnPermission() {
    Key key = world.key();
    AccessPoint point = program(world.alice(), "one");
    String capsule = sealed(world.alice(), key, new Under.Inline(allowing(point)));
    Attestation proof = proof(world.alice(), point, capsule);

    world.denied.add(Action.OPEN_CAPSULE);
    assertThat(refused(() -> opened(world.alice(), key, capsule, proof)))
        .isEqualTo(new Problem.KeyNotAllowed("kms:cmk:decryptDatakeyCapsule"));
    world.denied.add(Action.CREATE_CAPSULE);
    assertThat(refused(() -> sealed(world.alice(), key, new Under.Inline(allowing()))))
        .isEqualTo(new Problem.KeyNotAllowed("kms:cmk:createDatakeyCapsule"));
    world.denied.add(Action.GET_ACCESS_POINT_KEY);
    assertThat(refused(() -> world.services().accessPoints().privateKey(world.alice(), point.id())))
        .isEqualTo(new Problem.NotAllowed("kms:accessPoint:getPrivateKey"));
    world.denied.add(Action.CREATE_ACCESS_POINT);
    assertThat(refused(() -> program(world.alice(), "two")))
        .isEqualTo(new Problem.NotAllowed("kms:accessPoint:create"));
    world.denied.add(Action.CREATE_PIN);
    assertThat(refused(() -> world.services().pins().plain(world.alice())))
        .isEqualTo(new Problem.NotAllowed("kms:cmk:createDataKey"));
    world.denied.add(Action.DELETE_KEY_POLICY);
    assertThat(
            refused(() -> {
              world.services().keyPolicies().delete(world.alice(), point.id());
              return "";
            }))
        .isEqualTo(new Problem.NotAllowed("kms:policy:delete"));
  }

  @Test
  void aDefaultKeyAndAnOldVersionOpenTheirCapsules() {
    Key key = world.defaultKey();
    AccessPoint point = program(world.alice(), "one");
    String capsule = sealed(world.alice(), key, new Under.Inline(allowing(point)));
    assertThat(opened(world.alice(), key, capsule, proof(world.alice(), point, capsule)))
        .isEqualTo(point.id());

    Key rotated = world.key();
    String old = sealed(world.alice(), rotated, new Under.Inline(allowing(point)));
    world.services().rotation().rotateNow(world.alice(), KeyWorld.ref(rotated));
    assertThat(opened(world.alice(), rotated, old, proof(world.alice(), point, old)))
        .isEqualTo(point.id());
  }

  @Test
  void theRecordNamesThePlaceAndTheRowsAndTheSecretIsInNone() {
    Key key = world.key();
    AccessPoint point = program(world.alice(), "one");
    KeyPolicy policy =
        world.services().keyPolicies().create(world.alice(), SPACE, "one", allowing(point), "");
    String capsule = sealed(world.alice(), key, new Under.Stored(policy.id()));
    Attestation proof = proof(world.alice(), point, capsule);
    world.recorded.clear();
    Caller first = world.alice();
    Caller second = world.alice();
    opened(first, key, capsule, proof);
    opened(second, key, capsule, proof);

    // The second within the second changes nothing, so the edge records it.
    assertThat(first.audit().recorded()).isTrue();
    assertThat(second.audit().recorded()).isFalse();
    assertThat(second.audit().note()).isEqualTo("access point " + point.id());
    assertThat(world.recorded).hasSize(1);
    AuditEvent event = world.recorded.getFirst();
    assertThat(event.trace()).isEqualTo("decryptDatakeyCapsule");
    assertThat(event.resource().id()).isEqualTo(key.id().text());
    assertThat(event.detail()).isEqualTo("access point " + point.id());
    assertThat(event.changes()).extracting(AuditEvent.Change::table).containsExactly("key_policy");
    world.jump(Duration.ofSeconds(1));
    opened(world.alice(), key, capsule, proof);
    assertThat(world.services().keyPolicies().show(world.alice(), policy.id()).openedAt())
        .isEqualTo(world.wall.get());
  }

  @Test
  void anOpeningThatWasNotedWhileAClockWasAheadHidesNoLaterOne() {
    Instant now = world.wall.get();

    assertThat(notedOf(Duration.ofDays(365))).isEqualTo(now);
  }

  /** Otherwise two servers would note each opening after the other's. */
  @Test
  void anOpeningThatAServerAFewSecondsAheadNotedIsNotNotedAnew() {
    Duration ahead = Duration.ofSeconds(3);
    Instant noted = world.wall.get().plus(ahead);

    assertThat(notedOf(ahead)).isEqualTo(noted);
  }

  /**
   * When a capsule counts as opened that a clock so far ahead opened, and then one that is right.
   */
  private @Nullable Instant notedOf(Duration ahead) {
    Key key = world.key();
    AccessPoint point = program(world.alice(), "one");
    KeyPolicy policy =
        world.services().keyPolicies().create(world.alice(), SPACE, "one", allowing(point), "");
    String capsule = sealed(world.alice(), key, new Under.Stored(policy.id()));
    Attestation proof = proof(world.alice(), point, capsule);
    world.jump(ahead);
    opened(world.alice(), key, capsule, proof(world.alice(), point, capsule));
    world.jump(ahead.negated());
    opened(world.alice(), key, capsule, proof);
    return world.services().keyPolicies().show(world.alice(), policy.id()).openedAt();
  }

  @Test
  void onlyKeySpacesOfTheListAreThereAndAPrivateKeyIsHandedOutOnceIfTheOperatorWants() {
    Rules usual = KeyWorld.roomy();
    Rules strict =
        new Rules(
            usual.regions(),
            usual.names(),
            usual.keysPerProjectMax(),
            usual.tagsPerKeyMax(),
            usual.aliasesPerKeyMax(),
            usual.grantsPerKeyMax(),
            usual.grantsCascade(),
            usual.purgeGrace(),
            usual.cachedKeysMax(),
            usual.cachedBytesMax(),
            usual.cachedFor(),
            usual.chineseAlgorithms(),
            usual.freeAliasMoves(),
            usual.rsaPairsAhead(),
            new Rules.KeySpaces(Set.of(SPACE), 1, true));
    try (KeyWorld other = KeyWorld.in(directory.resolve("other"), strict)) {
      KeyPolicies policies = other.services().keyPolicies();
      AccessPoints points = other.services().accessPoints();
      String elsewhere = "2c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22";
      AccessPoints.Order order =
          new AccessPoints.Order(SPACE, "one", AccessPoint.Kind.CUSTOM, "", "", "");
      assertThat(refused(() -> policies.list(other.alice(), elsewhere, "", 1)))
          .isInstanceOf(Problem.BadValue.class);
      assertThat(refused(() -> policies.create(other.alice(), elsewhere, "n", allowing(), "")))
          .isInstanceOf(Problem.BadValue.class);
      assertThat(
              refused(() ->
                  points.create(
                      other.alice(),
                      new AccessPoints.Order(
                          elsewhere, "one", AccessPoint.Kind.CUSTOM, "", "", ""))))
          .isInstanceOf(Problem.BadValue.class);
      AccessPoint point = points.create(other.alice(), order);
      assertThat(
              refused(() ->
                  points.create(
                      other.alice(),
                      new AccessPoints.Order(SPACE, "two", AccessPoint.Kind.ECS, "i-1", "", ""))))
          .isEqualTo(new Problem.KeySpaceQuotaReached("access points", 1));
      points.privateKey(other.alice(), point.id()).close();
      assertThat(refused(() -> points.privateKey(other.alice(), point.id())))
          .isEqualTo(new Problem.PrivateKeyHandedOut());
    }
  }
}
