package dev.yaoku.conformance;

import static dev.yaoku.conformance.IamSdk.ALL_KEYS;
import static dev.yaoku.conformance.IamSdk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.iam.v3.model.*;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agencies, and what is good for a while only, by the official IAM SDK. */
class IamSdkAgenciesTest {
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
  void anAgencyIsMadeAndHoldsAPolicy() {
    AgencyCreateResult made =
        sdk.iam
            .createAgency(
                new CreateAgencyRequest()
                    .withBody(
                        new CreateAgencyRequestBody()
                            .withAgency(
                                new CreateAgencyOption()
                                    .withName("helpers")
                                    .withDomainId(sdk.domain)
                                    .withTrustDomainId(sdk.domain)
                                    .withDuration("ONEDAY"))))
            .getAgency();
    assertThat(made.getTrustDomainId()).isEqualTo(sdk.domain);
    assertThat(made.getExpireTime()).isNotNull();

    AssociateAgencyWithProjectPermissionRequest give =
        new AssociateAgencyWithProjectPermissionRequest()
            .withProjectId(sdk.server.known("project_id"))
            .withAgencyId(made.getId())
            .withRoleId("kms_adm");
    assertThat(sdk.iam.associateAgencyWithProjectPermission(give).getHttpStatusCode())
        .isEqualTo(204);
    assertThat(
            sdk.iam
                .listProjectPermissionsForAgency(
                    new ListProjectPermissionsForAgencyRequest()
                        .withProjectId(sdk.server.known("project_id"))
                        .withAgencyId(made.getId()))
                .getRoles())
        .extracting(RoleResult::getDisplayName)
        .containsExactly("KMS Administrator");
    assertThat(
            sdk.iam.listAgencies(new ListAgenciesRequest().withDomainId(sdk.domain)).getAgencies())
        .extracting(AgencyListResult::getName)
        .contains("helpers");
    assertThat(
            sdk.iam
                .updateAgency(
                    new UpdateAgencyRequest()
                        .withAgencyId(made.getId())
                        .withBody(
                            new UpdateAgencyRequestBody()
                                .withAgency(new UpdateAgencyOption().withDuration("FOREVER"))))
                .getAgency()
                .getExpireTime())
        .isNull();
    sdk.iam.deleteAgency(new DeleteAgencyRequest().withAgencyId(made.getId()));
    assertThat(
            refused(() -> sdk.iam.showAgency(new ShowAgencyRequest().withAgencyId(made.getId())))
                .getErrorCode())
        .isEqualTo("IAM.0004");
  }

  @Test
  void aTemporaryAccessKeyIsMadeAndUsedWithTheOtherSdk() {
    Credential made =
        sdk.iam
            .createTemporaryAccessKeyByToken(
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

    KmsClient kms = sdk.kms(made, sdk.server.known("project_id"));
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
                    sdk.kms(
                            made.withSecuritytoken("yks1_" + "A".repeat(43)),
                            sdk.server.known("project_id"))
                        .listKeys(ALL_KEYS))
                .getHttpStatusCode())
        .isEqualTo(401);
  }

  private static String helpers(String name) {
    String agency =
        sdk.iam
            .createAgency(
                new CreateAgencyRequest()
                    .withBody(
                        new CreateAgencyRequestBody()
                            .withAgency(
                                new CreateAgencyOption()
                                    .withName(name)
                                    .withDomainId(sdk.domain)
                                    .withTrustDomainId(sdk.domain))))
            .getAgency()
            .getId();
    sdk.iam.associateAgencyWithProjectPermission(
        new AssociateAgencyWithProjectPermissionRequest()
            .withProjectId(sdk.server.known("project_id"))
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
                                            .withDomainId(sdk.domain)
                                            .withDurationSeconds(3600)
                                            .withSessionUser(
                                                new AssumeroleSessionuser()
                                                    .withName("watchman"))))));
    Credential made = sdk.iam.createTemporaryAccessKeyByAgency(order).getCredential();
    KmsClient kms = sdk.kms(made, sdk.server.known("project_id"));
    assertThat(kms.listKeys(ALL_KEYS).getHttpStatusCode()).isEqualTo(200);
    sdk.iam.deleteAgency(new DeleteAgencyRequest().withAgencyId(agency));
    assertThat(refused(() -> kms.listKeys(ALL_KEYS)).getHttpStatusCode()).isEqualTo(401);
    ServiceResponseException none = refused(() -> sdk.iam.createTemporaryAccessKeyByAgency(order));
    assertThat(none.getHttpStatusCode()).isEqualTo(403);
    assertThat(none.getErrorCode()).isEqualTo("IAM.0002");
  }

  @Test
  void aTokenOfAnAgencyIsMade() {
    helpers("day-shift");
    KeystoneCreateAgencyTokenResponse made =
        sdk.iam.keystoneCreateAgencyToken(
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
                                                .withDomainName(sdk.server.known("domain_name"))))
                                .withScope(
                                    new AgencyTokenScope()
                                        .withProject(
                                            new AgencyTokenScopeProject()
                                                .withId(sdk.server.known("project_id")))))));
    assertThat(made.getXSubjectToken()).startsWith("yk1_");
    AgencyTokenResult token = made.getToken();
    assertThat(token.getMethods()).containsExactly("assume_role");
    assertThat(token.getUser().getName()).isEqualTo(sdk.server.known("domain_name") + "/day-shift");
    assertThat(token.getAssumedBy().getUser().getName()).isEqualTo(sdk.server.known("user_name"));
    assertThat(token.getProject().getId()).isEqualTo(sdk.server.known("project_id"));
    assertThat(token.getCatalog()).isNotEmpty();
  }
}
