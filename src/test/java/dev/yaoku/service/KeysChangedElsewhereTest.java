package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.store.Elsewhere;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server forgets the keys that another changed, and no other tenant's (SECURITY_DESIGN H9). */
class KeysChangedElsewhereTest {
  @TempDir Path directory;
  private KeyWorld world;
  private Keys keys;
  private Key one;

  @BeforeEach
  void readsThreeKeys() {
    world = KeyWorld.in(directory);
    keys = world.services().keys();
    one = world.key();
    Key another = world.key();
    Key foreign = world.services().creation().create(world.mallory(), KeyWorld.order("foreign"));
    keys.changedAll();
    keys.open(world.alice(), ref(one)).close();
    keys.open(world.alice(), ref(another)).close();
    keys.open(world.mallory(), new KeyReference.Id(foreign.id())).close();
    assertThat(keys.inMemory()).isEqualTo(3);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void ofAKeyThatOneIsForgotten() {
    keys.changedElsewhere(new Elsewhere(true, false, Set.of(one.id())));
    assertThat(keys.inMemory()).isEqualTo(2);
  }

  @Test
  void ofAProjectItsKeysAre() {
    keys.changedElsewhere(new Elsewhere(true, false, Set.of(), Set.of(), Set.of(KeyWorld.PROJECT)));
    assertThat(keys.inMemory()).isEqualTo(1);
  }

  @Test
  void ofAKeystoreThoseInItAre() {
    keys.changedElsewhere(new Elsewhere(true, false, Set.of(), Set.of("another"), Set.of()));
    assertThat(keys.inMemory()).isEqualTo(3);
    keys.changedElsewhere(new Elsewhere(true, false, Set.of(), Set.of(one.keystore()), Set.of()));
    assertThat(keys.inMemory()).isZero();
  }
}
