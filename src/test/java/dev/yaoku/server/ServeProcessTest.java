package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.cli.RequestSigner;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code yaoku serve} as a process of its own: how it ends, and how it comes back. */
@Timeout(120)
class ServeProcessTest {
  @TempDir Path scratch;
  private final List<Process> started = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  /** What runs the server, if not the shell. */
  private final List<String> before = new ArrayList<>();

  private final HttpClient http = HttpClient.newHttpClient();

  private Path log() {
    return scratch.resolve("log");
  }

  private Process serve(String... more) throws IOException {
    return yaoku(Stream.concat(Stream.of("serve", "--listen", "127.0.0.1:0"), Stream.of(more)));
  }

  private Process yaoku(Stream<String> words) throws IOException {
    Files.deleteIfExists(log());
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String name :
        List.of(
            "java.library.path",
            "org.sqlite.lib.path",
            "org.sqlite.lib.name",
            "com.amazon.corretto.crypto.provider.useExternalLib")) {
      String value = System.getProperty(name);
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    }
    command.addAll(
        List.of(
            "-Xmx256m",
            "-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve("temporary")),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.yaoku.Main"));
    command.addAll(words.toList());
    if (!command.contains("--dev") && !environment.containsKey("YAOKU_DEV_ENABLED")) {
      command.addAll(List.of("--data", scratch.resolve("data").toString()));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
    builder.environment().put("YAOKU_ADMIN_ADDRESS", "off");
    builder.environment().putAll(environment);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String ready(Process process) throws IOException, InterruptedException {
    for (int tries = 0; tries < 600; tries++) {
      for (String line : Files.readAllLines(log())) {
        if (line.startsWith("Yaoku is ready: ")) {
          return line.substring("Yaoku is ready: ".length());
        }
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new AssertionError("did not start: " + Files.readString(log()));
  }

  @AfterEach
  void endsWhatItStarted() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    http.close();
  }

  private Properties credentials() throws IOException {
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(scratch.resolve("data/credentials"))) {
      properties.load(in);
    }
    return properties;
  }

  private HttpRequest request(String base, String operation, String body) throws IOException {
    Properties known = credentials();
    String path = "/v1.0/" + known.getProperty("project_id") + "/kms/" + operation;
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    new RequestSigner(
            known.getProperty("ak"), known.getProperty("sk"), known.getProperty("project_id"))
        .sign("POST", URI.create(base).getAuthority(), path, body.getBytes(UTF_8), Instant.now())
        .forEach((name, value) -> {
          if (!name.equals("host")) {
            request.header(name, value);
          }
        });
    return request.POST(HttpRequest.BodyPublishers.ofString(body)).build();
  }

  private String call(String base, String operation, String body)
      throws IOException, InterruptedException {
    return http.send(request(base, operation, body), HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void whatWasAnsweredIsOnRecordWhenTheServerIsKilled() throws Exception {
    List<String> answered = new ArrayList<>();
    for (int start = 0; start < 2; start++) {
      Process process = serve();
      String base = ready(process);
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> answer =
            http.send(request(base, "list-keys", "{}"), HttpResponse.BodyHandlers.ofString());
        answered.add(answer.headers().firstValue("X-Request-Id").orElseThrow());
      }
      process.destroyForcibly().waitFor();
      Files.delete(log());

      String recorded =
          EventTail.all(scratch.resolve("data/yaoku.db")).stream()
              .map(event -> new String(event.entry(), ISO_8859_1))
              .collect(Collectors.joining("\n"));
      assertThat(answered).allMatch(recorded::contains);
    }
  }

  @Test
  void theLogTellsAFailingCommitmentFromAFailingTagAndNoSecret() throws Exception {
    environment.put("YAOKU_LOG_LEVEL", "debug");
    String base = ready(serve());
    String key = member(call(base, "create-key", "{\"key_alias\":\"k\"}"), "key_id");
    String wrapped = call(base, "create-datakey", "{\"key_id\":\"" + key + "\"}");
    byte[] blob = HexFormat.of().parseHex(member(wrapped, "cipher_text"));
    String opened = unwrap(base, key, blob);
    assertThat(opened).contains("datakey_dgst");

    blob[60] ^= 1;
    String commitment = unwrap(base, key, blob);
    blob[60] ^= 1;
    blob[blob.length - 1] ^= 1;
    String tag = unwrap(base, key, blob);
    blob[0] ^= 1;
    String form = unwrap(base, key, blob);

    assertThat(commitment).contains("KMS.2203").isEqualTo(tag);
    assertThat(form).contains("KMS.2201");
    String log = Files.readString(log());
    assertThat(log.lines().filter(line -> line.contains("does not open")).toList())
        .satisfiesExactly(
            line -> assertThat(line).contains("its commitment fails"),
            line -> assertThat(line).contains("its tag fails"),
            line -> assertThat(line).contains("it is none"));
    for (String secret : List.of(member(wrapped, "plain_text"), member(opened, "datakey_dgst"))) {
      assertThat(log).doesNotContainIgnoringCase(secret);
    }
  }

  private String unwrap(String base, String key, byte[] blob) throws Exception {
    return call(
        base,
        "decrypt-datakey",
        "{\"key_id\":\"%s\",\"datakey_cipher_length\":32,\"cipher_text\":\"%s\"}"
            .formatted(key, HexFormat.of().formatHex(blob)));
  }

  private static String member(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    assertThat(found.find()).as(json).isTrue();
    return found.group(1);
  }

  @Test
  void theCompilersOfAServerThatIsReadyGiveWay() throws Exception {
    Process process = serve();
    ready(process);
    while (!nicenessOfCompilers(process).equals(Set.of("4"))) {
      assertThat(process.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** The field 19 of each, proc_pid_stat(5). */
  private static Set<String> nicenessOfCompilers(Process process) throws IOException {
    Set<String> found = new HashSet<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = stat(thread);
        if (stat.contains("(C1 Comp") || stat.contains("(C2 Comp")) {
          found.add(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
        }
      }
    }
    return found;
  }

  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException ended) {
      return "";
    }
  }

  @Test
  void aServerThatMayNotLockMemorySaysSo() throws Exception {
    // The administrator may lock without limit, so that right is taken too where it is held.
    Path setpriv = Path.of("/usr/bin/setpriv");
    Assumptions.assumeTrue(
        Files.exists(setpriv) && Files.exists(Path.of("/usr/bin/prlimit")),
        "setpriv and prlimit of util-linux are not here");
    List<String> limit = List.of("prlimit", "--memlock=0:0");
    if (System.getProperty("user.name").equals("root")) {
      before.addAll(List.of(setpriv.toString(), "--bounding-set", "-ipc_lock"));
    }
    before.addAll(limit);
    ready(serve());

    assertThat(Files.readString(log())).contains("refuses to lock keys in memory");
  }

  @Test
  void aRootKeyOnTheDiskOfTheStoreIsWarnedOfAtEachStart() throws Exception {
    for (int start = 0; start < 2; start++) {
      Process process = serve();
      ready(process);
      awaitLog("and the store share a file system");
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aRootKeyOnAnotherDiskIsNotWarnedOf() throws Exception {
    Path memory = Path.of("/dev/shm");
    Assumptions.assumeTrue(
        Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(scratch)),
        "there is no second file system here");
    Path elsewhere = Files.createTempDirectory(memory, "yaoku-test-");
    try {
      ready(serve("--root-key", elsewhere.resolve("root.key").toString()));
      assertThat(Files.readString(log())).doesNotContain("share a file system");
      assertThat(scratch.resolve("data/root.key")).doesNotExist();
    } finally {
      Files.deleteIfExists(elsewhere.resolve("root.key"));
      Files.delete(elsewhere);
    }
  }

  @Test
  void theFirstCredentialsAreWarnedOfWhenTheyLieAboutForADay() throws Exception {
    Process first = serve();
    ready(first);
    assertThat(Files.readString(log())).doesNotContain("still there after a day");
    first.destroyForcibly().waitFor();
    Files.setLastModifiedTime(
        scratch.resolve("data/credentials"),
        FileTime.from(Instant.now().minus(Duration.ofHours(25))));

    ready(serve());

    awaitLog("credentials is still there after a day");
  }

  @Test
  void whatAKilledServerAnsweredIsThereWhenItStartsAgain() throws Exception {
    Process process = serve();
    String base = ready(process);
    ConcurrentLinkedQueue<String> answered = new ConcurrentLinkedQueue<>();
    CountDownLatch some = new CountDownLatch(10);
    List<Thread> callers =
        Stream.of("a", "b", "c")
            .map(who -> Thread.startVirtualThread(() -> create(base, who, answered, some)))
            .toList();
    some.await();
    process.destroyForcibly().waitFor();
    for (Thread caller : callers) {
      caller.join();
    }

    String again = ready(serve());
    String listed = call(again, "list-keys", "{\"limit\":\"1000\"}");
    assertThat(answered)
        .hasSizeGreaterThanOrEqualTo(10)
        .allSatisfy(id -> assertThat(listed).contains(id));
  }

  /** Makes keys until the server is gone. */
  private void create(
      String base, String who, ConcurrentLinkedQueue<String> answered, CountDownLatch some) {
    try {
      for (int i = 0; i < 30; i++) {
        String body = "{\"key_alias\":\"%s%d\"}".formatted(who, i);
        String answer = call(base, "create-key", body);
        int at = answer.indexOf("\"key_id\":\"") + 10;
        answered.add(answer.substring(at, at + 36));
        some.countDown();
      }
    } catch (IOException | InterruptedException gone) {
      // That is what the test waits for.
    }
  }

  @Test
  void nothingIsLeftOfADevelopmentServerThatWasToldToStop() throws Exception {
    mustLeaveNothing(serve("--dev"));
  }

  @Test
  void nothingIsLeftOfOneThatTheEnvironmentMadeADevelopmentServer() throws Exception {
    environment.put("YAOKU_DEV_ENABLED", "true");
    mustLeaveNothing(serve());
  }

  private void mustLeaveNothing(Process process) throws Exception {
    ready(process);
    assertThat(developmentStores()).hasSize(1);
    assertThat(Files.readString(log())).contains("are gone when the server stops");
    stop(process);
    assertThat(developmentStores()).isEmpty();
  }

  @Test
  void aDevelopmentServerKeepsADirectoryThatWasNamedAndSaysSo() throws Exception {
    Path named = scratch.resolve("named");
    mustKeep(named, serve("--dev", "--data", named.toString()));

    Path byVariable = scratch.resolve("by-variable");
    environment.put("YAOKU_DEV_ENABLED", "true");
    environment.put("YAOKU_DATA", byVariable.toString());
    mustKeep(byVariable, serve());
  }

  private void mustKeep(Path named, Process process) throws Exception {
    ready(process);
    assertThat(Files.readString(log()))
        .contains("DEVELOPMENT MODE", "The store was named, so it is kept.")
        .doesNotContain("gone when the server stops");
    stop(process);
    assertThat(named.resolve("yaoku.db")).exists();
    assertThat(developmentStores()).isEmpty();
  }

  @Test
  void aDevelopmentServerMakesNoStoreThatOutlivesItsRootKey() throws Exception {
    Path store = scratch.resolve("kept.db");
    environment.put("YAOKU_STORE_SQLITE_FILE", store.toString());
    environment.put("YAOKU_DATA", scratch.resolve("data").toString());
    Process process = serve("--dev");
    ready(process);
    stop(process);
    assertThat(store).exists();
    assertThat(scratch.resolve("data/root.key")).exists();
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private List<Path> developmentStores() throws IOException {
    try (Stream<Path> all = Files.list(scratch.resolve("temporary"))) {
      return all.filter(path -> path.getFileName().toString().startsWith("yaoku-dev-")).toList();
    }
  }

  @Test
  void aServerToldToStopAnswersWhatIsUnderWayAndNothingNew() throws Exception {
    Process process = serve();
    String base = ready(process);
    int port = URI.create(base).getPort();
    HttpRequest signed = request(base, "list-keys", "{}");
    StringBuilder head = new StringBuilder("POST " + signed.uri().getPath() + " HTTP/1.1\r\n");
    signed
        .headers()
        .map()
        .forEach((name, values) ->
            head.append(name).append(": ").append(values.getFirst()).append("\r\n"));
    head.append("Host: 127.0.0.1:").append(port).append("\r\nContent-Length: 2\r\n\r\n{");
    try (RawClient slow = new RawClient(port)) {
      slow.send(head.toString());
      call(base, "list-keys", "{}"); // the other one is under way by now
      process.destroy();
      awaitLog("Yaoku is stopping.");

      assertThat(slow.send("}").readAnswer()).startsWith("HTTP/1.1 200 ").contains("\"keys\"");
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
    ready(serve());
  }

  @Test
  void aReadOnlyStoreIsRefusedAndStartsAgainOnceItIsWritable() throws Exception {
    withoutTheAdministratorsRightOnFiles();
    Process first = serve();
    ready(first);
    first.destroy();
    first.waitFor();
    Path store = scratch.resolve("data/yaoku.db");
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("r--------"));
    Process refused = serve();
    assertThat(refused.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(refused.exitValue()).isEqualTo(1);
    assertThat(Files.readString(log()))
        .contains("yaoku: The store cannot be written: " + store + " is read-only")
        .doesNotContain("Exception", "\tat ");
    Process events = yaoku(Stream.of("admin", "events"));
    assertThat(events.waitFor()).isZero();
    assertThat(Files.readString(log())).contains("foundInstallation");
    Process recovery = yaoku(Stream.of("admin", "recover"));
    assertThat(recovery.waitFor()).isEqualTo(1);
    assertThat(List.of("yaoku.db-wal", "yaoku.db-shm", "recovered-credentials.new"))
        .noneMatch(name -> Files.exists(scratch.resolve("data").resolve(name)));

    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
    ready(serve());
  }

  /** Modes of files mean nothing to the administrator, so that right is taken where it is held. */
  private void withoutTheAdministratorsRightOnFiles() {
    if (System.getProperty("user.name").equals("root")) {
      Path setpriv = Path.of("/usr/bin/setpriv");
      Assumptions.assumeTrue(Files.exists(setpriv), "setpriv of util-linux is not here");
      before.addAll(List.of(setpriv.toString(), "--bounding-set", "-dac_override"));
    }
  }

  private void awaitLog(String line) throws IOException, InterruptedException {
    for (int tries = 0; tries < 400; tries++) {
      if (Files.readString(log()).contains(line)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(25);
    }
    throw new AssertionError("never said: " + line);
  }

  @Test
  void aSecondServerOnTheSameDataEndsWithASentence() throws Exception {
    ready(serve());
    Process second = serve();
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(Files.readString(log()))
        .contains("Another Yaoku server uses the data directory")
        .doesNotContain("\tat ");
  }

  @Test
  void everyFaultOfTheConfigurationIsNamedAtOnce() throws Exception {
    Path file = scratch.resolve("yaoku.toml");
    Files.writeString(file, "nonsense = 1\n[limits]\nbody-bytes = \"1GiB\"\n");
    Process process = serve("--config", file.toString());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(Files.readString(log())).contains("nonsense", "limits.body-bytes");
    assertThat(scratch.resolve("data/yaoku.db")).doesNotExist();
  }
}
