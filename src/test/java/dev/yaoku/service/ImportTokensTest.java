package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.SignatureMark;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.key.Key;
import dev.yaoku.key.NoImport;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token is good for a day, one success and ten attempts (SECURITY_DESIGN M6). */
class ImportTokensTest {
  private static final Problem EXPIRED = new Problem.NotImported(NoImport.TOKEN_EXPIRED);
  private static final Problem BAD_TOKEN = new Problem.NotImported(NoImport.BAD_TOKEN);
  private static final Problem DOES_NOT_OPEN = new Problem.NotImported(NoImport.DOES_NOT_OPEN);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration DAY_AND_HOUR = Duration.ofHours(25);
  private static final Duration CENTURY = Duration.ofDays(36_525);
  private static final int ATTEMPTS = 10;
  private static final int AT_ONCE = 48;

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

  private void inVain(Imports.Parameters parameters, int times) {
    for (int i = 0; i < times; i++) {
      Refused.with(DOES_NOT_OPEN, () -> alice.send(key, Customer.wrong(parameters)));
    }
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
    makeTwenty();
    tokens().forEach(this::empty);

    Imports.Parameters parameters = alice.parameters(key);

    alice.send(key, Customer.right(parameters, null));
    assertThat(isEnabled()).isTrue();
  }

  private void jumpThereAndBack(Duration ahead, Runnable meanwhile) {
    world.jump(ahead);
    meanwhile.run();
    world.jump(ahead.negated());
  }

  private void makeTwenty() {
    for (int i = 0; i < 20; i++) {
      alice.parameters(key);
    }
  }

  @Test
  void tokensThatWereMadeWhileAClockWasAheadTakeNoRoomFromOthers() {
    jumpThereAndBack(CENTURY, this::makeTwenty);

    Imports.Parameters parameters = alice.parameters(key);

    alice.send(key, Customer.right(parameters, null));
    assertThat(isEnabled()).isTrue();
  }

  @Test
  void aTokenThatWasMadeWhileAClockWasAheadIsOverWhenItIsRightAgain() {
    List<Imports.Parameters> made = new ArrayList<>();
    jumpThereAndBack(CENTURY, () -> made.add(alice.parameters(key)));

    Refused.with(EXPIRED, () -> alice.send(key, Customer.right(made.getFirst(), null)));
    assertThat(world.services().expiries().endDue()).isEqualTo(1);
    assertThat(world.services().expiries().endDue()).isZero();
    assertThat(tokens()).isEmpty();
    assertThat(world.recorded).extracting(AuditEvent::trace).contains("recallImportToken");
  }

  @Test
  void aWallClockThatWasBehindForARoundEndsNoToken() {
    Imports.Parameters parameters = alice.parameters(key);
    world.jump(CENTURY.negated());
    Refused.with(EXPIRED, () -> alice.send(key, Customer.right(parameters, null)));
    assertThat(world.services().expiries().endDue()).isZero();
    world.jump(CENTURY);

    alice.send(key, Customer.right(parameters, null));

    assertThat(isEnabled()).isTrue();
  }

  @Test
  void aTokenOfAServerWhoseClockIsALittleAheadIsGood() {
    List<Imports.Parameters> made = new ArrayList<>();
    jumpThereAndBack(Duration.ofMinutes(59), () -> made.add(alice.parameters(key)));
    assertThat(world.services().expiries().endDue()).isZero();

    alice.send(key, Customer.right(made.getFirst(), null));

    assertThat(isEnabled()).isTrue();
  }

  // Room

  @Test
  void whatHasNoRoomIsRefusedBeforeAPairIsMade() {
    makeTwenty();
    world.endPrivateKeyWork();

    assertThat(Refused.problem(() -> alice.parameters(key)))
        .isEqualTo(new Problem.Throttled(Math.toIntExact(Duration.ofDays(1).toSeconds()) + 1));
  }

  // Attempts

  @Test
  void ofManyAttemptsAtOnceTenAreTried() throws Exception {
    Imports.Parameters parameters = alice.parameters(key);
    CountDownLatch notYetRead = new CountDownLatch(AT_ONCE);
    world.standBefore(store -> new OnceATokenIsRead(store, () -> meet(notYetRead)));
    Callable<Problem> attempt =
        () -> Refused.problem(() -> alice.send(key, Customer.wrong(parameters)));

    List<Problem> problems = new ArrayList<>();
    try (ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<Problem> sent : senders.invokeAll(Collections.nCopies(AT_ONCE, attempt))) {
        problems.add(sent.get());
      }
    }

