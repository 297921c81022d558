package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time does not tell the key of another tenant from one that nobody has. */
class KeysOfNobodyTest {
  private static final KeyReference NOBODYS =
      new KeyReference.Id(new KeyId("0d0466b0-e727-4d9c-b35d-f84bb474a37f"));

  @TempDir Path directory;
  private KeyWorld world;

  @BeforeEach
  void begin() {
    world = KeyWorld.in(directory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Object describe(KeyReference key) {
    return world.services().queries().describe(world.mallory(), key);
  }

  /** Where nobody may wait, so that the store is not asked. */
  private void isRefusedFromMemory(KeyReference key) {
    Refused.with(new Problem.KeyNotFound(), () -> Waiting.forbidden(() -> describe(key)));
  }

  @Test
  void onceAskedForBothAreRefusedFromMemory() {
    for (KeyReference key : new KeyReference[] {ref(world.key()), NOBODYS}) {
      assertThatThrownBy(() -> Waiting.forbidden(() -> describe(key))).isSameAs(NotInMemory.SIGNAL);
      Refused.with(new Problem.KeyNotFound(), () -> describe(key));
      isRefusedFromMemory(key);
    }
  }

  @Test
  void bothAreLookedForAnewWhenTheyWereInMemoryForLong() {
    for (KeyReference key : new KeyReference[] {ref(world.key()), NOBODYS}) {
      Refused.with(new Problem.KeyNotFound(), () -> describe(key));
      isRefusedFromMemory(key);
      world.nanos.addAndGet(Duration.ofHours(1).toNanos());
      assertThatThrownBy(() -> Waiting.forbidden(() -> describe(key))).isSameAs(NotInMemory.SIGNAL);
    }
  }

  /** Or anybody could keep the keys of others out of memory. */
  @Test
  void whoMayNotChangeAKeyDoesNotMakeItForgotten() {
    KeyReference key = ref(world.key());
    Runnable used = () -> world.services().queries().describe(world.alice(), key);
    used.run();
    Refused.with(
        new Problem.KeyNotFound(),
        () -> world.services().lifecycle().disable(world.mallory(), key));
    Refused.with(
        new Problem.KeyNotFound(),
        () -> world.services().deletions().undelete(world.mallory(), key));
    Waiting.forbidden(() -> {
      used.run();
      return true;
    });
  }

  @Test
  void aKeyThatIsMadeIsThereAtOnce() {
    Key key = world.key();
    world.services().queries().describe(world.alice(), ref(key));
  }
}
