package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ACCOUNT;
import static dev.yaoku.service.KeyWorld.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Key;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one project can take of what all have in common: disk, and the memory of busy keys. */
class RoomOfAProjectTest {
  private static final String KEY_SPACE = new UUID(7, 1).toString();

  @TempDir private Path directory;
  private KeyWorld world;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Nobody can delete them. */
  @Test
  void aProjectHasDefaultKeysOfSoManyServices() {
    KeyCreation creation = world.services().creation();
    for (int number = 0; number < KeyCreation.DEFAULT_KEYS_MAX; number++) {
      assertThat(creation.createDefault(world.alice(), "service" + number).made()).isTrue();
    }
    Refused.with(
        new Problem.TooManyDefaultKeys(KeyCreation.DEFAULT_KEYS_MAX),
        () -> creation.createDefault(world.alice(), "another"));
    assertThat(creation.createDefault(world.alice(), "service7").made()).isFalse();
    assertThat(creation.createDefault(world.aliceElsewhere(), "another").made()).isTrue();
  }

  @Test
  void aProjectHasSoManyKeystores() {
    world.store.write(tx -> {
      for (int number = 0; number < Keystores.OF_A_PROJECT_MAX; number++) {
        tx.insert(keystore(number));
      }
      return true;
    });
    Keystores keystores = world.services().keystores();
    Refused.with(
        new Problem.TooMany("keystores of a project", Keystores.OF_A_PROJECT_MAX),
        () -> keystores.create(world.alice(), "another", "DHSM", "another"));

    keystores.delete(world.alice(), keystore(1).id());
    keystores.create(world.alice(), "another", "DHSM", "another");
  }

  private static Keystore keystore(int number) {
    return new Keystore(
        new UUID(5, number).toString(),
        ACCOUNT,
        PROJECT,
        "keystore-" + number,
        "DHSM",
        "cluster-" + number,
        false,
        KeyWorld.START.plusMillis(number),
        1);
  }

  @Test
  void aProjectHasAsManyKeyPoliciesAsAccessPoints() {
    int quota = Rules.KeySpaces.USUAL.accessPointsPerProjectMax();
    for (int number = 0; number < quota; number++) {
      policy(world.alice(), number);
    }
    Refused.with(
        new Problem.KeySpaceQuotaReached("key policies", quota),
        () -> policy(world.alice(), quota));
    policy(world.aliceElsewhere(), quota);
  }

  private void policy(Caller caller, int number) {
    OpeningPolicy nowhere = new OpeningPolicy("1", null, null, null);
    world.services().keyPolicies().create(caller, KEY_SPACE, "policy-" + number, nowhere, "");
  }

  /** SECURITY_DESIGN H9: what one tenant does with a keystore is no business of others' keys. */
  @Test
  void aKeystoreThatIsSwitchedLeavesKeysOfOthersInMemory() {
    Key key = world.key();
    use(key);
    Keystore keystore = world.services().keystores().create(world.mallory(), "own", "DHSM", "own");
    assertThat(world.services().keys().inMemory()).isEqualTo(1);

    world.services().keystores().enable(world.mallory(), keystore.id());
    world.services().keystores().disable(world.mallory(), keystore.id());

    assertThat(world.services().keys().inMemory()).isEqualTo(1);
  }

  private void use(Key key) {
    try (SecretBytes text = SecretBytes.copyOf("x".getBytes(StandardCharsets.UTF_8))) {
      world
          .services()
          .encryption()
          .encrypt(
              world.alice(),
              KeyWorld.ref(key),
              EncryptionAlgorithm.SYMMETRIC_DEFAULT,
              text,
              new Bound(null, null));
    }
  }
}
