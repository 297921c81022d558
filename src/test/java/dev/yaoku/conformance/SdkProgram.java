package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.huaweicloud.sdk.core.auth.CredentialProviderChain;
import com.huaweicloud.sdk.core.region.Region;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import com.huaweicloud.sdk.kms.v2.region.KmsRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program as a user writes it: it says nothing of credentials, the official SDK finds them in the
 * environment or in a file.
 */
public final class SdkProgram {
  private SdkProgram() {}

  /**
   * Prints random data.
   *
   * @param where the server's URL; or {@code region} and the id of a region, whose URL the SDK
   *     finds itself; or all three, where the region is known to nobody else
   */
  public static void main(String[] where) {
    var client =
        KmsClient.newBuilder()
            .withCredential(
                CredentialProviderChain.getBasicCredentialProviderChain().getCredentials());
    switch (where.length) {
      case 1 -> client.withEndpoints(List.of(where[0]));
      case 2 -> client.withRegion(KmsRegion.valueOf(where[1]));
      default -> client.withRegion(new Region(where[1], where[2]));
    }
    String random =
        client
            .build()
            .createRandom(
                new CreateRandomRequest()
                    .withBody(new GenRandomRequestBody().withRandomDataLength("128")))
            .getRandomData();
    System.out.println("random=" + random);
  }

  /** Runs it in a process with this environment; what it prints. */
  static String run(Map<String, String> environment, String... where)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SdkProgram.class.getName()));
    command.addAll(List.of(where));
    ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true);
    program.environment().keySet().removeIf(name -> name.startsWith("HUAWEICLOUD_"));
    program.environment().putAll(environment);
    Process running = program.start();
    String said = new String(running.getInputStream().readAllBytes(), UTF_8);
    running.waitFor();
    return said;
  }
}
