package dev.yaoku.conformance;

import static dev.yaoku.conformance.Sdk.base64;
import static dev.yaoku.conformance.Sdk.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyResponse;
import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyWithoutPlaintextRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyWithoutPlaintextResponse;
import com.huaweicloud.sdk.kms.v2.model.CreateEcDatakeyPairRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateEcDatakeyPairRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateEcDatakeyPairResponse;
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateRsaDatakeyPairRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateRsaDatakeyPairRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateRsaDatakeyPairResponse;
import com.huaweicloud.sdk.kms.v2.model.DecryptDataRequest;
import com.huaweicloud.sdk.kms.v2.model.DecryptDataRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DecryptDataResponse;
import com.huaweicloud.sdk.kms.v2.model.DecryptDatakeyRequest;
import com.huaweicloud.sdk.kms.v2.model.DecryptDatakeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DecryptDatakeyResponse;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequestBody;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataResponse;
import com.huaweicloud.sdk.kms.v2.model.EncryptDatakeyRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDatakeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.EncryptDatakeyResponse;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Encryption, data keys and random bytes through the official SDK. */
@ExtendWith(SdkExtension.class)
class SdkDataTest {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Sdk sdk;

  SdkDataTest(Sdk sdk) {
    this.sdk = sdk;
  }

  private EncryptDataResponse encrypt(String key, String text, String additional) {
    return sdk.kms.encryptData(
        new EncryptDataRequest()
            .withBody(
                new EncryptDataRequestBody()
                    .withKeyId(key)
                    .withPlainText(text)
                    .withAdditionalAuthenticatedData(additional)));
  }

  private DecryptDataResponse decrypt(String cipherText, String additional) {
    return sdk.kms.decryptData(
        new DecryptDataRequest()
            .withBody(
                new DecryptDataRequestBody()
                    .withCipherText(cipherText)
                    .withAdditionalAuthenticatedData(additional)));
  }

  private DecryptDataResponse decrypt(String cipherText) {
    return sdk.kms.decryptData(
        new DecryptDataRequest().withBody(new DecryptDataRequestBody().withCipherText(cipherText)));
  }

  @Test
  @Passes({"EncryptData", "DecryptData"})
  void whatIsEncryptedDecryptsWithoutTheKeysId() {
    String key = sdk.key();
    String text = "钥匙 é € \ud83d\ude00 \"quoted\" \\ </x>";
    EncryptDataResponse encrypted = encrypt(key, text, "{\"k\":\"v\"}");
    assertThat(encrypted.getKeyId()).isEqualTo(key);

    DecryptDataResponse decrypted = decrypt(encrypted.getCipherText(), "{\"k\":\"v\"}");
    assertThat(decrypted.getKeyId()).isEqualTo(key);
    assertThat(decrypted.getPlainText()).isEqualTo(text);
    assertThat(bytes(decrypted.getPlainTextBase64())).isEqualTo(text.getBytes(UTF_8));

    ServiceResponseException other =
        Sdk.refusal(() -> decrypt(encrypted.getCipherText(), "{\"k\":\"w\"}"));
    assertThat(other.getHttpStatusCode()).isEqualTo(400);
    assertThat(other.getErrorCode()).isEqualTo("KMS.2201");
  }

  @Test
  @Passes({"EncryptData", "DecryptData"})
  void anRsaKeyEncryptsAndDecrypts() {
    String key = sdk.key("RSA_2048", "ENCRYPT_DECRYPT");
    String cipherText =
        sdk.kms
            .encryptData(
                new EncryptDataRequest()
                    .withBody(
                        new EncryptDataRequestBody()
                            .withKeyId(key)
                            .withPlainText("short")
                            .withEncryptionAlgorithm(
                                EncryptDataRequestBody.EncryptionAlgorithmEnum.RSAES_OAEP_SHA_256)))
            .getCipherText();
    assertThat(bytes(cipherText)).hasSize(256);
    DecryptDataResponse decrypted =
        sdk.kms.decryptData(
            new DecryptDataRequest()
                .withBody(
                    new DecryptDataRequestBody()
                        .withKeyId(key)
                        .withCipherText(cipherText)
                        .withEncryptionAlgorithm(
                            DecryptDataRequestBody.EncryptionAlgorithmEnum.RSAES_OAEP_SHA_256)));
    assertThat(decrypted.getPlainText()).isEqualTo("short");
  }

  @Test
  @Passes("CreateRandom")
  void randomBytesAreHexadecimal() {
    assertThat(random()).matches("[0-9A-F]{128}").isNotEqualTo(random());
  }

  private String random() {
    return sdk.kms
        .createRandom(
            new CreateRandomRequest()
                .withBody(new GenRandomRequestBody().withRandomDataLength("512")))
        .getRandomData();
  }

  private DecryptDatakeyResponse openDataKey(String key, String cipherText, int bytes) {
    return sdk.kms.decryptDatakey(
        new DecryptDatakeyRequest()
            .withBody(
                new DecryptDatakeyRequestBody()
                    .withKeyId(key)
                    .withCipherText(cipherText)
                    .withDatakeyCipherLength(Integer.toString(bytes))));
  }

