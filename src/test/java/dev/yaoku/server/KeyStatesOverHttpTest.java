package dev.yaoku.server;

import static dev.yaoku.server.KeyCalls.about;
import static dev.yaoku.server.KeyCalls.pair;
import static dev.yaoku.server.OperationsOnKeys.NEEDS_USE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.KeyCalls.Prepared;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Every operation on a key in every state, over HTTP, with the contract's codes (semantics.md 1);
 * whatever is refused changes nothing that anybody can see.
 */
class KeyStatesOverHttpTest {
  @TempDir static Path scratch;
  private static OperationsOnKeys keys;

  @BeforeAll
  static void start() throws IOException {
    keys = new OperationsOnKeys(scratch);
    long tomorrow = Instant.now().plus(Duration.ofDays(1)).getEpochSecond();
    for (int i = 0; i < 60; i++) {
      String key = keys.calls.made("AES_256", "ENCRYPT_DECRYPT", "external");
      bringMaterial(key, ",'expiration_time':'" + tomorrow + "'");
      EXPIRED.add(new Prepared(key, keys.use(key)));
    }
    keys.pass(Duration.ofDays(2));
  }

  @AfterAll
  static void stop() {
    keys.close();
  }

  private static final List<String> STATES =
      List.of(
          "enabled",
          "disabled",
          "pending deletion",
          "pending import",
          "imported",
          "imported, disabled",
          "imported, pending deletion",
          "expired");

