package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.iam.v3.IamClient;
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
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequestBody;
import dev.yaoku.server.LiveServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official IAM SDK for Java, unmodified, manages the identities of a whole server. */
class SdkIdentityTest {
  static {
    System.setProperty("org.slf4j.simpleLogger.log.HuaweiCloud-SDK-Access", "warn");
  }

  @TempDir static Path folder;
  private static LiveServer server;
  private static IamClient iam;
  private static String domain;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    domain = server.known("domain_id");
    iam =
        IamClient.newBuilder()
            .withCredential(
                new GlobalCredentials()
                    .withAk(server.known("ak"))
                    .withSk(server.known("sk"))
                    .withDomainId(domain))
            .withEndpoints(List.of(server.endpoint()))
            .build();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static KeystoneCreateUserResult user(String name) {
    return iam.keystoneCreateUser(
            new KeystoneCreateUserRequest()
                .withBody(
                    new KeystoneCreateUserRequestBody()
                        .withUser(
                            new KeystoneCreateUserOption()
                                .withName(name)
                                .withDomainId(domain)
                                .withPassword("Correct-Horse-1")
                                .withDescription("of " + name)
                                .withEnabled(true))))
        .getUser();
  }

  private static KeystoneGroupResultWithLinksSelf group(String name) {
    return iam.keystoneCreateGroup(
            new KeystoneCreateGroupRequest()
                .withBody(
                    new KeystoneCreateGroupRequestBody()
                        .withGroup(
                            new KeystoneCreateGroupOption()
                                .withName(name)
                                .withDescription("of " + name))))
        .getGroup();
  }

  private static ServiceResponseException refused(ThrowingCallable call) {
    ServiceResponseException e = catchThrowableOfType(ServiceResponseException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.getRequestId()).hasSize(32);
    return e;
  }

  @Test
  void aUserIsMadeShownChangedAndRemoved() {
    KeystoneCreateUserResult made = user("ursula");
    assertThat(made.getId()).hasSize(32);
    assertThat(made.getDomainId()).isEqualTo(domain);
    assertThat(made.getEnabled()).isTrue();
    assertThat(made.getLinks().getSelf()).endsWith("/v3/users/" + made.getId());

    KeystoneShowUserResult shown =
        iam.keystoneShowUser(new KeystoneShowUserRequest().withUserId(made.getId())).getUser();
    assertThat(shown.getName()).isEqualTo("ursula");
    assertThat(shown.getDescription()).isEqualTo("of ursula");
    assertThat(iam.keystoneListUsers(new KeystoneListUsersRequest().withName("ursula")).getUsers())
        .extracting(KeystoneListUsersResult::getId)
        .containsExactly(made.getId());

    KeystoneUpdateUserByAdminResult changed =
        iam.keystoneUpdateUserByAdmin(
                new KeystoneUpdateUserByAdminRequest()
                    .withUserId(made.getId())
                    .withBody(
                        new KeystoneUpdateUserByAdminRequestBody()
                            .withUser(new KeystoneUpdateUserOption().withEnabled(false))))
            .getUser();
    assertThat(changed.getEnabled()).isFalse();
    assertThat(changed.getName()).isEqualTo("ursula");

    iam.keystoneDeleteUser(new KeystoneDeleteUserRequest().withUserId(made.getId()));
    ServiceResponseException gone =
        refused(() -> iam.keystoneShowUser(new KeystoneShowUserRequest().withUserId(made.getId())));
    assertThat(gone.getHttpStatusCode()).isEqualTo(404);
    assertThat(gone.getErrorCode()).isEqualTo("404");
  }

