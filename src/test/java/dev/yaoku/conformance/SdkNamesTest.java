package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.kms.v2.model.ActionResources;
import com.huaweicloud.sdk.kms.v2.model.AliasEntity;
import com.huaweicloud.sdk.kms.v2.model.AssociateAliasRequest;
import com.huaweicloud.sdk.kms.v2.model.AssociateAliasRequestBody;
import com.huaweicloud.sdk.kms.v2.model.AssociateAliasResponse;
import com.huaweicloud.sdk.kms.v2.model.BatchCreateKmsTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.BatchCreateKmsTagsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CancelGrantRequest;
import com.huaweicloud.sdk.kms.v2.model.CancelSelfGrantRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateAliasRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateAliasRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateAliasResponse;
import com.huaweicloud.sdk.kms.v2.model.CreateGrantRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateGrantRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateKmsTagRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateKmsTagRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DeleteAliasRequest;
import com.huaweicloud.sdk.kms.v2.model.DeleteAliasRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DeleteTagRequest;
import com.huaweicloud.sdk.kms.v2.model.Grants;
import com.huaweicloud.sdk.kms.v2.model.ListAliasResponseBody;
import com.huaweicloud.sdk.kms.v2.model.ListAliasesRequest;
import com.huaweicloud.sdk.kms.v2.model.ListAliasesResponse;
import com.huaweicloud.sdk.kms.v2.model.ListGrantsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListGrantsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListGrantsResponse;
import com.huaweicloud.sdk.kms.v2.model.ListKmsByTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKmsByTagsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListKmsByTagsResponse;
import com.huaweicloud.sdk.kms.v2.model.ListKmsTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListRetirableGrantsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListRetirableGrantsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.RevokeGrantRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ShowKmsTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowKmsTagsResponse;
import com.huaweicloud.sdk.kms.v2.model.Tag;
import com.huaweicloud.sdk.kms.v2.model.TagItem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tags, aliases and grants through the official SDK. */
@ExtendWith(SdkExtension.class)
class SdkNamesTest {
  private final Sdk sdk;

  SdkNamesTest(Sdk sdk) {
    this.sdk = sdk;
  }

  private static TagItem tag(String key, String value) {
    return new TagItem().withKey(key).withValue(value);
  }

  private void change(String key, String action, TagItem... tags) {
    sdk.kms.batchCreateKmsTags(
        new BatchCreateKmsTagsRequest()
            .withKeyId(key)
            .withBody(
                new BatchCreateKmsTagsRequestBody().withAction(action).withTags(List.of(tags))));
  }

  @Test
  @Passes({"CreateKmsTag", "BatchCreateKmsTags", "ShowKmsTags", "DeleteTag"})
  void tagsAreAddedShownAndTakenAway() {
    String key = sdk.key();
    sdk.kms.createKmsTag(
        new CreateKmsTagRequest()
            .withKeyId(key)
            .withBody(new CreateKmsTagRequestBody().withTag(tag("a b'(x)*~!钥", "一"))));
    change(key, "create", tag("env", "prod"), tag("team", "pay"));
    change(key, "delete", tag("team", "pay"));
    ShowKmsTagsResponse shown = sdk.kms.showKmsTags(new ShowKmsTagsRequest().withKeyId(key));
    assertThat(shown.getExistTagsNum()).isEqualTo(2);
    assertThat(shown.getTags())
        .containsExactlyInAnyOrder(tag("a b'(x)*~!钥", "一"), tag("env", "prod"));

    sdk.kms.deleteTag(new DeleteTagRequest().withKeyId(key).withKey("a b'(x)*~!钥"));
    assertThat(sdk.kms.showKmsTags(new ShowKmsTagsRequest().withKeyId(key)).getTags())
        .containsExactly(tag("env", "prod"));
  }

  @Test
  @Passes({"ListKmsByTags", "ListKmsTags"})
  void keysAreFoundByTheirTags() {
    String key = sdk.key();
    String label = sdk.name();
    change(key, "create", tag(label, "x"));
    ListKmsByTagsResponse found = byTag("filter", label);
    assertThat(found.getTotalCount()).isEqualTo(1);
    ActionResources resource = found.getResources().getFirst();
    assertThat(resource.getResourceId()).isEqualTo(key);
    assertThat(resource.getResourceName()).isEqualTo(sdk.details(key).getKeyAlias());
    assertThat(resource.getResourceDetail()).isEqualTo(sdk.details(key));
    assertThat(resource.getTags()).containsExactly(tag(label, "x"));
    assertThat(byTag("count", label).getTotalCount()).isEqualTo(1);

    assertThat(sdk.kms.listKmsTags(new ListKmsTagsRequest()).getTags())
        .contains(new Tag().withKey(label).withValues(List.of("x")));
  }

  private ListKmsByTagsResponse byTag(String action, String key) {
    return sdk.kms.listKmsByTags(
        new ListKmsByTagsRequest()
            .withResourceInstances("resource_instances")
            .withBody(
                new ListKmsByTagsRequestBody()
                    .withAction(action)
                    .withLimit("100")
                    .withOffset("0")
                    .withTags(List.of(new Tag().withKey(key).withValues(List.of("x"))))));
  }

