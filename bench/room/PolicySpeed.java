package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Decisions about a principal with 20 policies of 10 statements, each with a condition, where the
 * last statement of all allows or none does. <i>Mixed</i>: the statements of a policy are about ten
 * actions, one of them by a wildcard, as people write them. <i>Same</i>: every statement is about
 * the action that is asked for, half of them by a wildcard, so that the index by action leaves out
 * none.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PolicySpeed {
  private static final int POLICIES = 20;
  private static final int STATEMENTS = 10;

  private static final List<String> TEN =
      List.of(
          "kms:cmk:get",
          "kms:cmk:create",
          "kms:cmk:enable",
          "kms:cmk:disable",
          "kms:cmk:update",
          "kms:grant:*",
          "kms:dek:create",
          "kms:cmk:sign",
          "kms:cmk:*",
          "kms:cmk:crypto");

  private final CompiledPolicies mixed = CompiledPolicies.of(policies(TEN));
  private final CompiledPolicies same =
      CompiledPolicies.of(policies(List.of("kms:cmk:crypto", "kms:cmk:*")));
  private final Resource resource =
      new Resource(
          "kms",
          "cn-north-4",
          "d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0",
          "KeyId",
          "0d0466b0-e727-4d9c-b35d-f84bb474a37f");
  private final Circumstances last = key -> tagged(key, "t199");
  private final Circumstances none = key -> tagged(key, "other");

  private static List<String> tagged(ConditionKey key, String value) {
    return key.kind() == ConditionKey.Kind.RESOURCE_TAG ? List.of(value) : List.of();
  }

  private static List<Policy> policies(List<String> actions) {
    List<Policy> policies = new ArrayList<>();
    for (int policy = 0; policy < POLICIES; policy++) {
      StringBuilder document = new StringBuilder("{\"Version\":\"5.0\",\"Statement\":[");
      for (int i = 0; i < STATEMENTS; i++) {
        document
            .append(i == 0 ? "" : ",")
            .append("{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:list\",\"")
            .append(actions.get(i % actions.size()))
            .append("\"],\"Condition\":{\"StringEquals\":{\"g:ResourceTag/team\":[\"t")
            .append(policy * STATEMENTS + i)
            .append("\"]}}}");
      }
      document.append("]}");
      policies.add(PolicyReader.read("p" + policy, "p" + policy, document.toString()));
    }
    return policies;
  }

  /** The very last statement allows. */
  @Benchmark
  public Decision mixedLast() {
    return decided(mixed, last, Decision.Outcome.ALLOWED);
  }

  /** No statement allows. */
  @Benchmark
  public Decision mixedNone() {
    return decided(mixed, none, Decision.Outcome.NOT_ALLOWED);
  }

  /** The very last statement allows. */
  @Benchmark
  public Decision sameLast() {
    return decided(same, last, Decision.Outcome.ALLOWED);
  }

  /** No statement allows. */
  @Benchmark
  public Decision sameNone() {
    return decided(same, none, Decision.Outcome.NOT_ALLOWED);
  }

  private Decision decided(
      CompiledPolicies policies, Circumstances circumstances, Decision.Outcome expected) {
    Decision decision = policies.decide(Action.ENCRYPT_DATA, resource, circumstances);
    if (decision.outcome() != expected) {
      throw new IllegalStateException(decision + " and not " + expected);
    }
    return decision;
  }
}
