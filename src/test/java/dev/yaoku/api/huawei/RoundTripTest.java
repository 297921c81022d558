package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.Hash;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.SigningAlgorithm;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every kind of key with every algorithm and sizes at its limits: nothing, one byte, the most, one
 * more. Content is new in each run; a failure names the seed, which {@code -Dyaoku.test.seed=N}
 * brings back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundTripTest {
  private static final long SEED = Long.getLong("yaoku.test.seed", System.nanoTime());
  private static final int MESSAGE_BYTES_MAX = 4096;

  @TempDir static Path directory;
  private final Map<String, String> keys = new HashMap<>();
  private KeyWorld world;
  private Blobs blobs;

  @BeforeAll
  void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    blobs = new Blobs(new Calls(world));
  }

  @AfterAll
  void close() {
    world.close();
  }

  private String key(KeySpec spec, KeyUsage usage) {
    return keys.computeIfAbsent(
        spec + "-" + usage,
        name ->
            blobs
                .call(
                    "CreateKey",
                    "{'key_alias':'%s','key_spec':'%s','key_usage':'%s'}"
                        .formatted(name, spec, usage))
                .text("/key_info/key_id"));
  }

  /** The same for the same seed, whatever else ran before. */
  private static byte[] bytes(Object of, int length) {
    byte[] bytes = new byte[length];
    new Random(SEED ^ of.toString().hashCode() ^ length).nextBytes(bytes);
    return bytes;
  }

  static Stream<Arguments> signing() {
    return Arrays.stream(KeySpec.values())
        .flatMap(spec -> spec.signingAlgorithms().stream().map(a -> Arguments.of(spec, a)));
  }

  static Stream<Arguments> encrypting() {
    return Arrays.stream(KeySpec.values())
        .flatMap(spec -> spec.encryptionAlgorithms().stream().map(a -> Arguments.of(spec, a)));
  }

  static Stream<KeySpec> authenticating() {
    return Arrays.stream(KeySpec.values()).filter(spec -> !spec.macAlgorithms().isEmpty());
  }

  private String signing(KeySpec spec, SigningAlgorithm algorithm, String form, byte[] message) {
    return "{'key_id':'%s','signing_algorithm':'%s','message_type':'%s','message':'%s'"
        .formatted(key(spec, KeyUsage.SIGN_VERIFY), algorithm, form, Blobs.base64(message));
  }

  @ParameterizedTest
  @MethodSource("signing")
  void signaturesOfMessagesOfEverySize(KeySpec spec, SigningAlgorithm algorithm) {
    for (int size : new int[] {1, MESSAGE_BYTES_MAX}) {
      byte[] message = bytes(spec + " " + algorithm, size);
      String asked = signing(spec, algorithm, "RAW", message);
      String signature = blobs.call("Sign", asked + "}").text("/signature");
      assertThat(verdict(asked, signature)).as("seed %d, %d bytes", SEED, size).isEqualTo("true");
      message[size - 1] ^= 1;
      assertThat(verdict(signing(spec, algorithm, "RAW", message), signature))
          .as("seed %d, %d bytes", SEED, size)
          .isEqualTo("false");
    }
    for (int size : new int[] {0, MESSAGE_BYTES_MAX + 1}) {
      String asked = signing(spec, algorithm, "RAW", bytes(algorithm, size));
      String code = size == 0 ? "KMS.0204" : "KMS.0308";
      assertThat(blobs.call("Sign", asked + "}").code())
          .as("seed %d, %d bytes", SEED, size)
          .isEqualTo(code);
      assertThat(blobs.call("ValidateSignature", asked + ",'signature':'QQ=='}").code())
          .as("seed %d, %d bytes", SEED, size)
          .isEqualTo(code);
    }
  }

  private String verdict(String asked, String signature) {
    return blobs
        .call("ValidateSignature", asked + ",'signature':'" + signature + "'}")
        .text("/signature_valid");
  }

  @ParameterizedTest
  @MethodSource("signing")
  void signaturesOfDigestsOfTheirLengthOnly(KeySpec spec, SigningAlgorithm algorithm) {
    if (!algorithm.signsDigests()) {
      return;
    }
    int right = algorithm.hash().length();
    for (int size : new int[] {1, right - 1, right, right + 1, MESSAGE_BYTES_MAX}) {
      String asked = signing(spec, algorithm, "DIGEST", bytes(algorithm, size));
      Calls.Reply signed = blobs.call("Sign", asked + "}");
      if (size == right) {
        assertThat(verdict(asked, signed.text("/signature"))).as("seed %d", SEED).isEqualTo("true");
      } else {
        assertThat(signed.code()).as("seed %d, %d bytes", SEED, size).isEqualTo("KMS.0329");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("encrypting")
  void ciphertextOfEverySize(KeySpec spec, EncryptionAlgorithm algorithm) {
    String about =
        "{'key_id':'%s','encryption_algorithm':'%s'"
            .formatted(key(spec, KeyUsage.ENCRYPT_DECRYPT), algorithm);
    int limit = spec.plaintextBytesMax();
    for (int size : new int[] {1, 15, 16, 17, limit - 1, limit}) {
      String text = text(spec, size);
      String blob =
          blobs.call("EncryptData", about + ",'plain_text':'" + text + "'}").text("/cipher_text");
      Calls.Reply opened = blobs.call("DecryptData", about + ",'cipher_text':'" + blob + "'}");
      assertThat(opened.text("/plain_text")).as("seed %d, %d bytes", SEED, size).isEqualTo(text);
      assertThat(Base64.getDecoder().decode(opened.text("/plain_text_base64")))
          .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }
    for (int size : new int[] {0, limit + 1, 4097}) {
      String code = size > limit && size <= 4096 ? "KMS.2108" : "KMS.2101";
      assertThat(
              blobs.call("EncryptData", about + ",'plain_text':'" + text(spec, size) + "'}").code())
          .as("seed %d, %d bytes", SEED, size)
          .isEqualTo(code);
    }
  }

  /** Letters of one, two, three and four bytes, in all as many bytes as asked for. */
  private static String text(KeySpec spec, int size) {
    Random random = new Random(SEED ^ spec.name().hashCode() ^ size);
    StringBuilder text = new StringBuilder();
    int left = size;
    while (left > 0) {
      String[] letters = {"a", "é", "钥", "🔑"};
      int bytes = 1 + random.nextInt(Math.min(4, left));
      text.append(letters[bytes - 1]);
      left -= bytes;
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("authenticating")
  void codesOfMessagesOfEverySize(KeySpec spec) {
    String about =
        "{'key_id':'%s','mac_algorithm':'%s'"
            .formatted(
                key(spec, KeyUsage.GENERATE_VERIFY_MAC), spec.macAlgorithms().getFirst().name());
    for (int size : new int[] {1, 63, 64, 65, 128, MESSAGE_BYTES_MAX}) {
      String asked = about + ",'message':'" + Blobs.base64(bytes(spec, size)) + "'";
      String mac = blobs.call("GenerateMac", asked + "}").text("/mac");
      String verified = blobs.call("VerifyMac", asked + ",'mac':'" + mac + "'}").body();
      assertThat(verified).as("seed %d, %d bytes", SEED, size).contains("\"mac_valid\":true");
    }
    for (int size : new int[] {0, MESSAGE_BYTES_MAX + 1}) {
      String asked = about + ",'message':'" + Blobs.base64(bytes(spec, size)) + "'}";
      assertThat(blobs.call("GenerateMac", asked).code())
          .as("seed %d, %d bytes", SEED, size)
          .isEqualTo(size == 0 ? "KMS.0204" : "KMS.0308");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void dataKeysOfEverySize(String name) {
    KeySpec spec = KeySpec.valueOf(name);
    String key = key(spec, KeyUsage.ENCRYPT_DECRYPT);
    Hash hash = spec == KeySpec.SM4 ? Hash.SM3 : Hash.SHA_256;
    for (int size : new int[] {1, 2, 13, 14, 15, 1023, 1024}) {
      Calls.Reply made =
          blobs.call("CreateDatakey", "{'key_id':'" + key + "','datakey_length':" + 8 * size + "}");
      Calls.Reply opened = unwrap(key, made.text("/cipher_text"), size);
      assertThat(opened.text("/data_key")).isEqualTo(made.text("/plain_text")).hasSize(2 * size);
      assertThat(opened.text("/datakey_length")).isEqualTo(Integer.toString(size));

      byte[] own = bytes(spec, size);
      String wrapped = wrap(key, own, hash).text("/cipher_text");
      assertThat(HexFormat.of().parseHex(unwrap(key, wrapped, size).text("/data_key")))
          .as("seed %d, %d bytes", SEED, size)
          .isEqualTo(own);
    }
    assertThat(blobs.call("CreateDatakey", "{'key_id':'" + key + "','datakey_length':0}").code())
        .isEqualTo("KMS.1901");
    assertThat(blobs.call("CreateDatakey", "{'key_id':'" + key + "','datakey_length':8200}").code())
        .isEqualTo("KMS.1901");
    assertThat(wrap(key, new byte[0], hash).code()).isEqualTo("KMS.2102");
    assertThat(wrap(key, new byte[1025], hash).code()).isEqualTo("KMS.2102");
  }

  private Calls.Reply unwrap(String key, String blob, int size) {
    return blobs.call("DecryptDatakey", Blobs.unwrapping(key, blob, size));
  }

  private Calls.Reply wrap(String key, byte[] plain, Hash hash) {
    return blobs.call(
        "EncryptDatakey",
        "{'key_id':'%s','datakey_plain_length':%d,'plain_text':'%s%s'}"
            .formatted(key, plain.length, Blobs.hex(plain), Blobs.hex(hash.digest(plain))));
  }
}
