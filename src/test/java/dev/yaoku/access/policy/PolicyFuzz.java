package dev.yaoku.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yaoku.access.Action;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Policies as tenants write them (SECURITY_DESIGN M18). */
class PolicyFuzz {
  private static final Resource KEY =
      Resource.key("region-1", "account-1", "0d0466b0-e727-4d9c-b35d-f84bb474a37f");

  /**
   * A text is refused, or read in one way: what is written of it reads as the same policy and
   * decides the same.
   */
  @FuzzTest
  void aPolicyHasOneReadingOrNone(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Policy policy;
    try {
      policy = PolicyReader.read("id", "name", text);
    } catch (KmsException refused) {
      assertThat(refused.problem()).isInstanceOf(Problem.BadRequest.class);
      return;
    }
    Policy again = PolicyReader.read("id", "name", PolicyText.of(policy));
    assertThat(again).isEqualTo(policy);
    for (Action action : List.of(Action.DESCRIBE_KEY, Action.ENCRYPT_DATA)) {
      assertThat(decision(again, action)).isEqualTo(decision(policy, action));
    }
  }

  private static Decision decision(Policy policy, Action action) {
    return CompiledPolicies.of(List.of(policy)).decide(action, KEY, Circumstances.NONE);
  }
}
