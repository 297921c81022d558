package dev.yaoku.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Makes the start-up cache of the JVM (JDK 25, AOT cache): runs a server on a throw-away store with
 * throw-away keys, lets it work, stops it, and makes sure that none of its secrets is in the cache.
 * The script runs this once a build.
 *
 * @see "SECURITY_DESIGN L5"
 */
final class Training {
  private static final String READY = "Yaoku is ready: ";
  private static final Duration POLL = Duration.ofMillis(20);
  private static final long STOP_SECONDS_MAX = 180; // the stopping JVM writes the cache

  private final Path cache;
  private final Path scratch;

  private Training(Path cache, Path scratch) {
    this.cache = cache;
    this.scratch = scratch;
  }

  /**
   * Trains.
   *
   * @param args the cache file to write, then the command line of {@code yaoku serve} from {@code
   *     java} on, without the options this adds
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path cache = Path.of(args[0]).toAbsolutePath();
    Path scratch = Files.createTempDirectory("yaoku-training");
    try {
      new Training(cache, scratch).run(List.of(args).subList(1, args.length));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(cache);
      throw e;
    } finally {
      delete(scratch);
    }
  }

  private void run(List<String> serve) throws IOException, InterruptedException {
    Path data = scratch.resolve("data");
    Path output = scratch.resolve("output");
    Process server = start(serve, data, output);
    try {
      rehearse(readyEndpoint(server, output), data);
      server.destroy();
      if (!server.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IOException("the trained server did not stop");
      }
    } finally {
      server.destroyForcibly();
    }
    if (!Files.exists(cache)) {
      throw new IOException("the JVM wrote no cache:\n" + Files.readString(output));
    }
    refuseSecrets(data);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("r--r--r--"));
  }

  private Process start(List<String> serve, Path data, Path output) throws IOException {
    List<String> command = new ArrayList<>(serve);
    command.add(1, "-XX:AOTCacheOutput=" + cache);
    command.addAll(List.of("--data", data.toString(), "--listen", "127.0.0.1:0"));
    ProcessBuilder server =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // settings of a real server, its database perhaps, have no place in a rehearsal
    server.environment().keySet().removeIf(name -> name.startsWith("YAOKU_"));
    server.environment().put("YAOKU_ADMIN_ADDRESS", "127.0.0.1:0");
    return server.start();
  }

  private static URI readyEndpoint(Process server, Path output) throws IOException {
    boolean alive = true;
    while (alive) {
      alive = server.isAlive();
      for (String line : Files.readAllLines(output)) {
        if (line.startsWith(READY)) {
          return URI.create(line.substring(READY.length()).strip());
        }
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    throw new IOException("the server did not start:\n" + Files.readString(output));
  }

  private static void rehearse(URI endpoint, Path data) throws IOException {
    CredentialsFile credentials = CredentialsFile.read(data.resolve("credentials"));
    try (WireClient client =
        new WireClient(endpoint, credentials.signer(), InstantSource.system())) {
      new Rehearsal(client, credentials.get("basic.project_id")).play();
    }
  }

  private void refuseSecrets(Path data) throws IOException {
    CredentialsFile credentials = CredentialsFile.read(data.resolve("credentials"));
    SecretSearch search = new SecretSearch();
    search.text("secret access key", credentials.get("basic.sk"));
    search.text("password", credentials.get("yaoku.password"));
    search.bytes("root key", Files.readAllBytes(data.resolve("root.key")));
    List<String> found = search.findIn(Files.readAllBytes(cache));
    if (!found.isEmpty()) {
      throw new IOException("the cache holds secrets of the training run: " + found);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
