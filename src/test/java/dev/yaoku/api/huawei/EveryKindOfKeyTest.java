package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.Calls.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.SigningAlgorithm;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What keys of every kind do on the wire, and what they refuse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryKindOfKeyTest {
  private static final long SEED = 20261124;

  @TempDir static Path directory;
  private final Map<KeySpec, Map<KeyUsage, String>> keys = new EnumMap<>(KeySpec.class);
  private final Random random = new Random(SEED);
  private KeyWorld world;
  private Calls calls;

  @BeforeAll
  void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    calls = new Calls(world);
  }

  @AfterAll
  void close() {
    world.close();
  }

  private String key(KeySpec spec, KeyUsage usage) {
    return keys.computeIfAbsent(spec, _ -> new EnumMap<>(KeyUsage.class))
        .computeIfAbsent(usage, _ -> create(spec, usage));
  }

  private String create(KeySpec spec, KeyUsage usage) {
    Calls.Reply made =
        calls.call(
            "CreateKey",
            json(
                "{'key_alias':'%s-%s','key_spec':'%s','key_usage':'%s'}"
                    .formatted(spec, usage, spec, usage)));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.text("/key_info/key_id");
  }

  private Calls.Reply call(String operation, String key, String more) {
    return calls.call(operation, json("{'key_id':'" + key + "'" + more + "}"));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static Stream<KeySpec> allKinds() {
    return Arrays.stream(KeySpec.values());
  }

  static Stream<Arguments> signing() {
    return allKinds()
        .flatMap(spec -> spec.signingAlgorithms().stream().map(a -> Arguments.of(spec, a)));
  }

  static Stream<Arguments> encrypting() {
    return allKinds()
        .flatMap(spec -> spec.encryptionAlgorithms().stream().map(a -> Arguments.of(spec, a)));
  }

  private Calls.Reply sign(KeySpec spec, SigningAlgorithm algorithm, String form, byte[] message) {
    return call(
        "Sign",
        key(spec, KeyUsage.SIGN_VERIFY),
        ",'signing_algorithm':'%s','message_type':'%s','message':'%s'"
            .formatted(algorithm, form, base64(message)));
  }

  private String verify(
      KeySpec spec, SigningAlgorithm algorithm, String form, byte[] message, String signature) {
    return call(
            "ValidateSignature",
            key(spec, KeyUsage.SIGN_VERIFY),
            ",'signing_algorithm':'%s','message_type':'%s','message':'%s','signature':'%s'"
                .formatted(algorithm, form, base64(message), signature))
        .text("/signature_valid");
  }

  @ParameterizedTest
  @MethodSource("allKinds")
  void aKeyShowsWhatItIs(KeySpec spec) {
    Calls.Reply shown = call("ListKeyDetail", key(spec, spec.usages().getFirst()), "");

    assertThat(shown.text("/key_info/key_spec")).isEqualTo(spec.name());
    assertThat(shown.text("/key_info/key_usage")).isEqualTo(spec.usages().getFirst().name());
    assertThat(shown.text("/key_info/key_state")).isEqualTo("2");
  }

  @ParameterizedTest
  @MethodSource("signing")
  void whatAKeySignedItVerifiesAndNothingElse(KeySpec spec, SigningAlgorithm algorithm) {
    for (int length : new int[] {1, 100, 4096}) {
      byte[] message = bytes(length);
      String signature = sign(spec, algorithm, "RAW", message).text("/signature");

      assertThat(verify(spec, algorithm, "RAW", message, signature)).isEqualTo("true");
      message[0] ^= 1;
      assertThat(verify(spec, algorithm, "RAW", message, signature)).isEqualTo("false");
      message[0] ^= 1;
      byte[] spoilt = Base64.getDecoder().decode(signature);
      spoilt[spoilt.length / 2] ^= 1;
      assertThat(verify(spec, algorithm, "RAW", message, base64(spoilt))).isEqualTo("false");
      assertThat(verify(spec, algorithm, "RAW", message, base64(bytes(7)))).isEqualTo("false");
    }
  }

  @ParameterizedTest
  @MethodSource("signing")
  void aMessageAndItsDigestHaveTheSameSignature(KeySpec spec, SigningAlgorithm algorithm) {
    byte[] message = bytes(50);
    if (!algorithm.signsDigests()) {
      Calls.Reply refused = sign(spec, algorithm, "DIGEST", bytes(64));
      assertThat(refused.code()).isEqualTo("KMS.0332");
      assertThat(refused.text("/error/error_msg"))
          .isEqualTo(algorithm + " signs messages, not digests. Use message_type RAW.");
      return;
    }
    byte[] digest =
        algorithm == SigningAlgorithm.SM2DSA_SM3 ? bytes(32) : algorithm.hash().digest(message);
    String signature = sign(spec, algorithm, "DIGEST", digest).text("/signature");
    assertThat(verify(spec, algorithm, "DIGEST", digest, signature)).isEqualTo("true");
    if (algorithm != SigningAlgorithm.SM2DSA_SM3) { // whose digest is over more than the message
      assertThat(verify(spec, algorithm, "RAW", message, signature)).isEqualTo("true");
    }
    assertThat(sign(spec, algorithm, "DIGEST", bytes(31)).code()).isEqualTo("KMS.0329");
  }

  @ParameterizedTest
  @MethodSource("signing")
  void aKeySignsWithItsOwnAlgorithmsOnly(KeySpec spec, SigningAlgorithm algorithm) {
    for (SigningAlgorithm other : SigningAlgorithm.values()) {
      if (!spec.signingAlgorithms().contains(other)) {
        assertThat(sign(spec, other, "RAW", bytes(32)).code())
            .as(other.name())
            .isEqualTo("KMS.0332");
      }
    }
  }

  @Test
  void aMessageIsBase64OfOneTo4096Bytes() {
    for (String message : new String[] {base64(bytes(4097)), "not base64!", "=", "QQ=A"}) {
      Calls.Reply refused =
          call(
              "Sign",
              key(KeySpec.EC_P256, KeyUsage.SIGN_VERIFY),
              ",'signing_algorithm':'ECDSA_SHA_256','message_type':'RAW','message':'"
                  + message
                  + "'");
      assertThat(refused.code()).isEqualTo("KMS.0308");
    }
  }

  private Calls.Reply encrypt(KeySpec spec, EncryptionAlgorithm algorithm, String text) {
    return call(
        "EncryptData",
        key(spec, KeyUsage.ENCRYPT_DECRYPT),
        ",'encryption_algorithm':'" + algorithm + "','plain_text':'" + text + "'");
  }

  private Calls.Reply decrypt(KeySpec spec, EncryptionAlgorithm algorithm, byte[] ciphertext) {
    return call(
        "DecryptData",
        key(spec, KeyUsage.ENCRYPT_DECRYPT),
        ",'encryption_algorithm':'" + algorithm + "','cipher_text':'" + base64(ciphertext) + "'");
  }

  @ParameterizedTest
  @MethodSource("encrypting")
  void whatAKeyEncryptedItDecryptsUpToItsLimit(KeySpec spec, EncryptionAlgorithm algorithm) {
    int limit = spec.plaintextBytesMax();
    for (int length : new int[] {1, 16, limit}) {
      String text = "x".repeat(length);
      byte[] blob = Base64.getDecoder().decode(encrypt(spec, algorithm, text).text("/cipher_text"));
      Calls.Reply opened = decrypt(spec, algorithm, blob);
      assertThat(opened.text("/plain_text")).isEqualTo(text);
      assertThat(opened.text("/plain_text_base64"))
          .isEqualTo(base64(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
    assertThat(encrypt(spec, algorithm, "x".repeat(limit + 1)).code())
        .isEqualTo(spec.name().startsWith("RSA") ? "KMS.2108" : "KMS.2101");
    assertThat(encrypt(spec, algorithm, "").code()).isEqualTo("KMS.2101");
  }

  @ParameterizedTest
  @MethodSource("encrypting")
  void whateverIsWrongWithACiphertextTheAnswerIsOne(KeySpec spec, EncryptionAlgorithm algorithm) {
    byte[] blob =
        Base64.getDecoder().decode(encrypt(spec, algorithm, "hello").text("/cipher_text"));
    String expected = spec.name().startsWith("RSA") ? "KMS.0311" : "KMS.2201";
    // Of the symmetric blob the key's own id is left whole: another id is another key.
    int from = algorithm == EncryptionAlgorithm.SYMMETRIC_DEFAULT ? 24 : 0;
    String body = null;
    for (int i = from; i < blob.length; i++) {
      byte[] spoilt = blob.clone();
      spoilt[i] ^= (byte) (1 << random.nextInt(8));
      Calls.Reply refused = decrypt(spec, algorithm, spoilt);
      assertThat(refused.code()).as("byte " + i).isEqualTo(expected);
      body = body == null ? refused.body() : body;
      assertThat(refused.body()).isEqualTo(body);
    }
    byte[] shorter = Arrays.copyOf(blob, blob.length - 1);
    assertThat(decrypt(spec, algorithm, shorter).code()).isEqualTo(expected);
  }

  @Test
  void asymmetricCiphertextNeedsItsKeyNamed() {
    String blob =
        encrypt(KeySpec.RSA_2048, EncryptionAlgorithm.RSAES_OAEP_SHA_256, "x").text("/cipher_text");
    assertThat(
            calls
                .call(
                    "DecryptData",
                    json(
                        "{'encryption_algorithm':'RSAES_OAEP_SHA_256','cipher_text':'"
                            + blob
                            + "'}"))
                .code())
        .isEqualTo("KMS.0205");
    assertThat(
            call(
                    "DecryptData",
                    key(KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT),
                    ",'cipher_text':'" + blob + "'")
                .code())
        .isEqualTo("KMS.2106");
  }

  @ParameterizedTest
  @CsvSource({
    "AES_256, ENCRYPT_DECRYPT, Sign, KMS.0331",
    "HMAC_256, GENERATE_VERIFY_MAC, Sign, KMS.0341",
    "RSA_2048, ENCRYPT_DECRYPT, Sign, KMS.0334",
    "EC_P256, KEY_AGREEMENT, Sign, KMS.0332",
    "RSA_2048, SIGN_VERIFY, EncryptData, KMS.0335",
    "SM2, SIGN_VERIFY, EncryptData, KMS.0335",
    "SM2, KEY_AGREEMENT, EncryptData, KMS.0335",
    "EC_P384, SIGN_VERIFY, EncryptData, KMS.1114",
    "EC_P256, KEY_AGREEMENT, EncryptData, KMS.1114",
    "HMAC_512, GENERATE_VERIFY_MAC, EncryptData, KMS.0341",
    "RSA_2048, ENCRYPT_DECRYPT, CreateDatakey, KMS.0325",
    "HMAC_256, GENERATE_VERIFY_MAC, CreateDatakey, KMS.0341",
    "AES_256, ENCRYPT_DECRYPT, GenerateMac, KMS.0331",
    "RSA_2048, ENCRYPT_DECRYPT, GenerateMac, KMS.0334",
    "EC_P256, SIGN_VERIFY, GenerateMac, KMS.0335",
    "AES_256, ENCRYPT_DECRYPT, ShowPublicKey, KMS.0331",
    "HMAC_256, GENERATE_VERIFY_MAC, ShowPublicKey, KMS.0341",
    "AES_256, ENCRYPT_DECRYPT, DeriveSharedSecret, KMS.0331",
    "RSA_2048, ENCRYPT_DECRYPT, DeriveSharedSecret, KMS.0334",
    "EC_P256, SIGN_VERIFY, DeriveSharedSecret, KMS.0335",
    "EC_P256, SIGN_VERIFY, EnableKeyRotation, KMS.0325",
    "RSA_2048, SIGN_VERIFY, EnableKeyRotation, KMS.0324",
    "HMAC_256, GENERATE_VERIFY_MAC, EnableKeyRotation, KMS.0341"
  })
  void aKeyOfTheWrongKindIsRefusedWithTheReason(
      KeySpec spec, KeyUsage usage, String operation, String code) {
    String more =
        switch (operation) {
          case "Sign" ->
              ",'signing_algorithm':'ECDSA_SHA_256','message':'" + base64(bytes(32)) + "'";
          case "EncryptData" -> ",'plain_text':'x'";
          case "GenerateMac" -> ",'mac_algorithm':'HMAC_SHA_256','message':'QQ=='";
          case "DeriveSharedSecret" -> ",'key_agreement_algorithm':'ECDH','public_key':'QQ=='";
          default -> "";
        };
    assertThat(call(operation, key(spec, usage), more).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource(
      value = KeySpec.class,
      names = {"HMAC_256", "HMAC_384", "HMAC_512", "HMAC_SM3"})
  void aCodeIsLowerCaseHexAndIsCheckedInAnyCase(KeySpec spec) {
    String key = key(spec, KeyUsage.GENERATE_VERIFY_MAC);
    String algorithm = spec.macAlgorithms().getFirst().name();
    String asked = ",'mac_algorithm':'" + algorithm + "','message':'" + base64(bytes(4096)) + "'";

    Calls.Reply made = call("GenerateMac", key, asked);
    String mac = made.text("/mac");

    assertThat(mac)
        .matches("[0-9a-f]+")
        .hasSize(2 * spec.macAlgorithms().getFirst().hash().length());
    assertThat(isValid(key, asked, mac)).isTrue();
    assertThat(isValid(key, asked, mac.toUpperCase(java.util.Locale.ROOT))).isTrue();
    assertThat(isValid(key, asked, mac.substring(2))).isFalse();
    assertThat(isValid(key, asked, (mac.charAt(0) == '0' ? "1" : "0") + mac.substring(1)))
        .isFalse();
    assertThat(call("VerifyMac", key, asked + ",'mac':'xyz'").code()).isEqualTo("KMS.0308");
    assertThat(call("GenerateMac", key, ",'mac_algorithm':'HMAC_SHA_1','message':'QQ=='").code())
        .isEqualTo("KMS.0308");
  }

  private boolean isValid(String key, String asked, String mac) {
    return call("VerifyMac", key, asked + ",'mac':'" + mac + "'")
        .json()
        .at("/mac_valid")
        .booleanValue();
  }

  @Test
  void bothSidesOfAnAgreementHaveTheSameSecret() {
    for (KeySpec spec :
        new KeySpec[] {KeySpec.EC_P256, KeySpec.EC_P384, KeySpec.SECP256K1, KeySpec.SM2}) {
      String one = key(spec, KeyUsage.KEY_AGREEMENT);
      String other =
          calls
              .call(
                  "CreateKey",
                  json(
                      "{'key_alias':'other-%s','key_spec':'%s','key_usage':'KEY_AGREEMENT'}"
                          .formatted(spec, spec)))
              .text("/key_info/key_id");

      String secret = derive(one, publicKey(other)).text("/shared_secret");

      assertThat(derive(other, publicKey(one)).text("/shared_secret")).isEqualTo(secret);
      assertThat(Base64.getDecoder().decode(secret)).hasSize(spec == KeySpec.EC_P384 ? 48 : 32);
      KeySpec foreign = spec == KeySpec.EC_P256 ? KeySpec.EC_P384 : KeySpec.EC_P256;
      assertThat(derive(one, publicKey(key(foreign, KeyUsage.SIGN_VERIFY))).code())
          .isEqualTo("KMS.0308");
    }
  }

  private Calls.Reply derive(String key, String publicKey) {
    return call(
        "DeriveSharedSecret",
        key,
        ",'key_agreement_algorithm':'ECDH','public_key':'" + publicKey + "'");
  }

  private String publicKey(String key) {
    String pem = call("ShowPublicKey", key, "").text("/public_key");
    assertThat(pem).startsWith("-----BEGIN PUBLIC KEY-----\r\n").endsWith("-----\r\n");
    return pem.replaceAll("-----[A-Z ]+-----|\\s", "");
  }

  @Test
  void anEnclaveIsNeverAnsweredInThePlain() {
    String key = key(KeySpec.EC_P256, KeyUsage.KEY_AGREEMENT);
    Calls.Reply refused =
        call(
            "DeriveSharedSecret",
            key,
            ",'key_agreement_algorithm':'ECDH','public_key':'"
                + publicKey(key)
                + "','recipient':{'attestation_document':'x'}");
    assertThat(refused.code()).isEqualTo("KMS.3804");
  }

  @ParameterizedTest
  @CsvSource({
    "CreateRsaDatakeyPair, RSA_2048",
    "CreateEcDatakeyPair, ECC_NIST_P256",
    "CreateEcDatakeyPair, ECC_NIST_P384",
    "CreateEcDatakeyPair, ECC_NIST_P521",
    "CreateEcDatakeyPair, ECC_SECG_P256K1",
    "CreateEcDatakeyPair, SM2"
  })
  void thePrivateHalfOfAPairIsRecoveredByDecryptingIt(String operation, String spec) {
    String key = key(KeySpec.AES_256, KeyUsage.ENCRYPT_DECRYPT);
    Calls.Reply made =
        call(
            operation,
            key,
            ",'key_spec':'" + spec + "','additional_authenticated_data':'for the test'");
    Calls.Reply opened =
        calls.call(
            "DecryptData",
            json(
                "{'cipher_text':'"
                    + made.text("/private_key_cipher_text")
                    + "','additional_authenticated_data':'for the test'}"));
    assertThat(opened.text("/plain_text_base64")).isEqualTo(made.text("/private_key_plain_text"));
    Calls.Reply hidden = call(operation, key, ",'key_spec':'" + spec + "','with_plain_text':false");
    assertThat(hidden.json().has("private_key_plain_text")).isFalse();
    assertThat(call(operation, key, ",'key_spec':'DES'").code()).isEqualTo("KMS.1902");
  }

  @Test
  void aDataKeyUnderSm4HasAnSm3Digest() {
    String key = key(KeySpec.SM4, KeyUsage.ENCRYPT_DECRYPT);
    Calls.Reply made = call("CreateDatakey", key, ",'key_spec':'SM4'");
    Calls.Reply opened =
        call(
            "DecryptDatakey",
            key,
            ",'cipher_text':'" + made.text("/cipher_text") + "','datakey_cipher_length':'16'");
    byte[] plain = HexFormat.of().parseHex(opened.text("/data_key"));
    assertThat(opened.text("/data_key")).isEqualTo(made.text("/plain_text"));
    String digest = HexFormat.of().withUpperCase().formatHex(dev.yaoku.crypto.Hashes.sm3(plain));
    assertThat(opened.text("/datakey_dgst")).isEqualTo(digest);

    assertThat(
            call(
                    "EncryptDatakey",
                    key,
                    ",'plain_text':'"
                        + opened.text("/data_key")
                        + digest
                        + "','datakey_plain_length':'16'")
                .status())
        .isEqualTo(200);
  }

  @Test
  void dataMovesFromKeyToKeyAndADataKeyStaysOne() {
    String from = key(KeySpec.AES_256, KeyUsage.ENCRYPT_DECRYPT);
    String to = key(KeySpec.SM4, KeyUsage.ENCRYPT_DECRYPT);
    String blob = call("EncryptData", from, ",'plain_text':'hello'").text("/cipher_text");
    Calls.Reply moved =
        calls.call(
            "ReEncrypt", json("{'cipher_text':'" + blob + "','destination_key_id':'" + to + "'}"));
    assertThat(moved.text("/key_id")).isEqualTo(to);
    assertThat(moved.text("/source_key_id")).isEqualTo(from);
    assertThat(moved.text("/source_encryption_algorithm")).isEqualTo("SYMMETRIC_DEFAULT");
    assertThat(
            calls
                .call("DecryptData", json("{'cipher_text':'" + moved.text("/cipher_text") + "'}"))
                .text("/plain_text"))
        .isEqualTo("hello");

    Calls.Reply dataKey = call("CreateDatakey", from, "");
    Calls.Reply movedKey =
        calls.call(
            "ReEncrypt",
            json(
                "{'cipher_text':'"
                    + dataKey.text("/cipher_text")
                    + "','destination_key_id':'"
                    + to
                    + "'}"));
    assertThat(
            call(
                    "DecryptDatakey",
                    to,
                    ",'datakey_cipher_length':'32','cipher_text':'"
                        + movedKey.text("/cipher_text")
                        + "'")
                .text("/data_key"))
        .isEqualTo(dataKey.text("/plain_text"));
    assertThat(
            calls
                .call(
                    "ReEncrypt",
                    json(
                        "{'cipher_text':'"
                            + dataKey.text("/cipher_text")
                            + "','destination_key_id':'"
                            + key(KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT)
                            + "','destination_encryption_algorithm':'RSAES_OAEP_SHA_256'}"))
                .code())
        .isEqualTo("KMS.0325");
  }
}
