package dev.yaoku.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.policy.Decision.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A decision has an end, whatever tenants write and callers say (M18). */
class WorkOfDecisionsTest {
  private static final int ENOUGH = 100_000;
  private static final Resource KEY = Resource.key("region-1", "account-1", "a".repeat(36));
  private static final String EVERYTHING_ELSE = "{\"Effect\":\"Allow\",\"Action\":[\"*\"]}";

  private final Work work = new Work();

  private static String statement(String effect, String operator, String key, List<String> values) {
    return "{\"Effect\":\"%s\",\"Action\":[\"*\"],\"Condition\":{\"%s\":{\"%s\":[%s]}}}"
        .formatted(
            effect,
            operator,
            key,
            values.stream().map(one -> '"' + one + '"').collect(Collectors.joining(",")));
  }

  private static Policy policy(String id, String... statements) {
    return PolicyReader.read(
        id, id, "{\"Version\":\"5.0\",\"Statement\":[%s]}".formatted(String.join(",", statements)));
  }

  private Outcome outcome(CompiledPolicies policies, List<String> asked) {
    return policies.decide(Action.CREATE_RANDOM, KEY, _ -> asked, work).outcome();
  }

  /** Values that are all different, and each of which almost matches. */
  private static List<String> almost(int count, int letters) {
    return IntStream.range(0, count).mapToObj(i -> "*" + "a".repeat(letters - i) + "b*").toList();
  }

  @Test
  void whatSevenSessionPoliciesAskOfALongUserAgentHasAnEnd() {
    Policy session =
        policy(
            "session",
            statement("Deny", "StringMatch", "g:UserAgent", almost(64, 87)),
            EVERYTHING_ELSE);
    CompiledPolicies all = CompiledPolicies.of(List.of(policy("own", EVERYTHING_ELSE)));
    for (int i = 0; i < 7; i++) {
      all = all.narrowedBy(session);
    }
    outcome(all, List.of("a".repeat(15_000)));
    assertThat(work.steps()).isLessThan(ENOUGH);
  }

