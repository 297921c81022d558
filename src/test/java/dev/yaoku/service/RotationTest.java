package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.NoRotation;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Rotation;
import dev.yaoku.key.RotationRules;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Writing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotation on schedule: once, on time, whatever happens to server and clock. */
class RotationTest {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration MOMENT = Duration.ofMinutes(1);

  @TempDir Path directory;
  private KeyWorld world;
  private Key key;

  @BeforeEach
  void makeAKey() {
    world = KeyWorld.in(directory);
    key = world.key();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private KeyRotation rotation() {
    return world.services().rotation();
  }

  private int rotateDue() {
    return world.services().dueRotations().rotateDue();
  }

  private Key stored() {
    return world.store.read(tx -> tx.key(key.id()).orElseThrow());
  }

  private byte[] encrypt(String text) {
    SecretBytes plaintext = SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    return world
        .services()
        .encryption()
        .encrypt(
            world.alice(),
            ref(key),
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            plaintext,
            new Bound(null, null))
        .blob();
  }

  private String decrypt(byte[] blob) {
    try (Encryption.Decrypted decrypted =
        world
            .services()
            .encryption()
            .decrypt(
                world.alice(),
                null,
                EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                blob,
                new Bound(null, null))) {
      return decrypted.plaintext().lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static int versionOf(byte[] blob) {
    return java.nio.ByteBuffer.wrap(blob).getInt(20);
  }

  @Test
  void aKeyIsRotatedAtItsDateAndOldCiphertextStillDecrypts() {
    rotation().enable(world.alice(), ref(key));
    byte[] old = encrypt("old");
    world.pass(YEAR.minus(MOMENT));
    assertThat(rotateDue()).isZero();

    world.pass(MOMENT);

    assertThat(rotateDue()).isEqualTo(1);
    assertThat(rotateDue()).isZero();
    byte[] fresh = encrypt("new");
    assertThat(versionOf(old)).isEqualTo(1);
    assertThat(versionOf(fresh)).isEqualTo(2);
    assertThat(decrypt(old)).isEqualTo("old");
    assertThat(decrypt(fresh)).isEqualTo("new");
    assertThat(stored().rotation())
        .isEqualTo(
            new Rotation(
                true, 365, KeyWorld.START.plus(YEAR).plus(YEAR), KeyWorld.START.plus(YEAR), 1));
    assertThat(world.recorded)
        .filteredOn(event -> event.trace().equals("rotateKey"))
        .singleElement()
        .satisfies(event -> assertThat(event.changes()).hasSize(2));
  }

  @Test
  void theIntervalCountsFromTheBeginOfTheRunningOne() {
    rotation().enable(world.alice(), ref(key));
    world.pass(Duration.ofDays(10));
    rotation().every(world.alice(), ref(key), 30);

    assertThat(stored().rotation().dueAt()).isEqualTo(KeyWorld.START.plus(MONTH));
    world.pass(Duration.ofDays(20));
    assertThat(rotateDue()).isEqualTo(1);

    rotation().every(world.alice(), ref(key), 300);
    world.pass(Duration.ofDays(100));
    rotation().every(world.alice(), ref(key), 30);
    assertThat(stored().rotation().dueAt()).isEqualTo(world.wall.get());
  }

  @Test
  void aDateThatPassedWhileTheServerWasDownIsMadeUpForOnce() {
    rotation().enable(world.alice(), ref(key));
    rotation().every(world.alice(), ref(key), 30);
    world.jump(Duration.ofDays(95));
    world.restart();

    assertThat(rotateDue()).isEqualTo(1);
    assertThat(rotateDue()).isZero();
    assertThat(stored().rotation().dueAt()).isEqualTo(world.wall.get().plus(MONTH));
  }

  @Test
  void aClockThatWasAheadDoesNotPutRotationOff() {
    rotation().enable(world.alice(), ref(key));
    rotation().every(world.alice(), ref(key), 30);
    world.jump(Duration.ofDays(3650));
    assertThat(rotateDue()).isEqualTo(1);
    world.jump(Duration.ofDays(-3650));

    assertThat(rotateDue()).isZero();

    assertThat(stored().rotation().dueAt()).isEqualTo(KeyWorld.START.plus(MONTH));
    world.pass(MONTH);
    assertThat(rotateDue()).isEqualTo(1);
  }

  @Test
  void disabledAndDeletedKeysAreSkippedAndCaughtUpWith() {
    rotation().enable(world.alice(), ref(key));
    world.services().lifecycle().disable(world.alice(), ref(key));
    Key deleted = world.key();
    rotation().enable(world.alice(), ref(deleted));
    world
        .services()
        .lifecycle()
        .scheduleDeletion(world.alice(), ref(deleted), Duration.ofDays(1000));
    world.pass(YEAR.plus(MONTH));
    assertThat(rotateDue()).isZero();

    world.services().lifecycle().enable(world.alice(), ref(key));

    assertThat(rotateDue()).isEqualTo(1);
    assertThat(stored().rotation().dueAt()).isEqualTo(world.wall.get().plus(YEAR));
  }

  @Test
  void severalNodesRotateOnce() throws Exception {
    rotation().enable(world.alice(), ref(key));
    world.pass(YEAR);
    DueRotations one = world.services().dueRotations();
    world.restart();
    DueRotations other = world.services().dueRotations();
    List<Callable<Integer>> both = List.of(one::rotateDue, other::rotateDue);
    int rotated = 0;
    try (ExecutorService nodes = Executors.newFixedThreadPool(2)) {
      for (Future<Integer> node : nodes.invokeAll(both)) {
        rotated += node.get();
      }
    }
    assertThat(rotated).isEqualTo(1);
    assertThat(stored().currentVersion()).isEqualTo(2);
  }

  @Test
  void aCrashInTheMiddleLeavesTheOldVersionAndTheNextStartRotates() {
    rotation().enable(world.alice(), ref(key));
    byte[] old = encrypt("old");
    world.pass(YEAR);
    AtomicInteger crashes = new AtomicInteger();
    world.standBefore(store ->
        new PassingStore(store) {
          @Override
          public <T> T write(Function<? super Writing, T> work) {
            return super.write(tx -> {
              T done = work.apply(tx);
              if (tx.versions(key.id()).size() > 1) {
                crashes.incrementAndGet();
                throw new IllegalStateException("the power fails");
              }
              return done;
            });
          }
        });
    assertThat(rotateDue()).isZero();
    assertThat(crashes).as("tried, also by itself").hasPositiveValue();
    world.reopen();
    assertThat(stored().currentVersion()).isEqualTo(1);
    List<KeyVersion> versions = world.store.read(tx -> tx.versions(key.id()));
    assertThat(versions).hasSize(1);

    assertThat(rotateDue()).isEqualTo(1);
    assertThat(decrypt(old)).isEqualTo("old");
    assertThat(decrypt(encrypt("new"))).isEqualTo("new");
  }

  /** All versions of a key are in memory with it, at the cost of others' keys. */
  @Test
  void aKeyGetsAThousandVersionsOnDemandAndMoreBySchedule() {
    rotation().enable(world.alice(), ref(key));
    world.store.write(tx -> {
      Key stored = tx.key(key.id()).orElseThrow();
      for (int number = 2; number <= RotationRules.VERSIONS_ON_DEMAND_MAX; number++) {
        stored = tx.update(stored.withMaterial(number, null));
      }
      return stored;
    });
    world.services().keys().changedAll();

    Refused.with(
        new Problem.NotRotated(NoRotation.TOO_OFTEN),
        () -> rotation().rotateNow(world.alice(), ref(key)));

    world.pass(Duration.ofDays(366));
    assertThat(rotateDue()).isEqualTo(1);
  }

  @Test
  void aHundredVersionsStayReadable() {
    List<byte[]> blobs = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      blobs.add(encrypt("version " + i));
      rotation().rotateNow(world.alice(), ref(key));
    }
    world.restart();
    for (int i = 1; i <= 100; i++) {
      assertThat(versionOf(blobs.get(i - 1))).isEqualTo(i);
      assertThat(decrypt(blobs.get(i - 1))).isEqualTo("version " + i);
    }
    assertThat(rotation().status(world.alice(), ref(key)).versions()).hasSize(101);
  }

  @Test
  void whatIsOnIsNotSwitchedOnAgainAndWhatIsOffHasNoInterval() {
    Refused.with(
        new Problem.NotRotated(NoRotation.NOT_ENABLED),
        () -> rotation().disable(world.alice(), ref(key)));
    Refused.with(
        new Problem.NotRotated(NoRotation.NOT_ENABLED),
        () -> rotation().every(world.alice(), ref(key), 30));
    rotation().enable(world.alice(), ref(key));
    rotation().every(world.alice(), ref(key), 30);
    Refused.with(
        new Problem.NotRotated(NoRotation.ALREADY_ENABLED),
        () -> rotation().enable(world.alice(), ref(key)));
    rotation().disable(world.alice(), ref(key));
    world.pass(YEAR);
    assertThat(rotateDue()).isZero();
    assertThat(rotation().enable(world.alice(), ref(key)).rotation().intervalDays()).isEqualTo(365);
  }

  @Test
  void keysOfServicesAreNotRotated() {
    Key service = world.defaultKey();
    Refused.with(new Problem.DefaultKey(), () -> rotation().enable(world.alice(), ref(service)));
    Refused.with(new Problem.DefaultKey(), () -> rotation().rotateNow(world.alice(), ref(service)));
  }
}