  @Test
  void aUserIsManagedWithAllThatIsKeptOfIt() {
    CreateUserResult made =
        iam.createUser(
                new CreateUserRequest()
                    .withBody(
                        new CreateUserRequestBody()
                            .withUser(
                                new CreateUserOption()
                                    .withName("ulrike")
                                    .withDomainId(domain)
                                    .withPassword("Correct-Horse-1")
                                    .withAreacode("0086")
                                    .withPhone("123456789")
                                    .withPwdStatus(false)
                                    .withXuserId("u-1")
                                    .withXuserType("TenantIdp"))))
            .getUser();
    assertThat(made.getDomainId()).isEqualTo(domain);
    assertThat(made.getPwdStatus()).isFalse();

    iam.updateUser(
        new UpdateUserRequest()
            .withUserId(made.getId())
            .withBody(
                new UpdateUserRequestBody()
                    .withUser(new UpdateUserOption().withAccessMode("programmatic"))));
    ShowUserResult shown = iam.showUser(new ShowUserRequest().withUserId(made.getId())).getUser();
    assertThat(shown.getName()).isEqualTo("ulrike");
    assertThat(shown.getAreacode()).isEqualTo("0086");
    assertThat(shown.getPhone()).isEqualTo("123456789");
    assertThat(shown.getPwdStatus()).isFalse();
    assertThat(shown.getAccessMode()).isEqualTo("programmatic");
    assertThat(shown.getXuserId()).isEqualTo("u-1");
    assertThat(shown.getXuserType()).isEqualTo("TenantIdp");
    assertThat(shown.getIsDomainOwner()).isFalse();
    assertThat(shown.getLinks().getSelf()).endsWith("/v3.0/OS-USER/users/" + made.getId());
  }

  @Test
  void aUserChangesTheOwnContact() {
    String self = server.known("user_id");
    UpdateUserInformationResponse changed =
        iam.updateUserInformation(
            new UpdateUserInformationRequest()
                .withUserId(self)
                .withBody(
                    new UpdateUserInformationRequestBody()
                        .withUser(
                            new UpdateUserInformationOption()
                                .withEmail("admin@example.com")
                                .withMobile("0086-987654321"))));
    assertThat(changed.getHttpStatusCode()).isEqualTo(204);
    ShowUserResult shown = iam.showUser(new ShowUserRequest().withUserId("self")).getUser();
    assertThat(shown.getId()).isEqualTo(self);
    assertThat(shown.getEmail()).isEqualTo("admin@example.com");
    assertThat(shown.getPhone()).isEqualTo("987654321");
  }

  @Test
  void aLoginIsProtectedByNoSecondFactor() {
    String user = user("upton").getId();
    LoginProtectResult shown =
        iam.showUserLoginProtect(new ShowUserLoginProtectRequest().withUserId(user))
            .getLoginProtect();
    assertThat(shown.getEnabled()).isFalse();
    assertThat(shown.getVerificationMethod()).isEqualTo("none");
    assertThat(iam.listUserLoginProtects(new ListUserLoginProtectsRequest()).getLoginProtects())
        .contains(shown);
    assertThat(iam.updateLoginProtect(protect(user, false)).getLoginProtect().getUserId())
        .isEqualTo(user);
    assertThat(refused(() -> iam.updateLoginProtect(protect(user, true))).getErrorMsg())
        .contains("no second factor");
  }

  private static UpdateLoginProtectRequest protect(String user, boolean enabled) {
    return new UpdateLoginProtectRequest()
        .withUserId(user)
        .withBody(
            new UpdateLoginProjectReq()
                .withLoginProtect(
                    new UpdateLoginProject().withEnabled(enabled).withVerificationMethod("sms")));
  }

  @Test
  void aNameIsTakenOnce() {
    user("twice");
    ServiceResponseException taken = refused(() -> user("twice"));
    assertThat(taken.getHttpStatusCode()).isEqualTo(409);
  }