  @Test
  void whatManyPoliciesAskOfManyAliasesHasAnEnd() {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < 199; i++) {
      policies.add(
          policy(
              "p" + i, statement("Deny", "StringMatch", "kms:ResourceAliases", almost(46, 120))));
    }
    policies.add(policy("all", EVERYTHING_ELSE));
    assertThat(outcome(CompiledPolicies.of(policies), Collections.nCopies(50, "a".repeat(255))))
        .isEqualTo(Outcome.DENIED);
    assertThat(work.steps()).isLessThan(ENOUGH);
  }

  /** No pattern among them: it is their number alone. */
  @Test
  void whatManyValuesAreComparedWithHasAnEnd() {
    List<String> values = IntStream.range(0, 64).mapToObj(i -> "v" + i).toList();
    for (String operator :
        List.of("StringNotEquals", "StringNotEqualsIgnoreCase", "ForAllValues:StringStartWith")) {
      Work one = new Work();
      Policy policy =
          policy(
              "p",
              Stream.of("g:TagKeys", "kms:ResourceAliases", "g:ResourceTag/a", "g:ResourceTag/b")
                  .map(key -> statement("Allow", operator, key, values))
                  .toArray(String[]::new));
      CompiledPolicies.of(Collections.nCopies(200, policy))
          .decide(Action.SIGN, KEY, _ -> Collections.nCopies(500, "a".repeat(255)), one);
      assertThat(one.steps()).as(operator).isLessThan(ENOUGH);
    }
  }

  @Test
  void whatManyResourcesAreComparedWithHasAnEnd() {
    String resources =
        IntStream.range(0, 128)
            .mapToObj(i -> "\"kms:*:*:*:*a*b" + i + "\"")
            .collect(Collectors.joining(","));
    Policy policy =
        policy("p", "{\"Effect\":\"Allow\",\"Action\":[\"*\"],\"Resource\":[" + resources + "]}");
    Resource alias = Resource.alias("region-1", "account-1", "a".repeat(255));
    CompiledPolicies.of(Collections.nCopies(200, policy))
        .decide(Action.SIGN, alias, Circumstances.NONE, work);
    assertThat(work.steps()).isLessThan(ENOUGH);
  }

  @Test
  void beyondItsEndADenialCountsAndAnAllowanceDoesNot() {
    List<String> hostile = Collections.nCopies(500, "a".repeat(255));
    String allowing = statement("Allow", "StringMatch", "g:TagKeys", almost(64, 80));
    String denying = statement("Deny", "StringMatch", "g:TagKeys", almost(64, 80));
    String allowed = statement("Allow", "StringMatch", "g:TagKeys", List.of("a*"));

    assertThat(outcome(CompiledPolicies.of(List.of(policy("p", allowing, allowed))), hostile))
        .isEqualTo(Outcome.NOT_ALLOWED);
    assertThat(work.isSpent()).isTrue();

    Work another = new Work();
    Decision denied =
        CompiledPolicies.of(List.of(policy("p", denying, EVERYTHING_ELSE)))
            .decide(Action.SIGN, KEY, _ -> hostile, another);
    assertThat(denied.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(another.isSpent()).isTrue();
  }

  @Test
  void anAllowanceOfASessionBeyondItsEndDoesNotCountEither() {
    List<String> hostile = Collections.nCopies(500, "a".repeat(255));
    CompiledPolicies own = CompiledPolicies.of(List.of(policy("own", EVERYTHING_ELSE)));
    Policy session = policy("s", statement("Allow", "StringMatch", "g:TagKeys", almost(64, 80)));
    assertThat(outcome(own.narrowedBy(session), hostile)).isEqualTo(Outcome.OUTSIDE_SESSION);
    assertThat(work.isSpent()).isTrue();
  }

  /** Whoever may give a key further names must not keep others from it. */
  @Test
  void theNamesThatOthersGiveAKeyDoNotBringADecisionToItsEnd() {
    List<String> patterns =
        List.of("*-prod", "*-staging", "*-dev", "*/shared/*", "*prod*", "*eu*west*");
    Policy policy =
        policy(
            "p",
            statement("Allow", "StringMatch", "kms:ResourceAliases", patterns),
            statement("Deny", "StringMatch", "kms:ResourceAliases", List.of("*secret*")));
    for (String part : List.of("-", "a", "-pro", "pro", "/share", "eeu")) {
      String alias = part.repeat(255 / part.length());
      List<String> aliases = new ArrayList<>(Collections.nCopies(49, alias));
      aliases.add("my-prod");
      Work one = new Work();
      Decision said =
          CompiledPolicies.of(List.of(policy)).decide(Action.SIGN, KEY, _ -> aliases, one);
      assertThat(said.outcome()).as(part).isEqualTo(Outcome.ALLOWED);
      assertThat(one.steps()).as(part).isLessThan(Work.STEPS_MAX / 2);
    }
  }

  /** As many patterns as a condition takes, each asked of as many names as a key takes. */
  @Test
  void patternsThatBeginOrEndInTextCostLittleHoweverLongTheNamesAre() {
    List<String> patterns =
        IntStream.range(0, 64).mapToObj(i -> i % 2 == 0 ? "team" + i + "-*" : "*-app" + i).toList();
    Policy policy =
        policy(
            "p",
            statement("Allow", "StringNotMatch", "kms:ResourceAliases", patterns),
            statement("Deny", "StringMatch", "kms:ResourceAliases", patterns));
    List<String> aliases = Collections.nCopies(50, "-".repeat(255));
    assertThat(outcome(CompiledPolicies.of(List.of(policy)), aliases)).isEqualTo(Outcome.ALLOWED);
    assertThat(work.steps()).isLessThan(Work.STEPS_MAX / 2);
  }

  /** What a key has may have to be read for it. */
  @Test
  void howManyKeysOfConditionsARequestIsAskedForHasAnEnd() {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<String> statements = new ArrayList<>();
      for (int k = 0; k < 64; k++) {
        statements.add(
            statement(
                    "Deny", "StringNotEquals", "g:ResourceTag/%d-%d".formatted(i, k), List.of("a"))
                .replace("]}}}", "]},\"Null\":{\"g:UserId\":[\"true\"]}}}"));
      }
      policies.add(policy("p" + i, statements.toArray(String[]::new)));
    }
    AtomicInteger fetched = new AtomicInteger();
    Circumstances untagged =
        key -> {
          fetched.incrementAndGet();
          return key.tag().isEmpty() ? List.of("user") : List.of();
        };

    Decision said = CompiledPolicies.of(policies).decide(Action.SIGN, KEY, untagged, work);

    assertThat(said.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(work.steps()).isLessThan(ENOUGH);
    assertThat(fetched).hasValueLessThan(20_000);
  }

  /** As many as an account may have of what people write. */
  @Test
  void twoHundredPoliciesOfOrdinaryStatementsAreFarFromTheEnd() {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<String> resources = new ArrayList<>();
      for (int k = 0; k < 64; k++) {
        resources.add("\"kms:*:*:KeyId:%032x\"".formatted((i * 64 + k) << 16));
      }
      policies.add(
          policy(
              "p" + i,
              "{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:*\"],\"Resource\":["
                  + String.join(",", resources)
                  + "]}",
              statement(
                  "Deny",
                  "StringNotMatch",
                  "g:UserName",
                  List.of("team-*", "*-admin", "ali?e" + i))));
    }
    policies.add(
        policy("last", statement("Allow", "StringEquals", "g:UserName", List.of("team-a"))));
    CompiledPolicies all = CompiledPolicies.of(policies);
    assertThat(all.decide(Action.SIGN, KEY, _ -> List.of("team-a"), work).outcome())
        .isEqualTo(Outcome.ALLOWED);
    assertThat(work.steps()).isLessThan(Work.STEPS_MAX / 2);
  }
}
