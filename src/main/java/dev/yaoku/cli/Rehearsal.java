package dev.yaoku.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One of each everyday call, and the hot ones often, so that a training run has loaded and profiled
 * what a real server will need.
 */
final class Rehearsal {
  private static final int HOT_CALLS = 500;

  private final WireClient client;
  private final String kms;

  Rehearsal(WireClient client, String projectId) {
    this.client = client;
    this.kms = "/v1.0/" + projectId + "/kms/";
  }

  /** Makes the calls; the first that fails ends the rehearsal. */
  void play() throws IOException {
    client.get("/");
    String key =
        post("create-key", Map.of("key_alias", "rehearsal")).at("/key_info/key_id").asString();
    tags(key);
    data(key);
    post("list-keys", Map.of("limit", "10"));
    post("disable-key", Map.of("key_id", key));
    post("schedule-key-deletion", Map.of("key_id", key, "pending_days", "7"));
  }

  private void tags(String key) throws IOException {
    Map<String, String> tag = Map.of("key", "rehearsal", "value", "yes");
    post(key + "/tags", Map.of("tag", tag));
    client.get(kms + key + "/tags");
    post(
        "resource_instances/action",
        Map.of(
            "action",
            "filter",
            "tags",
            List.of(Map.of("key", "rehearsal", "values", List.of("yes")))));
  }

  private void data(String key) throws IOException {
    Map<String, String> dataKey = Map.of("key_id", key, "key_spec", "AES_256");
    for (int i = 0; i < HOT_CALLS; i++) {
      JsonNode sealed = post("encrypt-data", Map.of("key_id", key, "plain_text", "rehearsal"));
      post("decrypt-data", Map.of("cipher_text", sealed.get("cipher_text").asString()));
      JsonNode wrapped = post("create-datakey", dataKey);
      post(
          "decrypt-datakey",
          Map.of(
              "key_id",
              key,
              "cipher_text",
              wrapped.get("cipher_text").asString(),
              "datakey_cipher_length",
              "32"));
      post("describe-key", Map.of("key_id", key));
    }
  }

  private JsonNode post(String call, Map<String, ?> body) throws IOException {
    return client.post(kms + call, body);
  }
}
