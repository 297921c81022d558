package dev.yaoku.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is compiled of 6 KiB is not much, whatever they say (ADR 37). */
class WeightOfPoliciesTest {
  private static final int CHARACTERS_MAX = 6_144;

  /** Almost every action has a list of statements that no other has. */
  private static final List<String> WAYS =
      List.of(
          "kms:*:c*",
          "*:*:*e*",
          "kms:c*:*",
          "kms:*:l*",
          "*:*:*d*",
          "*:*:*g*",
          "kms:*:u*",
          "*:*:*a*",
          "*:*:*r*",
          "*:*:*t*",
          "*:*:*k*",
          "*:*:*i*",
          "*:*:*o*",
          "*:*:*s*");

  private static final Resource KEY = Resource.key("region-1", "account-1", "a".repeat(36));

  private static String value(int statement, int number) {
    return Integer.toString(statement * 60 + number, 36);
  }

  private static String statement(int number) {
    String values =
        IntStream.range(0, 60)
            .mapToObj(i -> '"' + value(number, i) + '"')
            .collect(Collectors.joining(","));
    return "{\"Effect\":\"Allow\",\"Action\":[\"%s\"],\"Condition\":{\"StringEquals\":{\"g:UserId\":[%s]}}}"
        .formatted(WAYS.get(number), values);
  }

  private static String policy(List<String> statements) {
    return "{\"Version\":\"5.0\",\"Statement\":[%s]}".formatted(String.join(",", statements));
  }

  private static CompiledPolicies compiled(List<String> statements) {
    return CompiledPolicies.of(List.of(PolicyReader.read("id", "name", policy(statements))));
  }

  @Test
  void manyValuesInManyListsOfStatementsAreWrittenDownForSomeOfThem() {
    List<String> statements =
        IntStream.range(0, WAYS.size()).mapToObj(WeightOfPoliciesTest::statement).toList();
    assertThat(policy(statements)).hasSizeBetween(CHARACTERS_MAX / 2, CHARACTERS_MAX);
    assertThat(compiled(statements).weightWithParts()).isLessThan(40 * CHARACTERS_MAX);
  }

  @Test
  void whereTheyAreNotWrittenDownDecisionsAreTheSame() {
    List<String> statements = new ArrayList<>();
    List<CompiledPolicies> each = new ArrayList<>();
    for (int i = 0; i < WAYS.size(); i++) {
      statements.add(statement(i));
      each.add(compiled(List.of(statement(i))));
    }
    CompiledPolicies all = compiled(statements);
    for (Action action : Action.values()) {
      for (int i = 0; i < WAYS.size(); i++) {
        List<String> asked = List.of(value(i, 7));
        assertThat(all.decide(action, KEY, _ -> asked).outcome())
            .as("%s %s", action, WAYS.get(i))
            .isEqualTo(each.get(i).decide(action, KEY, _ -> asked).outcome());
      }
    }
  }

  @Test
  void resourcesTakeLittleMoreThanTheirText() {
    String resources =
        IntStream.range(0, 120)
            .mapToObj(i -> "\"a:::b:" + Integer.toString(i, 36) + '"')
            .collect(Collectors.joining(","));
    String statement = "{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Resource\":[" + resources + "]}";
    assertThat(compiled(List.of(statement, statement, statement, statement)).weightWithParts())
        .isLessThan(10 * CHARACTERS_MAX);
  }
}
