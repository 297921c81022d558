package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The official SDK's operations are called by the tests, all of them. */
class SdkCallsTest {
  private static final Set<String> NOT_BUILT =
      Set.of("ReplicateKey", "UpdatePrimaryRegion", "ListSupportRegions");

  @Test
  void everyOperationOfTheSdkIsCalledWithSuccess() {
    Set<String> expected = SdkTests.operations();
    assertThat(expected).hasSize(58);
    expected.removeAll(NOT_BUILT);
    assertThat(SdkTests.passing().keySet()).containsExactlyElementsOf(expected);
  }
}
