package dev.yaoku.conformance;

import static dev.yaoku.conformance.IamSdk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.iam.v3.model.*;
import com.huaweicloud.sdk.iam.v3.model.AgencyPolicy;
import com.huaweicloud.sdk.iam.v3.model.AgencyPolicyResource;
import com.huaweicloud.sdk.iam.v3.model.AgencyPolicyRoleOption;
import com.huaweicloud.sdk.iam.v3.model.AgencyPolicyRoleResult;
import com.huaweicloud.sdk.iam.v3.model.AgencyPolicyStatement;
import com.huaweicloud.sdk.iam.v3.model.CreateAgencyCustomPolicyRequest;
import com.huaweicloud.sdk.iam.v3.model.CreateAgencyCustomPolicyRequestBody;
import com.huaweicloud.sdk.iam.v3.model.UpdateAgencyCustomPolicyRequest;
import com.huaweicloud.sdk.iam.v3.model.UpdateAgencyCustomPolicyRequestBody;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequestBody;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies, and who holds them, by the official IAM SDK. */
class IamSdkPoliciesTest {
  @TempDir static Path folder;
  private static IamSdk sdk;

  @BeforeAll
  static void start() throws IOException {
    sdk = new IamSdk(folder);
  }

  @AfterAll
  static void stop() {
    sdk.close();
  }

  private static ServicePolicyRoleResult policy(String name, String action) {
    return sdk.iam
        .createCloudServiceCustomPolicy(
            new CreateCloudServiceCustomPolicyRequest()
                .withBody(
                    new CreateCloudServiceCustomPolicyRequestBody()
                        .withRole(
                            new ServicePolicyRoleOption()
                                .withDisplayName(name)
                                .withType("XA")
                                .withDescription("of " + name)
                                .withPolicy(
                                    new ServicePolicy()
                                        .withVersion("1.1")
                                        .withStatement(
                                            List.of(
                                                new ServiceStatement()
                                                    .withEffect(ServiceStatement.EffectEnum.ALLOW)
                                                    .withAction(List.of(action))))))))
        .getRole();
  }

  @Test
  void aPolicyIsWrittenListedAndRemoved() {
    ServicePolicyRoleResult made = policy("Listing", "kms:cmk:list");
    assertThat(made.getDomainId()).isEqualTo(sdk.domain);
    assertThat(made.getPolicy().getStatement().getFirst().getAction())
        .containsExactly("kms:cmk:list");
    ListCustomPoliciesResponse all = sdk.iam.listCustomPolicies(new ListCustomPoliciesRequest());
    assertThat(all.getRoles()).extracting(ListPolicyRoleResult::getId).contains(made.getId());
    assertThat(all.getTotalNumber()).isEqualTo(all.getRoles().size());
    ShowPolicyRoleResult shown =
        sdk.iam.showCustomPolicy(new ShowCustomPolicyRequest().withRoleId(made.getId())).getRole();
    assertThat(shown.getDisplayName()).isEqualTo("Listing");
    sdk.iam.deleteCustomPolicy(new DeleteCustomPolicyRequest().withRoleId(made.getId()));
    assertThat(
            refused(() ->
                    sdk.iam.showCustomPolicy(
                        new ShowCustomPolicyRequest().withRoleId(made.getId())))
                .getErrorCode())
        .isEqualTo("IAM.0004");
  }

  @Test
  void aPolicyThatMeansNothingIsRefused() {
    ServiceResponseException bad = refused(() -> policy("Bad", "not an action"));
    assertThat(bad.getHttpStatusCode()).isEqualTo(400);
    assertThat(bad.getErrorMsg()).contains("Statement[0].Action[0]");
  }

  @Test
  void thePoliciesOfEveryAccountAreListed() {
    KeystoneListPermissionsResponse found =
        sdk.iam.keystoneListPermissions(
            new KeystoneListPermissionsRequest().withDisplayName("KMS CMKReadOnlyAccess"));
    assertThat(found.getRoles()).hasSize(1);
    RoleResult role = found.getRoles().getFirst();
    assertThat(role.getId()).isEqualTo("system_all_39");
    assertThat(role.getPolicy().getVersion()).isEqualTo("1.1");
    assertThat(role.getPolicy().getStatement().getFirst().getAction()).contains("kms:cmk:list");
    assertThat(
            sdk.iam
                .keystoneShowPermission(
                    new KeystoneShowPermissionRequest().withRoleId("system_all_39"))
                .getRole()
                .getDisplayName())
        .isEqualTo("KMS CMKReadOnlyAccess");
  }

