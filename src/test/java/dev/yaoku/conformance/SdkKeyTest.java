package dev.yaoku.conformance;

import static dev.yaoku.conformance.Sdk.about;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.kms.v2.model.ApiVersionDetail;
import com.huaweicloud.sdk.kms.v2.model.CancelKeyDeletionRequest;
import com.huaweicloud.sdk.kms.v2.model.CancelKeyDeletionResponse;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DeleteKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.DeleteKeyResponse;
import com.huaweicloud.sdk.kms.v2.model.DisableKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.DisableKeyRotationRequest;
import com.huaweicloud.sdk.kms.v2.model.EnableKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.EnableKeyRotationRequest;
import com.huaweicloud.sdk.kms.v2.model.KeKInfo;
import com.huaweicloud.sdk.kms.v2.model.KeyAliasInfo;
import com.huaweicloud.sdk.kms.v2.model.KeyDescriptionInfo;
import com.huaweicloud.sdk.kms.v2.model.KeyDetails;
import com.huaweicloud.sdk.kms.v2.model.KeyStatusInfo;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListKeysResponse;
import com.huaweicloud.sdk.kms.v2.model.Resources;
import com.huaweicloud.sdk.kms.v2.model.ScheduleKeyDeletionRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ShowKeyRotationStatusRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowKeyRotationStatusResponse;
import com.huaweicloud.sdk.kms.v2.model.ShowUserInstancesRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowUserQuotasRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowVersionRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowVersionsRequest;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyAliasRequest;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyAliasRequestBody;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyDescriptionRequest;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyDescriptionRequestBody;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyRotationIntervalRequest;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyRotationIntervalRequestBody;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys from creation to deletion, and what is asked about them, through the official SDK. */
@ExtendWith(SdkExtension.class)
class SdkKeyTest {
  private final Sdk sdk;

  SdkKeyTest(Sdk sdk) {
    this.sdk = sdk;
  }

