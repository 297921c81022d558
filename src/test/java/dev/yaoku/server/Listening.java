package dev.yaoku.server;

import dev.yaoku.access.Action;
import dev.yaoku.access.Authenticator;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Credentials;
import dev.yaoku.access.Permissions;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.RequestRates;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Decision;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.audit.Actor;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.audit.Entries;
import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.service.UnsaltedEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A server on a free port with routes of a test's own. A token names its user; the token {@code
 * cold-…} is not in memory at first, {@code gone-…} is nobody's any more, and neither is one that
 * has {@code ended}; a body {@code forged} does not prove anything.
 */
final class Listening implements AutoCloseable {
  static final String PROJECT = "0123456789abcdef0123456789abcdef";

  /** A dialect that says what the problem is called. */
  static final Dialect DIALECT =
      (problem, id) -> {
        String code = problem.getClass().getSimpleName();
        byte[] body =
            ("{\"error_code\":\"" + code + "\",\"request_id\":\"" + id + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        return new Answer(status(problem), Map.of(), body, code);
      };

  final RecordingStore store = new RecordingStore();
  final Server server;
  final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final AtomicReference<Exchange> lastExchange = new AtomicReference<>();

  /** Tokens that are nobody's any more. */
  final Set<String> ended = ConcurrentHashMap.newKeySet();

  /** What goes wrong where an answer is recorded; nothing as long as there is none. */
  final AtomicReference<@Nullable Error> defect = new AtomicReference<>();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final java.util.Random random = new java.util.Random(1);

  private static int status(Problem problem) {
    return switch (problem) {
      case Problem.NoCredentials _, Problem.BadSignature _ -> 401;
      case Problem.NotAllowed _, Problem.ProjectMismatch _, Problem.NeedsTls _ -> 403;
      case Problem.NoSuchRoute _ -> 404;
      case Problem.MethodNotSupported _ -> 405;
      case Problem.TooSlow _ -> 408;
      case Problem.BodyTooLong _ -> 413;
      case Problem.UriTooLong _ -> 414;
      case Problem.Throttled _ -> 429;
      case Problem.Internal _ -> 500;
      case Problem.StoreUnavailable _, Problem.Overloaded _ -> 503;
      default -> 400;
    };
  }

  private Listening(Map<String, String> settings, List<Route> routes) {
    Map<String, String> all = new HashMap<>();
    all.put("listen.address", "127.0.0.1:0");
    all.put("admin.address", "127.0.0.1:0");
    all.put("log.requests", "false");
    all.put("shutdown.deadline", "2s");
    all.putAll(settings);
    InstantSource clock = InstantSource.system();
    Entries entries = new Entries(this::random);
    try {
      server =
          new Server(
              new Parts(
                  ConfigReader.read("", Map.of(), all),
                  routes,
                  DIALECT,
                  new Tokens(),
                  new OwnProjects(),
                  (caller, _, status, code) -> {
                    Error wrong = defect.get();
                    if (wrong != null) {
                      throw wrong;
                    }
                    return outcome(clock, caller, status, code);
                  },
                  entries::encode,
                  store,
                  () -> true,
                  () -> false,
                  this::random,
                  clock,
                  metrics,
                  RequestRates.NONE,
                  Thread::startVirtualThread));
      server.start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A server with these settings, by name and value in turn, and the usual routes. */
  static Listening with(String... settings) {
    return new Listening(pairs(settings), new ArrayList<>());
  }

  static Listening with(List<Route> routes, String... settings) {
    return new Listening(pairs(settings), routes);
  }

  private static Map<String, String> pairs(String... settings) {
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      pairs.put(settings[i], settings[i + 1]);
    }
    return pairs;
  }

  private synchronized byte[] random(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static UnsaltedEvent outcome(
      InstantSource clock, Caller caller, int status, String code) {
    Principal who = caller.principal();
    AuditEvent event =
        new AuditEvent(
            clock.instant(),
            caller.requestId(),
            new Actor(who.account(), who.user(), who.userName(), who.credential()),
            caller.project(),
            caller.source(),
            "test",
            new Resource("", ""),
            Rating.NORMAL,
            status,
            code,
            null,
            List.of());
    return new UnsaltedEvent(event.at().toEpochMilli(), who.account(), Entries.unsalted(event));
  }

  static Route route(String method, String path, Route.Lane lane, Route.Handler handler) {
    return new Route(
        "Test" + path.hashCode(),
        method,
        path,
        Route.Entry.PROVED,
        lane,
        1024,
        false,
        DIALECT,
        handler);
  }

  static Answer text(String text) {
    return Answer.json(200, ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8));
  }

  static Answer echo(Exchange exchange) {
    return text(new String(exchange.body(), StandardCharsets.UTF_8));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).header("X-Auth-Token", "alice");
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  HttpResponse<String> post(String path, String body) {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  RawClient raw() throws IOException {
    return new RawClient(server.port());
  }

  @Override
  public void close() {
    store.release();
    server.stop();
    store.close();
    client.close();
  }

  /** The token is the user. */
  private final class Tokens implements Authenticator {
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    @Override
    public Credentials read(RequestHead head) {
      String token =
          head.headers().stream()
              .filter(header -> header.name().equals("x-auth-token"))
              .map(RequestHead.Header::value)
              .findFirst()
              .orElseThrow(() -> new KmsException(new Problem.NoCredentials()));
      if (token.startsWith("cold-") && !known.containsKey(token)) {
        Waiting.mustBeAllowed();
        known.put(token, true);
      }
      if (token.startsWith("gone-")) {
        Waiting.mustBeAllowed();
        throw new KmsException(new Problem.NoCredentials());
      }
      return new NamedByToken(token);
    }
  }

  private final class NamedByToken implements Credentials {
    private final String token;

    NamedByToken(String token) {
      this.token = token;
    }

    @Override
    public Principal prove(byte[] body) {
      if (new String(body, StandardCharsets.UTF_8).equals("forged")) {
        throw new KmsException(new Problem.BadSignature("for the log"));
      }
      return stillStands();
    }

    @Override
    public Principal stillStands() {
      if (ended.contains(token)) {
        throw new KmsException(new Problem.NoCredentials());
      }
      return new Principal("account", "acme", token, token, true, "cred-" + token, true, PROJECT);
    }
  }

  /** Everybody has the one project. */
  private static final class OwnProjects implements Callers {
    private static final Permissions ALL =
        new Permissions() {
          @Override
          public Decision decide(Caller caller, String project, Action action, Subject subject) {
            return new Decision(Decision.Outcome.ALLOWED, null);
          }

          @Override
          public boolean conceives(Caller caller, Action action) {
            return true;
          }
        };

    @Override
    public Caller caller(
        Principal who, Credentials proof, String project, String requestId, String source) {
      return new Caller(who, project, requestId, source, ALL);
    }

    @Override
    public void admit(Caller caller, RequestHead head) {
      if (!caller.project().isEmpty() && !caller.project().equals(PROJECT)) {
        throw new KmsException(new Problem.ProjectMismatch());
      }
    }
  }
}
