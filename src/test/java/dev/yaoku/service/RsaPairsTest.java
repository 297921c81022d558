package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RsaPairsTest {
  private static final int AHEAD = 4;
  private static final KeySpec SPEC = KeySpec.RSA_2048;

  private final PrivateKeyWork work = new PrivateKeyWork(2, () -> {}, () -> {});
  private final RsaPairs pairs = pairs(AHEAD);

  private RsaPairs pairs(int ahead) {
    return new RsaPairs(new Cryptography(Randomness.kernel(), true), work, ahead);
  }

  @AfterEach
  void close() {
    work.close();
    pairs.close();
  }

  private void untilFull() {
    while (pairs.waiting(SPEC) < AHEAD) {
      pairs.fill();
      Thread.onSpinWait();
    }
  }

  private ByteBuffer take(String project) {
    try (SecretBytes pair = pairs.take(project, SPEC)) {
      return ByteBuffer.wrap(pair.lend(byte[]::clone));
    }
  }

  @Test
  void noPairIsHandedOutTwice() {
    untilFull();
    Set<ByteBuffer> seen = new HashSet<>();
    for (int i = 0; i < 2 * AHEAD; i++) {
      assertThat(seen.add(take("project-" + i % 3))).isTrue();
    }
  }

  @Test
  void whatIsBeingMadeAtTheEndIsNotKept() {
    CountDownLatch over = new CountDownLatch(1);
    pairs.fill();
    pairs.close();
    work.later(over::countDown);

    awaited(over);
    assertThat(pairs.waiting(SPEC)).isZero();
  }

  @Test
  void whatIsTakenIsMadeAnew() {
    untilFull();
    take("a project");
    untilFull();

    assertThat(pairs.waiting(SPEC)).isEqualTo(AHEAD);
  }

  @Test
  void aProjectLeavesHalfOfThePairsToOthers() throws InterruptedException {
    untilFull();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    work.later(() -> {
      begun.countDown();
      awaited(enough); // so that nothing is made ahead meanwhile
    });
    begun.await();
    take("greedy");
    take("greedy");
    assertThat(pairs.waiting(SPEC)).isEqualTo(AHEAD / 2);
    take("greedy");
    assertThat(pairs.waiting(SPEC)).isEqualTo(AHEAD / 2);
    take("another");
    assertThat(pairs.waiting(SPEC)).isEqualTo(AHEAD / 2 - 1);

    enough.countDown();
    untilFull();
    take("greedy");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aNewKeyTakesAPair() throws InterruptedException {
    Engine engine = new Engine(new Cryptography(Randomness.kernel(), true), work, AHEAD);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    while (engine.rsaPairs().waiting(SPEC) < AHEAD) {
      engine.rsaPairs().fill();
    }
    work.later(() -> {
      begun.countDown();
      awaited(enough);
    });
    begun.await();
    engine.generate("a project", SPEC).close();

    assertThat(engine.rsaPairs().waiting(SPEC)).isEqualTo(AHEAD - 1);
    enough.countDown();
    engine.rsaPairs().close();
  }

  @Test
  void switchedOffEachPairIsMadeOnRequest() {
    RsaPairs none = pairs(0);
    none.fill();
    try (SecretBytes pair = none.take("a project", SPEC)) {
      assertThat(pair.length()).isGreaterThan(1000);
    }
    assertThat(none.waiting(SPEC)).isZero();
  }

  @Test
  void anEventLoopIsNotHeld() {
    assertThatThrownBy(() -> Waiting.forbidden(() -> pairs.take("a project", SPEC)))
        .isInstanceOf(NotInMemory.class);
  }
}
