package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.iam.v3.IamClient;
import com.huaweicloud.sdk.iam.v3.model.*;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequestBody;
import dev.yaoku.server.LiveServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The official IAM SDK for Java, unmodified, and a whole server whose identities it manages. */
final class IamSdk implements AutoCloseable {
  static {
    System.setProperty("org.slf4j.simpleLogger.log.HuaweiCloud-SDK-Access", "warn");
  }

  static final ListKeysRequest ALL_KEYS = new ListKeysRequest().withBody(new ListKeysRequestBody());

  final LiveServer server;
  final IamClient iam;
  final String domain;

  /** A server of one's own in a folder, and its first administrator. */
  IamSdk(Path folder) throws IOException {
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

  @Override
  public void close() {
    server.close();
  }

  KeystoneCreateUserResult user(String name) {
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

  KeystoneGroupResultWithLinksSelf group(String name) {
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

  CreateCredentialResult key(String user) {
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

  // Temporary credentials

  KmsClient kms(Credential credential, String project) {
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

  static ServiceResponseException refused(ThrowingCallable call) {
    ServiceResponseException e = catchThrowableOfType(ServiceResponseException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.getRequestId()).hasSize(32);
    return e;
  }
}
