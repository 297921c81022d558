package dev.yaoku.conformance;

import static dev.yaoku.conformance.IamSdk.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.iam.v3.model.*;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, their groups and access keys, and projects, by the official IAM SDK. */
class IamSdkUsersTest {
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

  @Test
  void aUserIsMadeShownChangedAndRemoved() {
    KeystoneCreateUserResult made = sdk.user("ursula");
    assertThat(made.getId()).hasSize(32);
    assertThat(made.getDomainId()).isEqualTo(sdk.domain);
    assertThat(made.getEnabled()).isTrue();
    assertThat(made.getLinks().getSelf()).endsWith("/v3/users/" + made.getId());

    KeystoneShowUserResult shown =
        sdk.iam.keystoneShowUser(new KeystoneShowUserRequest().withUserId(made.getId())).getUser();
    assertThat(shown.getName()).isEqualTo("ursula");
    assertThat(shown.getDescription()).isEqualTo("of ursula");
    assertThat(
            sdk.iam.keystoneListUsers(new KeystoneListUsersRequest().withName("ursula")).getUsers())
        .extracting(KeystoneListUsersResult::getId)
        .containsExactly(made.getId());

    KeystoneUpdateUserByAdminResult changed =
        sdk.iam
            .keystoneUpdateUserByAdmin(
                new KeystoneUpdateUserByAdminRequest()
                    .withUserId(made.getId())
                    .withBody(
                        new KeystoneUpdateUserByAdminRequestBody()
                            .withUser(new KeystoneUpdateUserOption().withEnabled(false))))
            .getUser();
    assertThat(changed.getEnabled()).isFalse();
    assertThat(changed.getName()).isEqualTo("ursula");

    sdk.iam.keystoneDeleteUser(new KeystoneDeleteUserRequest().withUserId(made.getId()));
    ServiceResponseException gone =
        refused(
            () -> sdk.iam.keystoneShowUser(new KeystoneShowUserRequest().withUserId(made.getId())));
    assertThat(gone.getHttpStatusCode()).isEqualTo(404);
    assertThat(gone.getErrorCode()).isEqualTo("404");
  }

  @Test
  void aUserIsManagedWithAllThatIsKeptOfIt() {
    CreateUserResult made =
        sdk.iam
            .createUser(
                new CreateUserRequest()
                    .withBody(
                        new CreateUserRequestBody()
                            .withUser(
                                new CreateUserOption()
                                    .withName("ulrike")
                                    .withDomainId(sdk.domain)
                                    .withPassword("Correct-Horse-1")
                                    .withAreacode("0086")
                                    .withPhone("123456789")
                                    .withPwdStatus(false)
                                    .withXuserId("u-1")
                                    .withXuserType("TenantIdp"))))
            .getUser();
    assertThat(made.getDomainId()).isEqualTo(sdk.domain);
    assertThat(made.getPwdStatus()).isFalse();

    sdk.iam.updateUser(
        new UpdateUserRequest()
            .withUserId(made.getId())
            .withBody(
                new UpdateUserRequestBody()
                    .withUser(new UpdateUserOption().withAccessMode("programmatic"))));
    ShowUserResult shown =
        sdk.iam.showUser(new ShowUserRequest().withUserId(made.getId())).getUser();
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
    String self = sdk.server.known("user_id");
    UpdateUserInformationResponse changed =
        sdk.iam.updateUserInformation(
            new UpdateUserInformationRequest()
                .withUserId(self)
                .withBody(
                    new UpdateUserInformationRequestBody()
                        .withUser(
                            new UpdateUserInformationOption()
                                .withEmail("admin@example.com")
                                .withMobile("0086-987654321"))));
    assertThat(changed.getHttpStatusCode()).isEqualTo(204);
    ShowUserResult shown = sdk.iam.showUser(new ShowUserRequest().withUserId("self")).getUser();
    assertThat(shown.getId()).isEqualTo(self);
    assertThat(shown.getEmail()).isEqualTo("admin@example.com");
    assertThat(shown.getPhone()).isEqualTo("987654321");
  }

  @Test
  void aLoginIsProtectedByNoSecondFactor() {
    String user = sdk.user("upton").getId();
    LoginProtectResult shown =
        sdk.iam
            .showUserLoginProtect(new ShowUserLoginProtectRequest().withUserId(user))
            .getLoginProtect();
    assertThat(shown.getEnabled()).isFalse();
    assertThat(shown.getVerificationMethod()).isEqualTo("none");
    assertThat(sdk.iam.listUserLoginProtects(new ListUserLoginProtectsRequest()).getLoginProtects())
        .contains(shown);
    assertThat(sdk.iam.updateLoginProtect(protect(user, false)).getLoginProtect().getUserId())
        .isEqualTo(user);
    assertThat(refused(() -> sdk.iam.updateLoginProtect(protect(user, true))).getErrorMsg())
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
    sdk.user("twice");
    ServiceResponseException taken = refused(() -> sdk.user("twice"));
    assertThat(taken.getHttpStatusCode()).isEqualTo(409);
  }

