package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.FaultyRsa;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key with which the machine computed something wrong is used no more (SECURITY_DESIGN H7). */
class FaultyKeyTest {
  private static final String FAR = "cn-south-1";
  private static final String SIGNING = "'key_usage':'SIGN_VERIFY'";

  @TempDir Path scratch;
  private final AtomicBoolean errs = new AtomicBoolean();
  private final FaultyRsa rsa = new FaultyRsa(errs::get);

  private LiveServer start(String nativeCode) throws IOException {
    Randomness randomness = Randomness.kernel();
    Surroundings machine =
        new Surroundings(
            InstantSource.system(),
            System::nanoTime,
            randomness,
            wantNative -> rsa.algorithms(randomness, wantNative));
    Map<String, String> settings =
        Map.of(
            "crypto.native",
            nativeCode,
            "crypto.rsa-pairs-ahead",
            "0",
            "regions.others",
            FAR,
            "admin.address",
            "127.0.0.1:0");
    return new LiveServer(scratch.resolve("data"), settings, machine);
  }

  private static Tenant.Reply sign(Tenant owner, String key, String algorithm) {
    return owner.kms(
        "sign",
        "{'key_id':'%s','message':'QQ==','message_type':'RAW','signing_algorithm':'%s'}"
            .formatted(key, algorithm));
  }

  private static Tenant.Reply sign(Tenant owner, String key) {
    return sign(owner, key, "RSASSA_PSS_SHA_256");
  }

  private static Tenant.Reply signFar(Tenant owner, String project, String replica) {
    return owner.send(
        "POST",
        "/v1.0/" + project + "/kms/sign",
        "{'key_id':'%s','message':'QQ==','message_type':'RAW','signing_algorithm':'RSASSA_PSS_SHA_256'}"
            .formatted(replica));
  }

  private static String replicated(Tenant owner, String project, String key) {
    return owner
        .send(
            "POST",
            "/v2/" + owner.project + "/kms/keys/" + key + "/replicate",
            "{'replica_region':'%s','replica_project_id':'%s','key_alias':'of-%s'}"
                .formatted(FAR, project, key))
        .is(200)
        .text("/key_id");
  }

  private void stop(Tenant owner, String key) {
    errs.set(true);
    assertThat(sign(owner, key).is(500).code()).isEqualTo("KMS.0101");
    errs.set(false);
  }

  @Test
  void oneFaultStopsAllKeysThatHaveTheSamePair() throws IOException {
    try (LiveServer server = start("false")) {
      Tenant owner = Tenant.first(server);
      String far = server.projectIn(FAR);
      String key = owner.key("primary", "'key_spec':'RSA_2048'," + SIGNING);
      String replica = replicated(owner, far, key);
      signFar(owner, far, replica).is(200);
      stop(owner, key);

      assertThat(signFar(owner, far, replica).is(500).code()).isEqualTo("KMS.0101");

      String alone = owner.key("alone", "'key_spec':'RSA_2048'," + SIGNING);
      stop(owner, alone);
      String made = replicated(owner, far, alone);
      assertThat(signFar(owner, far, made).is(500).code()).isEqualTo("KMS.0101");
      assertThat(metrics(server)).contains("yaoku_stopped_keys 2.0");
    }
  }

  private static String metrics(LiveServer server) {
    URI page = URI.create("http://127.0.0.1:" + server.yaoku.adminPort() + "/metrics");
    return server.send(HttpRequest.newBuilder(page)).body();
  }

  private static int readiness(LiveServer server) {
    return server.send(server.to("/health/ready").GET()).statusCode();
  }

  /** The server looks at itself from time to time. */
  private static void becomes(int status, LiveServer server) {
    Instant end = Instant.now().plusSeconds(20);
    while (readiness(server) != status) {
      assertThat(Instant.now()).as("not yet " + status).isBefore(end);
    }
  }

  @Test
  void aNewPairThatDoesNotFitTogetherIsNotHandedOutAndItsKindIsServedNoMore() throws IOException {
    try (LiveServer server = start("false")) {
      Tenant owner = Tenant.first(server);
      String key = owner.key("before", "'key_spec':'RSA_2048'," + SIGNING);
      becomes(200, server);
      errs.set(true);
      String create = "{'key_alias':'faulty','key_spec':'RSA_2048'," + SIGNING + "}";
      assertThat(owner.kms("create-key", create).is(500).code()).isEqualTo("KMS.0101");
      errs.set(false);

      becomes(503, server);
      assertThat(owner.kms("create-key", create).is(500).code()).isEqualTo("KMS.0101");
      assertThat(sign(owner, key).is(500).code()).isEqualTo("KMS.0101");
      assertThat(owner.ok("list-keys", "{}").at("/total").asInt()).isEqualTo(1);
      owner.key("curve", "'key_spec':'EC_P256'," + SIGNING);
    }
    try (LiveServer server = start("false")) {
      Tenant owner = Tenant.first(server);
      owner.key("after", "'key_spec':'RSA_2048'," + SIGNING);
      becomes(200, server);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void oneFaultStopsTheKeyRaisesAnAlarmAndLeavesTheOthersAlone(String nativeCode)
      throws IOException {
    String key;
    try (LiveServer server = start(nativeCode)) {
      Tenant owner = Tenant.first(server);
      key = owner.key("stops", "'key_spec':'RSA_2048'," + SIGNING);
      String other = owner.key("goes-on", "'key_spec':'RSA_2048'," + SIGNING);
      String curve = owner.key("curve", "'key_spec':'EC_P256'," + SIGNING);
      String signature = sign(owner, key).is(200).text("/signature");
      becomes(200, server);
      assertThat(metrics(server)).contains("yaoku_stopped_keys 0.0");

      stop(owner, key);
      int operations = rsa.operations();

      assertThat(sign(owner, key).is(500).code()).isEqualTo("KMS.0101");
      assertThat(sign(owner, key, "RSASSA_PKCS1_V1_5_SHA_256").is(500).code())
          .isEqualTo("KMS.0101");
      assertThat(rsa.operations()).isEqualTo(operations);
      assertThat(
              owner
                  .kms(
                      "verify",
                      "{'key_id':'%s','message':'QQ==','message_type':'RAW','signature':'%s','signing_algorithm':'RSASSA_PSS_SHA_256'}"
                          .formatted(key, signature))
                  .code())
          .isEqualTo("KMS.0101");
      owner.ok("get-publickey", "{'key_id':'" + key + "'}");
      sign(owner, other).is(200);
      sign(owner, curve, "ECDSA_SHA_256").is(200);
      becomes(503, server);
      assertThat(metrics(server)).contains("yaoku_stopped_keys 1.0");
    }
    try (LiveServer server = start(nativeCode)) {
      sign(Tenant.first(server), key).is(200);
      becomes(200, server);
    }
  }
}