    assertThat(problems).containsOnly(DOES_NOT_OPEN, BAD_TOKEN);
    assertThat(problems).filteredOn(DOES_NOT_OPEN::equals).hasSize(ATTEMPTS);
    assertThat(tokens()).isEmpty();
  }

  private static void meet(CountDownLatch others) {
    others.countDown();
    try {
      others.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A store in which something happens between the reading of a token and what is done with it. */
  private static final class OnceATokenIsRead extends CountingStore {
    private final Store store;
    private final Runnable happens;

    private OnceATokenIsRead(Store store, Runnable happens) {
      super(store);
      this.store = store;
      this.happens = happens;
    }

    @Override
    public <T> T read(Function<? super Reading, T> work) {
      T read = store.read(work);
      if (read instanceof Rows.ImportToken) {
        happens.run();
      }
      return read;
    }
  }

  @Test
  void theTenthAttemptMaySucceed() {
    Imports.Parameters parameters = alice.parameters(key);
    inVain(parameters, ATTEMPTS - 1);

    alice.send(key, Customer.right(parameters, null));

    assertThat(isEnabled()).isTrue();
    assertThat(tokens()).isEmpty();
  }

  @Test
  void theTenthAttemptInVainEndsTheToken() {
    Imports.Parameters parameters = alice.parameters(key);
    inVain(parameters, ATTEMPTS);

    Refused.with(BAD_TOKEN, () -> alice.send(key, Customer.right(parameters, null)));
    assertThat(tokens()).isEmpty();
    assertThat(world.recorded)
        .filteredOn(event -> event.trace().equals("endImportToken"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.resource().id()).isEqualTo(key.id().text());
          assertThat(event.changes())
              .extracting(AuditEvent.Change::table)
              .containsExactly("import_token");
        });
  }

  @Test
  void whatIsRefusedBeforeAnythingIsOpenedIsNoAttempt() {
    Imports.Parameters parameters = alice.parameters(key);
    Key other = alice.key();
    for (int i = 0; i < ATTEMPTS; i++) {
      Refused.with(
          new Problem.NotImported(NoImport.EXPIRY_IS_PAST),
          () -> alice.send(key, Customer.right(parameters, KeyWorld.START)));
      Refused.with(
          new Problem.NotImported(NoImport.TOKEN_OF_ANOTHER_KEY),
          () -> alice.send(other, Customer.right(parameters, null)));
    }
    assertThat(attempts()).isZero();

    alice.send(key, Customer.right(parameters, null));
  }

  @Test
  void whatIsOpenedIsAnAttemptThoughTheKeyTakesNothingAnyMore() {
    Imports.Parameters parameters = alice.parameters(key);
    world.standBefore(store -> new OnceATokenIsRead(store, this::scheduleDeletion));

    assertThat(Refused.problem(() -> alice.send(key, Customer.right(parameters, null))))
        .isInstanceOf(Problem.WrongState.class);

    assertThat(attempts()).isEqualTo(1);
  }

  private void scheduleDeletion() {
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
  }

  @Test
  void aDeliveryThatIsSentAgainIsNoSecondAttemptWhereReplaysAreRefused() {
    Imports.Parameters parameters = alice.parameters(key);
    Customer signing = new Customer(world, () -> world.alice(mark("a")));
    Refused.with(DOES_NOT_OPEN, () -> signing.send(key, Customer.wrong(parameters)));

    Refused.with(new Problem.Replayed(), () -> signing.send(key, Customer.wrong(parameters)));

    assertThat(attempts()).isEqualTo(1);
    new Customer(world, () -> world.alice(mark("b"))).send(key, Customer.right(parameters, null));
    assertThat(isEnabled()).isTrue();
  }

  private static SignatureMark mark(String digit) {
    return new SignatureMark(digit.repeat(64), KeyWorld.START.plus(WEEK).toEpochMilli());
  }

  private int attempts() {
    return tokens().getFirst().attempts();
  }
}