  /**
   * Keys whose imported material has expired, by what was made with them before; the clock moved
   * once for all of them.
   */
  private static final List<Prepared> EXPIRED = new ArrayList<>();

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // Columns as in STATES; ~ where such a key cannot be
    "describe-key, 200, 200, 200, 200, 200, 200, 200, 200",
    "list-grants, 200, 200, 200, 200, 200, 200, 200, 200",
    "tags, 200, 200, 200, 200, 200, 200, 200, 200",
    "get-key-rotation-status, 200, 200, 200, 200, 200, 200, 200, 200",
    "enable-key, KMS.1201, 200, KMS.0210, KMS.1201, KMS.1201, 200, KMS.0210, KMS.1201",
    "disable-key, 200, KMS.1301, KMS.0210, KMS.1301, 200, KMS.1301, KMS.0210, KMS.1301",
    "schedule-key-deletion, 200, 200, KMS.1402, 200, 200, 200, KMS.1402, 200",
    "cancel-key-deletion, KMS.1501, KMS.1501, 200, KMS.1501, KMS.1501, KMS.1501, 200, KMS.1501",
    "update-key-alias, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "update-key-description, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "encrypt-data, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "create-datakey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "create-datakey-without-plaintext, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210,"
        + " KMS.1301",
    "create-rsa-datakey-pair, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "create-ec-datakey-pair, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "encrypt-datakey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "datakey-capsule/create, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "datakey-capsule/decrypt, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "sign, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "get-publickey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "derive-shared-secret, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "generate-mac, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "create-grant, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "enable-key-rotation, 200, 200, KMS.0210, KMS.0312, KMS.0312, KMS.0312, KMS.0312, KMS.0312",
    "disable-key-rotation, KMS.0313, KMS.0313, KMS.0210, KMS.0312, KMS.0312, KMS.0312, KMS.0312,"
        + " KMS.0312",
    "update-key-rotation-interval, KMS.0313, KMS.0313, KMS.0210, KMS.0312, KMS.0312, KMS.0312,"
        + " KMS.0312, KMS.0312",
    "rotate-on-demand, KMS.0309, KMS.0309, KMS.0309, KMS.1301, KMS.0310, KMS.0209, KMS.0210,"
        + " KMS.1301",
    "get-parameters-for-import, KMS.0309, KMS.0309, KMS.0309, 200, 200, KMS.0310, KMS.0210, 200",
    "delete-imported-key-material, KMS.0309, KMS.0309, KMS.0309, KMS.2701, 200, 200, KMS.2701,"
        + " KMS.2701",
    "create tag, 204, 204, 204, 204, 204, 204, 204, 204",
    "change tags, 204, 204, 204, 204, 204, 204, 204, 204",
    "create alias, 201, 201, KMS.0210, 201, 201, 201, KMS.0210, 201",
    "associate alias, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "delete alias, 204, 204, 204, 204, 204, 204, 204, 204",
    "list aliases, 200, 200, 200, 200, 200, 200, 200, 200",
    "delete tag, 204, 204, 204, 204, 204, 204, 204, 204",
    "decrypt-data, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "decrypt-data by key, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "decrypt-datakey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "re-encrypt from, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "re-encrypt to, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "verify, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "verify-mac, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "revoke-grant, 200, 200, 200, 200, 200, 200, 200, 200",
    "retire-grant, 200, 200, 200, 200, 200, 200, 200, 200",
    "import-key-material, KMS.0309, KMS.0309, KMS.0309, 200, 200, KMS.0310, KMS.0210, 200",
    "yaoku-list-versions, 200, 200, 200, 200, 200, 200, 200, 200",
    "yaoku-rotate-now, 200, KMS.0209, KMS.0210, KMS.0312, KMS.0312, KMS.0312, KMS.0312, KMS.0312",
  })
  void everyOperationAnswersAsTheContractSaysInEveryState(
      String operation,
      String enabled,
      String disabled,
      String pendingDeletion,
      String pendingImport,
      String imported,
      String importedDisabled,
      String importedPendingDeletion,
      String expired) {
    List<String> wanted =
        List.of(
            enabled,
            disabled,
            pendingDeletion,
            pendingImport,
            imported,
            importedDisabled,
            importedPendingDeletion,
            expired);
    Map<String, String> expected = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < STATES.size(); i++) {
      if (!wanted.get(i).equals("~")) {
        expected.put(STATES.get(i), wanted.get(i));
        found.put(STATES.get(i), keys.outcome(operation, prepared(operation, STATES.get(i))));
      }
    }

    assertThat(found).isEqualTo(expected);
  }

  private static Prepared prepared(String operation, String state) {
    if (state.equals("expired")) {
      Prepared expired = EXPIRED.removeLast();
      if (operation.equals("import-key-material")) {
        expired.made().putAll(keys.bring(expired.key(), 0));
      }
      return expired;
    }
    boolean external = state.startsWith("imported") || state.equals("pending import");
    String origin = external ? "external" : "kms";
    String key = keys.calls.madeFor(operation, origin);
    Map<String, String> made = new HashMap<>();
    boolean material = state.startsWith("imported") || NEEDS_USE.contains(operation);
    if (external && material) {
      bringWhatFits(operation, key);
    }
    if (NEEDS_USE.contains(operation)) {
      made.putAll(keys.use(key));
      if (state.equals("pending import")) {
        keys.server.kms("delete-imported-key-material", about(key, ""));
      }
    }
    switch (operation) {
      case "verify" ->
          made.put(
              "signature",
              state.equals("pending import")
                  ? "aGVsbG8="
                  : keys.server.kms(
                      "sign", about(key, keys.calls.more("sign", Map.of())), "/signature"));
      case "verify-mac" ->
          made.put(
              "mac",
              keys.server.kms(
                  "generate-mac", about(key, keys.calls.more("generate-mac", Map.of())), "/mac"));
      case "import-key-material" -> {
        if (external) {
          made.putAll(keys.bring(key, state.startsWith("imported") ? 1 : 0));
        } else {
          made.putAll(keys.foreign);
        }
      }
      default -> {
        // The key is enough.
      }
    }
    keys.putInto(state, key);
    return new Prepared(key, made);
  }

  /** A pair of one's own where the operation needs a pair, which never expires. */
  private static void bringWhatFits(String operation, String key) {
    switch (operation) {
      case "sign", "verify", "get-publickey", "derive-shared-secret" ->
          assertThat(broughtPair(key)).isEmpty();
      default -> bringMaterial(key, "");
    }
  }

  private static JsonNode broughtPair(String key) {
    try {
      return new Importer(keys.server).bringPair(key, pair().getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void bringMaterial(String key, String more) {
    String members = keys.calls.more("import-key-material", keys.bring(key, 0));
    assertThat(keys.server.kms("import-key-material", about(key, members + more))).isEmpty();
  }
}
