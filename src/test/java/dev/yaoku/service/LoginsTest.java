package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Principal;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Logins.Who;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {
  private static final Who ALICE_BY_NAME = new Who.InAccountNamed("alice", "home");
  private static final String HERE = "192.0.2.1";
  private static final String THERE = "198.51.100.1";

  /** Enough for the compiled code to run, and nothing else, in one of them. */
  private static final int TRIES = 8;

  @TempDir private Path directory;
  private Household household;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
  }

  @AfterEach
  void close() {
    household.close();
  }

  @Test
  void theRightPasswordProvesAUserHoweverItIsNamed() {
    Principal expected =
        new Principal(ACCOUNT, "home", ALICE, "alice", true, "password", false, null);
    for (Who who :
        List.of(ALICE_BY_NAME, new Who.ById(ALICE), new Who.InAccount("alice", ACCOUNT))) {
      assertThat(login(who, PASSWORD, HERE)).isEqualTo(expected);
    }
  }

  @Test
  void whateverIsWrongTheAnswerIsTheSame() {
    Problem bad = new Problem.BadPassword();
    assertThat(problem(ALICE_BY_NAME, PASSWORD + " ", HERE)).isEqualTo(bad);
    assertThat(problem(new Who.InAccountNamed("nobody", "home"), PASSWORD, HERE)).isEqualTo(bad);
    assertThat(problem(new Who.InAccountNamed("alice", "away"), PASSWORD, HERE)).isEqualTo(bad);
    assertThat(problem(new Who.ById("x"), PASSWORD, HERE)).isEqualTo(bad);
    assertThat(problem(new Who.ById("x".repeat(300)), PASSWORD, HERE)).isEqualTo(bad);
    assertThat(problem(new Who.ById("\uD800"), PASSWORD, HERE)).isEqualTo(bad);
    assertThat(problem(ALICE_BY_NAME, "x".repeat(2_000), HERE)).isEqualTo(bad);
    assertThat(problem(ALICE_BY_NAME, "", HERE)).isEqualTo(bad);
    household.disableUser(ALICE);
    assertThat(problem(new Who.ById(ALICE), PASSWORD, THERE)).isEqualTo(bad);
  }

  /** Or the time that an answer takes would tell strangers who is there (SECURITY_DESIGN H9). */
  @Test
  void whoIsNotThereCostsAsMuchAsAWrongPassword() {
    household.dropPassword(BOB);
    var _ = cost(ALICE_BY_NAME); // by then the code is compiled, on a busy machine, too
    long wrong = cost(ALICE_BY_NAME);
    for (Who who :
        List.of(
            new Who.ById("x"),
            new Who.InAccount("nobody", ACCOUNT),
            new Who.InAccountNamed("nobody", "home"),
            new Who.InAccountNamed("alice", "nowhere"),
            new Who.ById(BOB))) {
      assertThat(cost(who)).as("%s", who).isBetween(wrong / 2, wrong * 2);
    }
  }

  /** The least time of a core of some wrong log-ins, each from elsewhere; in nanoseconds. */
  private long cost(Who who) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long before = threads.getCurrentThreadCpuTime();
      assertThat(problem(who, "wrong", "203.0.113." + i)).isEqualTo(new Problem.BadPassword());
      least = Math.min(least, threads.getCurrentThreadCpuTime() - before);
    }
    return least;
  }

  @Test
  void wrongPasswordsFromOneSourceWaitLongerAndLonger() {
    for (int i = 0; i < 4; i++) {
      assertThat(problem(ALICE_BY_NAME, "wrong", HERE)).isInstanceOf(Problem.BadPassword.class);
    }
    assertThat(problem(ALICE_BY_NAME, PASSWORD, HERE)).isEqualTo(new Problem.Throttled(1));
    household.now = household.now.plusSeconds(1);
    assertThat(problem(ALICE_BY_NAME, "wrong", HERE)).isInstanceOf(Problem.BadPassword.class);
    assertThat(problem(ALICE_BY_NAME, PASSWORD, HERE)).isEqualTo(new Problem.Throttled(2));
    household.now = household.now.plusSeconds(2);
    assertThat(login(ALICE_BY_NAME, PASSWORD, HERE).user()).isEqualTo(ALICE);
  }

  @Test
  void nobodyLocksAUserOutElsewhere() {
    for (int i = 0; i < 10; i++) {
      problem(ALICE_BY_NAME, "wrong", THERE);
      household.now = household.now.plusSeconds(600);
    }
    assertThat(login(ALICE_BY_NAME, PASSWORD, HERE).user()).isEqualTo(ALICE);
  }

  @Test
  void aSourceThatSucceededBeforeWaitsASecondAtMost() {
    LoginDelays delays = new LoginDelays(household.clock);
    delays.succeeded("alice", HERE);
    for (int i = 0; i < 100; i++) {
      delays.failed("alice", HERE);
    }
    assertThat(problemOf(() -> delays.mustBeOver("alice", HERE)))
        .isEqualTo(new Problem.Throttled(1));
    household.now = household.now.plusSeconds(1);
    assertThat(problemOf(() -> delays.mustBeOver("alice", HERE))).isNull();
    assertThat(problemOf(() -> delays.mustBeOver("bob", HERE)))
        .isEqualTo(new Problem.Throttled(59));
    household.now = household.now.plusSeconds(15 * 60);
    assertThat(problemOf(() -> delays.mustBeOver("bob", HERE))).isNull();
  }

  /** Each takes 19 MiB, and whoever needs no credential for that must not end the server. */
  @Test
  void noMoreChecksRunAtOnceThanAFifthOfTheHeapHolds() {
    long mebibyte = 1 << 20;
    assertThat(new PasswordQueue(2, 320 * mebibyte).free()).isEqualTo(1);
    assertThat(new PasswordQueue(64, 320 * mebibyte).free()).isEqualTo(3);
    assertThat(new PasswordQueue(64, 4096 * mebibyte).free()).isEqualTo(32);
    assertThat(new PasswordQueue(64, 32 * mebibyte).free()).isEqualTo(1);
  }

  @Test
  void sixteenWaitForAPasswordCheckAndTheNextIsSentAway() throws Exception {
    PasswordQueue queue = new PasswordQueue(2, Long.MAX_VALUE);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first =
          threads.submit(() ->
              queue.inTurn(() -> {
                running.countDown();
                await(finish);
                return 0;
              }));
      running.await();
      List<Future<Integer>> others =
          IntStream.range(0, 20)
              .mapToObj(i -> threads.submit(() -> queue.inTurn(() -> i)))
              .toList();
      while (others.stream().filter(Future::isDone).count() < 4) {
        Thread.onSpinWait();
      }
      finish.countDown();
      assertThat(first.get()).isZero();
      long sentAway = others.stream().filter(LoginsTest::isSentAway).count();
      assertThat(sentAway).isEqualTo(4);
    }
  }

  private static boolean isSentAway(Future<Integer> check) {
    try {
      check.get();
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof KmsException known
          && known.problem() instanceof Problem.Throttled;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Principal login(Who who, String password, String source) {
    try (SecretBytes secret = Household.text(password)) {
      return household.logins.login(who, secret, source).who();
    }
  }

  private @Nullable Problem problem(Who who, String password, String source) {
    return problemOf(() -> login(who, password, source));
  }

  private static @Nullable Problem problemOf(Runnable work) {
    try {
      work.run();
      return null;
    } catch (KmsException e) {
      return e.problem();
    }
  }
}
