package dev.yaoku.conformance;

import dev.yaoku.conformance.Survey.State;
import dev.yaoku.crypto.ForSm2;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;

/** Makes a fresh key in a state, with what was made with it while it could still be used. */
final class Subjects {
  private static int made;

  private final ForeignClient client;
  private final Map<String, String> names;

  Subjects(Walk walk) {
    this.client = walk.client;
    this.names = new HashMap<>(walk.known());
  }

  /** The walk's names, those about the subject replaced. */
  Map<String, String> prepare(Subject subject, Step step, State state)
      throws GeneralSecurityException {
    boolean bare = state == State.PENDING_IMPORT;
    switch (subject) {
      case NONE -> {
        names.put("label", "label-" + made++);
        if (step.target().matches(".*\\$(policy|access_point).*")) {
          keySpace();
        }
      }
      case SYMMETRIC, OTHER, IMPORTED -> {
        boolean imported = bare || subject == Subject.IMPORTED;
        String key = create(imported ? "'origin':'external'" : "");
        if (imported) {
          bring(key, 1);
          take(key);
          bring(key, bare ? 1 : 2);
          if (step.operation().equals("RotateOnDemand") && !bare) {
            take(key);
          }
        }
        use(step, key);
        name(subject, key);
        move(step, key, state);
        if (bare) {
          client.ok("delete-imported-key-material", "{'key_id':'" + key + "'}");
        }
      }
      case SIGNING -> asymmetric(subject, step, "EC_P256", "SIGN_VERIFY", state);
      case AGREEING -> asymmetric(subject, step, "EC_P256", "KEY_AGREEMENT", state);
      case MAC -> asymmetric(subject, step, "HMAC_256", "GENERATE_VERIFY_MAC", state);
    }
    return names;
  }

  private void asymmetric(Subject subject, Step step, String spec, String usage, State state) {
    String origin = state == State.PENDING_IMPORT ? ",'origin':'external'" : "";
    String key = create("'key_spec':'" + spec + "','key_usage':'" + usage + "'" + origin);
    name(subject, key);
    move(step, key, state);
  }

  private String create(String more) {
    String members = "'key_alias':'subject-" + made++ + "'" + (more.isEmpty() ? "" : "," + more);
    return client.ok("create-key", "{" + members + "}").text("/key_info/key_id");
  }

  private void name(Subject subject, String key) {
    names.put(subject.variable.substring(1), key);
  }

  private void bring(String key, int material) {
    ForeignClient.Reply parameters =
        client.ok(
            "get-parameters-for-import",
            // Not by RSA, of which each pair takes long to make.
            "{'key_id':'" + key + "','wrapping_algorithm':'SM2_ENCRYPT'}");
    byte[] bytes = new byte[32];
    bytes[0] = (byte) material;
    names.put("token", parameters.text("/import_token"));
    names.put("wrapped", ForSm2.encrypted(parameters.text("/public_key"), bytes));
  }

  /** Imports what was brought. */
  private void take(String key) {
    client.ok(
        "import-key-material",
        "{'key_id':'"
            + key
            + "','import_token':'"
            + names.get("token")
            + "','encrypted_key_material':'"
            + names.get("wrapped")
            + "'}");
  }

  /** A ciphertext, a data key, a grant, a tag and an alias of the key. */
  private void use(Step step, String key) throws GeneralSecurityException {
    String about = "{'key_id':'" + key + "'";
    names.put(
        "cipher_text",
        client.ok("encrypt-data", about + ",'plain_text':'hello'}").text("/cipher_text"));
    names.put(
        "data_key",
        client.ok("create-datakey", about + ",'key_spec':'AES_256'}").text("/cipher_text"));
    names.put(
        "grant",
        client
            .ok(
                "create-grant",
                about
                    + ",'grantee_principal':'"
                    + names.get("user")
                    + "','operations':['describe-key']}")
            .text("/grant_id"));
    client.kms(key + "/tags", "{'tag':{'key':'env','value':'prod'}}").is(204);
    if (step.operation().matches("Decrypt(Data|Datakey)|ReEncrypt")) {
      bind(about);
    }
    if (step.operation().endsWith("DatakeyCapsule")) {
      keySpace();
      if (step.operation().equals("DecryptDatakeyCapsule")) {
        seal(about);
      }
    }
    names.put("label", "label-" + made++);
    if (step.operation().equals("UpdatePrimaryRegion")) {
      replicate(key);
    }
    if (!step.operation().equals("CreateAlias")) {
      client.kms("aliases", about + ",'alias':'alias/" + names.get("label") + "'}").is(201);
    }
  }

  /** A ciphertext and data keys with what {@link FullRequests} binds to them. */
  private void bind(String about) {
    String additional = about + ",'additional_authenticated_data':'of the shop'";
    String both = additional + ",'encryption_context':{'shop':'north'}";
    names.put(
        "bound_text",
        client.ok("encrypt-data", both + ",'plain_text':'hello'}").text("/cipher_text"));
    names.put("bound_key", client.ok("create-datakey", both + "}").text("/cipher_text"));
    names.put("moving_key", client.ok("create-datakey", additional + "}").text("/cipher_text"));
  }

  /** A place, and a policy that allows it. */
  private void keySpace() {
    String keySpace = "{'keyspace_id':'1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22'";
    String point =
        client
            .kms(
                "access-points",
                keySpace + ",'access_point_name':'subject-" + made++ + "','type':3}")
            .is(201)
            .text("/access_point_id");
    String policy =
        client
            .kms(
                "key-policies",
                keySpace
                    + ",'policy_name':'subject-"
                    + made++
                    + "','policy':{'allowed_access_point':['"
                    + point
                    + "']}}")
            .is(201)
            .text("/policy_id");
    names.put("access_point", point);
    names.put("policy", policy);
  }

  /** A capsule, and the proof of who may open it. */
  private void seal(String about) throws GeneralSecurityException {
    String members = about + ",'datakey_length':'256','policy_id':'" + names.get("policy") + "'}";
    String capsule = client.ok("datakey-capsule/create", members).text("/datakey_capsule");
    String handOut = "access-points/" + names.get("access_point") + "/get-privatekey";
    String key = client.ok(handOut, "").text("/private_key");
    names.put("capsule", capsule);
    names.putAll(Program.proof(key, capsule));
  }

  private void replicate(String key) {
    String body =
        "{'replica_region':'cn-south-1','replica_project_id':'%s','key_alias':'replica-%d'}"
            .formatted(names.get("far_project"), made++);
    client
        .send(
            "POST",
            "/v2/" + client.project + "/kms/keys/" + key + "/replicate",
            body.replace('\'', '"'))
        .is(200);
  }

  private void move(Step step, String key, State state) {
    String about = "{'key_id':'" + key + "'";
    boolean rotates = step.operation().matches("(Disable|Update)KeyRotation.*");
    if (rotates && state != State.PENDING_IMPORT) {
      client.ok("enable-key-rotation", about + "}");
    }
    switch (state) {
      case ENABLED, PENDING_IMPORT -> {
        // It is, or will be.
      }
      case DISABLED -> client.ok("disable-key", about + "}");
      case PENDING_DELETION -> client.ok("schedule-key-deletion", about + ",'pending_days':'7'}");
    }
  }
}
