package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What DeriveSharedSecret refuses (operations-new.md). */
class AgreementTest {
  @TempDir static Path directory;
  private static KeyWorld world;
  private static Blobs blobs;

  @BeforeAll
  static void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    blobs = new Blobs(new Calls(world));
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static String key(String name, String spec, String usage) {
    return blobs
        .call(
            "CreateKey",
            "{'key_alias':'%s','key_spec':'%s','key_usage':'%s'}".formatted(name, spec, usage))
        .text("/key_info/key_id");
  }

  private static byte[] publicKey(String key) {
    String pem = blobs.call("ShowPublicKey", "{'key_id':'" + key + "'}").text("/public_key");
    return Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\\s", ""));
  }

  private static Calls.Reply derive(String key, String algorithm, byte[] spki, String more) {
    return blobs.call(
        "DeriveSharedSecret",
        "{'key_id':'%s','key_agreement_algorithm':'%s','public_key':'%s'%s}"
            .formatted(key, algorithm, Blobs.base64(spki), more));
  }

  @Test
  void keysOfOtherUsagesDoNotAgree() {
    byte[] peer = publicKey(key("peer", "EC_P256", "KEY_AGREEMENT"));

    assertThat(derive(key("h", "HMAC_256", "GENERATE_VERIFY_MAC"), "ECDH", peer, "").code())
        .isEqualTo("KMS.0341");
    assertThat(derive(key("a", "AES_256", "ENCRYPT_DECRYPT"), "ECDH", peer, "").code())
        .isEqualTo("KMS.0331");
    assertThat(derive(key("r", "RSA_2048", "ENCRYPT_DECRYPT"), "ECDH", peer, "").code())
        .isEqualTo("KMS.0334");
    assertThat(derive(key("s", "EC_P256", "SIGN_VERIFY"), "ECDH", peer, "").code())
        .isEqualTo("KMS.0335");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecdh", "X25519", "ECDH_SHA_256", "SYMMETRIC_DEFAULT"})
  void ecdhIsTheOnlyAlgorithm(String algorithm) {
    String key = key("k" + algorithm.hashCode(), "EC_P256", "KEY_AGREEMENT");

    assertThat(derive(key, algorithm, publicKey(key), "").code()).isEqualTo("KMS.0308");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC_P521", "ED25519", "ML_DSA_44", "RSA_2048", "AES_256", "HMAC_256"})
  void noKeyOfAnotherSpecIsMadeForAgreement(String spec) {
    String order =
        "{'key_alias':'not-%s','key_spec':'%s','key_usage':'KEY_AGREEMENT'".formatted(spec, spec);

    assertThat(blobs.call("CreateKey", order + "}").code()).isEqualTo("KMS.0308");
    assertThat(blobs.call("CreateKey", order + ",'origin':'external'}").code())
        .isEqualTo("KMS.0308");
  }

  @Test
  void theAlgorithmAndTheOtherKeyMustBeNamed() {
    String key = key("needs", "EC_P256", "KEY_AGREEMENT");

    for (String body :
        new String[] {
          "{'key_id':'" + key + "','public_key':'QQ=='}",
          "{'key_id':'" + key + "','key_agreement_algorithm':'ECDH'}",
          "{'key_agreement_algorithm':'ECDH','public_key':'QQ=='}"
        }) {
      assertThat(blobs.call("DeriveSharedSecret", body).code()).as(body).isEqualTo("KMS.0204");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",'recipient':null",
        ",'recipient':{}",
        ",'recipient':''",
        ",'recipient':{'attestation_document':''}",
        ",'recipient':{'attestation_document':null}",
        ",'recipient':{'attestation_document':'','key_encryption_algorithm':'RSAES_OAEP_SHA_256'}",
        ",'recipient':{'unknown':1}"
      })
  void anEmptyRecipientIsNone(String recipient) {
    String key = key("rec" + recipient.hashCode(), "EC_P256", "KEY_AGREEMENT");

    assertThat(derive(key, "ECDH", publicKey(key), recipient).text("/shared_secret"))
        .isEqualTo(derive(key, "ECDH", publicKey(key), "").text("/shared_secret"));
  }

  @Test
  void whoWantsTheSecretForAnEnclaveHearsFirstWhatEverybodyHears() {
    String recipient = ",'recipient':{'attestation_document':'x'}";
    String key = key("enclave", "EC_P256", "KEY_AGREEMENT");
    byte[] peer = publicKey(key);

    assertThat(derive(key, "ECDH", peer, recipient).code()).isEqualTo("KMS.3804");
    assertThat(derive(key("other", "EC_P256", "SIGN_VERIFY"), "ECDH", peer, recipient).code())
        .isEqualTo("KMS.0335");
    assertThat(blobs.call("DisableKey", "{'key_id':'" + key + "'}").status()).isEqualTo(200);
    assertThat(derive(key, "ECDH", peer, recipient).code()).isEqualTo("KMS.0209");
    String nobodys = "00000000-0000-4000-8000-000000000000";
    assertThat(derive(nobodys, "ECDH", peer, recipient).code()).isEqualTo("KMS.0207");
  }

  @ParameterizedTest
  @CsvSource({"EC_P256", "EC_P384", "SECP256K1", "SM2"})
  void aPointThatIsNotOnTheCurveIsRefused(String spec) {
    String key = key("off-" + spec, spec, "KEY_AGREEMENT");
    byte[] good = publicKey(key);
    assertThat(derive(key, "ECDH", good, "").status()).isEqualTo(200);
    int field = spec.equals("EC_P384") ? 48 : 32;
    int pointAt = good.length - 2 * field - 1;

    byte[] off = good.clone();
    off[off.length - 1] ^= 1;
    byte[] zero = good.clone();
    java.util.Arrays.fill(zero, pointAt + 1, zero.length, (byte) 0);
    byte[] aboveTheField = good.clone();
    java.util.Arrays.fill(aboveTheField, pointAt + 1, pointAt + 1 + field, (byte) 0xff);
    byte[] wrongForm = good.clone();
    wrongForm[pointAt] = 5;
    byte[] trailing = java.util.Arrays.copyOf(good, good.length + 1);
    for (byte[] bad :
        new byte[][] {off, zero, aboveTheField, wrongForm, trailing, infinity(good, pointAt)}) {
      Calls.Reply refused = derive(key, "ECDH", bad, "");
      assertThat(refused.code()).as(Blobs.hex(bad)).isEqualTo("KMS.0308");
      assertThat(refused.body()).doesNotContain("shared_secret");
    }
  }

  /** The same SubjectPublicKeyInfo with the one-byte point at infinity. */
  private static byte[] infinity(byte[] good, int pointAt) {
    byte[] cut = java.util.Arrays.copyOf(good, pointAt + 1);
    cut[pointAt] = 0;
    int bits = pointAt - 2;
    cut[bits] = 2;
    cut[1] = (byte) (cut.length - 2);
    return cut;
  }
}