  @Test
  void whatAGroupHoldsItsMembersMayDoWithTheOtherSdk() {
    String user = sdk.user("reader").getId();
    String group = sdk.group("readers").getId();
    sdk.iam.keystoneAddUserToGroup(
        new KeystoneAddUserToGroupRequest().withGroupId(group).withUserId(user));
    CreateCredentialResult key = sdk.key(user);
    KmsClient kms =
        KmsClient.newBuilder()
            .withCredential(
                new BasicCredentials()
                    .withAk(key.getAccess())
                    .withSk(key.getSecret())
                    .withProjectId(sdk.server.known("project_id")))
            .withEndpoints(List.of(sdk.server.endpoint()))
            .build();
    ListKeysRequest list = new ListKeysRequest().withBody(new ListKeysRequestBody());
    assertThat(refused(() -> kms.listKeys(list)).getErrorCode()).isEqualTo("KMS.0307");

    String project = sdk.server.known("project_id");
    sdk.iam.keystoneAssociateGroupWithProjectPermission(
        new KeystoneAssociateGroupWithProjectPermissionRequest()
            .withProjectId(project)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(kms.listKeys(list).getHttpStatusCode()).isEqualTo(200);
    assertThat(
            sdk.iam
                .keystoneListProjectPermissionsForGroup(
                    new KeystoneListProjectPermissionsForGroupRequest()
                        .withProjectId(project)
                        .withGroupId(group))
                .getRoles())
        .extracting(RoleResult::getId)
        .containsExactly("system_all_39");
    assertThat(
            sdk.iam
                .keystoneCheckProjectPermissionForGroup(
                    new KeystoneCheckProjectPermissionForGroupRequest()
                        .withProjectId(project)
                        .withGroupId(group)
                        .withRoleId("system_all_39"))
                .getHttpStatusCode())
        .isEqualTo(204);

    sdk.iam.keystoneRemoveProjectPermissionFromGroup(
        new KeystoneRemoveProjectPermissionFromGroupRequest()
            .withProjectId(project)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(refused(() -> kms.listKeys(list)).getErrorCode()).isEqualTo("KMS.0307");

    sdk.iam.updateDomainGroupInheritRole(
        new UpdateDomainGroupInheritRoleRequest()
            .withDomainId(sdk.domain)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(kms.listKeys(list).getHttpStatusCode()).isEqualTo(200);
    sdk.iam.deleteDomainGroupInheritedRole(
        new DeleteDomainGroupInheritedRoleRequest()
            .withDomainId(sdk.domain)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(refused(() -> kms.listKeys(list)).getErrorCode()).isEqualTo("KMS.0307");
  }

  @Test
  void aPolicyNamesTheAgenciesThatMayBeAssumed() {
    AgencyPolicyRoleResult made =
        sdk.iam
            .createAgencyCustomPolicy(
                new CreateAgencyCustomPolicyRequest()
                    .withBody(
                        new CreateAgencyCustomPolicyRequestBody()
                            .withRole(
                                agencyPolicy("one agency", "0123456789abcdef0123456789abcdef"))))
            .getRole();
    assertThat(uris(made)).containsExactly("/iam/agencies/0123456789abcdef0123456789abcdef");
    String other = "fedcba9876543210fedcba9876543210";
    AgencyPolicyRoleResult changed =
        sdk.iam
            .updateAgencyCustomPolicy(
                new UpdateAgencyCustomPolicyRequest()
                    .withRoleId(made.getId())
                    .withBody(
                        new UpdateAgencyCustomPolicyRequestBody()
                            .withRole(agencyPolicy("another", other))))
            .getRole();
    assertThat(changed.getDisplayName()).isEqualTo("another");
    assertThat(uris(changed)).containsExactly("/iam/agencies/" + other);
    sdk.iam.deleteCustomPolicy(new DeleteCustomPolicyRequest().withRoleId(made.getId()));
  }

  private static AgencyPolicyRoleOption agencyPolicy(String name, String agency) {
    return new AgencyPolicyRoleOption()
        .withDisplayName(name)
        .withType("AX")
        .withDescription("")
        .withPolicy(
            new AgencyPolicy()
                .withVersion("1.1")
                .addStatementItem(
                    new AgencyPolicyStatement()
                        .withEffect(AgencyPolicyStatement.EffectEnum.ALLOW)
                        .addActionItem(AgencyPolicyStatement.ActionEnum.IAM_AGENCIES_ASSUME)
                        .withResource(
                            new AgencyPolicyResource().addUriItem("/iam/agencies/" + agency))));
  }

  private static List<String> uris(AgencyPolicyRoleResult policy) {
    return policy.getPolicy().getStatement().getFirst().getResource().getUri();
  }
}
