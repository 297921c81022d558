package dev.yaoku.conformance;

import static dev.yaoku.conformance.Sdk.about;
import static dev.yaoku.conformance.Sdk.base64;
import static dev.yaoku.conformance.Sdk.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.kms.v2.model.GenerateMacRequest;
import com.huaweicloud.sdk.kms.v2.model.GenerateMacRequestBody;
import com.huaweicloud.sdk.kms.v2.model.GenerateMacResponse;
import com.huaweicloud.sdk.kms.v2.model.ShowPublicKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowPublicKeyResponse;
import com.huaweicloud.sdk.kms.v2.model.SignRequest;
import com.huaweicloud.sdk.kms.v2.model.SignRequestBody;
import com.huaweicloud.sdk.kms.v2.model.SignResponse;
import com.huaweicloud.sdk.kms.v2.model.ValidateSignatureRequest;
import com.huaweicloud.sdk.kms.v2.model.ValidateSignatureResponse;
import com.huaweicloud.sdk.kms.v2.model.VerifyMacRequest;
import com.huaweicloud.sdk.kms.v2.model.VerifyMacRequestBody;
import com.huaweicloud.sdk.kms.v2.model.VerifyMacResponse;
import com.huaweicloud.sdk.kms.v2.model.VerifyRequestBody;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Signatures and MACs through the official SDK, checked with the JDK. */
@ExtendWith(SdkExtension.class)
class SdkSigningTest {
  private static final byte[] MESSAGE = "what is signed".getBytes(UTF_8);

  private final Sdk sdk;

  SdkSigningTest(Sdk sdk) {
    this.sdk = sdk;
  }

  @Test
  @Passes({"Sign", "ValidateSignature", "ShowPublicKey"})
  void anRsaSignatureOfADigestVerifiesHereAndElsewhere() throws GeneralSecurityException {
    String key = sdk.key("RSA_2048", "SIGN_VERIFY");
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
    String signature = sign(key, digest, "RSASSA_PSS_SHA_256", "DIGEST");
    Signature elsewhere = Signature.getInstance("RSASSA-PSS");
    elsewhere.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    assertThat(verifies(elsewhere, publicKey(key, "RSA"), signature)).isTrue();
    assertThat(valid(key, digest, signature, "RSASSA_PSS_SHA_256", "DIGEST")).isEqualTo("true");
    assertThat(valid(key, new byte[32], signature, "RSASSA_PSS_SHA_256", "DIGEST"))
        .isEqualTo("false");
  }

  @Test
  @Passes({"Sign", "ValidateSignature", "ShowPublicKey"})
  void anEcSignatureOfAMessageVerifiesHereAndElsewhere() throws GeneralSecurityException {
    String key = sdk.key("EC_P256", "SIGN_VERIFY");
    String signature = sign(key, MESSAGE, "ECDSA_SHA_256", "RAW");
    assertThat(verifies(Signature.getInstance("SHA256withECDSA"), publicKey(key, "EC"), signature))
        .isTrue();
    assertThat(valid(key, MESSAGE, signature, "ECDSA_SHA_256", "RAW")).isEqualTo("true");
  }

  @Test
  @Passes({"Sign", "ValidateSignature"})
  void anSm2SignatureVerifies() {
    String key = sdk.key("SM2", "SIGN_VERIFY");
    String signature = sign(key, new byte[32], "SM2DSA_SM3", "DIGEST");
    assertThat(valid(key, new byte[32], signature, "SM2DSA_SM3", "DIGEST")).isEqualTo("true");
  }

  private String sign(String key, byte[] message, String algorithm, String type) {
    SignResponse answer =
        sdk.kms.sign(
            new SignRequest()
                .withBody(
                    new SignRequestBody()
                        .withKeyId(key)
                        .withMessage(base64(message))
                        .withSigningAlgorithm(
                            SignRequestBody.SigningAlgorithmEnum.fromValue(algorithm))
                        .withMessageType(SignRequestBody.MessageTypeEnum.fromValue(type))));
    assertThat(answer.getKeyId()).isEqualTo(key);
    return answer.getSignature();
  }

  private String valid(
      String key, byte[] message, String signature, String algorithm, String type) {
    ValidateSignatureResponse answer =
        sdk.kms.validateSignature(
            new ValidateSignatureRequest()
                .withBody(
                    new VerifyRequestBody()
                        .withKeyId(key)
                        .withMessage(base64(message))
                        .withSignature(signature)
                        .withSigningAlgorithm(
                            VerifyRequestBody.SigningAlgorithmEnum.fromValue(algorithm))
                        .withMessageType(VerifyRequestBody.MessageTypeEnum.fromValue(type))));
    assertThat(answer.getKeyId()).isEqualTo(key);
    return answer.getSignatureValid();
  }

  private PublicKey publicKey(String key, String algorithm) throws GeneralSecurityException {
    ShowPublicKeyResponse answer =
        sdk.kms.showPublicKey(new ShowPublicKeyRequest().withBody(about(key)));
    assertThat(answer.getKeyId()).isEqualTo(key);
    assertThat(answer.getPublicKey()).startsWith("-----BEGIN PUBLIC KEY-----\r\n");
    String inside = answer.getPublicKey().replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes(inside)));
  }

  private static boolean verifies(Signature elsewhere, PublicKey key, String signature)
      throws GeneralSecurityException {
    elsewhere.initVerify(key);
    elsewhere.update(MESSAGE);
    return elsewhere.verify(bytes(signature));
  }

  @Test
  @Passes({"GenerateMac", "VerifyMac"})
  void aMacVerifiesAndAnotherDoesNot() {
    // The SDK's own list of specs has no HMAC; it sends what it is given.
    String key = sdk.key("HMAC_256", "GENERATE_VERIFY_MAC");
    GenerateMacResponse made =
        sdk.kms.generateMac(
            new GenerateMacRequest()
                .withBody(
                    new GenerateMacRequestBody()
                        .withKeyId(key)
                        .withMacAlgorithm(GenerateMacRequestBody.MacAlgorithmEnum.HMAC_SHA_256)
                        .withMessage(base64(MESSAGE))));
    assertThat(made.getKeyId()).isEqualTo(key);
    assertThat(made.getMacAlgorithm()).isEqualTo("HMAC_SHA_256");
    assertThat(made.getMac()).matches("[0-9a-f]{64}");
    assertThat(macValid(key, made.getMac())).isTrue();
    assertThat(macValid(key, "00".repeat(32))).isFalse();
  }

  private boolean macValid(String key, String mac) {
    VerifyMacResponse answer =
        sdk.kms.verifyMac(
            new VerifyMacRequest()
                .withBody(
                    new VerifyMacRequestBody()
                        .withKeyId(key)
                        .withMacAlgorithm(VerifyMacRequestBody.MacAlgorithmEnum.HMAC_SHA_256)
                        .withMessage(base64(MESSAGE))
                        .withMac(mac)));
    assertThat(answer.getKeyId()).isEqualTo(key);
    assertThat(answer.getMacAlgorithm()).isEqualTo("HMAC_SHA_256");
    return answer.getMacValid();
  }
}
