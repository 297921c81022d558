package dev.yaoku.api.huawei;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Heads;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.Target;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls operations by name, as the listener would, with a user of the first account. */
final class Calls {
  static final String REQUEST_ID = "0".repeat(32);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final KeyWorld world;
  private final HuaweiApi api;

  Calls(KeyWorld world) {
    this(world, HuaweiOptions.defaults());
  }

  Calls(KeyWorld world, HuaweiOptions options) {
    this.world = world;
    this.api = new HuaweiApi(world.services(), options);
  }

  /** What came back. */
  record Reply(int status, String code, Map<String, String> headers, String body) {
    JsonNode json() {
      return MAPPER.readTree(body);
    }

    String text(String pointer) {
      JsonNode node = json().at(pointer);
      if (!node.isString()) {
        throw new AssertionError(pointer + " is no text in " + body);
      }
      return node.stringValue();
    }
  }

  Reply call(String operation, String body) {
    return call(operation, Map.of(), body);
  }

  Reply call(String operation, Map<String, String> path, String body) {
    return call(operation, path, List.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  Reply query(String operation, String... query) {
    return call(operation, Map.of(), parameters(query), new byte[0]);
  }

  Reply call(
      String operation, Map<String, String> path, List<Target.Parameter> query, byte[] body) {
    return call(world.alice(), operation, path, query, body);
  }

  Reply call(
      @Nullable Caller caller,
      String operation,
      Map<String, String> path,
      List<Target.Parameter> query,
      byte[] body) {
    Route route = route(operation);
    RequestHead head =
        Heads.plain(
            route.method(),
            new Target(List.of(), query),
            List.of(new RequestHead.Header("host", "127.0.0.1:7300")),
            "127.0.0.1",
            true);
    Exchange exchange = new Exchange(head, path, body, caller, REQUEST_ID, 32, provenAs(caller));
    Answer answer = answer(route, exchange);
    return new Reply(
        answer.status(),
        answer.code(),
        answer.headers(),
        new String(answer.body(), StandardCharsets.UTF_8));
  }

  /** Finds out what is known already: who calls, or that nobody proved the request. */
  private static Exchange.Prover provenAs(@Nullable Caller caller) {
    return new Exchange.Prover() {
      @Override
      public Caller prove() {
        if (caller == null) {
          throw new KmsException(new Problem.NoCredentials());
        }
        return caller;
      }

      @Override
      public void proved(Caller other) {}
    };
  }

  private static Answer answer(Route route, Exchange exchange) {
    try {
      return route.handler().handle(exchange);
    } catch (KmsException refused) {
      return route.dialect().refusal(refused.problem(), exchange.requestId());
    }
  }

  Route route(String operation) {
    return api.routes().stream()
        .filter(route -> route.operation().equals(operation))
        .findFirst()
        .orElseThrow();
  }

  List<Route> routes() {
    return api.routes();
  }

  static List<Target.Parameter> parameters(String... query) {
    List<Target.Parameter> parameters = new java.util.ArrayList<>();
    for (int i = 0; i < query.length; i += 2) {
      parameters.add(new Target.Parameter(query[i], query[i + 1]));
    }
    return parameters;
  }

  /** A body that names one key, with more members. */
  static String about(String keyId, String more) {
    return "{\"key_id\":\"" + keyId + "\"" + (more.isEmpty() ? "" : "," + more) + "}";
  }

  /** JSON with quotes for apostrophes, to be readable in tests. */
  static String json(String text) {
    return text.replace('\'', '"');
  }
}
