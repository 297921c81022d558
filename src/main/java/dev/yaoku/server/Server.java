package dev.yaoku.server;

import dev.yaoku.api.Route;
import dev.yaoku.audit.Noise;
import dev.yaoku.audit.Refusals;
import dev.yaoku.service.HeapRoom;
import io.netty.channel.EventLoop;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener: starts, serves, and stops when what is under way is done. */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration START_DEADLINE = Duration.ofSeconds(30);
  private static final int CHUNK_BYTES_MAX = 16 * 1024;

  private final Parts parts;
  private final Config config;
  private final Gate gate;
  private final ExecutorService slowThreads;
  private final @Nullable RequestLog log;
  private final Shared shared;
  private final Summaries summaries;
  private final Vertx vertx;
  private final @Nullable Tls tls;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile @Nullable HttpServer admin;

  /**
   * A server that does not listen yet.
   *
   * @throws IOException if a file that the configuration names cannot be read or written
   */
  public Server(Parts parts) throws IOException {
    this.parts = parts;
    this.config = parts.config();
    this.gate = new Gate(config);
    this.slowThreads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("yaoku-slow-", 0).factory());
    this.log = config.log().requests() ? new RequestLog(config) : null;
    this.tls = config.tls().on() ? new Tls(config.tls(), parts.asksForCertificates()) : null;
    this.shared = shared();
    this.summaries = new Summaries(parts, shared.refusals(), shared.noise());
    this.vertx = vertx();
  }

  private Shared shared() {
    Config.Lanes lanes = config.lanes();
    SlowLane slow =
        new SlowLane(
            lanes.slowRunning(),
            lanes.slowWaiting(),
            lanes.slowWaitingPerProject(),
            slowThreads,
            System::nanoTime);
    SlowLane unproved =
        new SlowLane(
            lanes.unprovedRunning(),
            lanes.unprovedWaiting(),
            Math.max(1, lanes.unprovedWaiting() / 4),
            slowThreads,
            System::nanoTime);
    Metrics metrics = new Metrics(parts.metrics(), parts.routes());
    Shared all =
        new Shared(
            parts,
            new Router(parts.routes()),
            new HeadReader(config),
            new AtomicInteger(),
            new AtomicInteger(),
            slowThreads,
            slow,
            unproved,
            HeapRoom.quarter(),
            HeapShare.of(config.limits().unansweredBytes()),
            new HeapShare(Runtime.getRuntime().maxMemory() / 16),
            HeapShare.of(config.limits().unreadBytes()),
            new Noise(),
            new Refusals(config.audit().refusalsInFull()),
            metrics,
            log,
            new Health(this::storeAnswers, () -> parts.store().writable(), parts.warm()));
    ServerMetrics.bind(all, gate, log);
    return all;
  }

  /** Where requests of proved callers wait for their turn. */
  SlowLane slowLane() {
    return shared.slow();
  }

  private boolean storeAnswers() {
    return parts.store().writable() && parts.store().readable();
  }

  private Vertx vertx() {
    Transport best = config.listen().nativeTransport() ? Transport.nativeTransport() : null;
    Transport transport = best != null && best.available() ? best : Transport.NIO;
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(eventLoops())
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(2)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false));
    return Vertx.builder().with(options).withTransport(gate.inFrontOf(transport)).build();
  }

  private int eventLoops() {
    int asked = config.listen().eventLoops();
    return asked > 0 ? asked : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if an address is in use or cannot be listened on, with a sentence that says
   *     so
   */
  public void start() throws IOException {
    shared.health().look();
    Config.Address address = config.listen().address();
    await(
        "listen.address " + address,
        vertx.deployVerticle(
            LoopVerticle::new, new DeploymentOptions().setInstances(eventLoops())));
    if (config.admin().isPresent()) {
      Config.Address adminAddress = config.admin().get();
      admin =
          await(
              "admin.address " + adminAddress,
              new Admin(shared.health(), shared.metrics()).listen(vertx, adminAddress));
    }
    vertx.setPeriodic(1000, _ -> besides(this::eachSecond));
    if (tls != null) {
      vertx.setPeriodic(
          config.tls().reloadEvery().toMillis(),
          _ -> besides(() -> tls.reload(servers.getFirst())));
    }
  }

  /** Looks soon whether clients are to be asked for certificates. */
  void lookAtAuthorities() {
    if (tls != null && !servers.isEmpty()) {
      besides(() -> tls.reload(servers.getFirst()));
    }
  }

  /** Runs beside the event loops, unless the server is stopping. */
  private void besides(Runnable work) {
    if (!stopped.get()) {
      slowThreads.execute(work);
    }
  }

  private static <T> T await(String what, Future<T> started) throws IOException {
    try {
      return started
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } catch (TimeoutException late) {
      throw new IOException(what + ": not ready in time", late);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new IOException(what + ": " + why(cause), cause);
    }
  }

  private static String why(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("Address already in use")
        ? "the address is in use by another program. Stop that, or choose another address"
        : message;
  }

  /** One instance runs on each event loop. */
  private final class LoopVerticle extends VerticleBase {
    @Override
    public Future<?> start() {
      EventLoop events = ((ContextInternal) context).nettyEventLoop();
      Loop loop = new Loop(events, shared);
      Http1ServerConfig limits = http1Limits();
      long sweepMillis = sweepMillis();
      var _ =
          events.scheduleWithFixedDelay(
              loop::sweep, sweepMillis, sweepMillis, TimeUnit.MILLISECONDS);
      HttpServer server =
          vertx
              .createHttpServer(options())
              .connectionHandler(connection -> Connection.open(loop, connection, limits))
              .requestHandler(_ -> {});
      servers.add(server);
      return server.listen(socketAddress(config.listen().address()));
    }
  }

  private Http1ServerConfig http1Limits() {
    return new Http1ServerConfig()
        .setMaxInitialLineLength(config.limits().uriBytes())
        .setMaxHeaderSize(config.limits().headerBytes())
        .setMaxChunkSize(CHUNK_BYTES_MAX);
  }

  private static SocketAddress socketAddress(Config.Address address) {
    // Any free port is the same one for all event loops.
    return address.port() == 0
        ? SocketAddress.sharedRandomPort(1, address.host())
        : SocketAddress.inetSocketAddress(address.port(), address.host());
  }

  private HttpServerOptions options() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setAcceptBacklog(config.listen().backlog())
            .setTcpNoDelay(true)
            .setHttp2ClearTextEnabled(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setDecompressionSupported(false)
            .setCompressionSupported(false);
    if (tls != null) {
      tls.apply(options);
    }
    return options;
  }

  /** A quarter of the shortest deadline, so that none is missed by more. */
  private long sweepMillis() {
    Config.Limits limits = config.limits();
    long shortest =
        Math.min(
            limits.requestDeadline().toMillis(),
            Math.min(limits.answerDeadline().toMillis(), limits.idleDeadline().toMillis()));
    return Math.clamp(shortest / 4, 25, 1000);
  }

  private void eachSecond() {
    summaries.write();
    shared.health().look(); // may take long
  }

  /** All operations. */
  List<Route> routes() {
    return parts.routes();
  }

  /** The port that clients are served on. */
  public int port() {
    return servers.isEmpty() ? -1 : servers.getFirst().actualPort();
  }

  /** The port of the operator's listener; -1 if there is none. */
  public int adminPort() {
    HttpServer listening = admin;
    return listening == null ? -1 : listening.actualPort();
  }

  /** Takes no more connections, lets what is under way finish, and stops. Once is enough. */
  public void stop() {
    if (stopped.getAndSet(true)) {
      return;
    }
    shared.health().drain();
    List<Future<Void>> closing =
        servers.stream().map(server -> server.shutdown(config.shutdownDeadline())).toList();
    quietly(Future.join(closing));
    summaries.write();
    quietly(vertx.close());
    slowThreads.close();
    if (log != null) {
      log.close();
    }
  }

  private void quietly(Future<?> future) {
    try {
      future
          .toCompletionStage()
          .toCompletableFuture()
          .get(config.shutdownDeadline().toMillis() + 5_000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException failed) {
      LOG.warn("stopping: {}", failed.toString());
    }
  }

  @Override
  public void close() {
    stop();
  }
}
