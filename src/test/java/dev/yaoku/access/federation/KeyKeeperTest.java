package dev.yaoku.access.federation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyKeeperTest {
  private static final Issuer OLD = new Issuer("-1");
  private static final Issuer NEW = new Issuer("-2");
  private static final KeySource URL = new KeySource.Url("https://keys.example.com/jwks");

  @TempDir Path folder;

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private String published = OLD.keySet();
  private boolean down;
  private int fetches;
  private final Queue<Runnable> beside = new ArrayDeque<>();
  private final KeyKeeper keeper =
      new KeyKeeper(
          new KeyFetcher(
              new AllowedHosts(List.of("keys.example.com"), _ -> false),
              _ -> List.of(InetAddress.ofLiteral("203.0.114.7")),
              (_, _, _, _) -> line(),
              () -> now),
          null,
          beside::add,
          () -> now);

  private Line line() throws IOException {
    fetches++;
    if (down) {
      throw new IOException("refused");
    }
    byte[] answer = ("HTTP/1.1 200 OK\r\n\r\n" + published).getBytes(UTF_8);
    return new Line() {
      @Override
      public InputStream in() {
        return new ByteArrayInputStream(answer);
      }

      @Override
      public OutputStream out() {
        return OutputStream.nullOutputStream();
      }

      @Override
      public void close() {}
    };
  }

  /** Lets what waits beside the requests happen. */
  private void work() {
    while (!beside.isEmpty()) {
      beside.remove().run();
    }
  }

  private void round() {
    keeper.round();
    work();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private static KeyKeeper.Place place(String provider, KeySource source) {
    return new KeyKeeper.Place(provider, 0, source);
  }

  private static void found(KeyKeeper keeper, KeyKeeper.Place... places) {
    keeper.keepFor(List.of(places), keeper.look());
  }

  /** As somebody has them who looked where they are long ago. */
  private static KeySet keys(KeyKeeper keeper, String provider) {
    return keeper.keys(place(provider, URL), 0);
  }

  @Test
  void nobodyWaitsForKeys() {
    found(keeper, place("idp", URL));
    keeper.round();
    assertThat(fetches).isZero();
    assertThat(keys(keeper, "idp").isEmpty()).isTrue();
    work();
    assertThat(keys(keeper, "idp").has("rsa-1")).isTrue();
  }

  @Test
  void keysRotateWithoutARestart() {
    found(keeper, place("idp", URL));
    round();
    published = NEW.keySet();
    pass(KeyKeeper.RENEWED_EVERY.minusSeconds(1));
    round();
    assertThat(keys(keeper, "idp").has("rsa-1")).isTrue();
    pass(Duration.ofSeconds(1));
    round();
    assertThat(keys(keeper, "idp").has("rsa-2")).isTrue();
    assertThat(keys(keeper, "idp").has("rsa-1")).isFalse();
    assertThat(fetches).isEqualTo(2);
  }

  @Test
  void aKeyThatNobodyKnowsIsLookedForEarlyButNotOften() {
    found(keeper, place("idp", URL));
    round();
    published = NEW.keySet();
    for (int i = 0; i < 1000; i++) {
      keeper.missed("idp");
      keeper.missed("nobody");
    }
    work();
    assertThat(fetches).isEqualTo(1);
    pass(KeyKeeper.TRIED_EVERY);
    for (int i = 0; i < 1000; i++) {
      keeper.missed("idp");
    }
    work();
    assertThat(fetches).isEqualTo(2);
    assertThat(keys(keeper, "idp").has("rsa-2")).isTrue();
  }

  @Test
  void keysOutliveTheirServerForADay() {
    found(keeper, place("idp", URL));
    round();
    down = true;
    pass(KeyKeeper.KEPT_MAX);
    round();
    assertThat(keys(keeper, "idp").has("rsa-1")).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(keys(keeper, "idp").isEmpty()).isTrue();
    down = false;
    pass(KeyKeeper.TRIED_EVERY);
    round();
    assertThat(keys(keeper, "idp").has("rsa-1")).isTrue();
  }

  @Test
  void whatIsNoKeySetReplacesNone() {
    found(keeper, place("idp", URL));
    round();
    published = "{\"keys\":[]}";
    pass(KeyKeeper.RENEWED_EVERY);
    round();
    assertThat(keys(keeper, "idp").has("rsa-1")).isTrue();
  }

  @Test
  void aProviderThatMovesOrGoesTakesItsKeysAlong() {
    found(keeper, place("idp", URL), place("other", URL));
    round();
    found(keeper, place("idp", new KeySource.Url("https://keys.example.com/new")));
    assertThat(keys(keeper, "idp").isEmpty()).isTrue();
    assertThat(keys(keeper, "other").isEmpty()).isTrue();
    round();
    assertThat(keys(keeper, "idp").has("rsa-1")).isTrue();
  }

  @Test
  void keysThatWereReplacedDoNotComeBackWithALookThatBeganBefore() {
    KeyKeeper.Place before = place("idp", new KeySource.Given(OLD.keySet()));
    KeyKeeper.Place after = place("idp", new KeySource.Given(NEW.keySet()));
    long slow = keeper.look();
    long quick = keeper.look();
    assertThat(keeper.keys(after, quick).has("rsa-2")).isTrue();
    keeper.keepFor(List.of(before), slow);
    assertThat(keeper.keys(before, slow).has("rsa-1")).isFalse();
    assertThat(keeper.keys(after, quick).has("rsa-2")).isTrue();
    keeper.keepFor(List.of(), slow);
    assertThat(keeper.keys(before, slow).has("rsa-2")).as("it is there").isTrue();
    keeper.keepFor(List.of(before), keeper.look());
    assertThat(keeper.keys(after, quick).has("rsa-1")).as("they were put back").isTrue();
  }

  @Test
  void whoLooksLaterHasTheKeysAtOnce() {
    found(keeper, place("idp", new KeySource.Given(OLD.keySet())));
    long look = keeper.look();
    KeyKeeper.Place place = place("idp", new KeySource.Given(NEW.keySet()));
    assertThat(keeper.keys(place, look).has("rsa-2")).isTrue();
    assertThat(keeper.keys(place, look).has("rsa-1")).isFalse();
  }

  /** The provider may have changed them at its address just before. */
  @Test
  void aProviderThatWasStoppedBeginsWithoutKeys() {
    found(keeper, place("idp", URL));
    round();
    published = NEW.keySet();
    KeyKeeper.Place again = new KeyKeeper.Place("idp", 1, URL);
    long look = keeper.look();
    assertThat(keeper.keys(again, look).isEmpty()).isTrue();
    keeper.missed("idp");
    work();
    assertThat(keeper.keys(again, look).has("rsa-2")).isTrue();
    assertThat(keeper.keys(again, look).has("rsa-1")).isFalse();
  }

  @Test
  void filesAreReadAgainWhenTheyChange() throws IOException {
    KeyKeeper files =
        new KeyKeeper(
            new KeyFetcher(
                AllowedHosts.none(),
                _ -> List.of(),
                (_, _, _, _) -> {
                  throw new IOException();
                },
                () -> now),
            folder,
            Runnable::run,
            () -> now);
    Files.writeString(folder.resolve("idp.json"), OLD.keySet());
    found(files, place("idp", new KeySource.Named("idp.json")));
    files.round();
    assertThat(keys(files, "idp").has("rsa-1")).isTrue();

    Files.writeString(folder.resolve("idp.json"), NEW.keySet());
    files.round();
    assertThat(keys(files, "idp").has("rsa-2")).isFalse();
    pass(KeyKeeper.READ_EVERY);
    files.round();
    assertThat(keys(files, "idp").has("rsa-2")).isTrue();
  }

  @Test
  void onlyFilesInTheFolderAreNamed() {
    KeyKeeper files =
        new KeyKeeper(
            new KeyFetcher(AllowedHosts.none(), _ -> List.of(), (_, _, _, _) -> line(), () -> now),
            folder,
            Runnable::run,
            () -> now);
    assertThat(files.takes(new KeySource.Named("idp.json"))).isTrue();
    for (String name : List.of("", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden", "a\\b")) {
      assertThat(files.takes(new KeySource.Named(name))).as(name).isFalse();
    }
    assertThat(keeper.takes(new KeySource.Named("idp.json"))).isFalse();
    assertThat(keeper.takes(URL)).isTrue();
    assertThat(files.takes(URL)).isFalse();
    assertThat(files.takes(new KeySource.Given(OLD.keySet()))).isTrue();
    assertThat(files.takes(new KeySource.Given("{}"))).isFalse();
  }

  @Test
  void keysThatWereGivenStay() {
    found(keeper, place("idp", new KeySource.Given(OLD.keySet())));
    round();
    pass(Duration.ofDays(100));
    round();
    assertThat(keys(keeper, "idp").has("rsa-1")).isTrue();
    assertThat(fetches).isZero();
  }
}