  @Test
  @Passes({"CreateDatakey", "DecryptDatakey"})
  void aDataKeyComesBackWithItsDigest() throws GeneralSecurityException {
    String key = sdk.key();
    CreateDatakeyResponse made =
        sdk.kms.createDatakey(
            new CreateDatakeyRequest()
                .withBody(new CreateDatakeyRequestBody().withKeyId(key).withDatakeyLength("512")));
    assertThat(made.getKeyId()).isEqualTo(key);
    assertThat(made.getPlainText()).matches("[0-9A-F]{128}");
    assertThat(made.getCipherText()).matches("([0-9A-F]{2})+");

    DecryptDatakeyResponse opened = openDataKey(key, made.getCipherText(), 64);
    assertThat(opened.getDataKey()).isEqualTo(made.getPlainText());
    assertThat(opened.getDatakeyLength()).isEqualTo("64");
    assertThat(opened.getDatakeyDgst()).isEqualTo(digest(HEX.parseHex(opened.getDataKey())));
  }

  private static String digest(byte[] data) throws GeneralSecurityException {
    return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(data));
  }

  @Test
  @Passes({"CreateDatakeyWithoutPlaintext", "DecryptDatakey"})
  void aDataKeyWithoutPlaintextOpensLater() {
    String key = sdk.key();
    CreateDatakeyWithoutPlaintextResponse made =
        sdk.kms.createDatakeyWithoutPlaintext(
            new CreateDatakeyWithoutPlaintextRequest()
                .withBody(
                    new CreateDatakeyRequestBody()
                        .withKeyId(key)
                        .withKeySpec(CreateDatakeyRequestBody.KeySpecEnum.AES_128)));
    assertThat(made.getKeyId()).isEqualTo(key);
    assertThat(openDataKey(key, made.getCipherText(), 16).getDataKey()).matches("[0-9A-F]{32}");
  }

  @Test
  @Passes({"EncryptDatakey", "DecryptDatakey"})
  void aDataKeyOfTheCallersOwnIsWrapped() throws GeneralSecurityException {
    String key = sdk.key();
    byte[] own = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    EncryptDatakeyResponse wrapped =
        sdk.kms.encryptDatakey(
            new EncryptDatakeyRequest()
                .withBody(
                    new EncryptDatakeyRequestBody()
                        .withKeyId(key)
                        .withPlainText(HEX.formatHex(own) + digest(own))
                        .withDatakeyPlainLength("32")));
    assertThat(wrapped.getKeyId()).isEqualTo(key);
    assertThat(wrapped.getDatakeyLength()).isEqualTo("32");
    assertThat(openDataKey(key, wrapped.getCipherText(), 32).getDataKey())
        .isEqualTo(HEX.formatHex(own));
  }

  @Test
  @Passes({"CreateRsaDatakeyPair", "DecryptData"})
  void anRsaPairIsUsableAndItsPrivateKeyOpens() throws GeneralSecurityException {
    String key = sdk.key();
    CreateRsaDatakeyPairResponse pair =
        sdk.kms.createRsaDatakeyPair(
            new CreateRsaDatakeyPairRequest()
                .withBody(
                    new CreateRsaDatakeyPairRequestBody()
                        .withKeyId(key)
                        .withKeySpec(CreateRsaDatakeyPairRequestBody.KeySpecEnum.RSA_2048)
                        .withWithPlainText(true)));
    assertThat(pair.getKeyId()).isEqualTo(key);
    assertThat(pair.getKeySpec()).isEqualTo(CreateRsaDatakeyPairResponse.KeySpecEnum.RSA_2048);
    parses("RSA", pair.getPublicKey(), pair.getPrivateKeyPlainText());
    assertThat(decrypt(pair.getPrivateKeyCipherText()).getPlainTextBase64())
        .isEqualTo(pair.getPrivateKeyPlainText());
  }

  @Test
  @Passes({"CreateEcDatakeyPair", "DecryptData"})
  void anEcPairWithoutPlaintextOpensLater() throws GeneralSecurityException {
    CreateEcDatakeyPairResponse pair =
        sdk.kms.createEcDatakeyPair(
            new CreateEcDatakeyPairRequest()
                .withBody(
                    new CreateEcDatakeyPairRequestBody()
                        .withKeyId(sdk.key())
                        .withKeySpec(CreateEcDatakeyPairRequestBody.KeySpecEnum.ECC_NIST_P256)
                        .withWithPlainText(false)));
    assertThat(pair.getKeySpec()).isEqualTo(CreateEcDatakeyPairResponse.KeySpecEnum.ECC_NIST_P256);
    assertThat(pair.getPrivateKeyPlainText()).isNullOrEmpty();
    parses("EC", pair.getPublicKey(), decrypt(pair.getPrivateKeyCipherText()).getPlainTextBase64());
  }

  private static void parses(String algorithm, String publicKey, String privateKey)
      throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance(algorithm);
    assertThat(
            base64(factory.generatePublic(new X509EncodedKeySpec(bytes(publicKey))).getEncoded()))
        .isEqualTo(publicKey);
    assertThat(factory.generatePrivate(new PKCS8EncodedKeySpec(bytes(privateKey))).getAlgorithm())
        .isEqualTo(algorithm);
  }
}
