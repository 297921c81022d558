package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.store.AuditRow;
import dev.yaoku.store.EventTail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An alias that moves while it is used: resolved once, allowed and recorded for that key (H12). */
@Timeout(120)
class AliasRaceTest {
  private static final String REFUSED = "refused";
  private static final Map<String, String> EACH_REFUSAL_RECORDED =
      Map.of("audit.refusals-in-full", "10000");

  /** How often each user encrypts and decrypts, wraps and unwraps. */
  private static final int ROUNDS = 100;

  @TempDir Path scratch;

  @Test
  void theKeyThatWasUsedIsTheOneThatWasRecorded() throws Exception {
    Map<String, String> keyOfRequest = new ConcurrentHashMap<>();
    Map<String, String> ofHalfAllowed = new ConcurrentHashMap<>();
    try (LiveServer server = new LiveServer(scratch.resolve("data"), EACH_REFUSAL_RECORDED)) {
      String one = server.kms("create-key", "{'key_alias':'one'}", "/key_info/key_id");
      String two = server.kms("create-key", "{'key_alias':'two'}", "/key_info/key_id");
      String aliases = "/v1.0/" + server.known("project_id") + "/kms/aliases";
      server.post(aliases, "application/json", alias(one));
      Tenant halfAllowed = deniedOn(server, two);
      String associate = "/v1.0/" + server.known("project_id") + "/kms/alias/associate";
      Set<Integer> moved = ConcurrentHashMap.newKeySet();
      AtomicBoolean done = new AtomicBoolean();
      Thread mover =
          Thread.startVirtualThread(() -> {
            for (int i = 0; !done.get(); i++) {
              String to = alias(i % 2 == 0 ? two : one);
              moved.add(server.post(associate, "application/json", to).statusCode());
            }
          });
      List<Thread> users = new ArrayList<>();
      for (int user = 0; user < 3; user++) {
        users.add(Thread.startVirtualThread(() -> use(server, Set.of(one, two), keyOfRequest)));
      }
      users.add(Thread.startVirtualThread(() -> use(halfAllowed, ofHalfAllowed)));
      for (Thread user : users) {
        user.join();
      }
      done.set(true);
      mover.join();
      assertThat(moved).containsOnly(200);
      assertThat(keyOfRequest.values()).contains(one, two);
      assertThat(ofHalfAllowed.values()).contains(one, REFUSED).doesNotContain(two);
      server.post(associate, "application/json", alias(one));
      mustNotOpen(Tenant.first(server), two);
    }
    Map<String, String> recorded = recorded();
    assertThat(keyOfRequest).hasSize(3 * 4 * ROUNDS);
    keyOfRequest.forEach((request, key) -> assertThat(recorded).containsEntry(request, key));
    ofHalfAllowed.values().removeIf(REFUSED::equals);
    ofHalfAllowed.forEach((request, key) -> assertThat(recorded).containsEntry(request, key));
  }

  private static String alias(String key) {
    return "{\"alias\":\"alias/moving\",\"key_id\":\"%1$s\",\"target_key_id\":\"%1$s\"}"
        .formatted(key);
  }

  private static void use(LiveServer server, Set<String> keys, Map<String, String> keyOfRequest) {
    Tenant user = Tenant.first(server);
    for (int i = 0; i < ROUNDS; i++) {
      Tenant.Reply data = user.kms("encrypt-data", moving("'plain_text':'x'")).is(200);
      String blob = data.text("/cipher_text");
      String maker = keyIn(Base64.getDecoder().decode(blob));
      keyOfRequest.put(id(data), maker);
      Tenant.Reply opened = user.kms("decrypt-data", moving("'cipher_text':'" + blob + "'"));
      keyOfRequest.put(id(opened), keyThatWasAsked(opened, maker, keys));

      Tenant.Reply dataKey = user.kms("create-datakey", moving("'datakey_length':'256'")).is(200);
      String wrapped = dataKey.text("/cipher_text");
      String wrapper = keyIn(HexFormat.of().parseHex(wrapped));
      keyOfRequest.put(id(dataKey), wrapper);
      String members = "'datakey_cipher_length':'32','cipher_text':'" + wrapped + "'";
      Tenant.Reply unwrapped = user.kms("decrypt-datakey", moving(members));
      keyOfRequest.put(id(unwrapped), keyThatWasAsked(unwrapped, wrapper, keys));
    }
  }

  private static String moving(String more) {
    return of("alias/moving", more);
  }

  private static String of(String key, String more) {
    return "{'key_id':'" + key + "'," + more + "}";
  }

  private static String id(Tenant.Reply reply) {
    return reply.raw().headers().firstValue("x-request-id").orElseThrow();
  }

  /** The key that the alias was at: only the one that made a ciphertext opens it. */
  private static String keyThatWasAsked(Tenant.Reply reply, String maker, Set<String> keys) {
    if (reply.status() == 200) {
      return maker;
    }
    assertThat(reply.code()).isEqualTo("KMS.2201");
    return keys.stream().filter(key -> !key.equals(maker)).findFirst().orElseThrow();
  }

  /** The alias decides which key opens a ciphertext, even where the ciphertext names another. */
  private static void mustNotOpen(Tenant user, String key) {
    String blob = user.ok("encrypt-data", of(key, "'plain_text':'x'")).text("/cipher_text");
    String opening = "'cipher_text':'" + blob + "'";
    assertThat(user.kms("decrypt-data", moving(opening)).code()).isEqualTo("KMS.2201");
    user.ok("decrypt-data", of(key, opening));

    String wrapped =
        user.ok("create-datakey", of(key, "'datakey_length':'256'")).text("/cipher_text");
    String unwrapping = "'datakey_cipher_length':'32','cipher_text':'" + wrapped + "'";
    assertThat(user.kms("decrypt-datakey", moving(unwrapping)).code()).isEqualTo("KMS.2201");
    user.ok("decrypt-datakey", of(key, unwrapping));
  }

  /** Somebody who may use every key but one. */
  private static Tenant deniedOn(LiveServer server, String key) {
    Staff staff = new Staff(Tenant.first(server));
    Tenant person = staff.person();
    staff.give(Staff.self(person), person.project, "kms_adm");
    String denial =
        "{'Effect':'Deny','Action':['kms:*:*'],'Resource':['kms:*:*:KeyId:" + key + "']}";
    staff.give(Staff.self(person), person.project, staff.policy(denial));
    return person;
  }

  private static void use(Tenant halfAllowed, Map<String, String> keyOfRequest) {
    for (int i = 0; i < 200; i++) {
      Tenant.Reply reply = halfAllowed.kms("encrypt-data", moving("'plain_text':'x'"));
      keyOfRequest.put(
          id(reply),
          reply.status() == 200
              ? keyIn(Base64.getDecoder().decode(reply.text("/cipher_text")))
              : REFUSED);
    }
  }

  /** The key id in the head of a ciphertext (docs/ciphertext-format.md). */
  private static String keyIn(byte[] blob) {
    byte[] id = Arrays.copyOfRange(blob, 4, 20);
    return HexFormat.of()
        .formatHex(id)
        .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }

  private Map<String, String> recorded() throws Exception {
    Map<String, String> keys = new java.util.HashMap<>();
    for (AuditRow row : EventTail.all(scratch.resolve("data/yaoku.db"))) {
      JsonNode event = EventTail.json(row);
      keys.put(event.at("/request_id").asString(""), event.at("/resource_id").asString(""));
    }
    return keys;
  }
}