  @Test
  void aUserIsPutIntoAGroupAndTakenOut() {
    String user = user("member").getId();
    KeystoneGroupResultWithLinksSelf group = group("team");
    assertThat(group.getCreateTime()).isPositive();

    iam.keystoneAddUserToGroup(
        new KeystoneAddUserToGroupRequest().withGroupId(group.getId()).withUserId(user));
    assertThat(
            iam.keystoneListUsersForGroupByAdmin(
                    new KeystoneListUsersForGroupByAdminRequest().withGroupId(group.getId()))
                .getUsers())
        .extracting(KeystoneUserResult::getName)
        .containsExactly("member");
    assertThat(
            iam.keystoneListGroupsForUser(new KeystoneListGroupsForUserRequest().withUserId(user))
                .getGroups())
        .extracting(KeystoneGroupResult::getId)
        .containsExactly(group.getId());
    KeystoneCheckUserInGroupRequest check =
        new KeystoneCheckUserInGroupRequest().withGroupId(group.getId()).withUserId(user);
    assertThat(iam.keystoneCheckUserInGroup(check).getHttpStatusCode()).isEqualTo(204);

    iam.keystoneRemoveUserFromGroup(
        new KeystoneRemoveUserFromGroupRequest().withGroupId(group.getId()).withUserId(user));
    // An answer without a body tells the SDK its status and nothing else.
    assertThat(
            catchThrowableOfType(
                    ServiceResponseException.class, () -> iam.keystoneCheckUserInGroup(check))
                .getHttpStatusCode())
        .isEqualTo(404);

    assertThat(
            iam.keystoneUpdateGroup(
                    new KeystoneUpdateGroupRequest()
                        .withGroupId(group.getId())
                        .withBody(
                            new KeystoneUpdateGroupRequestBody()
                                .withGroup(new KeystoneUpdateGroupOption().withName("band"))))
                .getGroup()
                .getName())
        .isEqualTo("band");
    iam.keystoneDeleteGroup(new KeystoneDeleteGroupRequest().withGroupId(group.getId()));
    assertThat(iam.keystoneListGroups(new KeystoneListGroupsRequest().withName("band")).getGroups())
        .isEmpty();
  }

  @Test
  void anAccessKeyIsShownOnceAndThereAreTwoAtMost() {
    String user = user("keyholder").getId();
    CreateCredentialResult first = key(user);
    assertThat(first.getAccess()).hasSize(20);
    assertThat(first.getSecret()).hasSize(40);
    assertThat(first.getStatus()).isEqualTo("active");
    key(user);
    assertThat(refused(() -> key(user)).getHttpStatusCode()).isEqualTo(409);

    ShowCredential shown =
        iam.showPermanentAccessKey(
                new ShowPermanentAccessKeyRequest().withAccessKey(first.getAccess()))
            .getCredential();
    assertThat(shown.getUserId()).isEqualTo(user);
    assertThat(shown.getLastUseTime()).isNull();
    assertThat(
            iam.listPermanentAccessKeys(new ListPermanentAccessKeysRequest().withUserId(user))
                .getCredentials())
        .hasSize(2);

    UpdateCredentialResult changed =
        iam.updatePermanentAccessKey(
                new UpdatePermanentAccessKeyRequest()
                    .withAccessKey(first.getAccess())
                    .withBody(
                        new UpdatePermanentAccessKeyRequestBody()
                            .withCredential(
                                new UpdateCredentialOption()
                                    .withStatus(UpdateCredentialOption.StatusEnum.INACTIVE))))
            .getCredential();
    assertThat(changed.getStatus()).isEqualTo("inactive");
    iam.deletePermanentAccessKey(
        new DeletePermanentAccessKeyRequest().withAccessKey(first.getAccess()));
    ServiceResponseException gone =
        refused(() ->
            iam.showPermanentAccessKey(
                new ShowPermanentAccessKeyRequest().withAccessKey(first.getAccess())));
    assertThat(gone.getHttpStatusCode()).isEqualTo(404);
    assertThat(gone.getErrorCode()).isEqualTo("IAM.0004");
  }

