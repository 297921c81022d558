import dev.yaoku.cli.CredentialsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the servers are started. */
final class Yaoku {
  private static final String QUOTA = "YAOKU_QUOTAS_KEYS=1000000";
  private static final String NO_FIXED_PORT = "YAOKU_ADMIN_ADDRESS=127.0.0.1:0";

  private final Path home;
  private final Path installation;
  private final Path classes;

  Yaoku(Path home, Path installation) {
    this.home = home;
    this.installation = installation;
    this.classes = home.resolve("target/bench/classes");
  }

  /** Everything on: signature, permission, commitment, durable audit. */
  List<String> command(Path data) {
    return List.of(
        "env",
        QUOTA,
        NO_FIXED_PORT,
        home.resolve("yaoku").toString(),
        "serve",
        "--data",
        data.toString(),
        "--listen",
        "127.0.0.1:0");
  }

  /** With no limit to refusals, which are counted and throttled otherwise. */
  Target startPatient(Path data, int core, String... settings) throws IOException {
    List<String> command = new ArrayList<>(command(data));
    command.addAll(1, List.of(settings));
    command.addAll(
        1, List.of("YAOKU_AUTH_FAILURES_PER_SOURCE=0", "YAOKU_AUTH_FAILURES_PER_CREDENTIAL=0"));
    return target(ServerProcess.start(ServerProcess.pinned(core, command)), data);
  }

  Target start(Path data, int core) throws IOException {
    return target(ServerProcess.start(ServerProcess.pinned(core, command(data))), data);
  }

  /** On all cores, as it is started in life. */
  Target start(Path data) throws IOException {
    return target(ServerProcess.start(command(data)), data);
  }

  private static Target target(ServerProcess process, Path data) throws IOException {
    CredentialsFile credentials = CredentialsFile.read(data.resolve("credentials"));
    return new Target(
        "Yaoku",
        process,
        credentials.signer(),
        credentials.get("basic.ak"),
        credentials.get("basic.project_id"));
  }

  /** The yardstick, with the same Java options and the same requests. */
  Target startBare(Path data, int core) throws IOException {
    CredentialsFile credentials = CredentialsFile.read(data.resolve("credentials"));
    ServerProcess process =
        ServerProcess.start(ServerProcess.pinned(core, java("BareServer", List.of())));
    return new Target(
        "Bare Netty",
        process,
        credentials.signer(),
        credentials.get("basic.ak"),
        credentials.get("basic.project_id"));
  }

  /** An installation with one key, which brings the project's own; the server is stopped again. */
  Path founded(String name) throws IOException {
    Path data = freshData(name);
    try (Target target = start(data)) {
      target.createKey("first");
    }
    return data;
  }

  /**
   * Runs something that works on a stopped server's store, in a Java of its own.
   *
   * @param more arguments behind the data directory and the first user's project
   * @return what it says as its result
   */
  String onStopped(Path data, String main, String... more) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(data.toString());
    arguments.add(CredentialsFile.read(data.resolve("credentials")).get("basic.project_id"));
    arguments.addAll(List.of(more));
    Process process = new ProcessBuilder(java(main, arguments)).redirectErrorStream(true).start();
    List<String> output = process.inputReader().lines().toList();
    return output.stream()
        .filter(line -> line.startsWith("RESULT "))
        .findFirst()
        .orElseThrow(
            () -> new IOException("the store was not filled:\n" + String.join("\n", output)))
        .substring("RESULT ".length());
  }

  /** A class of the benchmark in a Java of its own. */
  List<String> java(String main, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + installation.resolve("java.options"),
                "-Duser.language=en",
                "-Djava.library.path=" + installation.resolve("natives"),
                "-cp",
                classes
                    + ":"
                    + installation.resolve("yaoku.jar")
                    + ":"
                    + installation.resolve("lib")
                    + "/*:"
                    + home.resolve("target/bench/lib")
                    + "/*",
                main));
    command.addAll(arguments);
    return command;
  }

  /** An empty place for a store, on the disk that holds the build. */
  Path freshData(String name) throws IOException {
    Path data = home.resolve("target/bench/" + name);
    if (Files.exists(data)) {
      try (var walk = Files.walk(data)) {
        for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return data;
  }
}
