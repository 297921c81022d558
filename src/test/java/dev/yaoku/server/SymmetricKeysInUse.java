package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Symmetric keys in everything that is done with them, with known material and known data. */
final class SymmetricKeysInUse {
  /** A region beside the server's own. */
  static final String FAR = "cn-south-1";

  private static final int ROUNDS = 10;

  private final LiveServer server;
  private final Importer importer;
  private final KnownSecrets secrets;

  /** Who may open capsules. */
  private KeySpaces.@Nullable Program program;

  SymmetricKeysInUse(LiveServer server, KnownSecrets secrets) {
    this.server = server;
    this.importer = new Importer(server);
    this.secrets = secrets;
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  /** A key with imported material, used and brought again; and with other material. */
  String useImported(String spec, int bytes) throws Exception {
    String key = importer.key(spec, "ENCRYPT_DECRYPT");
    byte[] material = material(spec, bytes, "old");
    byte[] again = material.clone();
    bring(key, material);
    for (int i = 0; i < ROUNDS; i++) {
      useOnce(key);
    }
    assertThat(server.kms("delete-imported-key-material", about(key, "")).toString())
        .isEqualTo("{}");
    bring(key, again);
    useReplica(key);
    bring(key, material(spec, bytes, "new"));
    server.kms("rotate-on-demand", about(key, ""), "/key_id");
    useOnce(key);
    if (spec.equals("AES_256")) {
      server.kms("create-rsa-datakey-pair", about(key, ",'key_spec':'RSA_2048'"), "/public_key");
    }
    return key;
  }

  private void bring(String key, byte[] material) {
    assertThat(importer.bring(key, material).toString()).isEqualTo("{}");
  }

  /** Another key of the same material, in another region. */
  private void useReplica(String key) {
    String far = server.projectIn(FAR);
    Tenant home = Tenant.first(server);
    String replica =
        home.send(
                "POST",
                "/v2/" + home.project + "/kms/keys/" + key + "/replicate",
                "{'replica_region':'%s','replica_project_id':'%s','key_alias':'replica-%s'}"
                    .formatted(FAR, far, key))
            .is(200)
            .text("/key_id");
    String path = "/v1.0/" + far + "/kms/encrypt-data";
    assertThat(server.in(far, "POST", path, about(replica, ",'plain_text':'hello'")).statusCode())
        .isEqualTo(200);
  }

  /** A key whose material the server makes, and makes anew. */
  void useRotating(String spec) throws Exception {
    String create = "{'key_alias':'rotating-%s','key_spec':'%s'}".formatted(spec, spec);
    String key =
        secrets.making("made " + spec, () -> server.kms("create-key", create, "/key_info/key_id"));
    useOnce(key);
    secrets.making("renewed " + spec, () -> server.kms("yaoku-rotate-now", about(key, "")));
    useOnce(key);
  }

  private byte[] material(String spec, int bytes, String age) {
    byte[] material = Randomness.kernel().bytes(bytes);
    String name = age + " " + spec + " ";
    secrets.keep(name + "K", material);
    if (spec.equals("AES_256")) {
      for (String purpose : List.of("enc", "commit", "nonce")) {
        secrets.keep(name + "K." + purpose, subkey(material, purpose));
      }
    }
    return material;
  }

  /** Does once with a key what symmetric keys do. */
  void useOnce(String key) throws Exception {
    String text = ",'plain_text':'" + secrets.text() + "'";
    String blob = server.kms("encrypt-data", about(key, text), "/cipher_text");
    server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text");
    JsonNode dataKey = server.kms("create-datakey", about(key, ",'datakey_length':'256'"));
    secrets.giveAwayHex("data key", dataKey.at("/plain_text").asString());
    String wrapped = dataKey.at("/cipher_text").asString();
    secrets.giveAwayHex(
        "random data", server.kms("gen-random", "{'random_data_length':'256'}", "/random_data"));
    server.kms(
        "create-datakey-without-plaintext", about(key, ",'datakey_length':'256'"), "/cipher_text");
    server.kms(
        "decrypt-datakey",
        about(key, ",'datakey_cipher_length':'32','cipher_text':'" + wrapped + "'"),
        "/data_key");
    usePair(key);
    useOwnDataKey(key);
    useCapsule(key);
    server.kms(
        "re-encrypt",
        "{'source_key_id':'%s','destination_key_id':'%s','cipher_text':'%s'}"
            .formatted(key, key, blob));
  }

  private void usePair(String key) throws IOException {
    String members = about(key, ",'key_spec':'ECC_NIST_P256'");
    String half = server.kms("create-ec-datakey-pair", members, "/private_key_plain_text");
    byte[] pkcs8 = Base64.getDecoder().decode(half);
    BigInteger scalar =
        ECPrivateKey.getInstance(PrivateKeyInfo.getInstance(pkcs8).parsePrivateKey()).getKey();
    secrets.giveAway("private half of a pair", BigIntegers.asUnsignedByteArray(32, scalar));
    Arrays.fill(pkcs8, (byte) 0);
  }

  /** A data key that the caller brings and gets back. */
  private void useOwnDataKey(String key) {
    byte[] own = Randomness.kernel().bytes(32);
    boolean isSm4 = server.kms("describe-key", about(key, ""), "/key_info/key_spec").equals("SM4");
    byte[] digest = isSm4 ? Hashes.sm3(own) : Hashes.sha256(own);
    String text = HexFormat.of().formatHex(own) + HexFormat.of().formatHex(digest);
    secrets.giveAway("data key of the caller", own);
    String wrapped =
        server.kms(
            "encrypt-datakey",
            about(key, ",'datakey_plain_length':'32','plain_text':'" + text + "'"),
            "/cipher_text");
    server.kms(
        "decrypt-datakey",
        about(key, ",'datakey_cipher_length':'32','cipher_text':'" + wrapped + "'"),
        "/data_key");
  }

  private void useCapsule(String key) throws GeneralSecurityException {
    KeySpaces calls = new KeySpaces(server);
    if (program == null) {
      program = calls.program(KeySpaces.space());
    }
    String capsule = calls.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule");
    Instant soon = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    String opened = calls.open(key, capsule, program.proof(capsule, soon)).is(200).text("/datakey");
    secrets.giveAway("data key of a capsule", Base64.getDecoder().decode(opened));
  }

  private static byte[] subkey(byte[] key, String purpose) {
    byte[] info = ("yaoku/1/" + purpose).getBytes(StandardCharsets.US_ASCII);
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(key, null, info));
    byte[] subkey = new byte[32];
    hkdf.generateBytes(subkey, 0, subkey.length);
    return subkey;
  }
}
