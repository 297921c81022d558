package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.HeapDump;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole server used keys of known bytes for everything that it offers, and dropped them: no live
 * object holds them any more (SECURITY_DESIGN H5, M9).
 */
class DroppedKeysTest {
  private static final int ROUNDS = 20;

  @TempDir Path scratch;
  private final Map<String, byte[]> secrets = new LinkedHashMap<>();

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void droppedKeysAreInNoLiveObject(String nativeProvider) throws Exception {
    Map<String, String> settings = Map.of("crypto.native", nativeProvider);
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings)) {
      useSymmetric(server, "AES_256", 32);
      useSymmetric(server, "SM4", 16);
      useRsa(server);
      useEc(server);

      assertThat(HeapDump.secretsFound(scratch, secrets))
          .as("what keys in use must hold, to show that the search works")
          .contains("new AES_256 K.enc", "new SM4 K");
      server.yaoku.wiring().keys().keys().changedAll();
      assertThat(HeapDump.secretsFound(scratch, secrets)).isEmpty();
    }
  }

  private static String external(LiveServer server, String spec, String usage) {
    return server.kms(
        "create-key",
        "{'key_alias':'%s-%s','origin':'external','key_spec':'%s','key_usage':'%s'}"
            .formatted(spec, usage, spec, usage),
        "/key_info/key_id");
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  /**
   * Imports.
   *
   * @param material what the wrapping key encrypts; wiped
   */
  private static void bring(LiveServer server, String key, byte[] material, String more)
      throws GeneralSecurityException {
    var parameters =
        server.kms(
            "get-parameters-for-import", about(key, ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'"));
    byte[] spki = Base64.getDecoder().decode(parameters.at("/public_key").asString());
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki)),
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
    String encrypted = Base64.getEncoder().encodeToString(cipher.doFinal(material));
    Arrays.fill(material, (byte) 0);
    String answer =
        server
            .kms(
                "import-key-material",
                about(
                    key,
                    ",'import_token':'"
                        + parameters.at("/import_token").asString()
                        + "','encrypted_key_material':'"
                        + encrypted
                        + "'"
                        + more))
            .toString();
    assertThat(answer).isEqualTo("{}");
  }

  private void useSymmetric(LiveServer server, String spec, int bytes) throws Exception {
    String key = external(server, spec, "ENCRYPT_DECRYPT");
    byte[] material = material(spec, bytes, "old");
    bring(server, key, material, "");
    for (int i = 0; i < ROUNDS; i++) {
      useOnce(server, key);
    }
    bring(server, key, material(spec, bytes, "new"), "");
    server.kms("rotate-on-demand", about(key, ""), "/key_id");
    useOnce(server, key);
  }

  private byte[] material(String spec, int bytes, String age) {
    byte[] material = Randomness.kernel().bytes(bytes);
    String name = age + " " + spec + " ";
    secrets.put(name + "K", HeapDump.disguised(material));
    if (spec.equals("AES_256")) {
      for (String purpose : new String[] {"enc", "commit", "nonce"}) {
        secrets.put(name + "K." + purpose, HeapDump.disguised(subkey(material, purpose)));
      }
    }
    return material;
  }

  private static void useOnce(LiveServer server, String key) {
    String blob = server.kms("encrypt-data", about(key, ",'plain_text':'hello'"), "/cipher_text");
    server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text");
    String wrapped =
        server.kms("create-datakey", about(key, ",'datakey_length':'256'"), "/cipher_text");
    server.kms(
        "create-datakey-without-plaintext", about(key, ",'datakey_length':'256'"), "/cipher_text");
    server.kms(
        "decrypt-datakey",
        about(key, ",'datakey_cipher_length':'32','cipher_text':'" + wrapped + "'"),
        "/data_key");
    server.kms("create-ec-datakey-pair", about(key, ",'key_spec':'ECC_NIST_P256'"), "/public_key");
    server.kms(
        "re-encrypt",
        "{'source_key_id':'%s','destination_key_id':'%s','cipher_text':'%s'}"
            .formatted(key, key, blob));
  }

  private static byte[] subkey(byte[] key, String purpose) {
    byte[] info = ("yaoku/1/" + purpose).getBytes(StandardCharsets.US_ASCII);
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(key, null, info));
    byte[] subkey = new byte[32];
    hkdf.generateBytes(subkey, 0, subkey.length);
    return subkey;
  }

  private void useRsa(LiveServer server) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
    generator.initialize(2048);
    RSAPrivateCrtKey pair = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
    secrets.put("RSA p", HeapDump.disguised(magnitude(pair.getPrimeP())));
    secrets.put("RSA dq", HeapDump.disguised(magnitude(pair.getPrimeExponentQ())));
    String key = external(server, "RSA_2048", "SIGN_VERIFY");
    bringPair(server, key, pair);
    for (int i = 0; i < ROUNDS; i++) {
      sign(server, key, "RSASSA_PSS_SHA_256");
      sign(server, key, "RSASSA_PKCS1_V1_5_SHA_512");
    }
    String encrypting = external(server, "RSA_2048", "ENCRYPT_DECRYPT");
    bringPair(server, encrypting, pair);
    String algorithm = ",'encryption_algorithm':'RSAES_OAEP_SHA_256'";
    String blob =
        server.kms(
            "encrypt-data", about(encrypting, algorithm + ",'plain_text':'hi'"), "/cipher_text");
    server.kms(
        "decrypt-data",
        about(encrypting, algorithm + ",'cipher_text':'" + blob + "'"),
        "/plain_text");
  }

  private void useEc(LiveServer server) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    ECPrivateKey pair = (ECPrivateKey) generator.generateKeyPair().getPrivate();
    secrets.put("EC d", HeapDump.disguised(magnitude(pair.getS())));
    String key = external(server, "EC_P256", "SIGN_VERIFY");
    bringPair(server, key, pair);
    for (int i = 0; i < ROUNDS; i++) {
      sign(server, key, "ECDSA_SHA_256");
    }
  }

  private static void sign(LiveServer server, String key, String algorithm) {
    server.kms(
        "sign",
        about(
            key,
            ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'" + algorithm + "'"),
        "/signature");
  }

  private static void bringPair(LiveServer server, String key, PrivateKey pair)
      throws GeneralSecurityException, IOException {
    byte[] temporary = new byte[32];
    Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
    wrap.init(Cipher.WRAP_MODE, new SecretKeySpec(temporary, "AES"));
    String wrapped = Base64.getEncoder().encodeToString(wrap.wrap(pair));
    bring(server, key, temporary, ",'encrypted_privatekey':'" + wrapped + "'");
  }

  /** As an array of ints lies in a dump: without a sign byte. */
  private static byte[] magnitude(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
