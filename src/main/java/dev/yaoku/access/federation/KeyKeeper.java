package dev.yaoku.access.federation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the keys of providers at hand and fresh, beside the requests: none of them ever waits for
 * somebody else's server. Keys that could not be renewed for a day are forgotten.
 *
 * <p>Several look at once where the keys of a provider are: requests, and what is done from time to
 * time. The look that began last counts, so that none brings back keys that were replaced.
 */
public final class KeyKeeper {
  /** How often keys are looked for where they come over the network. */
  static final Duration RENEWED_EVERY = Duration.ofMinutes(10);

  /** How long after a failure, or after a key that nobody knows, they are looked for again. */
  static final Duration TRIED_EVERY = Duration.ofSeconds(30);

  /** How often files are read again. */
  static final Duration READ_EVERY = Duration.ofSeconds(10);

  /** How long keys count that cannot be renewed. */
  static final Duration KEPT_MAX = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(KeyKeeper.class);
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

  private final KeyFetcher fetcher;
  private final @Nullable Path folder;
  private final Executor beside;
  private final InstantSource clock;
  private final Map<String, Kept> providers = new ConcurrentHashMap<>();
  private final AtomicLong looks = new AtomicLong();

  /**
   * Keeps nothing yet.
   *
   * @param folder where the operator puts files of keys; null for nowhere
   * @param beside runs what may take its time
   */
  public KeyKeeper(
      KeyFetcher fetcher, @Nullable Path folder, Executor beside, InstantSource clock) {
    this.fetcher = fetcher;
    this.folder = folder;
    this.beside = beside;
    this.clock = clock;
  }

  /**
   * Where the keys of a provider are.
   *
   * @param generation how often it was stopped: what was fetched before counts no more after that,
   *     even if it came from the same place
   */
  public record Place(String provider, long generation, KeySource source) {}

  /** The keys of one provider. */
  private static final class Kept {
    private final Place place;
    private final KeySource source;

    /** The last look that found them there. */
    private volatile long look;

    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile KeySet keys = KeySet.EMPTY;
    private volatile long renewedAt;
    private volatile long triedAt = Long.MIN_VALUE;
    private volatile boolean failed;
    private volatile boolean missed;

    Kept(Place place, long look) {
      this.place = place;
      this.source = place.source();
      this.look = look;
      if (source instanceof KeySource.Given(String keySet)) {
        keys = KeySet.read(keySet).orElse(KeySet.EMPTY);
      }
    }

    boolean isDue(long now) {
      if (source instanceof KeySource.Given) {
        return false;
      }
      if (triedAt == Long.MIN_VALUE || now < triedAt) {
        return true;
      }
      long since = now - triedAt;
      return switch (source) {
        case KeySource.Url _ ->
            since >= (failed || missed ? TRIED_EVERY : RENEWED_EVERY).toMillis();
        case KeySource.Named _ -> since >= READ_EVERY.toMillis();
        case KeySource.Given _ -> false;
      };
    }
  }

  /** Whether keys could be had from there at all. */
  public boolean takes(KeySource source) {
    return switch (source) {
      case KeySource.Url(String url) -> fetcher.allows(url);
      case KeySource.Named(String file) -> folder != null && FILE.matcher(file).matches();
      case KeySource.Given(String keySet) -> KeySet.read(keySet).isPresent();
    };
  }

  /** Begins a look where keys are. To be called before that is read. */
  public long look() {
    return looks.incrementAndGet();
  }

  /** Says where the keys of all providers are. Keys of others are forgotten. */
  public void keepFor(Collection<Place> all, long look) {
    Set<String> there = all.stream().map(Place::provider).collect(Collectors.toUnmodifiableSet());
    for (String provider : providers.keySet()) {
      if (!there.contains(provider)) {
        providers.computeIfPresent(provider, (_, kept) -> kept.look > look ? kept : null);
      }
    }
    all.forEach(place -> keepFor(place, look));
  }

  private Kept keepFor(Place place, long look) {
    return providers.compute(place.provider(), (_, before) -> later(before, place, look));
  }

  private static Kept later(@Nullable Kept before, Place place, long look) {
    if (before == null || (before.look < look && !before.place.equals(place))) {
      return new Kept(place, look);
    }
    before.look = Math.max(before.look, look);
    return before;
  }

  /**
   * The keys of a provider as they are known now, perhaps none. Never waits.
   *
   * @param place where they are
   * @param look which found that; what a later one found counts more
   */
  public KeySet keys(Place place, long look) {
    Kept known = providers.get(place.provider());
    Kept kept = known != null && known.look >= look ? known : keepFor(place, look);
    long renewedAt = kept.renewedAt; // before the clock is read, or the age could be negative
    long age = clock.millis() - renewedAt;
    // A clock that went back must not make them count longer.
    boolean isFresh = age >= 0 && age <= KEPT_MAX.toMillis();
    boolean counts = kept.source instanceof KeySource.Given || isFresh;
    return counts ? kept.keys : KeySet.EMPTY;
  }

  /**
   * Says that a token named a key that is not there, perhaps because keys were changed. They are
   * looked for early, but not sooner than 30 seconds after the last time, whatever strangers send.
   */
  public void missed(String provider) {
    Kept kept = providers.get(provider);
    if (kept != null) {
      kept.missed = true;
      renewIfDue(provider, kept);
    }
  }

  /** To be called every few seconds: renews what is due, beside the caller. */
  public void round() {
    providers.forEach(this::renewIfDue);
  }

  private void renewIfDue(String provider, Kept kept) {
    if (kept.isDue(clock.millis()) && kept.busy.compareAndSet(false, true)) {
      try {
        beside.execute(() -> renew(provider, kept));
      } catch (RuntimeException refused) {
        kept.busy.set(false);
        throw refused;
      }
    }
  }

  private void renew(String provider, Kept kept) {
    try {
      kept.keys =
          KeySet.read(bytes(kept.source))
              .orElseThrow(() -> new FetchFailed("there is no key set, or none with a usable key"));
      kept.renewedAt = clock.millis();
      kept.failed = false;
    } catch (IOException | RuntimeException why) {
      if (!kept.failed) {
        LOG.warn(
            "the keys of identity provider {} are not renewed: {}", provider, why.getMessage());
      }
      kept.failed = true;
    } finally {
      kept.missed = false;
      kept.triedAt = clock.millis();
      kept.busy.set(false);
    }
  }

  private byte[] bytes(KeySource source) throws IOException {
    return switch (source) {
      case KeySource.Url(String url) -> fetcher.fetch(url);
      case KeySource.Named(String file) -> read(file);
      case KeySource.Given(String keySet) -> keySet.getBytes(StandardCharsets.UTF_8);
    };
  }

  private byte[] read(String name) throws IOException {
    if (folder == null || !FILE.matcher(name).matches()) {
      throw new FetchFailed("federation.key-files names no folder, or the name is no file's");
    }
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new FetchFailed("there is no such file in federation.key-files");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(KeySet.BYTES_MAX + 1);
    }
  }
}
