package dev.yaoku.conformance;

import static dev.yaoku.conformance.Sdk.about;
import static dev.yaoku.conformance.Sdk.base64;
import static dev.yaoku.conformance.Sdk.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyStoreRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyStoreRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateParametersForImportRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateParametersForImportResponse;
import com.huaweicloud.sdk.kms.v2.model.DeleteImportedKeyMaterialRequest;
import com.huaweicloud.sdk.kms.v2.model.DeleteKeyStoreRequest;
import com.huaweicloud.sdk.kms.v2.model.DisableKeyStoreRequest;
import com.huaweicloud.sdk.kms.v2.model.EnableKeyStoreRequest;
import com.huaweicloud.sdk.kms.v2.model.GetParametersForImportRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ImportKeyMaterialRequest;
import com.huaweicloud.sdk.kms.v2.model.ImportKeyMaterialRequestBody;
import com.huaweicloud.sdk.kms.v2.model.KeyDetails;
import com.huaweicloud.sdk.kms.v2.model.KeyStoreStateInfo;
import com.huaweicloud.sdk.kms.v2.model.KeystoreDetails;
import com.huaweicloud.sdk.kms.v2.model.KeystoreInfo;
import com.huaweicloud.sdk.kms.v2.model.ListKeyStoresRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKeyStoresResponse;
import com.huaweicloud.sdk.kms.v2.model.ShowKeyStoreRequest;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Key material of the caller's own, and dedicated keystores, through the official SDK. */
@ExtendWith(SdkExtension.class)
class SdkImportTest {
  private final Sdk sdk;

  SdkImportTest(Sdk sdk) {
    this.sdk = sdk;
  }

  @Test
  @Passes({"CreateParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial"})
  void materialIsImportedAndTakenAway() throws GeneralSecurityException {
    String key =
        sdk.key(new CreateKeyRequestBody().withOrigin(CreateKeyRequestBody.OriginEnum.EXTERNAL));
    assertThat(sdk.details(key).getKeyState()).isEqualTo("5");
    Instant until = Instant.ofEpochSecond(Instant.now().plus(Duration.ofDays(30)).getEpochSecond());

    CreateParametersForImportResponse parameters =
        sdk.kms.createParametersForImport(
            new CreateParametersForImportRequest()
                .withBody(
                    new GetParametersForImportRequestBody()
                        .withKeyId(key)
                        .withWrappingAlgorithm(
                            GetParametersForImportRequestBody.WrappingAlgorithmEnum
                                .RSAES_OAEP_SHA_256)));
    assertThat(parameters.getKeyId()).isEqualTo(key);
    assertThat(Instant.ofEpochSecond(parameters.getExpirationTime())).isAfter(Instant.now());
    assertThat(parameters.getImportToken()).matches("[0-9a-zA-Z+/=]{200,6144}");
    sdk.kms.importKeyMaterial(
        new ImportKeyMaterialRequest()
            .withBody(
                new ImportKeyMaterialRequestBody()
                    .withKeyId(key)
                    .withImportToken(parameters.getImportToken())
                    .withExpirationTime(until.getEpochSecond())
                    .withEncryptedKeyMaterial(wrapped(parameters.getPublicKey(), new byte[32]))));

    KeyDetails imported = sdk.details(key);
    assertThat(imported.getKeyState()).isEqualTo("2");
    assertThat(imported.getOrigin()).isEqualTo(KeyDetails.OriginEnum.EXTERNAL);
    assertThat(imported.getExpirationTime()).isEqualTo(Long.toString(until.toEpochMilli()));

    sdk.kms.deleteImportedKeyMaterial(new DeleteImportedKeyMaterialRequest().withBody(about(key)));
    assertThat(sdk.details(key).getKeyState()).isEqualTo("5");
  }

  /** Material of thirty-two bytes, wrapped for import. */
  static String wrapped(String publicKey, byte[] material) throws GeneralSecurityException {
    PublicKey wrapping =
        KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes(publicKey)));
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        wrapping,
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
    return base64(cipher.doFinal(material));
  }

  @Test
  @Passes({
    "CreateKeyStore",
    "ListKeyStores",
    "ShowKeyStore",
    "EnableKeyStore",
    "DisableKeyStore",
    "DeleteKeyStore"
  })
  void aKeystoreIsMadeSwitchedAndDeleted() {
    String alias = sdk.name();
    KeystoreInfo made =
        sdk.kms
            .createKeyStore(
                new CreateKeyStoreRequest()
                    .withBody(
                        new CreateKeyStoreRequestBody()
                            .withKeystoreAlias(alias)
                            .withHsmClusterId("cluster-" + alias)
                            .withHsmCaCert("a certificate")))
            .getKeystore();
    assertThat(made.getDomainId()).isEqualTo(sdk.server.known("domain_id"));
    String id = made.getKeystoreId();

    ListKeyStoresResponse page =
        sdk.kms.listKeyStores(new ListKeyStoresRequest().withLimit(10).withOffset(0));
    assertThat(page.getTotal()).isEqualTo(page.getKeystores().size());
    assertThat(page.getKeystores()).extracting(KeystoreDetails::getKeystoreId).contains(id);

    KeystoreDetails shown =
        sdk.kms.showKeyStore(new ShowKeyStoreRequest().withKeystoreId(id)).getKeystore();
    assertThat(shown.getKeystoreAlias()).isEqualTo(alias);
    assertThat(shown.getKeystoreType()).isEqualTo("DHSM");
    assertThat(shown.getHsmClusterId()).isEqualTo("cluster-" + alias);
    assertThat(shown.getCreateTime()).matches("[0-9]{13}");

    KeyStoreStateInfo enabled =
        sdk.kms.enableKeyStore(new EnableKeyStoreRequest().withKeystoreId(id)).getKeystore();
    assertThat(enabled.getKeystoreId()).isEqualTo(id);
    assertThat(enabled.getKeystoreState()).isEqualTo("2");
    assertThat(
            sdk.kms
                .disableKeyStore(new DisableKeyStoreRequest().withKeystoreId(id))
                .getKeystore()
                .getKeystoreState())
        .isEqualTo("3");

    sdk.kms.deleteKeyStore(new DeleteKeyStoreRequest().withKeystoreId(id));
    assertThat(
            Sdk.refusal(() -> sdk.kms.showKeyStore(new ShowKeyStoreRequest().withKeystoreId(id)))
                .getErrorCode())
        .isEqualTo("KMS.8003");
  }
}
