package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.audit.Rating;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong clock destroys no key (SECURITY_DESIGN C3). */
class DeletionsTest {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MOMENT = Duration.ofMinutes(1);

  @TempDir Path directory;
  private KeyWorld world;
  private Key key;

  @BeforeEach
  void scheduleADeletion() {
    world = KeyWorld.in(directory);
    key = world.key();
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private boolean isStored() {
    return world.store.read(tx -> tx.key(key.id()).isPresent());
  }

  private int purge() {
    return world.services().deletions().purgeDue();
  }

  @Test
  void atItsDateAKeyIsGoneForItsUsersButStillStored() {
    world.pass(WEEK.minus(MOMENT));
    assertThat(world.services().queries().describe(world.alice(), ref(key)).key().state())
        .isInstanceOf(KeyState.PendingDeletion.class);

    world.pass(MOMENT);

    Refused.with(
        new Problem.KeyNotFound(),
        () -> world.services().queries().describe(world.alice(), ref(key)));
    Refused.with(
        new Problem.KeyNotFound(),
        () -> world.services().lifecycle().cancelDeletion(world.alice(), ref(key)));
    assertThat(purge()).isZero();
    assertThat(isStored()).isTrue();
  }

  @Test
  void afterDateAndGraceItIsPurgedOnceAndRecorded() {
    world.pass(WEEK.plus(WEEK).plus(MOMENT));

    assertThat(purge()).isEqualTo(1);
    assertThat(purge()).isZero();
    assertThat(isStored()).isFalse();
    int versions = world.store.read(tx -> tx.versions(key.id()).size());
    assertThat(versions).isZero();
    assertThat(world.recorded)
        .filteredOn(event -> event.trace().equals("deleteKey"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.resource().id()).isEqualTo(key.id().text());
          assertThat(event.account()).isEqualTo(KeyWorld.ACCOUNT);
          assertThat(event.changes()).isNotEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 40, 3650, -365})
  void aClockThatJumpsDestroysNothing(long days) {
    world.jump(Duration.ofDays(days));

    assertThat(purge()).isZero();
    assertThat(world.services().clocks().suspect()).isTrue();
    assertThat(isStored()).isTrue();
  }

  @Test
  void aClockThatJumpedAndCameBackIsTrustedAgain() {
    world.jump(Duration.ofDays(40));
    assertThat(purge()).isZero();
    world.jump(Duration.ofDays(-40));

    world.pass(WEEK.plus(WEEK).plus(MOMENT));

    assertThat(purge()).isEqualTo(1);
  }

  @Test
  void aDeletionScheduledWhileTheClockWasBehindWaitsAsLong() {
    Key other = world.key();
    world.jump(Duration.ofDays(-365));
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(other), WEEK);
    world.jump(Duration.ofDays(365));

    assertThat(world.services().queries().describe(world.alice(), ref(other)).key().deletionAt())
        .contains(KeyWorld.START.plus(WEEK));
    assertThat(purge()).isZero();
    world.pass(WEEK.plus(WEEK).minus(MOMENT));
    assertThat(purge()).isZero();
    world.pass(MOMENT.plus(MOMENT));
    assertThat(purge()).isEqualTo(2);
  }

  @Test
  void aClockThatIsALittleBehindCountsAsItIs() {
    Key other = world.key();
    world.jump(Duration.ofMinutes(-59));
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(other), WEEK);

