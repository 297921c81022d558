package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.api.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RequestLogTest {
  private static final String PATH = "/v1.0/" + PROJECT + "/kms/";

  private static final LogRoom ENDLESS =
      new LogRoom("nowhere", 0, System::nanoTime, () -> Long.MAX_VALUE);

  private static RequestLog.Line line(String operation) {
    return new RequestLog.Line(
        0, "ab", "127.0.0.1", operation, "u1", "AK", "", 403, "KMS.0307", "fast", 42);
  }

  private static String written(String format, RequestLog.Line... lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Config.Log config = new Config.Log(true, format.equals("json"), Path.of(""), 64, "info");
    try (RequestLog log = new RequestLog(config, out, false, ENDLESS)) {
      for (RequestLog.Line line : lines) {
        log.write(line);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLineSaysWhoDidWhatAndWhatCameOfIt() {
    assertThat(written("json", line("CreateKey")))
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"id\":\"ab\",\"source\":\"127.0.0.1\","
                + "\"operation\":\"CreateKey\",\"caller\":\"u1\",\"credential\":\"AK\","
                + "\"outcome\":\"refused\",\"status\":\"403\",\"code\":\"KMS.0307\","
                + "\"lane\":\"fast\",\"us\":\"42\"}\n");
    assertThat(written("logfmt", line("CreateKey")))
        .isEqualTo(
            "time=1970-01-01T00:00:00.000Z id=ab source=127.0.0.1 operation=CreateKey caller=u1"
                + " credential=AK outcome=refused status=403 code=KMS.0307 lane=fast us=42\n");
  }

  @Test
  void noValueCanBeginALineOrAMember() {
    String text = written("json", line("a\n{\"x\":\"y\"}\\ \u2028"));

    assertThat(text.lines()).hasSize(1);
    assertThat(JsonMapper.shared().readTree(text).get("operation").asString())
        .isEqualTo("a?{?x?:?y?}???");
  }

  @Test
  void aFileThatWasMovedAwayIsBegunAnew(@TempDir Path folder) throws IOException {
    AtomicLong nanos = new AtomicLong();
    Path file = folder.resolve("requests.log");
    try (LogFile log = new LogFile(file, nanos::get)) {
      log.write("one\n".getBytes(StandardCharsets.UTF_8));
      Files.move(file, folder.resolve("requests.log.1"));
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      log.write("two\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(folder.resolve("requests.log.1")).hasContent("one\n");
    assertThat(file).hasContent("two\n");
  }

  /** Anybody who can connect makes lines. */
  @Test
  void aFileLeavesTheStoreItsSpace(@TempDir Path folder) throws IOException {
    AtomicLong nanos = new AtomicLong();
    AtomicLong free = new AtomicLong(1_000);
    LogRoom room = new LogRoom(folder.toString(), 1_000, nanos::get, free::get);
    Path file = folder.resolve("requests.log");
    Config.Log config = new Config.Log(true, false, file, 64, "info");
    try (LogFile log = new LogFile(file);
        RequestLog requests = new RequestLog(config, log, false, room)) {
      requests.write(line("one"));
      requests.write(line("two"));
      while (requests.dropped() < 2) {
        Thread.onSpinWait();
      }
      free.set(2_000);
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      requests.write(line("three"));
    }
    assertThat(file).content().hasLineCount(1).contains("operation=three");
  }

  /** A second is long enough to write more than what is left free. */
  @Test
  void whatIsWrittenBetweenTwoLooksIsCounted() throws IOException {
    AtomicLong nanos = new AtomicLong();
    LogRoom room = new LogRoom("here", 1_000, nanos::get, () -> 1_500);
    room.take(300);
    room.take(200);
    assertThatThrownBy(() -> room.take(1))
        .isInstanceOf(LogRoom.Full.class)
        .hasMessage("the disk of here is nearly full: free some space");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    room.take(500);
  }

  /** Otherwise strangers would fill the disk until the store answers nobody. */
  @Test
  void asMuchIsLeftFreeAsTheStoreIsToldToReserveAndMore(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("requests.log"));
    Files.createFile(folder.resolve("yaoku.db"));
    Map<String, String> settings =
        new HashMap<>(Map.of("data", folder.toString(), "log.file", file.toString()));
    LogRoom.of(ConfigReader.read("", Map.of(), settings)).take(1);

    settings.put("store.sqlite.reserve", "1073741824MiB");
    LogRoom room = LogRoom.of(ConfigReader.read("", Map.of(), settings));
    assertThatThrownBy(() -> room.take(1)).isInstanceOf(LogRoom.Full.class);

    settings.put("store.engine", "postgres");
    LogRoom.of(ConfigReader.read("", Map.of(), settings)).take(1);
  }

  @Test
  void aFullRingDropsAndCounts() {
    LogRing<Integer> ring = new LogRing<>(64);
    for (int i = 0; i < 100; i++) {
      ring.offer(i);
    }
    assertThat(ring.droppedSince()).isEqualTo(36);
    assertThat(ring.droppedSince()).isZero();
    List<Integer> read = new ArrayList<>();
    for (Integer next = ring.poll(); next != null; next = ring.poll()) {
      read.add(next);
    }
    assertThat(read).hasSize(64).isSorted().startsWith(0);
    ring.offer(7);
    assertThat(ring.poll()).isEqualTo(7);
  }

  @Test
  void manyWritersLoseNothingThatWasNotCounted() throws Exception {
    LogRing<Integer> ring = new LogRing<>(128);
    AtomicInteger running = new AtomicInteger(4);
    List<Thread> writers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      writers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 50_000; i++) {
                  ring.offer(i);
                }
                running.decrementAndGet();
              }));
    }
    int read = 0;
    while (running.get() > 0) {
      read += ring.poll() == null ? 0 : 1;
    }
    for (Thread writer : writers) {
      writer.join();
    }
    while (ring.poll() != null) {
      read++;
    }
    assertThat(read + ring.droppedSince()).isEqualTo(200_000);
  }

  /** A marked secret in every place where a client can put one. */
  @Test
  void noBodyHeaderOrQueryEverGetsIntoTheLog(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("requests.log");
    String secret = "S3CR3T";
    try (Listening listening =
        Listening.with(
            List.of(
                route("POST", "/v1.0/{project_id}/kms/echo", Route.Lane.FAST, Listening::echo),
                route(
                    "POST",
                    "/v1.0/{project_id}/kms/bug",
                    Route.Lane.FAST,
                    _ -> {
                      throw new IllegalStateException("on purpose");
                    })),
            "log.requests",
            "true",
            "log.file",
            file.toString())) {
      for (String path : List.of(PATH + "echo", PATH + "bug", "/none/" + secret, PATH + "%zz")) {
        listening.send(
            HttpRequest.newBuilder(listening.uri(path.replace("%zz", "x") + "?q=" + secret))
                .header("X-Auth-Token", "alice")
                .header("X-Other", secret)
                .POST(HttpRequest.BodyPublishers.ofString(secret)));
      }
      assertThat(String.join("\n", listening.store.entries())).doesNotContain(secret);
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(4).noneMatch(line -> line.contains(secret));
    JsonNode first = JsonMapper.shared().readTree(lines.getFirst());
    assertThat(first.get("caller").asString()).isEqualTo("alice");
    assertThat(first.get("status").asString()).isEqualTo("200");
    assertThat(first.get("id").asString()).matches("[0-9a-f]{32}");
  }
}
