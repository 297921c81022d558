package dev.yaoku.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.SystemPolicies;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What is an id is not looked up. */
class DirectoryTest {
  private static final URI NOBODY = URI.create("http://127.0.0.1:1");

  @Test
  void thePoliciesThatEveryAccountHasAreKnownByTheirIds() throws IOException {
    RequestSigner signer = new RequestSigner("ak", "sk", "project");
    try (WireClient nobody = new WireClient(NOBODY, signer, InstantSource.system())) {
      Directory directory = new Directory(nobody, "account");
      for (Policy policy : SystemPolicies.all()) {
        assertThat(directory.policy(policy.id())).isEqualTo(policy.id());
      }
    }
  }
}
