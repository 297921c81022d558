package dev.yaoku.server;

import static dev.yaoku.crypto.EncryptionAlgorithm.RSAES_OAEP_SHA_1;
import static dev.yaoku.crypto.EncryptionAlgorithm.SYMMETRIC_DEFAULT;
import static dev.yaoku.crypto.KeyUsage.ENCRYPT_DECRYPT;
import static dev.yaoku.crypto.KeyUsage.KEY_AGREEMENT;
import static dev.yaoku.crypto.KeyUsage.SIGN_VERIFY;
import static dev.yaoku.server.KeyCalls.about;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.MacAlgorithm;
import dev.yaoku.crypto.SigningAlgorithm;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every cryptographic operation with a key of every kind and usage and with every algorithm: it is
 * done, or refused with the code that the contract has for it (errors.md 4), and changes nothing.
 */
class KindsAndAlgorithmsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DONE = "200";

  /** What opens is another key's, so that nothing but the ciphertext is in the way. */
  private static final String NOT_ITS_OWN = "KMS.2201";

  @TempDir static Path scratch;
  private static OperationsOnKeys keys;
  private static String other = "";
  private static Map<String, String> made = Map.of();

  /** A request and what comes of it. */
  private record Asked(String operation, String body, String outcome) {}

  @BeforeAll
  static void start() throws IOException {
    keys = new OperationsOnKeys(scratch);
    other = keys.calls.made("AES_256", "ENCRYPT_DECRYPT", "kms");
    made = keys.use(other);
  }

  @AfterAll
  static void stop() {
    keys.close();
  }

  static Stream<Arguments> kinds() {
    return Arrays.stream(KeySpec.values())
        .flatMap(spec -> spec.usages().stream().map(usage -> Arguments.of(spec, usage)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("kinds")
  void aKeyDoesWhatItsKindUsageAndAlgorithmsAreForAndNothingElse(KeySpec spec, KeyUsage usage) {
    String key = keys.calls.made(spec.name(), usage.name(), "kms");
    List<Asked> all = new ArrayList<>();
    all.addAll(encrypting(spec, usage, key));
    all.addAll(moving(spec, usage, key));
    all.addAll(wrapping(spec, key));
    all.addAll(signing(spec, usage, key));
    all.addAll(authenticating(spec, usage, key));
    String peer = about(key, keys.calls.more("derive-shared-secret", Map.of()));
    all.add(new Asked("derive-shared-secret", peer, agreement(spec, usage)));
    all.add(new Asked("get-publickey", about(key, ""), ofPairs(spec, DONE)));

    Map<String, List<String>> before = StoreDump.of(scratch.resolve("data"));
    all.stream().filter(asked -> !asked.outcome().equals(DONE)).forEach(this::mustComeOut);
    assertThat(StoreDump.of(scratch.resolve("data"))).isEqualTo(before);
    all.stream().filter(asked -> asked.outcome().equals(DONE)).forEach(this::mustComeOut);
  }

  private void mustComeOut(Asked asked) {
    HttpResponse<String> answer = keys.calls.send("POST", asked.operation(), asked.body());
    String outcome =
        answer.statusCode() == 200
            ? DONE
            : JSON.readTree(answer.body()).at("/error/error_code").asString();
    assertThat(outcome)
        .as(asked.operation() + " " + asked.body() + " " + answer.body())
        .isEqualTo(asked.outcome());
  }

  private static List<Asked> encrypting(KeySpec spec, KeyUsage usage, String key) {
    List<Asked> all = new ArrayList<>();
    for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
      boolean isKnown = algorithm != RSAES_OAEP_SHA_1; // it is for what re-encrypting opens
      boolean has = spec.encryptionAlgorithms().contains(algorithm);
      String member = ",'encryption_algorithm':'" + algorithm + "'";
      all.add(
          new Asked(
              "encrypt-data",
              about(key, member + ",'plain_text':'hello'"),
              isKnown ? encryption(spec, usage, has, DONE) : "KMS.0308"));
      all.add(
          new Asked(
              "decrypt-data",
              about(key, member + ",'cipher_text':'" + made.get("data") + "'"),
              isKnown ? encryption(spec, usage, has, doesNotOpen(spec)) : "KMS.0308"));
    }
    return all;
  }

  /** Re-encrypting, from the key and to it, data and data keys. */
  private static List<Asked> moving(KeySpec spec, KeyUsage usage, String key) {
    List<Asked> all = new ArrayList<>();
    for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
      boolean has = spec.encryptionAlgorithms().contains(algorithm);
      boolean opens = has || spec.reEncryptionAlgorithms().contains(algorithm);
      all.add(
          moved(
              from(key, algorithm) + made.get("data"),
              encryption(spec, usage, opens, doesNotOpen(spec))));
      all.add(moved(to(key, algorithm) + made.get("data"), encryption(spec, usage, has, DONE)));
      String wrapped = algorithm == SYMMETRIC_DEFAULT ? DONE : "KMS.2105"; // a data key stays one
      all.add(moved(to(key, algorithm) + made.get("data key"), dataKeys(spec, wrapped)));
    }
    all.add(
        moved(from(key, SYMMETRIC_DEFAULT) + made.get("data key"), dataKeys(spec, NOT_ITS_OWN)));
    return all;
  }

  private static Asked moved(String body, String outcome) {
    return new Asked("re-encrypt", body + "'}", outcome);
  }

  private static String from(String key, EncryptionAlgorithm algorithm) {
    return "{'source_key_id':'%s','source_encryption_algorithm':'%s','destination_key_id':'%s',"
            .formatted(key, algorithm, other)
        + "'cipher_text':'";
  }

  private static String to(String key, EncryptionAlgorithm algorithm) {
    return "{'destination_key_id':'%s','destination_encryption_algorithm':'%s','cipher_text':'"
        .formatted(key, algorithm);
  }

  private static List<Asked> wrapping(KeySpec spec, String key) {
    byte[] plain = new byte[64];
    byte[] digest = spec == KeySpec.SM4 ? Hashes.sm3(plain) : Hashes.sha256(plain);
    String withDigest = HexFormat.of().formatHex(plain) + HexFormat.of().formatHex(digest);
    String own = ",'datakey_plain_length':'64','plain_text':'" + withDigest + "'";
    List<Asked> all = new ArrayList<>();
    all.add(new Asked("encrypt-datakey", about(key, own), dataKeys(spec, DONE)));
    for (String making :
        List.of(
            "create-datakey",
            "create-datakey-without-plaintext",
            "create-rsa-datakey-pair",
            "create-ec-datakey-pair",
            "datakey-capsule/create")) {
      String length = making.startsWith("create-datakey") ? ",'datakey_length':'256'" : "";
      String members = length + keys.calls.more(making, made);
      all.add(new Asked(making, about(key, members), dataKeys(spec, DONE)));
    }
    for (String opening : List.of("decrypt-datakey", "datakey-capsule/decrypt")) {
      String members = keys.calls.more(opening, made);
      all.add(new Asked(opening, about(key, members), dataKeys(spec, NOT_ITS_OWN)));
    }
    return all;
  }

  /** Messages, digests of the right length, and digests that are too long. */
  private static List<Asked> signing(KeySpec spec, KeyUsage usage, String key) {
    List<Asked> all = new ArrayList<>();
    for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
      int length = algorithm.hash().length();
      String digest = algorithm.signsDigests() ? DONE : "KMS.0332";
      String tooLong = algorithm.signsDigests() ? "KMS.0329" : "KMS.0332";
      all.addAll(signing(spec, usage, key, algorithm, "RAW", length, DONE));
      all.addAll(signing(spec, usage, key, algorithm, "DIGEST", length, digest));
      all.addAll(signing(spec, usage, key, algorithm, "DIGEST", length + 1, tooLong));
    }
    return all;
  }

  private static List<Asked> signing(
      KeySpec spec,
      KeyUsage usage,
      String key,
      SigningAlgorithm algorithm,
      String form,
      int length,
      String ofItsOwn) {
    String outcome = signatures(spec, usage, algorithm, ofItsOwn);
    String members =
        ",'signing_algorithm':'%s','message_type':'%s','message':'%s'"
            .formatted(algorithm, form, Base64.getEncoder().encodeToString(new byte[length]));
    return List.of(
        new Asked("sign", about(key, members), outcome),
        new Asked("verify", about(key, members + ",'signature':'AAAA'"), outcome));
  }

  private static List<Asked> authenticating(KeySpec spec, KeyUsage usage, String key) {
    List<Asked> all = new ArrayList<>();
    for (MacAlgorithm algorithm : MacAlgorithm.values()) {
      String outcome = macs(spec, usage, algorithm);
      String members = ",'message':'aGVsbG8=','mac_algorithm':'" + algorithm + "'";
      all.add(new Asked("generate-mac", about(key, members), outcome));
      all.add(new Asked("verify-mac", about(key, members + ",'mac':'00'"), outcome));
    }
    return all;
  }

  // The contract's codes

  private static boolean isMac(KeySpec spec) {
    return !spec.macAlgorithms().isEmpty();
  }

  private static boolean isSymmetric(KeySpec spec) {
    return spec.suite().isPresent();
  }

  private static String doesNotOpen(KeySpec spec) {
    return spec.isRsa() ? "KMS.0311" : NOT_ITS_OWN;
  }

  private static String encryption(KeySpec spec, KeyUsage usage, boolean has, String outcome) {
    if (isMac(spec)) {
      return "KMS.0341";
    }
    if (usage != ENCRYPT_DECRYPT) {
      return spec.isRsa() || spec == KeySpec.SM2 ? "KMS.0335" : "KMS.1114";
    }
    return has ? outcome : isSymmetric(spec) ? "KMS.2105" : "KMS.2106";
  }

  private static String dataKeys(KeySpec spec, String outcome) {
    return isMac(spec) ? "KMS.0341" : isSymmetric(spec) ? outcome : "KMS.0325";
  }

  private static String ofPairs(KeySpec spec, String outcome) {
    return isMac(spec) ? "KMS.0341" : isSymmetric(spec) ? "KMS.0331" : outcome;
  }

  private static String signatures(
      KeySpec spec, KeyUsage usage, SigningAlgorithm algorithm, String outcome) {
    boolean isForIt = usage == SIGN_VERIFY && spec.signingAlgorithms().contains(algorithm);
    String other = usage == ENCRYPT_DECRYPT ? "KMS.0334" : "KMS.0332";
    return ofPairs(spec, isForIt ? outcome : other);
  }

  private static String macs(KeySpec spec, KeyUsage usage, MacAlgorithm algorithm) {
    if (isMac(spec)) {
      return spec.macAlgorithms().contains(algorithm) ? DONE : "KMS.0308";
    }
    return ofPairs(spec, usage == ENCRYPT_DECRYPT ? "KMS.0334" : "KMS.0335");
  }

  /** With a point on P-256. */
  private static String agreement(KeySpec spec, KeyUsage usage) {
    String outcome = spec == KeySpec.EC_P256 ? DONE : "KMS.0308";
    String other = usage == ENCRYPT_DECRYPT ? "KMS.0334" : "KMS.0335";
    return ofPairs(spec, usage == KEY_AGREEMENT ? outcome : other);
  }
}
