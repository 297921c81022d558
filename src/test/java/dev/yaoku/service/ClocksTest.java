package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.audit.Rating;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Problem;
import dev.yaoku.server.CapturedLog;
import dev.yaoku.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes count the time of one store. */
class ClocksTest {
  private static final String NONE_RAN = "no server ran for a while";
  private static final String DIFFER = "differ by more than 15 minutes";

  @TempDir Path directory;
  private KeyWorld world;
  private Store store;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
    store = world.store;
  }

  @AfterEach
  void close() {
    world.close();
  }

  private final class Node {
    final AtomicReference<Instant> wall = new AtomicReference<>(world.wall.get());
    final AtomicLong nanos = new AtomicLong(7);
    final List<AuditEvent> events = new ArrayList<>();
    final Clocks clocks =
        new Clocks(
            store,
            wall::get,
            nanos::get,
            new Events(
                wall::get,
                event -> {
                  events.add(event);
                  return Randomness.kernel().bytes(32);
                }),
            new Operators(world.store));

    Node() {
      clocks.start();
    }

    /** A node that starts at such a time. */
    Node(Instant at) {
      wall.set(at);
      clocks.start();
    }

    /** Time passes for which the wall clock says something else. */
    void pass(Duration duration, Duration byTheWall) {
      wall.updateAndGet(now -> now.plus(byTheWall));
      nanos.addAndGet(duration.toNanos());
      clocks.tick();
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
  void aTickThatComesLateLeavesTheTimesOfTheNodeThatIsAhead() {
    Node ahead = new Node();
    Node late = new Node();
    ahead.pass(Duration.ofMinutes(10), Duration.ofMinutes(40));
    late.clocks.tick(); // with the time from before

    Node next = new Node(KeyWorld.START.plus(Duration.ofMinutes(50)));
    assertThat(next.clocks.counter()).isEqualTo(KeyWorld.START.plus(Duration.ofMinutes(20)));
  }

  @Test
  void aStopIsNotCountedPastTheWallClock() {
    Node slow = new Node();
    slow.pass(Duration.ofMinutes(1), Duration.ofHours(-2));

    Node next = new Node(KeyWorld.START.plus(Duration.ofMinutes(2)));
    assertThat(next.clocks.counter()).isEqualTo(KeyWorld.START.plus(Duration.ofMinutes(2)));
    Node behind = new Node(KeyWorld.START);
    assertThat(behind.clocks.counter()).isEqualTo(KeyWorld.START.plus(Duration.ofMinutes(2)));
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

  /** The other's time, a minute ago, would make a stop of each of its starts. */
  @Test
  void aNodeWithAWrongClockCountsItsStopsOnceHoweverOftenItStarts() {
    Node right = new Node();
    Instant wrong = KeyWorld.START.plus(Duration.ofDays(20));
    for (int i = 0; i < 10; i++) {
      Node ahead = new Node(wrong.plus(Duration.ofMinutes(2L * i)));
      right.pass(Duration.ofMinutes(1));
      right.pass(Duration.ofMinutes(1));
      assertThat(ahead.clocks.suspect()).isTrue();
    }
    assertThat(right.clocks.counter())
        .isBefore(KeyWorld.START.plus(Clocks.DOWNTIME_MAX).plus(Duration.ofHours(1)));
  }

  @Test
  void aWallClockThatWasAheadForAWhileDoesNotMakeLaterStopsCountLess() {
    Node node = new Node();
    node.pass(Duration.ofMinutes(1), Duration.ofDays(20));
    node.pass(Duration.ofMinutes(1), Duration.ofDays(-20).plusMinutes(2));

    Instant later = KeyWorld.START.plus(Duration.ofDays(3));
    assertThat(new Node(later).clocks.counter()).isEqualTo(later);
  }

  /** From now on as with a database that several servers may use. */
  private void share() {
    store =
        new PassingStore(world.store) {
          @Override
          public boolean isShared() {
            return true;
          }
        };
  }

  private static void passTogether(Duration duration, Node... nodes) {
    for (Node node : nodes) {
      node.pass(duration);
    }
  }

  @Test
  void aClockThatIsAheadAtAStartIsNoStopWhereAnotherNodeCounts() {
    share();
    Node right = new Node();
    Node ahead = new Node(KeyWorld.START.plus(Duration.ofDays(6)));
    for (int i = 0; i < 10; i++) {
      assertThat(ahead.clocks.suspect()).isTrue();
      passTogether(Duration.ofSeconds(30), right, ahead);
    }

    assertThat(ahead.clocks.disagree()).isTrue();
    assertThat(right.clocks.suspect()).isFalse();
    assertThat(right.clocks.counter()).isEqualTo(right.wall.get());
    assertThat(ahead.events).extracting(AuditEvent::trace).containsExactly("clocksDisagree");
  }

  @Test
  void aClockThatIsLessThanAnHourAheadAtAStartIsNoStopEitherWhereAnotherNodeCounts() {
    share();
    Node right = new Node();
    Node ahead = new Node(KeyWorld.START.plus(Duration.ofMinutes(40)));
    assertThat(ahead.clocks.agreed()).isEqualTo(KeyWorld.START);
    assertThat(ahead.clocks.waits()).isTrue();
    for (int i = 0; i < 10; i++) {
      passTogether(Duration.ofSeconds(30), right, ahead);
    }

    assertThat(right.clocks.counter()).isEqualTo(right.wall.get());
    assertThat(ahead.clocks.agreed()).isEqualTo(right.wall.get());
    for (Node node : List.of(right, ahead)) {
      assertThat(node.clocks.waits()).isFalse();
      assertThat(node.events).isEmpty();
    }
  }

  @Test
  void aStopOfLessThanAnHourIsAddedWhenNobodyCountedForSomeMinutesAndThenTheHourBegins() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    Node next = new Node(KeyWorld.START.plus(Duration.ofMinutes(41)));
    next.pass(Clocks.OTHERS_COUNT_WITHIN.minusSeconds(1));
    assertThat(next.clocks.waits()).isTrue();
    assertThat(next.clocks.apart()).isEqualTo(Duration.ofMinutes(40));

    next.pass(Duration.ofSeconds(1));
    assertThat(next.clocks.counter()).isEqualTo(next.wall.get());
    next.pass(Duration.ofMinutes(59));
    assertThat(next.clocks.waits()).isTrue();
    next.pass(Duration.ofMinutes(1));
    assertThat(next.clocks.waits()).isFalse();
    assertThat(next.events).isEmpty();
  }

  @Test
  void aStopOfLessThanAnHourIsAddedAtOnceWhereNoOtherNodeCanCount() {
    new Node().pass(Duration.ofMinutes(1));
    Node next = new Node(KeyWorld.START.plus(Duration.ofMinutes(41)));
    assertThat(next.clocks.counter()).isEqualTo(next.wall.get());
    next.pass(Duration.ofMinutes(59));
    assertThat(next.clocks.waits()).isTrue();
    next.pass(Duration.ofMinutes(1));
    assertThat(next.clocks.waits()).isFalse();
  }

  @Test
  void thatNoServerRanIsSaidWhenAStopIsAdded() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    try (CapturedLog log = new CapturedLog()) {
      Node next = new Node(KeyWorld.START.plus(Duration.ofMinutes(41)));
      assertThat(log.text()).doesNotContain(NONE_RAN);
      next.pass(Clocks.OTHERS_COUNT_WITHIN);
      assertThat(log.text()).containsOnlyOnce("the next 60 minutes, because " + NONE_RAN);
    }
  }

  @Test
  void thatNoServerRanIsNotSaidWhereAnotherNodeCounts() {
    share();
    Node right = new Node();
    try (CapturedLog log = new CapturedLog()) {
      Node ahead = new Node(KeyWorld.START.plus(Duration.ofMinutes(40)));
      for (int i = 0; i < 10; i++) {
        passTogether(Duration.ofSeconds(30), right, ahead);
      }
      assertThat(log.text()).doesNotContain(NONE_RAN);
    }
  }

  @Test
  void clocksThatAreAQuarterOfAnHourApartAreSpokenOfOnce() {
    share();
    Node right = new Node();
    try (CapturedLog log = new CapturedLog()) {
      Node ahead = new Node(KeyWorld.START.plus(Duration.ofMinutes(40)));
      assertThat(log.text()).as("it may have been a stop").doesNotContain(DIFFER);
      for (int i = 0; i < 10; i++) {
        passTogether(Duration.ofSeconds(30), right, ahead);
      }
      assertThat(log.text()).containsOnlyOnce(DIFFER);
    }
  }

  @Test
  void clocksThatDifferAgainAreSpokenOfAgain() {
    Node node = new Node();
    for (int i = 0; i < 2; i++) {
      try (CapturedLog log = new CapturedLog()) {
        node.pass(Duration.ofSeconds(30), Duration.ofMinutes(-16));
        node.pass(Duration.ofSeconds(30));
        assertThat(log.text()).containsOnlyOnce(DIFFER);
        node.pass(Duration.ofSeconds(30), Duration.ofMinutes(16));
      }
    }
  }

  @Test
  void aStopOfAllNodesIsAddedWhenNobodyCountedForSomeMinutes() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    Node next = new Node(KeyWorld.START.plus(Duration.ofDays(2)));
    next.pass(Clocks.OTHERS_COUNT_WITHIN.minusSeconds(1));
    assertThat(next.clocks.suspect()).isTrue();
    assertThat(next.clocks.disagree()).isFalse();

    next.pass(Duration.ofSeconds(1));
    assertThat(next.clocks.counter()).isEqualTo(next.wall.get());
    assertThat(next.clocks.suspect()).isFalse();
    next.pass(Duration.ofMinutes(1));
    assertThat(next.clocks.counter()).isEqualTo(next.wall.get());
    assertThat(next.events).isEmpty();
  }

  @Test
  void aWallClockThatIsCorrectedMeanwhileIsNotPassed() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    Node next = new Node(KeyWorld.START.plus(Duration.ofDays(5)));
    next.pass(Duration.ofMinutes(1), Duration.ofDays(-5).plusHours(2));
    next.pass(Clocks.OTHERS_COUNT_WITHIN);

    assertThat(next.clocks.counter()).isEqualTo(next.wall.get());
    assertThat(next.clocks.suspect()).isFalse();
  }

  @Test
  void aStopIsAddedOnceByNodesThatStartTogether() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    Node a = new Node(KeyWorld.START.plus(Duration.ofDays(2)));
    Node b = new Node(KeyWorld.START.plus(Duration.ofDays(2)));
    for (int i = 0; i < 10; i++) {
      passTogether(Duration.ofSeconds(30), a, b);
    }

    assertThat(a.clocks.counter()).isEqualTo(a.wall.get());
    assertThat(b.clocks.counter()).isEqualTo(b.wall.get());
  }

  @Test
  void afterAStopOfAllNodesNoneDestroysAnythingForAnHour() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    Node a = new Node(KeyWorld.START.plus(Duration.ofDays(2)));
    Node b = new Node(KeyWorld.START.plus(Duration.ofDays(2)));
    passTogether(Clocks.OTHERS_COUNT_WITHIN, a, b);
    passTogether(Duration.ofMinutes(59), a, b);
    for (Node node : List.of(a, b)) {
      assertThat(node.clocks.suspect()).isFalse();
      assertThat(node.clocks.waits()).isTrue();
    }
    passTogether(Duration.ofMinutes(1), a, b);
    for (Node node : List.of(a, b)) {
      assertThat(node.clocks.waits()).isFalse();
    }
  }

  @Test
  void whatAPersonSetsEndsTheHourOnAllNodesAlsoWhereTheCounterGoesBack() {
    Node ahead = new Node(KeyWorld.START.plus(Duration.ofDays(5)));
    Node other = new Node(KeyWorld.START.plus(Duration.ofDays(5)));
    assertThat(other.clocks.waits()).isTrue();
    ahead.wall.set(KeyWorld.START.plus(Duration.ofDays(1)));
    ahead.clocks.accept(world.alice());
    other.wall.set(ahead.wall.get());
    other.clocks.tick();

    assertThat(ahead.clocks.waits()).isFalse();
    assertThat(other.clocks.waits()).isFalse();
  }

  @Test
  void aStopIsAddedAtMostForSevenDaysWhereNodesShareAStoreToo() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    Node next = new Node(KeyWorld.START.plus(Duration.ofDays(30)));
    next.pass(Clocks.OTHERS_COUNT_WITHIN);

    assertThat(next.clocks.disagree()).isTrue();
    assertThat(next.clocks.counter())
        .isEqualTo(
            KeyWorld.START
                .plus(Duration.ofMinutes(1))
                .plus(Clocks.DOWNTIME_MAX)
                .plus(Clocks.OTHERS_COUNT_WITHIN));
  }

  @Test
  void whatAPersonSetsIsNotAddedToByAStopThatWasWaitedFor() {
    share();
    new Node().pass(Duration.ofMinutes(1));
    Node next = new Node(KeyWorld.START.plus(Duration.ofDays(2)));
    next.clocks.accept(world.alice());
    next.pass(Clocks.OTHERS_COUNT_WITHIN.plusSeconds(1));

    assertThat(next.clocks.counter()).isEqualTo(next.wall.get());
    assertThat(next.clocks.suspect()).isFalse();
  }

  @Test
  void anAlarmIsRecordedOnceWhenItBeginsAndWhenItEnds() {
    Node node = new Node();
    node.wall.updateAndGet(now -> now.plus(Duration.ofHours(2)));
    node.clocks.tick();
    node.clocks.tick();
    node.wall.updateAndGet(now -> now.minus(Duration.ofHours(2)));
    node.clocks.tick();
    node.clocks.tick();

    assertThat(node.events)
        .extracting(AuditEvent::trace, AuditEvent::rating)
        .containsExactly(
            tuple("clocksDisagree", Rating.INCIDENT), tuple("clocksAgree", Rating.NORMAL));
  }

  @Test
  void onlyTheInstallationsOperatorsSeeAndSetIt() {
    Node node = new Node();
    for (Action action : List.of(Action.SHOW_CLOCK, Action.ACCEPT_CLOCK)) {
      world.denied.add(action);
    }
    refusesBoth(node, world.alice());
    world.denied.clear();

    refusesBoth(node, world.mallory());

    assertThat(node.clocks.show(world.alice()).suspect()).isFalse();
  }

  private static void refusesBoth(Node node, Caller caller) {
    Refused.with(
        new Problem.NotAllowed(Action.SHOW_CLOCK.policyName()), () -> node.clocks.show(caller));
    Refused.with(
        new Problem.NotAllowed(Action.ACCEPT_CLOCK.policyName()), () -> node.clocks.accept(caller));
  }

  @Test
  void whatAPersonSetHoldsOnAllNodesAlsoBackwards() {
    Node a = new Node();
    Node b = new Node();
    a.pass(Duration.ofDays(3));
    b.clocks.tick();
    a.wall.set(KeyWorld.START);
    a.clocks.accept(world.alice());
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
