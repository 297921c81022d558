package dev.yaoku.store;

import dev.yaoku.secret.Redacted;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server for this run of the tests: the machine's own binaries, as a user who is not
 * root, in a temporary directory, on a free port of loopback.
 */
public final class PostgresProcess {
  public static final String USER = "yaoku";
  public static final String PASSWORD = "only for tests";

  /** Addresses of loopback that the store does not take for this machine. */
  static final String BY_TLS = "127.0.0.2";

  static final String OTHER_NAME = "127.0.0.3";

  /** What to say where there is no server. */
  public static final String MISSING =
      "PostgreSQL's server is not installed: install it (Debian: apt-get install postgresql), so"
          + " that the store is tested on it too.";

  /** For tests that cannot run without a server: {@link #canRun}. */
  public static final String CAN_RUN = "dev.yaoku.store.PostgresProcess#canRun";

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static @Nullable PostgresProcess running;

  private final Path binaries;
  private final Path directory;
  private final int port;
  private Process process;

  private PostgresProcess(Path binaries, Path directory, int port) throws IOException {
    this.binaries = binaries;
    this.directory = directory;
    this.port = port;
    initialise();
    this.process = serve();
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    awaitAnswer();
  }

  private Process serve(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D",
                data(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1," + BY_TLS + "," + OTHER_NAME,
                "-c",
                "unix_socket_directories=" + directory,
                "-c",
                "fsync=off",
                "-c",
                "max_connections=100"));
    arguments.addAll(List.of(more));
    return start("postgres", arguments.toArray(String[]::new));
  }

  /** Ends the server with all its connections; {@link #startAgain} brings it back. */
  void end() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    process.waitFor();
  }

  /** Starts the server that was ended, with the data it had. */
  void startAgain(String... more) throws IOException {
    process = serve(more);
    awaitAnswer();
  }

  /** A file that the server may read and nobody else. */
  Path fileOfTheServer(String name, byte[] content) throws IOException {
    Path file = directory.resolve(name);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, content);
    if (isRoot()) {
      giveAway(file);
    }
    return file;
  }

  private static void giveAway(Path file) throws IOException {
    Files.setOwner(
        file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
  }

  /** Whether this machine has a server to start. */
  public static boolean isInstalled() {
    return findBinaries() != null;
  }

  /** Whether there is a server, or must be: where changes are checked, no test is left out. */
  public static boolean canRun() {
    return System.getenv("CI") != null || isInstalled();
  }

  /** The one server of this run. */
  public static synchronized PostgresProcess shared() throws IOException {
    PostgresProcess server = running;
    if (server == null) {
      Path binaries = findBinaries();
      if (binaries == null) {
        throw new IOException(MISSING);
      }
      server = new PostgresProcess(binaries, Files.createTempDirectory("yaoku-pg"), freePort());
      running = server;
    }
    return server;
  }

  private static @Nullable Path findBinaries() {
    List<Path> places = new ArrayList<>();
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      versions.map(v -> v.resolve("bin")).sorted(Comparator.reverseOrder()).forEach(places::add);
    } catch (IOException noneFromDebian) {
      // Other places are looked at.
    }
    for (String part : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      places.add(Path.of(part));
    }
    places.add(Path.of("/usr/local/bin"));
    return places.stream()
        .filter(place -> Files.isExecutable(place.resolve("postgres")))
        .filter(place -> Files.isExecutable(place.resolve("initdb")))
        .findFirst()
        .orElse(null);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void initialise() throws IOException {
    Path password = directory.resolve("password");
    Files.writeString(password, PASSWORD);
    if (isRoot()) {
      giveAway(directory);
      giveAway(password);
    }
    Process init =
        start(
            "initdb",
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-D",
            data());
    try {
      if (!init.waitFor(60, TimeUnit.SECONDS) || init.exitValue() != 0) {
        throw new IOException("initdb failed: " + Files.readString(log()));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private Path log() {
    return directory.resolve("log");
  }

  /** PostgreSQL refuses to run as root. */
  private Process start(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private void awaitAnswer() throws IOException {
    for (int tries = 0; tries < 300; tries++) {
      try (Connection connection = connect("postgres")) {
        if (connection.isValid(1)) {
          return;
        }
      } catch (SQLException notYet) {
        try {
          if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
            break;
          }
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
    throw new IOException("PostgreSQL did not start: " + Files.readString(log()));
  }

  /** A connection of the database's owner. */
  public Connection connect(String database) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    return DriverManager.getConnection(url, USER, PASSWORD);
  }

  /** Makes a database, empty or as a copy. */
  public String newDatabase(@Nullable String template) throws SQLException {
    String name = "test_" + DATABASES.incrementAndGet();
    execute("CREATE DATABASE " + name + (template == null ? "" : " TEMPLATE " + template));
    return name;
  }

  /** Makes an empty database that keeps text in this encoding. */
  public String newDatabaseIn(String encoding) throws SQLException {
    String name = "test_" + DATABASES.incrementAndGet();
    execute(
        "CREATE DATABASE %s TEMPLATE template0 ENCODING '%s' LOCALE 'C'".formatted(name, encoding));
    return name;
  }

  public void dropDatabase(String name) throws SQLException {
    execute("DROP DATABASE " + name + " WITH (FORCE)");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How the store is to connect. */
  public PostgresSettings settings(String database) {
    return settingsThrough(port, database);
  }

  /** The same where something else stands before the server. */
  static PostgresSettings settingsThrough(int port, String database) {
    return PostgresSettings.of("127.0.0.1", port, database, USER, new Redacted<>(PASSWORD));
  }

  int port() {
    return port;
  }

  /** How many tables there are, none of the server's own. */
  int tables(String database) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")) {
      return row.next() ? row.getInt(1) : -1;
    }
  }

  /** A file with the password of the store, as an operator would write it. */
  public Path passwordFile() throws IOException {
    Path password = directory.resolve("password-of-the-store");
    if (!Files.exists(password)) {
      Files.createFile(
          password,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(password, PASSWORD + "\n");
    }
    return password;
  }

  private void stop() {
    try {
      new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
      process.waitFor(10, TimeUnit.SECONDS);
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
