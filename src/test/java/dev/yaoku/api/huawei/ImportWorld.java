package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A key that waits for material of its own, and the calls that bring it. */
abstract class ImportWorld {
  static final String OAEP = "RSAES_OAEP_SHA_256";

  @TempDir Path directory;
  private final AtomicInteger names = new AtomicInteger();
  KeyWorld world;
  Calls calls;
  String key = "";

  @BeforeEach
  void makeAKey() {
    world = KeyWorld.in(directory);
    calls = new Calls(world);
    key = externalKey();
  }

  @AfterEach
  void close() {
    world.close();
  }

  String externalKey() {
    return calls
        .call(
            "CreateKey",
            Calls.json("{'key_alias':'ext-" + names.incrementAndGet() + "','origin':'external'}"))
        .text("/key_info/key_id");
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Parameters(String token, byte[] publicKey) {}

  Parameters parameters(String id) {
    Calls.Reply reply =
        calls.call(
            "CreateParametersForImport",
            Calls.about(id, Calls.json("'wrapping_algorithm':'" + OAEP + "'")));
    assertThat(reply.code()).isEmpty();
    assertThat(reply.json().at("/expiration_time").isNumber()).isTrue();
    return new Parameters(
        reply.text("/import_token"), Base64.getDecoder().decode(reply.text("/public_key")));
  }

  static byte[] material(int seed) {
    byte[] material = new byte[32];
    Arrays.fill(material, (byte) seed);
    return material;
  }

  String send(String id, String token, byte[] encrypted, String more) {
    String members =
        "'import_token':'"
            + token
            + "','encrypted_key_material':'"
            + Base64.getEncoder().encodeToString(encrypted)
            + "'"
            + more;
    Calls.Reply reply = calls.call("ImportKeyMaterial", Calls.about(id, Calls.json(members)));
    return reply.code().isEmpty() ? reply.body() : reply.code();
  }

  String bring(byte[] material, String more) {
    Parameters parameters = parameters(key);
    return send(key, parameters.token(), Oaep.encrypted(parameters.publicKey(), material), more);
  }

  String bring(int seed) {
    return bring(material(seed), "");
  }

  String described(String member) {
    return calls.call("ListKeyDetail", Calls.about(key, "")).text("/key_info/" + member);
  }

  String encrypt() {
    return calls
        .call("EncryptData", Calls.about(key, Calls.json("'plain_text':'hello'")))
        .text("/cipher_text");
  }

  String decrypt(String cipherText) {
    Calls.Reply reply =
        calls.call("DecryptData", Calls.json("{'cipher_text':'" + cipherText + "'}"));
    return reply.code().isEmpty() ? reply.text("/plain_text") : reply.code();
  }

  String on(String operation) {
    Calls.Reply reply = calls.call(operation, Calls.about(key, ""));
    return reply.code().isEmpty() ? reply.body() : reply.code();
  }
}
