package dev.yaoku.conformance;

import com.huaweicloud.sdk.core.auth.CredentialProviderChain;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import java.util.List;

/**
 * A program as a user writes it: it says nothing of credentials, the official SDK finds them in the
 * environment.
 */
public final class IdTokenProgram {
  private IdTokenProgram() {}

  /** Prints random data from the server at this URL. */
  public static void main(String[] endpoint) {
    KmsClient kms =
        KmsClient.newBuilder()
            .withCredential(
                CredentialProviderChain.getBasicCredentialProviderChain().getCredentials())
            .withEndpoints(List.of(endpoint[0]))
            .build();
    String random =
        kms.createRandom(
                new CreateRandomRequest()
                    .withBody(new GenRandomRequestBody().withRandomDataLength("128")))
            .getRandomData();
    System.out.println("random=" + random);
  }
}