    assertThat(world.services().queries().describe(world.alice(), ref(other)).key().deletionAt())
        .contains(KeyWorld.START.minus(Duration.ofMinutes(59)).plus(WEEK));
  }

  @Test
  void aJumpWhileTheServerIsDownAddsAWeekAtMost() {
    world.jump(Duration.ofDays(3650));
    world.restart();

    assertThat(world.services().clocks().counter())
        .isEqualTo(KeyWorld.START.plus(Clocks.DOWNTIME_MAX));
    assertThat(purge()).isZero();
    assertThat(isStored()).isTrue();
  }

  @Test
  void anHonestStopOfThirtyDaysWaitsForAPerson() {
    world.jump(Duration.ofDays(30));
    world.restart();
    assertThat(purge()).isZero();

    world.services().clocks().accept(world.alice());

    assertThat(world.services().clocks().suspect()).isFalse();
    assertThat(purge()).isEqualTo(1);
    assertThat(purge()).isZero();
    assertThat(world.recorded)
        .filteredOn(event -> event.trace().equals("acceptClock"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.detail()).startsWith("set the counter from");
          assertThat(event.who().user()).isEqualTo(world.alice().principal().user());
          assertThat(event.rating()).isEqualTo(Rating.WARNING);
          assertThat(event.changes()).isNotEmpty();
        });
  }

  @Test
  void aShortStopNeedsNobody() {
    world.jump(Duration.ofDays(6));
    world.restart();
    assertThat(world.services().clocks().suspect()).isFalse();

    world.pass(WEEK.plusDays(1).plus(MOMENT));

    assertThat(purge()).isEqualTo(1);
  }

  /** A copy may have been put back, and with it a deletion that was cancelled since. */
  @Test
  void afterALongStopNothingIsDestroyedForAnHour() {
    world.pass(WEEK.plus(WEEK).minusDays(1));
    world.jump(Duration.ofDays(2));
    world.restart();
    assertThat(world.services().clocks().suspect()).isFalse();
    assertThat(purge()).isZero();
    assertThat(world.services().deletions().fate(world.alice(), ref(key)).waits()).isTrue();
    assertThat(world.services().queries().describe(world.alice(), ref(world.key())).key().id())
        .as("everything else goes on")
        .isNotEqualTo(key.id());
    Refused.with(
        new Problem.KeyNotFound(),
        () -> world.services().queries().describe(world.alice(), ref(key)));

    world.pass(Duration.ofMinutes(30));
    world.restart();
    world.pass(Duration.ofMinutes(29));
    assertThat(purge()).as("also after another start").isZero();
    world.pass(MOMENT);

    assertThat(purge()).isEqualTo(1);
  }

  @Test
  void whatALongStopKeptForAnHourCanBeBroughtBack() {
    world.pass(WEEK.plus(WEEK).minusDays(1));
    world.jump(Duration.ofDays(2));
    world.restart();

    world.services().deletions().undelete(world.alice(), ref(key));

    world.pass(Duration.ofHours(2));
    assertThat(purge()).isZero();
    assertThat(isStored()).isTrue();
  }

  @Test
  void whoAcceptsTheClockAfterALongStopNeedNotWait() {
    world.pass(WEEK.plus(WEEK).minusDays(1));
    world.jump(Duration.ofDays(2));
    world.restart();

    world.services().clocks().accept(world.alice());

    assertThat(purge()).isEqualTo(1);
  }

  @Test
  void aStopOfMinutesMakesNothingWait() {
    world.pass(WEEK.plus(WEEK).minus(MOMENT));
    world.jump(Clocks.LONG_STOP);
    world.restart();

    assertThat(purge()).isEqualTo(1);
  }

  @Test
  void importedMaterialThatExpiredInALongStopIsNotDestroyedForAnHourEither() {
    Customer alice = new Customer(world, world::alice);
    Key brought = alice.key();
    alice.bring(brought, KeyWorld.START.plus(WEEK));
    world.pass(WEEK.plus(WEEK).minusDays(1));
    world.jump(Duration.ofDays(2));
    world.restart();
    world.services().expiries().endDue();
    assertThat(storedBytes(brought)).isPositive();

    world.pass(Duration.ofHours(1));
    world.services().expiries().endDue();

    assertThat(storedBytes(brought)).isZero();
  }

  private int storedBytes(Key imported) {
    return world.store.read(tx -> tx.versions(imported.id()).getFirst().wrapped().length);
  }

  @Test
  void timeThatOnlyTheCounterSawDestroysNothing() {
    world.nanos.addAndGet(Duration.ofDays(40).toNanos());

    assertThat(purge()).isZero();
    assertThat(world.services().clocks().suspect()).isTrue();
  }

  /** Both clocks are past the date and the grace, yet one of them is wrong. */
  @Test
  void whileTheClocksDisagreeNothingIsDestroyedThatIsDueByBoth() {
    world.pass(WEEK.plus(WEEK).plus(MOMENT));
    world.jump(Duration.ofHours(2));
    assertThat(purge()).isZero();
    assertThat(isStored()).isTrue();

    world.services().clocks().accept(world.alice());

    assertThat(purge()).isEqualTo(1);
  }

  @Test
  void undeleteWorksToTheLastSecond() {
    world.pass(WEEK.plus(WEEK).minusSeconds(1));
    assertThat(purge()).isZero();

    world.services().deletions().undelete(world.alice(), ref(key));

    assertThat(world.services().queries().describe(world.alice(), ref(key)).key().state())
        .isEqualTo(new KeyState.Disabled());
    world.pass(Duration.ofDays(30));
    assertThat(purge()).isZero();
    assertThat(world.recorded)
        .anySatisfy(event -> assertThat(event.trace()).isEqualTo("undeleteKey"));
  }

  /** Gone keys do not count, so others may have taken their places. */
  @Test
  void aKeyComesBackOnlyWhereThereIsRoom() {
    world.pass(WEEK.plusDays(1));
    long there = world.services().queries().customKeys(world.alice());
    Rules roomy = KeyWorld.roomy();
    world.restart(KeyWorld.roomy((int) there + 1));
    Key other = world.key();

    Refused.with(
        new Problem.KeyQuotaReached((int) there + 1),
        () -> world.services().deletions().undelete(world.alice(), ref(key)));

    world.restart(roomy);
    world.services().deletions().undelete(world.alice(), ref(key));
    assertThat(world.services().queries().describe(world.alice(), ref(other)).key().id())
        .isEqualTo(other.id());
  }

  @Test
  void whenAKeyIsPurgedIsSaidUntilItIs() {
    world.pass(WEEK.plusDays(1));

    Deletions.Fate fate = world.services().deletions().fate(world.alice(), ref(key));

    assertThat(fate.gone()).isTrue();
    assertThat(fate.purgeAt()).isEqualTo(KeyWorld.START.plus(WEEK).plus(WEEK));
    assertThat(fate.waits()).isFalse();
    world.pass(WEEK);
    purge();
    Refused.with(
        new Problem.KeyNotFound(),
        () -> world.services().deletions().fate(world.alice(), ref(key)));
  }

  @Test
  void nobodyElseSeesOrBringsBackAKeyThatIsGone() {
    world.pass(WEEK.plusDays(1));
    for (Caller other : List.of(world.mallory(), world.aliceElsewhere())) {
      Refused.with(
          new Problem.KeyNotFound(), () -> world.services().deletions().fate(other, ref(key)));
      Refused.with(
          new Problem.KeyNotFound(), () -> world.services().deletions().undelete(other, ref(key)));
    }
  }

  @Test
  void aKeyWhoseNameIsTakenStaysDeleted() {
    world.key(key.name());

    Refused.with(
        new Problem.NameTaken(),
        () -> world.services().deletions().undelete(world.alice(), ref(key)));
  }

  @Test
  void aPurgedKeyDoesNotComeBack() {
    world.pass(WEEK.plus(WEEK).plus(MOMENT));
    purge();

    Refused.with(
        new Problem.KeyNotFound(),
        () -> world.services().deletions().undelete(world.alice(), ref(key)));
  }

  @Test
  void manyKeysArePurgedInOneGo() {
    for (int i = 0; i < 5; i++) {
      world
          .services()
          .lifecycle()
          .scheduleDeletion(world.alice(), ref(world.key()), WEEK.plusDays(i));
    }
    world.pass(WEEK.plus(WEEK).plusDays(2).plus(MOMENT));

    assertThat(purge()).isEqualTo(1 + 3);
  }
}
