package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the request lines say of every operation, and what neither they nor events ever hold. */
class RequestLinesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern KEY_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** Shorter ones are in a line by chance. */
  private static final int LENGTH_MIN = 5;

  /** More members that are secret, in a request or an answer: what keys are used on and give. */
  private static final Set<String> SECRET =
      Set.of(
          "plain_text",
          "plain_text_base64",
          "private_key",
          "private_key_plain_text",
          "random_data",
          "shared_secret",
          "datakey",
          "message",
          "import_token",
          "encrypted_key_material");

  /** Does nothing with the key that it is asked about. */
  private static final String ASKED_ABOUT = "CheckAccess";

  @TempDir static Path scratch;

  /** What was sent and answered, with the line that was written of it. */
  private record Told(Step step, JsonNode sent, JsonNode answered, JsonNode line) {}

  private static final List<Told> TOLD = new ArrayList<>();
  private static final Set<String> SECRETS = new TreeSet<>();
  private static final Set<String> WHO = new TreeSet<>();
  private static String lines = "";
  private static String events = "";

  @BeforeAll
  static void asksForEverything() throws Exception {
    Path data = scratch.resolve("data");
    Path file = scratch.resolve("requests.log");
    List<Step> steps = new ArrayList<>();
    List<Walk.Taken> taken = new ArrayList<>();
    try (Walk walk = new Walk(data, Map.of("log.requests", "true", "log.file", file.toString()))) {
      AuditLog log = new AuditLog(data);
      for (Step step : Steps.ALL) {
        steps.add(step);
        taken.add(walk.take(step));
      }
      events = log.news().toString();
      WHO.addAll(List.of(walk.server.known("user_id"), walk.server.known("ak")));
      SECRETS.addAll(List.of(walk.server.known("sk"), walk.server.known("password")));
      SECRETS.add(Objects.requireNonNull(walk.known().get("id_token")));
    }
    lines = Files.readString(file);
    Map<String, JsonNode> byId = new HashMap<>();
    lines.lines().map(JSON::readTree).forEach(line -> byId.put(line.get("id").asString(), line));
    for (int i = 0; i < steps.size(); i++) {
      Walk.Taken what = taken.get(i);
      var raw = what.reply().raw();
      String id = raw.headers().firstValue("X-Request-Id").orElseThrow();
      TOLD.add(
          new Told(
              steps.get(i),
              json(what.body()),
              json(raw.body()),
              Objects.requireNonNull(byId.get(id), id)));
      raw.headers().firstValue("X-Subject-Token").ifPresent(SECRETS::add);
      raw.request()
          .headers()
          .firstValue("Authorization")
          .ifPresent(how -> SECRETS.add(how.substring(how.indexOf("Signature=") + 10)));
    }
  }

  private static JsonNode json(String body) {
    return body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
  }

  /** Each text in a body, with the name of its member. */
  private static void texts(String name, JsonNode node, BiConsumer<String, String> take) {
    if (node.isString()) {
      take.accept(name, node.stringValue());
    } else if (node.isObject()) {
      node.properties().forEach(member -> texts(member.getKey(), member.getValue(), take));
    } else {
      node.forEach(entry -> texts(name, entry, take));
    }
  }

  @Test
  void aLineNamesTheOperationWhoAskedAndTheKey() {
    int keys = 0;
    for (Told told : TOLD) {
      JsonNode line = told.line();
      assertThat(line.propertyNames())
          .isSubsetOf(
              "time",
              "id",
              "source",
              "operation",
              "caller",
              "credential",
              "key",
              "outcome",
              "status",
              "code",
              "lane",
              "us");
      assertThat(line.get("operation").asString()).isEqualTo(told.step().operation());
      assertThat(line.get("outcome").asString()).isEqualTo("ok");
      String key = told.sent().path("key_id").asString("");
      if (KEY_ID.matcher(key).matches() && !told.step().operation().equals(ASKED_ABOUT)) {
        assertThat(line.path("key").asString("")).as(told.step().operation()).isEqualTo(key);
        assertThat(WHO).contains(line.get("caller").asString(), line.get("credential").asString());
        keys++;
      }
    }
    assertThat(keys).isGreaterThan(30);
  }

  @Test
  void noLineAndNoEventHoldsASecret() {
    BiConsumer<String, String> secret =
        (name, text) -> {
          if ((SECRET.contains(name) || Walk.SECRET.contains(name))
              && text.length() >= LENGTH_MIN) {
            SECRETS.add(text);
          }
        };
    for (Told told : TOLD) {
      texts("", told.sent(), secret);
      texts("", told.answered(), secret);
    }
    assertThat(SECRETS).hasSizeGreaterThan(100);
    assertThat(events).as("it is where such things would be").contains(idOf("CreateKey"));
    assertThat(SECRETS).noneMatch(each -> lines.contains(each));
    assertThat(SECRETS).noneMatch(each -> events.contains(each));
  }

  /** A request of this operation. */
  private static String idOf(String operation) {
    return TOLD.stream()
        .filter(told -> told.step().operation().equals(operation))
        .map(told -> told.line().get("id").asString())
        .findFirst()
        .orElseThrow();
  }
}
