package dev.yaoku.server;

import static dev.yaoku.server.KeySpaces.allowing;
import static dev.yaoku.server.KeySpaces.object;
import static dev.yaoku.server.KeySpaces.space;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.KeySpaces.Program;
import dev.yaoku.server.KeySpaces.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Capsules over HTTP: who opens them, who does not, and that nobody learns why not. */
class CapsulesTest {
  @TempDir static Path scratch;
  private static LiveServer server;
  private static KeySpaces calls;
  private static Duration moved = Duration.ZERO;
  private static String keySpace;
  private static Program program;
  private static String key;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("dev.enabled", "true"));
    calls = new KeySpaces(server);
    keySpace = space();
    program = calls.program(keySpace);
    key = calls.key();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The server's time, to the second. */
  private static Instant now() {
    return Instant.now().plus(moved).truncatedTo(ChronoUnit.SECONDS);
  }

  private static Instant soon() {
    return now().plus(Duration.ofHours(1));
  }

  private static void forward(Duration duration) {
    String body = "{\"forward_seconds\":" + duration.toSeconds() + "}";
    assertThat(server.post("/dev/clock", "application/json", body).statusCode()).isEqualTo(200);
    moved = moved.plus(duration);
  }

  private static Reply open(String capsule) throws GeneralSecurityException {
    return calls.open(key, capsule, program.proof(capsule, soon()));
  }

  private static Reply made() {
    return calls.sealed(key, allowing(program.id()));
  }

  @Test
  void aDataKeyOfEachLengthComesBack() throws GeneralSecurityException {
    Map<String, Integer> lengths =
        Map.of("256", 32, "AES_256", 32, "128", 16, "AES_128", 16, "SM4", 16);
    for (Map.Entry<String, Integer> length : lengths.entrySet()) {
      ObjectNode order =
          object(
              "key_id",
              key,
              "datakey_length",
              length.getKey(),
              "key_policy",
              allowing(program.id()));
      Reply sealed = calls.post("datakey-capsule/create", order).is(200);
      Reply opened = open(sealed.text("/datakey_capsule")).is(200);
      assertThat(opened.text("/datakey")).isEqualTo(sealed.text("/datakey"));
      assertThat(opened.text("/key_id")).isEqualTo(key);
      assertThat(opened.text("/instance_id")).isEqualTo(program.id());
      assertThat(Base64.getDecoder().decode(sealed.text("/datakey"))).hasSize(length.getValue());
    }
    ObjectNode capitals = object("key_id", key.toUpperCase(Locale.ROOT), "datakey_length", "256");
    calls.post("datakey-capsule/create", capitals.put("key_policy", "{}")).is(200);
    for (String bad : List.of("0", "512", "AES_192", "x")) {
      ObjectNode order = object("key_id", key, "datakey_length", bad, "key_policy", "{}");
      calls.post("datakey-capsule/create", order).isRefused(400, "KMS.1901");
    }
    assertThat(
            calls
                .post(
                    "datakey-capsule/create",
                    object("key_id", key, "key_policy", "{}").put("datakey_length", 256))
                .status())
        .isEqualTo(200);
  }

  @Test
  void theKeyOfAServiceMakesAndOpensCapsules() throws GeneralSecurityException {
    String ofService = server.kms("yaoku-create-default-key", "{'service':'evs'}", "/key_id");
    Reply sealed = calls.sealed(ofService, allowing(program.id()));
    String capsule = sealed.text("/datakey_capsule");
    Reply opened = calls.open(ofService, capsule, program.proof(capsule, soon())).is(200);
    assertThat(opened.text("/datakey")).isEqualTo(sealed.text("/datakey"));
  }

  @Test
  void whatMakingAndOpeningNeed() throws GeneralSecurityException {
    ObjectNode order = object("key_id", key, "datakey_length", "256", "key_policy", "{}");
    calls.post("datakey-capsule/create", order).is(200);
    for (String member : List.of("key_id", "datakey_length", "key_policy")) {
      calls
          .post("datakey-capsule/create", order.deepCopy().without(member))
          .isRefused(400, "KMS.0204");
    }
    String policy = calls.policy(keySpace, "{}");
    calls
        .post("datakey-capsule/create", order.deepCopy().put("policy_id", policy))
        .isRefused(400, "KMS.0308");
    ObjectNode stored = object("key_id", key, "datakey_length", "256", "policy_id", policy);
    calls.post("datakey-capsule/create", stored).is(200);
    calls
        .post("datakey-capsule/create", stored.deepCopy().put("policy_id", "x"))
        .isRefused(400, "KMS.0205");
    calls
        .post("datakey-capsule/create", stored.deepCopy().put("policy_id", space()))
        .isRefused(404, "KMS.0207");
    calls
        .post("datakey-capsule/create", order.deepCopy().put("key_id", space()))
        .isRefused(404, "KMS.0207");
    calls
        .post("datakey-capsule/create", order.deepCopy().put("key_id", "x"))
        .isRefused(400, "KMS.0205");
    Map<String, String> wrongKinds =
        Map.of("EC_P256", "KMS.0325", "RSA_2048", "KMS.0325", "HMAC_256", "KMS.0341");
    wrongKinds.forEach((spec, code) -> {
      String other =
          server.kms(
              "create-key",
              "{'key_alias':'" + KeySpaces.name() + "','key_spec':'" + spec + "'}",
              "/key_info/key_id");
      calls
          .post("datakey-capsule/create", order.deepCopy().put("key_id", other))
          .isRefused(400, code);
      calls.open(other, made().text("/datakey_capsule"), Map.of()).isRefused(400, code);
    });
    String capsule = made().text("/datakey_capsule");
    ObjectNode opening = object("key_id", key, "datakey_capsule", capsule);
    calls.post("datakey-capsule/decrypt", opening).isRefused(400, "KMS.0204");
    calls
        .post("datakey-capsule/decrypt", opening.deepCopy().put("attestation_document", "x"))
        .isRefused(400, "KMS.0308");
    calls
        .post("datakey-capsule/decrypt", opening.deepCopy().put("attestation_document", ""))
        .isRefused(400, "KMS.0204");
    opening.putObject("attestation_document");
    for (String member : List.of("key_id", "datakey_capsule")) {
      calls
          .post("datakey-capsule/decrypt", opening.deepCopy().without(member))
          .isRefused(400, "KMS.0204");
    }
    calls.open(space(), capsule, Map.of()).isRefused(404, "KMS.0207");
  }

  @Test
  void anAnswerIsEncryptedForWhoAsksForThat() throws GeneralSecurityException {
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
    pairs.initialize(2048);
    KeyPair pair = pairs.generateKeyPair();
    String publicKey = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    ObjectNode order =
        object(
            "key_id",
            key,
            "datakey_length",
            "256",
            "key_policy",
            allowing(program.id()),
            "public_key",
            publicKey);
    Reply sealed = calls.post("datakey-capsule/create", order).is(200);
    assertThat(sealed.json().propertyNames())
        .containsExactly("key_id", "datakey_cipher", "datakey_capsule");
    byte[] first = decrypted(pair.getPrivate(), sealed.text("/datakey_cipher"));
    assertThat(first).hasSize(32);

    String capsule = sealed.text("/datakey_capsule");
    assertThat(open(capsule).text("/datakey")).isEqualTo(Base64.getEncoder().encodeToString(first));
    ObjectNode opening = object("key_id", key, "datakey_capsule", capsule, "public_key", publicKey);
    ObjectNode document = opening.putObject("attestation_document");
    program.proof(capsule, soon()).forEach(document::put);
    Reply opened = calls.post("datakey-capsule/decrypt", opening).is(200);
    assertThat(opened.json().propertyNames())
        .containsExactly("key_id", "instance_id", "datakey_cipher");
    assertThat(decrypted(pair.getPrivate(), opened.text("/datakey_cipher"))).isEqualTo(first);

    pairs.initialize(1024);
    String small =
        Base64.getEncoder().encodeToString(pairs.generateKeyPair().getPublic().getEncoded());
    String curve = Base64.getEncoder().encodeToString(ec().getPublic().getEncoded());
    for (String bad :
        List.of("x", "AAAA", small, curve, publicKey.substring(4), "A".repeat(5000))) {
      calls
          .post("datakey-capsule/create", order.deepCopy().put("public_key", bad))
          .isRefused(400, "KMS.0308");
      calls
          .post("datakey-capsule/decrypt", opening.deepCopy().put("public_key", bad))
          .isRefused(400, "KMS.0308");
    }
  }

  private static byte[] decrypted(PrivateKey key, String text) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        key,
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
    return cipher.doFinal(Base64.getDecoder().decode(text));
  }

  // The capsule

  @Test
  void aCapsuleThatWasTamperedWithIsRefusedAtEveryByte() throws GeneralSecurityException {
    String capsule = made().text("/datakey_capsule");
    byte[] bytes = Base64.getDecoder().decode(capsule);
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      String text = Base64.getEncoder().encodeToString(changed);
      calls.open(key, text, program.proof(text, soon())).isRefused(400, "KMS.2201");
    }
    for (String text :
        List.of(
            "x",
            capsule.substring(4),
            capsule + "AAAA",
            capsule.substring(0, capsule.length() - 4),
            capsule + "\n",
            "A".repeat(16 * 1024),
            "A".repeat(20_000))) {
      calls.open(key, text, program.proof(text, soon())).isRefused(400, "KMS.2201");
    }
    open(capsule).is(200);
  }

  @Test
  void capsulesAndOtherCiphertextsAreRefusedForEachOther() throws GeneralSecurityException {
    String capsule = made().text("/datakey_capsule");
    String hex = HexFormat.of().formatHex(Base64.getDecoder().decode(capsule));
    calls.post("decrypt-data", object("cipher_text", capsule)).isRefused(400, "KMS.2201");
    calls
        .post("decrypt-data", object("cipher_text", capsule, "key_id", key))
        .isRefused(400, "KMS.2201");
    calls
        .post(
            "decrypt-datakey",
            object("key_id", key, "cipher_text", hex, "datakey_cipher_length", "32"))
        .isRefused(400, "KMS.2201");
    for (String text : List.of(capsule, hex)) {
      calls
          .post("re-encrypt", object("destination_key_id", calls.key(), "cipher_text", text))
          .isRefused(400, "KMS.2201");
    }
    String data =
        calls
            .post("encrypt-data", object("key_id", key, "plain_text", "x".repeat(32)))
            .text("/cipher_text");
    String dataKey =
        calls
            .post("create-datakey", object("key_id", key, "datakey_length", "256"))
            .text("/cipher_text");
    for (String text :
        List.of(data, Base64.getEncoder().encodeToString(HexFormat.of().parseHex(dataKey)))) {
      calls.open(key, text, program.proof(text, soon())).isRefused(400, "KMS.2201");
    }
    String other = calls.sealed(calls.key(), allowing(program.id())).text("/datakey_capsule");
    open(other).isRefused(400, "KMS.2201");
  }

  // The policy

  @Test
  void aStoredPolicyCountsAsItSaysWhenACapsuleIsOpened() throws GeneralSecurityException {
    String policy = calls.policy(keySpace, allowing(program.id()));
    String capsule = calls.sealedUnder(key, policy).text("/datakey_capsule");
    assertThat(calls.send("GET", "key-policies/" + policy).text("/last_access_time")).isEmpty();
    Instant before = now();
    open(capsule).is(200);
    open(capsule).is(200);
    Reply shown = calls.send("GET", "key-policies/" + policy);
    assertThat(Instant.parse(shown.text("/last_access_time"))).isBetween(before, now());
    assertThat(shown.text("/last_modify_time")).isEqualTo(shown.text("/create_time"));
    calls.update(policy, "{}").is(200);
    open(capsule).isRefused(403, "KMS.0306");
    calls.update(policy, allowing(space(), program.id())).is(200);
    open(capsule).is(200);
    calls.send("DELETE", "key-policies/" + policy).is(204);
    open(capsule).isRefused(403, "KMS.0306");
  }

  /**
   * Whatever stands in the way after the capsule was found genuine, the answer is one and the same.
   */
  @Test
  void aRefusalDoesNotTellWhatThePolicySays() throws GeneralSecurityException {
    Map<String, Reply> refusals = new LinkedHashMap<>();
    String past =
        "{\"allowed_access_point\":[\""
            + program.id()
            + "\"],\"validity_period\":{\"end_time\":\"2020-01-01T00:00:00Z\"}}";
    String future = past.replace("end_time", "start_time").replace("2020", "2090");
    Map<String, String> policies = new LinkedHashMap<>();
    policies.put("nothing", "{}");
    policies.put("nowhere", "{\"allowed_access_point\":[]}");
    policies.put("another", allowing(space()));
    policies.put("a zone", "{\"allowed_data_security_zone\":[\"" + program.id() + "\"]}");
    policies.put("over", past);
    policies.put("not yet", future);
    for (Map.Entry<String, String> policy : policies.entrySet()) {
      refusals.put(
          policy.getKey(), open(calls.sealed(key, policy.getValue()).text("/datakey_capsule")));
      String stored = calls.policy(keySpace, policy.getValue());
      refusals.put(
          "stored, " + policy.getKey(),
          open(calls.sealedUnder(key, stored).text("/datakey_capsule")));
    }
    String elsewhere = calls.policy(space(), allowing(program.id()));
    refusals.put(
        "another key space", open(calls.sealedUnder(key, elsewhere).text("/datakey_capsule")));
    String gone = calls.policy(keySpace, allowing(program.id()));
    String capsule = calls.sealedUnder(key, gone).text("/datakey_capsule");
    calls.send("DELETE", "key-policies/" + gone).is(204);
    refusals.put("policy gone", open(capsule));

    String open = made().text("/datakey_capsule");
    Program disabled = calls.program(keySpace);
    String theirs = calls.sealed(key, allowing(disabled.id())).text("/datakey_capsule");
    calls.open(key, theirs, disabled.proof(theirs, soon())).is(200);
    calls.send("POST", "access-points/" + disabled.id() + "/disable").is(204);
    refusals.put("disabled", calls.open(key, theirs, disabled.proof(theirs, soon())));
    calls.send("DELETE", "access-points/" + disabled.id()).is(204);
    refusals.put("deleted", calls.open(key, theirs, disabled.proof(theirs, soon())));
    refusals.put("not allowed", calls.open(key, open, calls.program(keySpace).proof(open, soon())));
    refusals.put("expired", calls.open(key, open, program.proof(open, now().minusSeconds(5))));
    refusals.put(
        "for too long",
        calls.open(key, open, program.proof(open, now().plus(Duration.ofHours(25)))));
    refusals.put("for another capsule", calls.open(key, open, program.proof(theirs, soon())));
    Map<String, String> changed = new HashMap<>(program.proof(open, soon()));
    changed.put("expire_time", soon().plusSeconds(60).toString());
    refusals.put("longer than signed", calls.open(key, open, changed));
    changed.put("custom_signature", "AAAA");
    refusals.put("no signature", calls.open(key, open, changed));
    refusals.put("another salt", calls.open(key, open, program.pss(open, soon(), 20)));
    Map<String, String> stranger = new HashMap<>(program.proof(open, soon()));
    stranger.put(
        "custom_public_key", Base64.getEncoder().encodeToString(ec().getPublic().getEncoded()));
    refusals.put("a stranger", calls.open(key, open, stranger));
    refusals.put(
        "no such cluster", calls.open(key, open, Map.of("service_token", token(ec(), soon()))));

    refusals.forEach((why, reply) ->
        assertThat(reply.status() + reply.outcome()).as(why).isEqualTo("403KMS.0306"));
    assertThat(Set.copyOf(refusals.values())).hasSize(1);
    open(open).is(200);
    calls.open(key, open, program.pss(open, soon(), 32)).is(200);
  }

  /** Its first and its last instant are in {@code OpeningPolicyTest}. */
  @Test
  void aCapsuleOpensWithinThePeriodOfItsPolicyOnly() throws GeneralSecurityException {
    Instant start = now().plus(Duration.ofMinutes(10));
    Instant end = start.plus(Duration.ofMinutes(10));
    String policy =
        "{\"allowed_access_point\":[\"%s\"],\"validity_period\":{\"start_time\":\"%s\",\"end_time\":\"%s\"}}"
            .formatted(program.id(), start, end);
    String capsule = calls.sealed(key, policy).text("/datakey_capsule");
    open(capsule).isRefused(403, "KMS.0306");
    forward(Duration.ofMinutes(11));
    open(capsule).is(200);
    forward(Duration.ofMinutes(11));
    open(capsule).isRefused(403, "KMS.0306");
  }

  // The proof

  @Test
  void aProofIsGoodUntilItsEndOnly() throws GeneralSecurityException {
    String capsule = made().text("/datakey_capsule");
    Map<String, String> proof =
        program.proof(capsule, now().plus(Duration.ofHours(24)).minusSeconds(5));
    calls.open(key, capsule, proof).is(200);
    calls.open(key, capsule, proof).is(200);
    forward(Duration.ofHours(24));
    calls.open(key, capsule, proof).isRefused(403, "KMS.0306");
    calls.open(key, capsule, program.proof(capsule, soon())).is(200);
  }

  @Test
  void aDocumentThatCannotBeReadIsToldSo() throws GeneralSecurityException {
    String capsule = made().text("/datakey_capsule");
    Map<String, String> proof = program.proof(capsule, soon());
    calls.open(key, capsule, Map.of()).isRefused(400, "KMS.3804");
    calls.open(key, capsule, Map.of("ecs_signature", "AAAA")).isRefused(400, "KMS.3804");
    for (String member : List.of("custom_signature", "custom_public_key", "expire_time")) {
      Map<String, String> less = new HashMap<>(proof);
      less.put(member, "");
      calls.open(key, capsule, less).isRefused(400, "KMS.3804");
      less.put(member, "§");
      calls.open(key, capsule, less).isRefused(400, "KMS.3804");
    }
    for (String more : List.of("ecs_signature", "service_token")) {
      Map<String, String> both = new HashMap<>(proof);
      both.put(more, "x");
      calls.open(key, capsule, both).isRefused(400, "KMS.3804");
    }
    for (String time :
        List.of(
            "2026-08-18",
            "2026-08-18 00:00:00",
            "2026-13-18T00:00:00Z",
            "1787000000000",
            "2026-08-18T00:00:00.5Z")) {
      Map<String, String> other = new HashMap<>(proof);
      other.put("expire_time", time);
      calls.open(key, capsule, other).isRefused(400, "KMS.3804");
    }
    for (String token : List.of("x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.")) {
      calls.open(key, capsule, Map.of("service_token", token)).isRefused(400, "KMS.3804");
    }
    // What is wrong with the capsule comes first.
    calls.open(calls.key(), capsule, Map.of()).isRefused(400, "KMS.2201");
  }

  private static KeyPair ec() throws GeneralSecurityException {
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
    pairs.initialize(new ECGenParameterSpec("secp256r1"));
    return pairs.generateKeyPair();
  }

  private static String token(KeyPair pair, Instant end) throws GeneralSecurityException {
    boolean rsa = pair.getPrivate().getAlgorithm().equals("RSA");
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String text =
        base64.encodeToString(("{\"alg\":\"" + (rsa ? "RS256" : "ES256") + "\"}").getBytes(UTF_8))
            + "."
            + base64.encodeToString(("{\"exp\":" + end.getEpochSecond() + "}").getBytes(UTF_8));
    Signature signature =
        Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    signature.initSign(pair.getPrivate());
    signature.update(text.getBytes(UTF_8));
    return text + "." + base64.encodeToString(signature.sign());
  }

  @Test
  void aClusterOpensWithATokenOfItsKey() throws GeneralSecurityException {
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
    pairs.initialize(2048);
    for (KeyPair pair : List.of(pairs.generateKeyPair(), ec())) {
      String cluster = calls.cluster(keySpace, pair.getPublic().getEncoded(), "c-\"1\"");
      // The same cluster in another key space, which the policy does not name.
      calls.cluster(space(), pair.getPublic().getEncoded(), "c-2");
      String capsule = calls.sealed(key, allowing(cluster)).text("/datakey_capsule");
      Map<String, String> proof = Map.of("service_token", token(pair, soon()));
      assertThat(calls.open(key, capsule, proof).is(200).text("/instance_id")).isEqualTo("c-\"1\"");
      calls
          .open(key, capsule, Map.of("service_token", token(pair, now().minusSeconds(2))))
          .isRefused(403, "KMS.0306");
      calls
          .open(key, capsule, Map.of("service_token", token(ec(), soon())))
          .isRefused(403, "KMS.0306");
      calls.send("POST", "access-points/" + cluster + "/disable").is(204);
      calls.open(key, capsule, proof).isRefused(403, "KMS.0306");
    }
  }

  // Secrets

  @Test
  void noSecretIsWrittenAnywhere() throws Exception {
    Reply sealed = made();
    open(sealed.text("/datakey_capsule")).is(200);
    String privateKey = program.privateKey();
    byte[] dataKey = Base64.getDecoder().decode(sealed.text("/datakey"));
    byte[] pkcs8 = Base64.getDecoder().decode(privateKey);
    List<String> markers =
        List.of(
            sealed.text("/datakey"),
            new String(dataKey, ISO_8859_1),
            HexFormat.of().formatHex(dataKey),
            privateKey.substring(1200, 1260),
            new String(Arrays.copyOfRange(pkcs8, 900, 940), ISO_8859_1));
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), ISO_8859_1);
        for (String marker : markers) {
          assertThat(content.contains(marker)).as(file.toString()).isFalse();
        }
      }
    }
  }
}
