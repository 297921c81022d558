package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The official SDK's operations are called by the tests, all of them. */
class SdkCallsTest {
  @Test
  void everyOperationOfTheSdkIsCalledWithSuccess() throws IOException {
    Set<String> expected = SdkTests.operations();
    assertThat(expected).hasSize(58);
    expected.removeAll(SdkTests.notBuilt());
    assertThat(SdkTests.passing().keySet()).containsExactlyElementsOf(expected);
  }
}
