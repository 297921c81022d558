package dev.yaoku.conformance;

import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.federation.Issuer;
import dev.yaoku.conformance.ForeignClient.Reply;
import dev.yaoku.server.LiveServer;
import dev.yaoku.server.RisingClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Calls every operation once on a fresh {@code --dev} server, and keeps what it saw. */
final class Walk implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NO_SUCH_KEY = "00000000-0000-4000-8000-000000000000";
  private static final int LONG_TEXT = 160;

  /** Members that are not shown in examples. */
  static final Set<String> SECRET =
      Set.of(
          "secret",
          "securitytoken",
          "secret_access_key",
          "security_token",
          "password",
          "original_password");

  private static final int SHORTENED_TEXT = 60;

  /** Tags to be set have a code of their own. */
  private static final Set<String> MISSING = Set.of("KMS.0204", "KMS.0401");

  /** What can be sent in place of a member of an operation. */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "CreateDatakeyCapsule policy_id", "{'key_policy':'{}'}",
          "CreateKeyStore hsm_cluster_id", "{'cluster_id':'of-another'}",
          "CreatePin keystore_id", "{'pin_type':'PlainText'}");

  final LiveServer server;
  private final AuditLog log;
  final ForeignClient client;
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, ObjectNode> examples = new TreeMap<>();
  final Answers answers = new Answers();
  private String token = "";
  private byte imported;

  Walk(Path data) throws IOException {
    this(data, Map.of());
  }

  Walk(Path data, Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("dev.enabled", "true");
    settings.put("quotas.keys", "10000");
    settings.put("regions.others", "cn-south-1");
    settings.put("audit.refusals-in-full", "10000");
    log = new AuditLog(data);
    server = new LiveServer(data, settings, RisingClock.machine());
    client = new ForeignClient(server, Style.TERRAFORM);
    known.put("project", client.project);
    known.put("label", "shop");
    known.put("user", server.known("user_id"));
    known.put("far_project", server.projectIn("cn-south-1"));
    Issuer issuer = new Issuer("");
    long now = Instant.now().getEpochSecond();
    known.put("key_set", issuer.keySet());
    known.put("id_token", issuer.idToken(server.known("user_name"), now, now + 3600));
    Instant today = Instant.ofEpochSecond(now);
    known.put(
        "authority", new TestPki("CN=authority", today.minus(1, DAYS), today.plus(30, DAYS)).pem());
    for (String name :
        List.of("ak", "sk", "user_name", "password", "domain_name", "project_name")) {
      known.put(name, server.known(name));
    }
  }

  /** What is done between steps. */
  @FunctionalInterface
  interface Between {
    void after(Step taken) throws GeneralSecurityException;
  }

  /** Takes every step. */
  Walk run() throws GeneralSecurityException {
    return run(_ -> {});
  }

  /** Takes every step, and does something after each. */
  Walk run(Between between) throws GeneralSecurityException {
    for (Step step : Steps.ALL) {
      Taken taken = take(step);
      if (!examples.containsKey(step.operation())) {
        examples.put(step.operation(), example(step, taken.target(), taken.body(), taken.reply()));
      }
      between.after(step);
    }
    return this;
  }

  /** A step that was taken. */
  record Taken(String target, String body, Reply reply) {}

  /** Real requests and answers by operation, with long texts cut. */
  ObjectNode examples() {
    ObjectNode all = JSON.createObjectNode();
    examples.forEach(all::set);
    return all;
  }

  /** Takes one step, which must succeed. */
  Taken take(Step step) throws GeneralSecurityException {
    if (step.operation().equals("ImportKeyMaterial")) {
      byte[] material = new byte[32];
      material[0] = imported++;
      known.put("wrapped", SdkImportTest.wrapped(know("wrapping"), material));
    }
    if (step.operation().equals("DecryptDatakeyCapsule")) {
      known.putAll(Program.proof(know("program_key"), know("capsule")));
    }
    if (step.operation().equals("ExplainRefusal")) {
      Reply refused = client.kms("describe-key", "{'key_id':'" + NO_SUCH_KEY + "'}").is(404);
      known.put("refused", refused.raw().headers().firstValue("X-Request-Id").orElseThrow());
    }
    String target = fill(step.target());
    String body = fill(step.body()).replace('\'', '"');
    Reply reply = send(step, target, body);
    assertThat(reply.status()).as(step.operation() + " " + reply.raw().body()).isBetween(200, 299);
    step.notes().forEach((name, pointer) -> known.put(name, reply.text(pointer)));
    if (step.operation().equals("CreateToken")) {
      token = reply.raw().headers().firstValue("X-Subject-Token").orElseThrow();
      known.put("subject", token);
    }
    if (step.operation().equals("KeystoneUpdateUserPassword")) {
      known.put("password", JSON.readTree(body).at("/user/password").stringValue());
    }
    return new Taken(target, body, reply);
  }

  /** Whether an event of this request came to the log since the last look. */
  boolean recorded(Reply reply) {
    String request = reply.raw().headers().firstValue("X-Request-Id").orElseThrow();
    return log.news().stream()
        .map(event -> event.at("/request_id").asString(""))
        .anyMatch(request::equals);
  }

  /** What the steps noted. */
  Map<String, String> known() {
    return known;
  }

  /** Sends a request in the way of a step. */
  Reply send(Step step, String target, String body) {
    Reply reply = asked(step, target, body);
    answers.note(step.operation(), reply.status(), reply.raw().body());
    return reply;
  }

  private Reply asked(Step step, String target, String body) {
    String json = body.isEmpty() ? null : body;
    if (step.operation().equals("CreateTokenWithIdToken")) {
      return client.send(step.method(), target, json, Map.of("x-idp-id", "shop"));
    }
    if (step.target().equals("/v3/auth/tokens") && !step.method().equals("POST")) {
      return client.about(token, step.method(), target);
    }
    return client.send(step.method(), target, json);
  }

  private String know(String name) {
    String value = known.get(name);
    assertThat(value).as("$" + name).isNotNull();
    return value == null ? "" : value;
  }

  /** Puts in what is known, long names first, as one may begin with another. */
  private String fill(String template) {
    return fill(template, known);
  }

  /** Puts names in. */
  String fill(String template, Map<String, String> names) {
    String filled = template;
    for (String name :
        names.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList()) {
      filled = filled.replace("$" + name, escaped(names.getOrDefault(name, "")));
    }
    return filled;
  }

  /** The body of a step with names put in. */
  String body(Step step, Map<String, String> names) {
    return fill(step.body(), names).replace('\'', '"');
  }

  private static String escaped(String text) {
    String quoted = JSON.writeValueAsString(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  private ObjectNode example(Step step, String target, String body, Reply reply) {
    ObjectNode example = JSON.createObjectNode();
    int mark = target.indexOf('?');
    if (mark >= 0) {
      ObjectNode query = example.putObject("query");
      for (String parameter : target.substring(mark + 1).split("&", -1)) {
        String[] pair = parameter.split("=", 2);
        query.put(pair[0], pair[1]);
      }
    }
    if (!body.isEmpty()) {
      JsonNode request = JSON.readTree(body);
      example.set("required", required(step, target, request));
      example.set("request", shortened(request));
    }
    example.put("status", reply.status());
    if (!reply.raw().body().isEmpty()) {
      example.set("answer", shortened(reply.json()));
    }
    return example;
  }

  /**
   * The members that the request must have: without one, and with what can be sent in its place,
   * the server says that something is missing.
   */
  private ArrayNode required(Step step, String target, JsonNode request) {
    ArrayNode required = JSON.createArrayNode();
    for (String member : request.propertyNames()) {
      ObjectNode without = ((ObjectNode) request.deepCopy()).without(member);
      String instead = INSTEAD.getOrDefault(step.operation() + " " + member, "{}");
      without.setAll((ObjectNode) JSON.readTree(instead.replace('\'', '"')));
      if (saysWhatIsMissing(send(step, target, without.toString()), target)) {
        required.add(member);
      }
    }
    return required;
  }

  private static boolean saysWhatIsMissing(Reply reply, String target) {
    boolean ofIdentity = target.startsWith("/v3") || target.startsWith("/v5");
    return reply.status() == 400 && (ofIdentity || MISSING.contains(reply.code()));
  }

  /** The same with long texts cut, and nothing that was a credential, even of a server now gone. */
  private JsonNode shortened(JsonNode node) {
    if (node.isString()) {
      String text = node.stringValue();
      if (text.equals(server.known("password"))) {
        return StringNode.valueOf("…");
      }
      return text.length() <= LONG_TEXT
          ? node
          : StringNode.valueOf(text.substring(0, SHORTENED_TEXT) + "…");
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JSON.createObjectNode();
      object
          .properties()
          .forEach(e ->
              copy.set(
                  e.getKey(),
                  SECRET.contains(e.getKey()) && e.getValue().isString()
                      ? StringNode.valueOf("…")
                      : shortened(e.getValue())));
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = JSON.createArrayNode();
      node.forEach(element -> copy.add(shortened(element)));
      return copy;
    }
    return node;
  }

  @Override
  public void close() {
    server.close();
  }
}