  @Test
  @Passes({"CreateAlias", "ListAliases", "AssociateAlias", "DeleteAlias"})
  void anAliasIsMadeListedMovedAndDeleted() {
    String first = sdk.key();
    String second = sdk.key();
    String alias = "alias/" + sdk.name();
    CreateAliasResponse made =
        sdk.kms.createAlias(
            new CreateAliasRequest()
                .withBody(new CreateAliasRequestBody().withKeyId(first).withAlias(alias)));
    assertThat(made.getKeyId()).isEqualTo(first);
    assertThat(made.getAlias()).isEqualTo(alias);
    assertThat(made.getDomainId()).isEqualTo(sdk.server.known("domain_id"));
    assertThat(made.getAliasUrn())
        .isEqualTo(
            "kms:"
                + sdk.server.known("region")
                + ":"
                + made.getDomainId()
                + ":alias:"
                + alias.substring("alias/".length()));
    assertThat(made.getCreateTime()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(made.getUpdateTime()).isEqualTo(made.getCreateTime());

    ListAliasResponseBody page = aliases(first);
    assertThat(page.getPageInfo().getCurrentCount()).isEqualTo(1);
    assertThat(page.getPageInfo().getNextMarker()).isEmpty();
    assertThat(page.getAliases()).extracting(AliasEntity::getAlias).containsExactly(alias);

    AssociateAliasResponse moved =
        sdk.kms.associateAlias(
            new AssociateAliasRequest()
                .withBody(
                    new AssociateAliasRequestBody().withAlias(alias).withTargetKeyId(second)));
    assertThat(moved.getKeyId()).isEqualTo(second);
    assertThat(sdk.details(alias).getKeyId()).isEqualTo(second);

    sdk.kms.deleteAlias(
        new DeleteAliasRequest()
            .withBody(new DeleteAliasRequestBody().withKeyId(second).withAliases(List.of(alias))));
    assertThat(aliases(second).getAliases()).isEmpty();
  }

  private ListAliasResponseBody aliases(String key) {
    ListAliasesResponse answer = sdk.kms.listAliases(new ListAliasesRequest().withKeyId(key));
    assertThat(answer.getBody()).hasSize(1);
    return answer.getBody().getFirst();
  }

  private String grant(String key, String... operations) {
    String user = sdk.server.known("user_id");
    return sdk.kms
        .createGrant(
            new CreateGrantRequest()
                .withBody(
                    new CreateGrantRequestBody()
                        .withKeyId(key)
                        .withGranteePrincipal(user)
                        .withGranteePrincipalType(
                            CreateGrantRequestBody.GranteePrincipalTypeEnum.USER)
                        .withRetiringPrincipal(user)
                        .withName("for-orders")
                        .withOperations(List.of(operations))))
        .getGrantId();
  }

  private List<Grants> grants(String key) {
    ListGrantsResponse page =
        sdk.kms.listGrants(
            new ListGrantsRequest().withBody(new ListGrantsRequestBody().withKeyId(key)));
    assertThat(page.getTotal()).isEqualTo(page.getGrants().size());
    assertThat(page.getNextMarker()).isEmpty();
    assertThat(page.getTruncated()).isEqualTo(ListGrantsResponse.TruncatedEnum.FALSE);
    return page.getGrants();
  }

  @Test
  @Passes({"CreateGrant", "ListGrants", "CancelGrant"})
  void aGrantIsMadeListedAndRevoked() {
    String key = sdk.key();
    String id = grant(key, "describe-key", "encrypt-data");
    assertThat(id).matches("[0-9a-f]{64}");
    Grants listed = grants(key).getFirst();
    assertThat(listed.getKeyId()).isEqualTo(key);
    assertThat(listed.getGrantId()).isEqualTo(id);
    assertThat(listed.getGranteePrincipal()).isEqualTo(sdk.server.known("user_id"));
    assertThat(listed.getGranteePrincipalType()).isEqualTo(Grants.GranteePrincipalTypeEnum.USER);
    assertThat(listed.getOperations()).containsExactlyInAnyOrder("describe-key", "encrypt-data");
    assertThat(listed.getIssuingPrincipal()).isEqualTo(sdk.server.known("user_id"));
    assertThat(listed.getCreationDate()).matches("[0-9]{13}");
    assertThat(listed.getName()).isEqualTo("for-orders");
    assertThat(listed.getRetiringPrincipal()).isEqualTo(sdk.server.known("user_id"));

    sdk.kms.cancelGrant(
        new CancelGrantRequest()
            .withBody(new RevokeGrantRequestBody().withKeyId(key).withGrantId(id)));
    assertThat(grants(key)).isEmpty();
  }

  @Test
  @Passes({"ListRetirableGrants", "CancelSelfGrant"})
  void aGrantIsRetired() {
    String key = sdk.key();
    String id = grant(key, "describe-key");
    assertThat(
            sdk.kms
                .listRetirableGrants(
                    new ListRetirableGrantsRequest()
                        .withBody(new ListRetirableGrantsRequestBody().withLimit("100")))
                .getGrants())
        .extracting(Grants::getGrantId)
        .contains(id);
    sdk.kms.cancelSelfGrant(
        new CancelSelfGrantRequest()
            .withBody(new RevokeGrantRequestBody().withKeyId(key).withGrantId(id)));
    assertThat(grants(key)).isEmpty();
  }
}
