package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.DecryptDataRequest;
import com.huaweicloud.sdk.kms.v2.model.DecryptDataRequestBody;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListSupportRegionsRequest;
import com.huaweicloud.sdk.kms.v2.model.ReplicateKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.ReplicateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ReplicateKeyResponse;
import com.huaweicloud.sdk.kms.v2.model.TagItem;
import com.huaweicloud.sdk.kms.v2.model.UpdatePrimaryRegionRequest;
import com.huaweicloud.sdk.kms.v2.model.UpdatePrimaryRegionRequestBody;
import com.huaweicloud.sdk.kms.v2.model.UpdatePrimaryRegionResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys of several regions through the official SDK. */
@ExtendWith(SdkExtension.class)
class SdkRegionsTest {
  private final Sdk sdk;

  SdkRegionsTest(Sdk sdk) {
    this.sdk = sdk;
  }

  private ReplicateKeyResponse replicate(String key) {
    return sdk.kms.replicateKey(
        new ReplicateKeyRequest()
            .withKeyId(key)
            .withBody(
                new ReplicateKeyRequestBody()
                    .withKeyId(key)
                    .withReplicaRegion(Sdk.FAR_REGION)
                    .withReplicaProjectId(sdk.server.projectIn(Sdk.FAR_REGION))
                    .withKeyAlias(sdk.name())
                    .withKeyDescription("far away")
                    .withEnterpriseProjectId("0")
                    .withTags(List.of(new TagItem().withKey("env").withValue("prod")))));
  }

  /** The same user as a client of the other region. */
  private KmsClient farAway() {
    return KmsClient.newBuilder()
        .withCredential(
            new BasicCredentials()
                .withAk(sdk.server.known("ak"))
                .withSk(sdk.server.known("sk"))
                .withProjectId(sdk.server.projectIn(Sdk.FAR_REGION)))
        .withEndpoints(List.of(sdk.server.endpoint()))
        .build();
  }

  @Test
  @Passes("ReplicateKey")
  void aKeyIsReplicatedAndItsCiphertextOpensThere() {
    String key = sdk.key();
    ReplicateKeyResponse replica = replicate(key);
    assertThat(replica.getKeyId()).hasSize(36).isNotEqualTo(key);
    assertThat(replica.getDomainId()).isEqualTo(sdk.server.known("domain_id"));
    assertThat(replica.getRegion()).isEqualTo(Sdk.FAR_REGION);

    String cipherText =
        sdk.kms
            .encryptData(
                new EncryptDataRequest()
                    .withBody(new EncryptDataRequestBody().withKeyId(key).withPlainText("hello")))
            .getCipherText();
    var opened =
        farAway()
            .decryptData(
                new DecryptDataRequest()
                    .withBody(new DecryptDataRequestBody().withCipherText(cipherText)));
    assertThat(opened.getPlainText()).isEqualTo("hello");
    assertThat(opened.getKeyId()).isEqualTo(replica.getKeyId());
  }

  @Test
  @Passes("UpdatePrimaryRegion")
  void theMembersSwapTheirRoles() {
    String key = sdk.key();
    replicate(key);
    UpdatePrimaryRegionResponse swapped =
        sdk.kms.updatePrimaryRegion(
            new UpdatePrimaryRegionRequest()
                .withKeyId(key)
                .withBody(
                    new UpdatePrimaryRegionRequestBody()
                        .withKeyId(key)
                        .withPrimaryRegion(Sdk.FAR_REGION)));
    assertThat(swapped.getKeyId()).isEqualTo(key);
    assertThat(swapped.getPrimaryRegion()).isEqualTo(Sdk.FAR_REGION);
    assertThat(Sdk.refusal(() -> replicate(key)).getErrorCode()).isEqualTo("KMS.0106");
  }

  @Test
  @Passes("ListSupportRegions")
  void theRegionsAreListed() {
    assertThat(sdk.kms.listSupportRegions(new ListSupportRegionsRequest()).getRegions())
        .containsExactly(sdk.server.known("region"), Sdk.FAR_REGION);
    assertThat(
            sdk.kms
                .listSupportRegions(new ListSupportRegionsRequest().withLimit(50).withOffset(1))
                .getRegions())
        .containsExactly(Sdk.FAR_REGION);
    assertThat(
            sdk.kms
                .listSupportRegions(new ListSupportRegionsRequest().withLimit(50).withOffset(2))
                .getRegions())
        .isEmpty();
  }
}
