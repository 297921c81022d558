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
 * none. <i>Patterns</i>: like <i>same</i>, but each statement asks for a pattern of its own, so
 * that no look-up by value finds it. <i>Three</i>: each has two more conditions before its pattern,
 * an address and a time, which are the same in all.
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

  private static final List<String> TWO = List.of("kms:cmk:crypto", "kms:cmk:*");
  private static final String VALUE = "\"StringEquals\":{\"g:ResourceTag/team\":[\"t%d\"]}";
  private static final String PATTERN = "\"StringMatch\":{\"g:ResourceTag/team\":[\"?%d\"]}";
  private static final String THREE =
      "\"IpAddress\":{\"g:SourceIp\":[\"192.0.2.0/24\"]},"
          + "\"DateLessThan\":{\"g:CurrentTime\":[\"2030-01-01T00:00:00Z\"]},"
          + PATTERN;

  private final CompiledPolicies mixed = CompiledPolicies.of(policies(TEN, VALUE));
  private final CompiledPolicies same = CompiledPolicies.of(policies(TWO, VALUE));
  private final CompiledPolicies patterns = CompiledPolicies.of(policies(TWO, PATTERN));
  private final CompiledPolicies three = CompiledPolicies.of(policies(TWO, THREE));
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
    return switch (key.kind()) {
      case RESOURCE_TAG -> List.of(value);
      case SOURCE_ADDRESS -> List.of("192.0.2.17");
      case CURRENT_TIME -> List.of("2026-11-26T20:00:00Z");
      default -> List.of();
    };
  }

  private static List<Policy> policies(List<String> actions, String condition) {
    List<Policy> policies = new ArrayList<>();
    for (int policy = 0; policy < POLICIES; policy++) {
      StringBuilder document = new StringBuilder("{\"Version\":\"5.0\",\"Statement\":[");
      for (int i = 0; i < STATEMENTS; i++) {
        document
            .append(i == 0 ? "" : ",")
            .append("{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:list\",\"")
            .append(actions.get(i % actions.size()))
            .append("\"],\"Condition\":{")
            .append(condition.formatted(policy * STATEMENTS + i))
            .append("}}");
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

  /** The very last statement allows. */
  @Benchmark
  public Decision patternsLast() {
    return decided(patterns, last, Decision.Outcome.ALLOWED);
  }

  /** No statement allows. */
  @Benchmark
  public Decision patternsNone() {
    return decided(patterns, none, Decision.Outcome.NOT_ALLOWED);
  }

  /** The very last statement allows. */
  @Benchmark
  public Decision threeLast() {
    return decided(three, last, Decision.Outcome.ALLOWED);
  }

  /** No statement allows. */
  @Benchmark
  public Decision threeNone() {
    return decided(three, none, Decision.Outcome.NOT_ALLOWED);
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
