package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes count the time of one store. */
class ClocksTest {
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

  private final class Node {
    final AtomicReference<Instant> wall = new AtomicReference<>(world.wall.get());
    final AtomicLong nanos = new AtomicLong(7);
    final Clocks clocks =
        new Clocks(
            world.store,
            wall::get,
            nanos::get,
            new Events(wall::get, _ -> Randomness.kernel().bytes(32)));

    Node() {
      clocks.start();
    }

    void pass(Duration duration) {
      wall.updateAndGet(now -> now.plus(duration));
      nanos.addAndGet(duration.toNanos());
      clocks.tick();
    }
  }

  @Test
  void twoNodesDoNotCountTwice() {
    Node a = new Node();
    Node b = new Node();
    for (int i = 0; i < 10; i++) {
      a.pass(Duration.ofMinutes(1));
      b.pass(Duration.ofMinutes(1));
    }

    assertThat(a.clocks.counter()).isEqualTo(KeyWorld.START.plus(Duration.ofMinutes(10)));
    assertThat(b.clocks.counter()).isEqualTo(a.clocks.counter());
  }

  @Test
  void aNodeWithAWrongClockSuspectsItselfAndNotTheOther() {
    Node right = new Node();
    Node wrong = new Node();
    wrong.wall.updateAndGet(now -> now.plus(Duration.ofDays(3650)));
    wrong.clocks.tick();
    right.pass(Duration.ofMinutes(1));

    assertThat(wrong.clocks.suspect()).isTrue();
    assertThat(right.clocks.suspect()).isFalse();
  }

  @Test
  void whatAPersonSetHoldsOnAllNodesAlsoBackwards() {
    Node a = new Node();
    Node b = new Node();
    a.pass(Duration.ofDays(3));
    b.clocks.tick();
    a.wall.set(KeyWorld.START);
    a.clocks.accept("operator");
    b.clocks.tick();

    assertThat(b.clocks.counter()).isEqualTo(KeyWorld.START);
    a.pass(Duration.ofMinutes(1));
    assertThat(a.clocks.counter()).isEqualTo(KeyWorld.START.plus(Duration.ofMinutes(1)));
  }

  @Test
  void theEarlierOfBothTimesIsAgreed() {
    Node node = new Node();
    node.pass(Duration.ofMinutes(10));
    node.wall.updateAndGet(now -> now.plus(Duration.ofMinutes(5)));
    assertThat(node.clocks.agreed()).isEqualTo(KeyWorld.START.plus(Duration.ofMinutes(10)));

    node.wall.updateAndGet(now -> now.minus(Duration.ofMinutes(10)));
    assertThat(node.clocks.agreed()).isEqualTo(KeyWorld.START.plus(Duration.ofMinutes(5)));
    assertThat(node.clocks.suspect()).isFalse();
  }
}
