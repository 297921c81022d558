package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.Context;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptionTest {
  private static final Bound NOTHING = new Bound(null, null);
  private static final EncryptionAlgorithm DEFAULT = EncryptionAlgorithm.SYMMETRIC_DEFAULT;

  @TempDir Path directory;
  private KeyWorld world;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private byte[] encrypt(Caller caller, Key key, String text, Bound bound) {
    try (SecretBytes plaintext = SecretBytes.take(text.getBytes(UTF_8))) {
      return world
          .services()
          .encryption()
          .encrypt(caller, ref(key), DEFAULT, plaintext, bound)
          .blob();
    }
  }

  private byte[] encrypt(Key key, String text) {
    return encrypt(world.alice(), key, text, NOTHING);
  }

  private String decrypt(Caller caller, @Nullable KeyReference expected, byte[] blob, Bound bound) {
    try (Encryption.Decrypted decrypted =
        world.services().encryption().decrypt(caller, expected, DEFAULT, blob, bound)) {
      return decrypted.plaintext().lend(bytes -> new String(bytes, UTF_8));
    }
  }

  private String decrypt(byte[] blob) {
    return decrypt(world.alice(), null, blob, NOTHING);
  }

  @Test
  void whatWasEncryptedIsDecryptedWithoutNamingTheKey() {
    assertThat(decrypt(encrypt(world.key(), "hello"))).isEqualTo("hello");
  }

  @Test
  void theKeyMayBeNamedIfItIsTheRightOne() {
    Key key = world.key();
    byte[] blob = encrypt(key, "hello");

    assertThat(decrypt(world.alice(), ref(key), blob, NOTHING)).isEqualTo("hello");
    Refused.with(
        new Problem.BadCiphertext(), () -> decrypt(world.alice(), ref(world.key()), blob, NOTHING));
  }

  @Test
  void whatIsBoundMustBeSaidAgain() {
    Bound bound = new Bound("purpose=test", new Context.Members(Map.of("app", "a")));
    byte[] blob = encrypt(world.alice(), world.key(), "hello", bound);

    assertThat(decrypt(world.alice(), null, blob, bound)).isEqualTo("hello");
    for (Bound other :
        new Bound[] {
          NOTHING, new Bound("purpose=test", null), new Bound(null, bound.context()),
        }) {
      Refused.with(new Problem.BadCiphertext(), () -> decrypt(world.alice(), null, blob, other));
    }
  }

  @Test
  void noByteOfACiphertextCanBeChanged() {
    byte[] blob = encrypt(world.key(), "hello");
    for (int i = 0; i < blob.length; i++) {
      byte[] damaged = blob.clone();
      damaged[i] ^= 1;
      Problem problem = Refused.problem(() -> decrypt(damaged));
      // The bytes of the key id name another key, which does not exist.
      boolean inKeyId = i >= 4 && i < 20;
      assertThat(problem)
          .as("byte %d", i)
          .isEqualTo(inKeyId ? new Problem.KeyNotFound() : new Problem.BadCiphertext());
    }
    Refused.with(new Problem.BadCiphertext(), () -> decrypt(new byte[0]));
    Refused.with(new Problem.BadCiphertext(), () -> decrypt(java.util.Arrays.copyOf(blob, 139)));
  }

  @Test
  void aCiphertextMovedToAnotherKeyDoesNotOpen() {
    byte[] blob = encrypt(world.key(), "hello");
    byte[] moved = blob.clone();
    System.arraycopy(world.key().id().bytes(), 0, moved, 4, 16);

    Refused.with(new Problem.BadCiphertext(), () -> decrypt(moved));
  }

  @Test
  void aDataKeyIsNoData() {
    Key key = world.key();
    byte[] wrapped =
        world
            .services()
            .dataKeys()
            .createWithoutPlaintext(world.alice(), ref(key), 32, NOTHING)
            .blob();

    Refused.with(new Problem.BadCiphertext(), () -> decrypt(wrapped));
    byte[] relabelled = wrapped.clone();
    relabelled[3] = 1;
    Refused.with(new Problem.BadCiphertext(), () -> decrypt(relabelled));
  }

  @Test
  void nobodyElseDecrypts() {
    byte[] blob = encrypt(world.key(), "hello");

    Refused.with(new Problem.KeyNotFound(), () -> decrypt(world.mallory(), null, blob, NOTHING));
    Refused.with(
        new Problem.KeyNotFound(), () -> decrypt(world.aliceElsewhere(), null, blob, NOTHING));
  }

  @Test
  void theRefusalOfAForeignKeyDoesNotNoteIt() {
    byte[] blob = encrypt(world.key(), "hello");
    Caller mallory = world.mallory();

    Refused.problem(() -> decrypt(mallory, null, blob, NOTHING));

    assertThat(mallory.audit().touched()).isNull();
  }

  @Test
  void permissionIsAskedForTheKeyThatIsUsed() {
    Key key = world.key();
    byte[] blob = encrypt(key, "hello");
    world.denied.add(Action.DECRYPT_DATA);
    Caller alice = world.alice();

    Refused.with(
        new Problem.KeyNotAllowed("kms:cmk:crypto"), () -> decrypt(alice, null, blob, NOTHING));
    assertThat(alice.audit().touched()).isEqualTo(key);
  }

  @Test
  void aDisabledKeyNeitherEncryptsNorDecrypts() {
    Key key = world.key();
    byte[] blob = encrypt(key, "hello");
    world.services().lifecycle().disable(world.alice(), ref(key));

    Problem problem = new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled());
    Refused.with(problem, () -> encrypt(key, "x"));
    Refused.with(problem, () -> decrypt(blob));

    world.services().lifecycle().enable(world.alice(), ref(key));
    assertThat(decrypt(blob)).isEqualTo("hello");
  }

  @Test
  void asymmetricAlgorithmsAreNotForSymmetricKeys() {
    Key key = world.key();
    Encryption encryption = world.services().encryption();
    Problem problem = new Problem.AlgorithmNotForKey(key.spec(), "SM2_ENCRYPT");

    try (SecretBytes plaintext = SecretBytes.take(new byte[1])) {
      Refused.with(
          problem,
          () ->
              encryption.encrypt(
                  world.alice(), ref(key), EncryptionAlgorithm.SM2_ENCRYPT, plaintext, NOTHING));
    }
    Refused.with(
        problem,
        () ->
            encryption.decrypt(
                world.alice(), ref(key), EncryptionAlgorithm.SM2_ENCRYPT, new byte[0], NOTHING));
    Refused.with(
        new Problem.MalformedKeyId(),
        () ->
            encryption.decrypt(
                world.alice(), null, EncryptionAlgorithm.SM2_ENCRYPT, new byte[0], NOTHING));
  }

  @Test
  void aBusyKeyIsServedWithoutWaiting() {
    Key key = world.key();

    assertThatThrownBy(() -> Waiting.forbidden(() -> encrypt(key, "cold")))
        .isSameAs(NotInMemory.SIGNAL);
    byte[] blob = encrypt(key, "warm");

    assertThat(Waiting.forbidden(() -> decrypt(blob))).isEqualTo("warm");
  }

  @Test
  void aKeyThatWasInMemoryForTooLongIsReadAgain() {
    Key key = world.key();
    encrypt(key, "warm");
    world.nanos.addAndGet(Duration.ofMinutes(6).toNanos());

    assertThatThrownBy(() -> Waiting.forbidden(() -> encrypt(key, "cold")))
        .isSameAs(NotInMemory.SIGNAL);
    world.services().keys().sweep();
    assertThat(world.services().keys().inMemory()).isZero();
  }

  @Test
  void aCiphertextOfAKeyThatDoesNotExistIsRefusedFromMemoryTheSecondTime() {
    KeyId unknown = new KeyId("00000000-0000-4000-8000-000000000000");
    byte[] blob = encrypt(world.key(), "hello");
    byte[] moved = blob.clone();
    System.arraycopy(unknown.bytes(), 0, moved, 4, 16);

    Refused.with(new Problem.KeyNotFound(), () -> decrypt(moved));
    Refused.with(new Problem.KeyNotFound(), () -> Waiting.forbidden(() -> decrypt(moved)));
  }

  @Test
  void theBlobIsAsLongAsTheCloudsAndNamesKeyAndVersion() {
    Key key = world.key();
    byte[] blob = encrypt(key, "abcd");

    assertThat(blob).hasSize(140);
    Blob.Header header = Blob.Header.read(blob);
    assertThat(KeyId.of(header.keyId())).isEqualTo(key.id());
    assertThat(header.version()).isEqualTo(1);
    assertThat(encrypt(key, "x".repeat(4096))).hasSize(124 + 4096);
  }

  @Test
  void keysSurviveARestart() {
    byte[] blob = encrypt(world.key(), "hello");
    world.restart();

    assertThat(decrypt(blob)).isEqualTo("hello");
  }
}