  @Test
  void aUserIsPutIntoAGroupAndTakenOut() {
    String user = sdk.user("member").getId();
    KeystoneGroupResultWithLinksSelf group = sdk.group("team");
    assertThat(group.getCreateTime()).isPositive();

    sdk.iam.keystoneAddUserToGroup(
        new KeystoneAddUserToGroupRequest().withGroupId(group.getId()).withUserId(user));
    assertThat(
            sdk.iam
                .keystoneListUsersForGroupByAdmin(
                    new KeystoneListUsersForGroupByAdminRequest().withGroupId(group.getId()))
                .getUsers())
        .extracting(KeystoneUserResult::getName)
        .containsExactly("member");
    assertThat(
            sdk.iam
                .keystoneListGroupsForUser(new KeystoneListGroupsForUserRequest().withUserId(user))
                .getGroups())
        .extracting(KeystoneGroupResult::getId)
        .containsExactly(group.getId());
    KeystoneCheckUserInGroupRequest check =
        new KeystoneCheckUserInGroupRequest().withGroupId(group.getId()).withUserId(user);
    assertThat(sdk.iam.keystoneCheckUserInGroup(check).getHttpStatusCode()).isEqualTo(204);

    sdk.iam.keystoneRemoveUserFromGroup(
        new KeystoneRemoveUserFromGroupRequest().withGroupId(group.getId()).withUserId(user));
    // An answer without a body tells the SDK its status and nothing else.
    assertThat(
            catchThrowableOfType(
                    ServiceResponseException.class, () -> sdk.iam.keystoneCheckUserInGroup(check))
                .getHttpStatusCode())
        .isEqualTo(404);

    assertThat(
            sdk.iam
                .keystoneUpdateGroup(
                    new KeystoneUpdateGroupRequest()
                        .withGroupId(group.getId())
                        .withBody(
                            new KeystoneUpdateGroupRequestBody()
                                .withGroup(new KeystoneUpdateGroupOption().withName("band"))))
                .getGroup()
                .getName())
        .isEqualTo("band");
    sdk.iam.keystoneDeleteGroup(new KeystoneDeleteGroupRequest().withGroupId(group.getId()));
    assertThat(
            sdk.iam
                .keystoneListGroups(new KeystoneListGroupsRequest().withName("band"))
                .getGroups())
        .isEmpty();
  }

  @Test
  void anAccessKeyIsShownOnceAndThereAreTwoAtMost() {
    String user = sdk.user("keyholder").getId();
    CreateCredentialResult first = sdk.key(user);
    assertThat(first.getAccess()).hasSize(20);
    assertThat(first.getSecret()).hasSize(40);
    assertThat(first.getStatus()).isEqualTo("active");
    sdk.key(user);
    assertThat(refused(() -> sdk.key(user)).getHttpStatusCode()).isEqualTo(409);

    ShowCredential shown =
        sdk.iam
            .showPermanentAccessKey(
                new ShowPermanentAccessKeyRequest().withAccessKey(first.getAccess()))
            .getCredential();
    assertThat(shown.getUserId()).isEqualTo(user);
    assertThat(shown.getLastUseTime()).isNull();
    assertThat(
            sdk.iam
                .listPermanentAccessKeys(new ListPermanentAccessKeysRequest().withUserId(user))
                .getCredentials())
        .hasSize(2);

    UpdateCredentialResult changed =
        sdk.iam
            .updatePermanentAccessKey(
                new UpdatePermanentAccessKeyRequest()
                    .withAccessKey(first.getAccess())
                    .withBody(
                        new UpdatePermanentAccessKeyRequestBody()
                            .withCredential(
                                new UpdateCredentialOption()
                                    .withStatus(UpdateCredentialOption.StatusEnum.INACTIVE))))
            .getCredential();
    assertThat(changed.getStatus()).isEqualTo("inactive");
    sdk.iam.deletePermanentAccessKey(
        new DeletePermanentAccessKeyRequest().withAccessKey(first.getAccess()));
    ServiceResponseException gone =
        refused(() ->
            sdk.iam.showPermanentAccessKey(
                new ShowPermanentAccessKeyRequest().withAccessKey(first.getAccess())));
    assertThat(gone.getHttpStatusCode()).isEqualTo(404);
    assertThat(gone.getErrorCode()).isEqualTo("IAM.0004");
  }

  @Test
  void aProjectIsMadeAndDescribed() {
    String name = sdk.server.known("project_name") + "_annex";
    AuthProjectResult made =
        sdk.iam
            .keystoneCreateProject(
                new KeystoneCreateProjectRequest()
                    .withBody(
                        new KeystoneCreateProjectRequestBody()
                            .withProject(
                                new KeystoneCreateProjectOption()
                                    .withName(name)
                                    .withParentId(sdk.server.known("project_id"))
                                    .withDescription("more room"))))
            .getProject();
    assertThat(made.getEnabled()).isTrue();
    assertThat(made.getIsDomain()).isFalse();
    assertThat(
            sdk.iam
                .keystoneListProjects(new KeystoneListProjectsRequest().withName(name))
                .getProjects())
        .hasSize(1);
    assertThat(
            sdk.iam
                .keystoneUpdateProject(
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
            sdk.iam
                .keystoneShowProject(new KeystoneShowProjectRequest().withProjectId(made.getId()))
                .getProject()
                .getName())
        .isEqualTo(name);
  }
}