  @Test
  @Passes({"CreateKey", "ListKeyDetail"})
  void aNewKeyHasWhatWasAskedFor() {
    String name = sdk.name();
    KeKInfo made =
        sdk.kms
            .createKey(
                new CreateKeyRequest()
                    .withBody(
                        new CreateKeyRequestBody()
                            .withKeyAlias(name)
                            .withKeyDescription("orders 钥匙")
                            .withKeySpec(CreateKeyRequestBody.KeySpecEnum.AES_256)
                            .withKeyUsage(CreateKeyRequestBody.KeyUsageEnum.ENCRYPT_DECRYPT)
                            .withOrigin(CreateKeyRequestBody.OriginEnum.KMS)
                            .withEnterpriseProjectId("0")))
            .getKeyInfo();
    assertThat(made.getKeyId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(made.getDomainId()).isEqualTo(sdk.server.known("domain_id"));

    KeyDetails details = sdk.details(made.getKeyId());
    assertThat(details.getKeyId()).isEqualTo(made.getKeyId());
    assertThat(details.getDomainId()).isEqualTo(made.getDomainId());
    assertThat(details.getKeyAlias()).isEqualTo(name);
    assertThat(details.getRealm()).isEqualTo(sdk.server.known("region"));
    assertThat(details.getKeySpec()).isEqualTo(KeyDetails.KeySpecEnum.AES_256);
    assertThat(details.getKeyUsage()).isEqualTo(KeyDetails.KeyUsageEnum.ENCRYPT_DECRYPT);
    assertThat(details.getKeyDescription()).isEqualTo("orders 钥匙");
    assertThat(Instant.ofEpochMilli(Long.parseLong(details.getCreationDate())))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    assertThat(details.getScheduledDeletionDate()).isEmpty();
    assertThat(details.getKeyState()).isEqualTo("2");
    assertThat(details.getDefaultKeyFlag()).isEqualTo("0");
    assertThat(details.getKeyType()).isEqualTo("1");
    assertThat(details.getExpirationTime()).isEmpty();
    assertThat(details.getOrigin()).isEqualTo(KeyDetails.OriginEnum.KMS);
    assertThat(details.getKeyRotationEnabled()).isEqualTo("false");
    assertThat(details.getSysEnterpriseProjectId()).isEqualTo("0");
    assertThat(details.getKeystoreId()).isEqualTo("0");
  }

  @Test
  @Passes({"DisableKey", "EnableKey"})
  void aKeyIsDisabledAndEnabledAgain() {
    String key = sdk.key();
    KeyStatusInfo disabled =
        sdk.kms.disableKey(new DisableKeyRequest().withBody(about(key))).getKeyInfo();
    assertThat(disabled.getKeyId()).isEqualTo(key);
    assertThat(disabled.getKeyState()).isEqualTo("3");
    assertThat(sdk.details(key).getKeyState()).isEqualTo("3");

    KeyStatusInfo enabled =
        sdk.kms.enableKey(new EnableKeyRequest().withBody(about(key))).getKeyInfo();
    assertThat(enabled.getKeyId()).isEqualTo(key);
    assertThat(enabled.getKeyState()).isEqualTo("2");
    assertThat(sdk.details(key).getKeyState()).isEqualTo("2");
  }

  @Test
  @Passes({"DeleteKey", "CancelKeyDeletion"})
  void deletionIsScheduledAndCancelled() {
    String key = sdk.key();
    DeleteKeyResponse scheduled =
        sdk.kms.deleteKey(
            new DeleteKeyRequest()
                .withBody(
                    new ScheduleKeyDeletionRequestBody().withKeyId(key).withPendingDays("7")));
    assertThat(scheduled.getKeyId()).isEqualTo(key);
    assertThat(scheduled.getKeyState()).isEqualTo("4");
    Instant due = Instant.ofEpochMilli(Long.parseLong(sdk.details(key).getScheduledDeletionDate()));
    assertThat(Duration.between(Instant.now(), due))
        .isBetween(Duration.ofDays(7).minusMinutes(1), Duration.ofDays(7));

    CancelKeyDeletionResponse cancelled =
        sdk.kms.cancelKeyDeletion(new CancelKeyDeletionRequest().withBody(about(key)));
    assertThat(cancelled.getKeyId()).isEqualTo(key);
    assertThat(cancelled.getKeyState()).isEqualTo("3");
    assertThat(sdk.details(key).getScheduledDeletionDate()).isEmpty();
  }

  @Test
  @Passes({"UpdateKeyAlias", "UpdateKeyDescription"})
  void nameAndDescriptionChange() {
    String key = sdk.key();
    String name = sdk.name();
    KeyAliasInfo named =
        sdk.kms
            .updateKeyAlias(
                new UpdateKeyAliasRequest()
                    .withBody(new UpdateKeyAliasRequestBody().withKeyId(key).withKeyAlias(name)))
            .getKeyInfo();
    assertThat(named.getKeyId()).isEqualTo(key);
    assertThat(named.getKeyAlias()).isEqualTo(name);

    KeyDescriptionInfo described =
        sdk.kms
            .updateKeyDescription(
                new UpdateKeyDescriptionRequest()
                    .withBody(
                        new UpdateKeyDescriptionRequestBody()
                            .withKeyId(key)
                            .withKeyDescription("second")))
            .getKeyInfo();
    assertThat(described.getKeyId()).isEqualTo(key);
    assertThat(described.getKeyDescription()).isEqualTo("second");
    assertThat(sdk.details(key).getKeyAlias()).isEqualTo(name);
    assertThat(sdk.details(key).getKeyDescription()).isEqualTo("second");
  }

  @Test
  @Passes("ListKeys")
  void pagesHoldEveryKeyOnce() {
    List<String> made = List.of(sdk.key(), sdk.key(), sdk.key());
    List<String> listed = new ArrayList<>();
    String marker = "";
    ListKeysResponse page;
    do {
      page =
          sdk.kms.listKeys(
              new ListKeysRequest()
                  .withBody(new ListKeysRequestBody().withLimit("2").withMarker(marker)));
      assertThat(page.getKeyDetails().stream().map(KeyDetails::getKeyId).toList())
          .isEqualTo(page.getKeys());
      assertThat(page.getTotal()).isGreaterThanOrEqualTo(made.size());
      listed.addAll(page.getKeys());
      marker = page.getNextMarker();
    } while (ListKeysResponse.TruncatedEnum.TRUE.equals(page.getTruncated()));
    assertThat(page.getTruncated()).isEqualTo(ListKeysResponse.TruncatedEnum.FALSE);
    assertThat(marker).isEmpty();
    assertThat(listed).containsAll(made).doesNotHaveDuplicates().hasSize(page.getTotal());
  }

  @Test
  @Passes({"ShowUserInstances", "ShowUserQuotas"})
  void keysCountAgainstTheQuota() {
    sdk.key();
    int keys = sdk.kms.showUserInstances(new ShowUserInstancesRequest()).getInstanceNum();
    assertThat(keys).isPositive();
    List<Resources> quotas =
        sdk.kms.showUserQuotas(new ShowUserQuotasRequest()).getQuotas().getResources();
    assertThat(quotas)
        .extracting(Resources::getType)
        .containsExactly(Resources.TypeEnum.CMK, Resources.TypeEnum.GRANT_PER_CMK);
    assertThat(quotas.getFirst().getUsed()).isEqualTo(keys);
    assertThat(quotas).allSatisfy(quota -> assertThat(quota.getQuota()).isPositive());
  }

  @Test
  @Passes({
    "EnableKeyRotation",
    "UpdateKeyRotationInterval",
    "ShowKeyRotationStatus",
    "DisableKeyRotation"
  })
  void rotationIsSwitchedOnChangedAndOff() {
    String key = sdk.key();
    assertThat(rotation(key).getKeyRotationEnabled()).isFalse();
    assertThat(rotation(key).getRotationInterval()).isZero();

    sdk.kms.enableKeyRotation(new EnableKeyRotationRequest().withBody(about(key)));
    assertThat(rotation(key).getKeyRotationEnabled()).isTrue();
    assertThat(rotation(key).getRotationInterval()).isEqualTo(365);
    assertThat(rotation(key).getNumberOfRotations()).isZero();
    assertThat(sdk.details(key).getKeyRotationEnabled()).isEqualTo("true");

    sdk.kms.updateKeyRotationInterval(
        new UpdateKeyRotationIntervalRequest()
            .withBody(
                new UpdateKeyRotationIntervalRequestBody()
                    .withKeyId(key)
                    .withRotationInterval(30)));
    assertThat(rotation(key).getRotationInterval()).isEqualTo(30);

    sdk.kms.disableKeyRotation(new DisableKeyRotationRequest().withBody(about(key)));
    assertThat(rotation(key).getKeyRotationEnabled()).isFalse();
  }

  private ShowKeyRotationStatusResponse rotation(String key) {
    return sdk.kms.showKeyRotationStatus(new ShowKeyRotationStatusRequest().withBody(about(key)));
  }

  @Test
  @Passes({"ShowVersions", "ShowVersion"})
  void thereIsOneVersionOfTheApi() {
    List<ApiVersionDetail> versions = sdk.kms.showVersions(new ShowVersionsRequest()).getVersions();
    assertThat(versions).hasSize(1);
    assertThat(versions.getFirst().getId()).isEqualTo("v1.0");
    assertThat(versions.getFirst().getStatus()).isEqualTo("CURRENT");
    assertThat(versions.getFirst().getLinks().getFirst().getHref())
        .isEqualTo(sdk.server.endpoint() + "/v1.0/");

    Object one = sdk.kms.showVersion(new ShowVersionRequest().withVersionId("v1.0")).getVersion();
    assertThat(one)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("id", "v1.0");
  }

  @Test
  void aRefusalReachesTheCallerWithItsCodeAndRequestId() {
    ServiceResponseException unknown =
        Sdk.refusal(() -> sdk.details("00000000-0000-4000-8000-000000000000"));
    assertThat(unknown.getHttpStatusCode()).isEqualTo(404);
    assertThat(unknown.getErrorCode()).isEqualTo("KMS.0207");
    assertThat(unknown.getErrorMsg()).isNotEmpty();
    assertThat(unknown.getRequestId()).matches("[0-9a-f]{32}");
  }
}
