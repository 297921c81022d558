package dev.yaoku.server;

import dev.yaoku.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code yaoku serve}: starts a server and runs until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the server until SIGTERM or Ctrl-C.",
      "The first start on an empty data directory makes everything: root key, account, project,"
          + " administrator and access key."
    })
public final class ServeCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Mixin final ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where clients are served (127.0.0.1:7300).")
  @Nullable String listen;

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description = "File of the root key; best on another disk than the data.")
  @Nullable Path rootKey;

  @Option(
      names = "--dev",
      description = {
        "Temporary store, published credentials: for tests of clients only.",
        "A directory named with --data is kept."
      })
  boolean dev;

  @Option(names = "--dev-on-network", description = "Let --dev listen beyond loopback.")
  boolean devOnNetwork;

  @Override
  public Integer call() throws InterruptedException, IOException {
    PrintWriter out = commandSpec().commandLine().getOut();
    PrintWriter err = commandSpec().commandLine().getErr();
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      Config config = options.read(said());
      return isTemporary(config.dev())
          ? serveTemporarily(out, stopped)
          : serve(config, DevStore.NAMED, out, stopped);
    } catch (ConfigException e) {
      err.println("yaoku: the configuration has faults:");
      e.faults().forEach(fault -> err.println("  - " + fault));
      return 2;
    } catch (StartRefused e) {
      err.println("yaoku: " + e.getMessage());
      return 1;
    } catch (StoreException e) {
      err.println("yaoku: " + e.inOneLine());
      return 1;
    } finally {
      stopped.countDown();
    }
  }

  /**
   * Whether the store goes away with the server: where nobody named a directory, or {@code --dev}
   * alone passes over one. A store that lies elsewhere is kept, and with it its root key.
   */
  private boolean isTemporary(Config.Dev mode) {
    boolean named = mode.storeNamed() || options.data() != null || (mode.dataNamed() && !dev);
    return mode.enabled() && !named;
  }

  private int serveTemporarily(PrintWriter out, CountDownLatch stopped)
      throws InterruptedException, IOException {
    Path temporary = Files.createTempDirectory("yaoku-dev-");
    try {
      Map<String, @Nullable String> said = said();
      said.put("data", temporary.toString());
      return serve(options.read(said), DevStore.TEMPORARY, out, stopped);
    } finally {
      delete(temporary);
    }
  }

  private int serve(Config config, DevStore store, PrintWriter out, CountDownLatch stopped)
      throws InterruptedException {
    Logs.configure(config.log());
    ProcessGuard.raiseOrWarn();
    if (config.dev().enabled()) {
      banner(store, out);
    }
    CountDownLatch asked = new CountDownLatch(1);
    Thread onSignal = new Thread(() -> stopAndWait(asked, stopped), "yaoku-stop");
    try (Yaoku yaoku = Yaoku.start(config, Surroundings.ofThisMachine(), line -> say(out, line))) {
      Runtime.getRuntime().addShutdownHook(onSignal);
      say(out, "Yaoku is ready: " + yaoku.url());
      Niceness.letCompilersYield();
      asked.await();
      say(out, "Yaoku is stopping.");
    }
    return 0;
  }

  /** The process must not end before what is under way is done, and what is temporary gone. */
  private static void stopAndWait(CountDownLatch asked, CountDownLatch stopped) {
    asked.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, @Nullable String> said() {
    Map<String, @Nullable String> said = new HashMap<>();
    said.put("listen.address", listen);
    said.put("root-key", rootKey == null ? null : rootKey.toString());
    said.put("dev.enabled", dev ? "true" : null);
    said.put("dev.on-network", devOnNetwork ? "true" : null);
    return said;
  }

  /** What becomes of the store of a development server. */
  private enum DevStore {
    TEMPORARY("*  Keys made here protect nothing, and are gone when the server stops.     *"),
    NAMED("*  Keys made here protect nothing. The store was named, so it is kept.     *");

    private final String said;

    DevStore(String said) {
      this.said = said;
    }
  }

  private static void banner(DevStore store, PrintWriter out) {
    say(out, "****************************************************************************");
    say(out, "*  DEVELOPMENT MODE: everyone knows the credentials of this server.        *");
    say(out, store.said);
    say(out, "****************************************************************************");
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private CommandSpec commandSpec() {
    if (spec == null) {
      throw new IllegalStateException("picocli fills this in");
    }
    return spec;
  }
}