  private static CreateCredentialResult key(String user) {
    return iam.createPermanentAccessKey(
            new CreatePermanentAccessKeyRequest()
                .withBody(
                    new CreatePermanentAccessKeyRequestBody()
                        .withCredential(
                            new CreateCredentialOption()
                                .withUserId(user)
                                .withDescription("for tests"))))
        .getCredential();
  }

  private static ServicePolicyRoleResult policy(String name, String action) {
    return iam.createCloudServiceCustomPolicy(
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
    assertThat(made.getDomainId()).isEqualTo(domain);
    assertThat(made.getPolicy().getStatement().getFirst().getAction())
        .containsExactly("kms:cmk:list");
    ListCustomPoliciesResponse all = iam.listCustomPolicies(new ListCustomPoliciesRequest());
    assertThat(all.getRoles()).extracting(ListPolicyRoleResult::getId).contains(made.getId());
    assertThat(all.getTotalNumber()).isEqualTo(all.getRoles().size());
    ShowPolicyRoleResult shown =
        iam.showCustomPolicy(new ShowCustomPolicyRequest().withRoleId(made.getId())).getRole();
    assertThat(shown.getDisplayName()).isEqualTo("Listing");
    iam.deleteCustomPolicy(new DeleteCustomPolicyRequest().withRoleId(made.getId()));
    assertThat(
            refused(() ->
                    iam.showCustomPolicy(new ShowCustomPolicyRequest().withRoleId(made.getId())))
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
        iam.keystoneListPermissions(
            new KeystoneListPermissionsRequest().withDisplayName("KMS CMKReadOnlyAccess"));
    assertThat(found.getRoles()).hasSize(1);
    RoleResult role = found.getRoles().getFirst();
    assertThat(role.getId()).isEqualTo("system_all_39");
    assertThat(role.getPolicy().getVersion()).isEqualTo("1.1");
    assertThat(role.getPolicy().getStatement().getFirst().getAction()).contains("kms:cmk:list");
    assertThat(
            iam.keystoneShowPermission(
                    new KeystoneShowPermissionRequest().withRoleId("system_all_39"))
                .getRole()
                .getDisplayName())
        .isEqualTo("KMS CMKReadOnlyAccess");
  }

  @Test
  void whatAGroupHoldsItsMembersMayDoWithTheOtherSdk() {
    String user = user("reader").getId();
    String group = group("readers").getId();
    iam.keystoneAddUserToGroup(
        new KeystoneAddUserToGroupRequest().withGroupId(group).withUserId(user));
    CreateCredentialResult key = key(user);
    KmsClient kms =
        KmsClient.newBuilder()
            .withCredential(
                new BasicCredentials()
                    .withAk(key.getAccess())
                    .withSk(key.getSecret())
                    .withProjectId(server.known("project_id")))
            .withEndpoints(List.of(server.endpoint()))
            .build();
    ListKeysRequest list = new ListKeysRequest().withBody(new ListKeysRequestBody());
    assertThat(refused(() -> kms.listKeys(list)).getErrorCode()).isEqualTo("KMS.0307");

    String project = server.known("project_id");
    iam.keystoneAssociateGroupWithProjectPermission(
        new KeystoneAssociateGroupWithProjectPermissionRequest()
            .withProjectId(project)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(kms.listKeys(list).getHttpStatusCode()).isEqualTo(200);
    assertThat(
            iam.keystoneListProjectPermissionsForGroup(
                    new KeystoneListProjectPermissionsForGroupRequest()
                        .withProjectId(project)
                        .withGroupId(group))
                .getRoles())
        .extracting(RoleResult::getId)
        .containsExactly("system_all_39");
    assertThat(
            iam.keystoneCheckProjectPermissionForGroup(
                    new KeystoneCheckProjectPermissionForGroupRequest()
                        .withProjectId(project)
                        .withGroupId(group)
                        .withRoleId("system_all_39"))
                .getHttpStatusCode())
        .isEqualTo(204);

    iam.keystoneRemoveProjectPermissionFromGroup(
        new KeystoneRemoveProjectPermissionFromGroupRequest()
            .withProjectId(project)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(refused(() -> kms.listKeys(list)).getErrorCode()).isEqualTo("KMS.0307");

    iam.updateDomainGroupInheritRole(
        new UpdateDomainGroupInheritRoleRequest()
            .withDomainId(domain)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(kms.listKeys(list).getHttpStatusCode()).isEqualTo(200);
    iam.deleteDomainGroupInheritedRole(
        new DeleteDomainGroupInheritedRoleRequest()
            .withDomainId(domain)
            .withGroupId(group)
            .withRoleId("system_all_39"));
    assertThat(refused(() -> kms.listKeys(list)).getErrorCode()).isEqualTo("KMS.0307");
  }

  @Test
  void anAgencyIsMadeAndHoldsAPolicy() {
    AgencyCreateResult made =
        iam.createAgency(
                new CreateAgencyRequest()
                    .withBody(
                        new CreateAgencyRequestBody()
                            .withAgency(
                                new CreateAgencyOption()
                                    .withName("helpers")
                                    .withDomainId(domain)
                                    .withTrustDomainId(domain)
                                    .withDuration("ONEDAY"))))
            .getAgency();
    assertThat(made.getTrustDomainId()).isEqualTo(domain);
    assertThat(made.getExpireTime()).isNotNull();

    AssociateAgencyWithProjectPermissionRequest give =
        new AssociateAgencyWithProjectPermissionRequest()
            .withProjectId(server.known("project_id"))
            .withAgencyId(made.getId())
            .withRoleId("kms_adm");
    assertThat(iam.associateAgencyWithProjectPermission(give).getHttpStatusCode()).isEqualTo(204);
    assertThat(
            iam.listProjectPermissionsForAgency(
                    new ListProjectPermissionsForAgencyRequest()
                        .withProjectId(server.known("project_id"))
                        .withAgencyId(made.getId()))
                .getRoles())
        .extracting(RoleResult::getDisplayName)
        .containsExactly("KMS Administrator");
    assertThat(iam.listAgencies(new ListAgenciesRequest().withDomainId(domain)).getAgencies())
        .extracting(AgencyListResult::getName)
        .contains("helpers");
    assertThat(
            iam.updateAgency(
                    new UpdateAgencyRequest()
                        .withAgencyId(made.getId())
                        .withBody(
                            new UpdateAgencyRequestBody()
                                .withAgency(new UpdateAgencyOption().withDuration("FOREVER"))))
                .getAgency()
                .getExpireTime())
        .isNull();
    iam.deleteAgency(new DeleteAgencyRequest().withAgencyId(made.getId()));
    assertThat(
            refused(() -> iam.showAgency(new ShowAgencyRequest().withAgencyId(made.getId())))
                .getErrorCode())
        .isEqualTo("IAM.0004");
  }

  @Test
  void aPolicyNamesTheAgenciesThatMayBeAssumed() {
    AgencyPolicyRoleResult made =
        iam.createAgencyCustomPolicy(
                new CreateAgencyCustomPolicyRequest()
                    .withBody(
                        new CreateAgencyCustomPolicyRequestBody()
                            .withRole(
                                agencyPolicy("one agency", "0123456789abcdef0123456789abcdef"))))
            .getRole();
    assertThat(uris(made)).containsExactly("/iam/agencies/0123456789abcdef0123456789abcdef");
    String other = "fedcba9876543210fedcba9876543210";
    AgencyPolicyRoleResult changed =
        iam.updateAgencyCustomPolicy(
                new UpdateAgencyCustomPolicyRequest()
                    .withRoleId(made.getId())
                    .withBody(
                        new UpdateAgencyCustomPolicyRequestBody()
                            .withRole(agencyPolicy("another", other))))
            .getRole();
    assertThat(changed.getDisplayName()).isEqualTo("another");
    assertThat(uris(changed)).containsExactly("/iam/agencies/" + other);
    iam.deleteCustomPolicy(new DeleteCustomPolicyRequest().withRoleId(made.getId()));
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

  @Test
  void aProjectIsMadeAndDescribed() {
    String name = server.known("project_name") + "_annex";
    AuthProjectResult made =
        iam.keystoneCreateProject(
                new KeystoneCreateProjectRequest()
                    .withBody(
                        new KeystoneCreateProjectRequestBody()
                            .withProject(
                                new KeystoneCreateProjectOption()
                                    .withName(name)
                                    .withParentId(server.known("project_id"))
                                    .withDescription("more room"))))
            .getProject();
    assertThat(made.getEnabled()).isTrue();
    assertThat(made.getIsDomain()).isFalse();
    assertThat(
            iam.keystoneListProjects(new KeystoneListProjectsRequest().withName(name))
                .getProjects())
        .hasSize(1);
    assertThat(
            iam.keystoneUpdateProject(
                    new KeystoneUpdateProjectRequest()
                        .withProjectId(made.getId())
                        .withBody(
                            new KeystoneUpdateProjectRequestBody()
                                .withProject(
                                    new KeystoneUpdateProjectOption().withDescription("less"))))
                .getProject()
                .getDescription())
        .isEqualTo("less");
    assertThat(
            iam.keystoneShowProject(new KeystoneShowProjectRequest().withProjectId(made.getId()))
                .getProject()
                .getName())
        .isEqualTo(name);
  }

  // Temporary credentials

  private static KmsClient kms(Credential credential, String project) {
    return KmsClient.newBuilder()
        .withCredential(
            new BasicCredentials()
                .withAk(credential.getAccess())
                .withSk(credential.getSecret())
                .withSecurityToken(credential.getSecuritytoken())
                .withProjectId(project))
        .withEndpoints(List.of(server.endpoint()))
        .build();
  }

  private static final ListKeysRequest ALL_KEYS =
      new ListKeysRequest().withBody(new ListKeysRequestBody());

  @Test
  void aTemporaryAccessKeyIsMadeAndUsedWithTheOtherSdk() {
    Credential made =
        iam.createTemporaryAccessKeyByToken(
                new CreateTemporaryAccessKeyByTokenRequest()
                    .withBody(
                        new CreateTemporaryAccessKeyByTokenRequestBody()
                            .withAuth(
                                new TokenAuth()
                                    .withIdentity(
                                        new TokenAuthIdentity()
                                            .withMethods(
                                                List.of(TokenAuthIdentity.MethodsEnum.TOKEN))
                                            .withToken(new IdentityToken().withDurationSeconds(900))
                                            .withPolicy(
                                                new ServicePolicy()
                                                    .withVersion("1.1")
                                                    .withStatement(
                                                        List.of(
                                                            new ServiceStatement()
                                                                .withEffect(
                                                                    ServiceStatement.EffectEnum
                                                                        .ALLOW)
                                                                .withAction(
                                                                    List.of("kms:cmk:list")))))))))
            .getCredential();
    assertThat(made.getAccess()).hasSize(20);
    assertThat(made.getExpiresAt()).endsWith("000Z");

    KmsClient kms = kms(made, server.known("project_id"));
    assertThat(kms.listKeys(ALL_KEYS).getHttpStatusCode()).isEqualTo(200);
    assertThat(
            refused(() ->
                    kms.createRandom(
                        new CreateRandomRequest()
                            .withBody(new GenRandomRequestBody().withRandomDataLength("128"))))
                .getErrorCode())
        .isEqualTo("KMS.0307");
    assertThat(
            refused(() ->
                    kms(
                            made.withSecuritytoken("yks1_" + "A".repeat(43)),
                            server.known("project_id"))
                        .listKeys(ALL_KEYS))
                .getHttpStatusCode())
        .isEqualTo(401);
  }

  private static String helpers(String name) {
    String agency =
        iam.createAgency(
                new CreateAgencyRequest()
                    .withBody(
                        new CreateAgencyRequestBody()
                            .withAgency(
                                new CreateAgencyOption()
                                    .withName(name)
                                    .withDomainId(domain)
                                    .withTrustDomainId(domain))))
            .getAgency()
            .getId();
    iam.associateAgencyWithProjectPermission(
        new AssociateAgencyWithProjectPermissionRequest()
            .withProjectId(server.known("project_id"))
            .withAgencyId(agency)
            .withRoleId("system_all_39"));
    return agency;
  }

  @Test
  void aTemporaryAccessKeyOfAnAgencyIsMadeAndEndsWithIt() {
    String agency = helpers("night-shift");
    CreateTemporaryAccessKeyByAgencyRequest order =
        new CreateTemporaryAccessKeyByAgencyRequest()
            .withBody(
                new CreateTemporaryAccessKeyByAgencyRequestBody()
                    .withAuth(
                        new AgencyAuth()
                            .withIdentity(
                                new AgencyAuthIdentity()
                                    .withMethods(
                                        List.of(AgencyAuthIdentity.MethodsEnum.ASSUME_ROLE))
                                    .withAssumeRole(
                                        new IdentityAssumerole()
                                            .withAgencyName("night-shift")
                                            .withDomainId(domain)
                                            .withDurationSeconds(3600)
                                            .withSessionUser(
                                                new AssumeroleSessionuser()
                                                    .withName("watchman"))))));
    Credential made = iam.createTemporaryAccessKeyByAgency(order).getCredential();
    KmsClient kms = kms(made, server.known("project_id"));
    assertThat(kms.listKeys(ALL_KEYS).getHttpStatusCode()).isEqualTo(200);
    iam.deleteAgency(new DeleteAgencyRequest().withAgencyId(agency));
    assertThat(refused(() -> kms.listKeys(ALL_KEYS)).getHttpStatusCode()).isEqualTo(401);
    ServiceResponseException none = refused(() -> iam.createTemporaryAccessKeyByAgency(order));
    assertThat(none.getHttpStatusCode()).isEqualTo(403);
    assertThat(none.getErrorCode()).isEqualTo("IAM.0002");
  }

  @Test
  void aTokenOfAnAgencyIsMade() {
    helpers("day-shift");
    KeystoneCreateAgencyTokenResponse made =
        iam.keystoneCreateAgencyToken(
            new KeystoneCreateAgencyTokenRequest()
                .withBody(
                    new KeystoneCreateAgencyTokenRequestBody()
                        .withAuth(
                            new AgencyTokenAuth()
                                .withIdentity(
                                    new AgencyTokenIdentity()
                                        .withMethods(
                                            List.of(AgencyTokenIdentity.MethodsEnum.ASSUME_ROLE))
                                        .withAssumeRole(
                                            new AgencyTokenAssumerole()
                                                .withAgencyName("day-shift")
                                                .withDomainName(server.known("domain_name"))))
                                .withScope(
                                    new AgencyTokenScope()
                                        .withProject(
                                            new AgencyTokenScopeProject()
                                                .withId(server.known("project_id")))))));
    assertThat(made.getXSubjectToken()).startsWith("yk1_");
    AgencyTokenResult token = made.getToken();
    assertThat(token.getMethods()).containsExactly("assume_role");
    assertThat(token.getUser().getName()).isEqualTo(server.known("domain_name") + "/day-shift");
    assertThat(token.getAssumedBy().getUser().getName()).isEqualTo(server.known("user_name"));
    assertThat(token.getProject().getId()).isEqualTo(server.known("project_id"));
    assertThat(token.getCatalog()).isNotEmpty();
  }
}
