package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.NoImport;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token is good for a day, one success and ten attempts (SECURITY_DESIGN M6). */
class ImportTokensTest {
  private static final Problem EXPIRED = new Problem.NotImported(NoImport.TOKEN_EXPIRED);
  private static final Duration DAY_AND_HOUR = Duration.ofHours(25);

  @TempDir Path directory;
  private KeyWorld world;
  private Customer alice;
  private Key key;

  @BeforeEach
  void makeAKey() {
    world = KeyWorld.in(directory);
    alice = new Customer(world, world::alice);
    key = alice.key();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private List<Rows.ImportToken> tokens() {
    return world.store.read(tx -> tx.importTokens(key.id()));
  }

  private boolean isEnabled() {
    return world.store.<Boolean>read(tx -> tx.key(key.id()).orElseThrow().isEnabled());
  }

  /** As servers did whose clock was ahead. */
  private void empty(Rows.ImportToken token) {
    world.store.write(tx -> {
      tx.update(token.emptied());
      return true;
    });
  }

  // A wrong clock

  @Test
  void aWallClockThatWasAheadForARoundEndsNoToken() {
    Imports.Parameters parameters = alice.parameters(key);
    world.jump(DAY_AND_HOUR);
    Refused.with(EXPIRED, () -> alice.send(key, Customer.right(parameters, null)));
    assertThat(world.services().expiries().endDue()).isZero();
    world.jump(DAY_AND_HOUR.negated());

    alice.send(key, Customer.right(parameters, null));

    assertThat(isEnabled()).isTrue();
  }

  @Test
  void aTokenWithoutItsWrappingKeyIsRefusedAsExpired() {
    Imports.Parameters parameters = alice.parameters(key);
    empty(tokens().getFirst());

    Refused.with(EXPIRED, () -> alice.send(key, Customer.right(parameters, null)));
  }

  @Test
  void tokensWithoutTheirWrappingKeyTakeNoRoomFromOthers() {
    for (int i = 0; i < 20; i++) {
      alice.parameters(key);
    }
    tokens().forEach(this::empty);

    Imports.Parameters parameters = alice.parameters(key);

    alice.send(key, Customer.right(parameters, null));
    assertThat(isEnabled()).isTrue();
  }
}
