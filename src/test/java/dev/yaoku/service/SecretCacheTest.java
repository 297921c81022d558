package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SecretCacheTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong view = new AtomicLong();
  private final AtomicInteger loads = new AtomicInteger();

  private static final class Thing implements SecretCache.Kept {
    final String name;
    volatile boolean wiped;

    Thing(String name) {
      this.name = name;
    }

    @Override
    public void close() {
      wiped = true;
    }
  }

  private SecretCache<String, Thing> cache(int count, long bytes) {
    return new SecretCache<>(count, bytes, Duration.ofSeconds(10), nanos::get, view::get, _ -> 100);
  }

  private Thing load(String name) {
    loads.incrementAndGet();
    return new Thing(name);
  }

  private Thing use(SecretCache<String, Thing> cache, String name) {
    try (Lease<Thing> lease = cache.borrow(name, this::load)) {
      return lease.value();
    }
  }

  @Test
  void aThingIsLoadedOnce() {
    SecretCache<String, Thing> cache = cache(10, 10_000);

    assertThat(use(cache, "a")).isSameAs(use(cache, "a"));
    assertThat(loads).hasValue(1);
  }

  @Test
  void whatWasReadUnderAnEarlierViewOfTheStoreIsLoadedAgain() {
    SecretCache<String, Thing> cache = cache(10, 10_000);

    Thing old = use(cache, "a");
    view.incrementAndGet();
    Thing anew = use(cache, "a");

    assertThat(anew).isNotSameAs(old).isSameAs(use(cache, "a"));
    assertThat(old.wiped).isTrue();
    assertThat(loads).hasValue(2);
  }

  @Test
  void whatIsLoadedWhileTheViewChangesIsUsedOnce() {
    SecretCache<String, Thing> cache = cache(10, 10_000);

    try (Lease<Thing> lease =
        cache.borrow(
            "a",
            name -> {
              view.incrementAndGet();
              return load(name);
            })) {
      assertThat(lease.value().wiped).isFalse();
      assertThat(use(cache, "a")).isNotSameAs(lease.value());
    }
    assertThat(loads).hasValue(2);
  }

  @Test
  void whatIsNotHereIsNotLoadedWhereNobodyMayWait() {
    SecretCache<String, Thing> cache = cache(10, 10_000);

    assertThatThrownBy(() -> Waiting.forbidden(() -> use(cache, "a"))).isSameAs(NotInMemory.SIGNAL);
    use(cache, "a");
    assertThat(Waiting.forbidden(() -> use(cache, "a")).name).isEqualTo("a");
  }

  @Test
  void aDroppedThingIsWipedWhenItsLastBorrowerGivesItBack() {
    SecretCache<String, Thing> cache = cache(10, 10_000);
    Thing thing;
    try (Lease<Thing> lease = cache.borrow("a", this::load)) {
      thing = lease.value();
      cache.drop("a");
      assertThat(thing.wiped).isFalse();
    }
    assertThat(thing.wiped).isTrue();
    assertThat(use(cache, "a")).isNotSameAs(thing);
  }

  @Test
  void aLoadThatOverlapsADropIsUsedButNotKept() {
    SecretCache<String, Thing> cache = cache(10, 10_000);
    Thing stale;
    try (Lease<Thing> lease =
        cache.borrow(
            "a",
            name -> {
              Thing read = load(name);
              cache.drop(name);
              return read;
            })) {
      stale = lease.value();
      assertThat(stale.wiped).isFalse();
    }
    assertThat(stale.wiped).isTrue();
    assertThat(use(cache, "a")).isNotSameAs(stale);
  }

  @Test
  void whatFailsToLoadIsTriedAgain() {
    SecretCache<String, Thing> cache = cache(10, 10_000);
    assertThatThrownBy(() ->
            cache.borrow(
                "a",
                _ -> {
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");

    assertThat(use(cache, "a").name).isEqualTo("a");
  }

  @Test
  void neitherNumberNorBytesGrowBeyondTheirBounds() {
    SecretCache<String, Thing> byCount = cache(5, 1_000_000);
    SecretCache<String, Thing> byBytes = cache(1_000, 500);
    List<Thing> seen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      seen.add(use(byCount, "k" + i));
      seen.add(use(byBytes, "k" + i));
    }

    assertThat(byCount.size()).isEqualTo(5);
    assertThat(byBytes.size()).isEqualTo(5);
    assertThat(seen).filteredOn(thing -> !thing.wiped).hasSize(10);
  }

  @Test
  void whatIsUsedOftenStays() {
    SecretCache<String, Thing> cache = cache(5, 1_000_000);
    Thing busy = use(cache, "busy");
    for (int i = 0; i < 100; i++) {
      use(cache, "k" + i);
      use(cache, "busy");
    }

    assertThat(use(cache, "busy")).isSameAs(busy);
  }

  @Test
  void nothingIsKeptForLongerThanItsTime() {
    SecretCache<String, Thing> cache = cache(10, 10_000);
    Thing old = use(cache, "a");
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());

    assertThat(use(cache, "a")).isNotSameAs(old);
    assertThat(old.wiped).isTrue();

    Thing idle = use(cache, "b");
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    cache.sweep();
    assertThat(idle.wiped).isTrue();
    assertThat(cache.size()).isZero();
  }

  @Test
  void borrowersNeverSeeAWipedThing() throws InterruptedException {
    SecretCache<String, Thing> cache = cache(2, 10_000);
    AtomicBoolean seenWiped = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int seed = t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 20_000; i++) {
                  String name = "k" + (i * 7 + seed) % 5;
                  try (Lease<Thing> lease = cache.borrow(name, Thing::new)) {
                    if (lease.value().wiped) {
                      seenWiped.set(true);
                    }
                  }
                  if (i % 13 == 0) {
                    cache.drop(name);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(seenWiped).isFalse();
    assertThat(cache.size()).isLessThanOrEqualTo(2);
  }
}
