package dev.yaoku.access.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.yaoku.access.Action;
import dev.yaoku.access.policy.Decision.Outcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random policies decide as a slow and plain reading of the documents does. */
class PolicyReferenceTest {
  private static final int CASES = 20_000;
  private static final int CASES_OF_MANY = 1_000;
  private static final List<String> PARTS = List.of("*", "a", "b", "a*", "*b", "?", "a?b");
  private static final List<String> VALUES = List.of("a", "b", "ab", "A", "7", "8", "true");
  private static final List<ConditionKey> KEYS =
      List.of(
          ConditionKey.of(ConditionKey.Kind.USER_NAME),
          ConditionKey.of(ConditionKey.Kind.TAG_KEYS),
          new ConditionKey(ConditionKey.Kind.RESOURCE_TAG, "t"));
  private static final List<Operator> OPERATORS =
      List.of(
          Operator.STRING_EQUALS,
          Operator.STRING_NOT_EQUALS,
          Operator.STRING_MATCH,
          Operator.STRING_NOT_START_WITH,
          Operator.STRING_EQUALS_IGNORE_CASE,
          Operator.NUMBER_LESS_EQUALS,
          Operator.NULL);

  private final long seed = Long.getLong("policy.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void theEngineDecidesAsTheReferenceDoes() {
    for (int i = 0; i < CASES; i++) {
      List<Policy> own = some(3, this::policy);
      @Nullable Policy session = random.nextInt(3) == 0 ? policy() : null;
      Action action = one(List.of(Action.values()));
      Resource resource = new Resource("kms", "a", part(), "KeyId", part());
      Map<ConditionKey, List<String>> asked = asked();
      CompiledPolicies compiled = CompiledPolicies.of(own);
      if (session != null) {
        compiled = compiled.narrowedBy(session);
      }
      Outcome decided =
          compiled.decide(action, resource, key -> asked.getOrDefault(key, List.of())).outcome();
      String message = "-Dpolicy.seed=" + seed + ", case " + i + ": " + own + session + asked;
      assertEquals(reference(own, session, action, resource, asked), decided, message);
    }
  }

  /** So many that most are found by the values that they ask for. */
  @Test
  void ofManyStatementsTheFirstThatAlwaysAppliesDecidesOrElseTheFirstThatApplies() {
    Map<Outcome, Integer> seen = new EnumMap<>(Outcome.class);
    for (int i = 0; i < CASES_OF_MANY; i++) {
      List<Policy> own = new ArrayList<>();
      for (int policy = 0; policy < 3; policy++) {
        List<Statement> statements = new ArrayList<>();
        while (statements.size() < 20) {
          statements.add(selective());
        }
        if (random.nextInt(4) == 0) {
          statements.set(random.nextInt(20), unconditional());
        }
        own.add(new Policy("p" + policy, "name", Language.IDENTITY, statements));
      }
      Action action = one(List.of(Action.ENCRYPT_DATA, Action.LIST_KEYS));
      Resource resource = new Resource("kms", "a", part(), "KeyId", part());
      Map<ConditionKey, List<String>> asked = asked();
      Decision decided =
          CompiledPolicies.of(own)
              .decide(action, resource, key -> asked.getOrDefault(key, List.of()));
      String message = "-Dpolicy.seed=" + seed + ", case " + i + ": " + own + asked;
      assertEquals(first(own, action, resource, asked), decided, message);
      seen.merge(decided.outcome(), 1, Integer::sum);
    }
    assertEquals(3, seen.size(), seen.toString());
  }

  private static Decision first(
      List<Policy> own, Action action, Resource resource, Map<ConditionKey, List<String>> asked) {
    for (Effect effect : List.of(Effect.DENY, Effect.ALLOW)) {
      for (boolean always : List.of(true, false)) {
        for (Policy policy : own) {
          for (int i = 0; i < policy.statements().size(); i++) {
            Statement statement = policy.statements().get(i);
            Policy alone = new Policy("", "", policy.language(), List.of(statement));
            Outcome outcome = reference(List.of(alone), null, action, resource, asked);
            if (statement.effect() == effect
                && outcome != Outcome.NOT_ALLOWED
                && (!always || alwaysApplies(statement))) {
              return new Decision(outcome, new Decision.By(policy.id(), policy.name(), i + 1, ""));
            }
          }
        }
      }
    }
    return Decision.NOT_ALLOWED;
  }

  private static boolean alwaysApplies(Statement statement) {
    return statement.conditions().isEmpty() && statement.resources().isEmpty();
  }

  /** A statement that applies to whatever it is about, and seldom denies. */
  private Statement unconditional() {
    return new Statement(
        "",
        random.nextInt(10) == 0 ? Effect.DENY : Effect.ALLOW,
        List.of(one(List.of("kms:cmk:*", "kms:cmk:list", "kms:cmk:crypto"))),
        false,
        List.of(),
        false,
        List.of());
  }

  /** A statement that mostly asks for certain values of a key, and seldom denies. */
  private Statement selective() {
    Statement random = statement();
    List<Condition> conditions = new ArrayList<>();
    if (this.random.nextInt(4) == 0) {
      conditions.add(condition());
    }
    boolean matches = this.random.nextBoolean();
    conditions.add(
        new Condition(
            one(List.of(Condition.Scope.ONE, Condition.Scope.ANY_VALUE)),
            matches ? Operator.STRING_MATCH : Operator.STRING_EQUALS,
            false,
            one(KEYS),
            some(2, () -> one(matches ? PARTS : VALUES))));
    conditions.add(condition());
    return new Statement(
        "",
        this.random.nextInt(40) == 0 ? Effect.DENY : Effect.ALLOW,
        List.of(one(List.of("kms:cmk:*", "kms:cmk:list", "kms:cmk:crypto"))),
        random.butActions() && this.random.nextInt(10) == 0,
        random.resources(),
        random.butResources(),
        conditions);
  }

  private Policy policy() {
    List<Statement> statements = some(4, this::statement);
    return new Policy("id", "name", Language.IDENTITY, statements);
  }

  private Statement statement() {
    List<String> actions = List.of("kms:cmk:*", "KMS:*:list", "*", "kms:dek:crypto", "kms:cmk:get");
    List<Condition> conditions = random.nextBoolean() ? List.of() : some(2, this::condition);
    List<String> resources = random.nextBoolean() ? List.of() : some(2, this::resource);
    return new Statement(
        "",
        random.nextInt(3) == 0 ? Effect.DENY : Effect.ALLOW,
        some(2, () -> one(actions)),
        random.nextInt(4) == 0,
        resources,
        !resources.isEmpty() && random.nextInt(4) == 0,
        conditions);
  }

  private String resource() {
    return random.nextInt(5) == 0
        ? "*"
        : "KMS:" + one(PARTS) + ":" + one(PARTS) + ":keyID:" + one(PARTS);
  }

  private Condition condition() {
    Operator operator = one(OPERATORS);
    boolean plain = operator == Operator.NULL;
    List<String> values =
        switch (operator) {
          case NULL -> List.of(random.nextBoolean() ? "true" : "false");
          case NUMBER_LESS_EQUALS -> List.of("7.5");
          case STRING_MATCH -> some(2, () -> one(PARTS));
          default -> some(2, () -> one(VALUES));
        };
    Condition.Scope scope = plain ? Condition.Scope.ONE : one(List.of(Condition.Scope.values()));
    return new Condition(scope, operator, !plain && random.nextBoolean(), one(KEYS), values);
  }

  private Map<ConditionKey, List<String>> asked() {
    Map<ConditionKey, List<String>> asked = new HashMap<>();
    for (ConditionKey key : KEYS) {
      if (random.nextInt(3) > 0) {
        asked.put(key, some(2, () -> one(VALUES)));
      }
    }
    return asked;
  }

  private String part() {
    return one(List.of("a", "b", "ab", "axb", "c", "*"));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private <T> List<T> some(int max, Supplier<T> source) {
    List<T> made = new ArrayList<>();
    for (int i = random.nextInt(max); i >= 0; i--) {
      made.add(source.get());
    }
    return made;
  }

  private static Outcome reference(
      List<Policy> own,
      @Nullable Policy session,
      Action action,
      Resource resource,
      Map<ConditionKey, List<String>> asked) {
    Map<Effect, Boolean> mine = new EnumMap<>(Effect.class);
    Map<Effect, Boolean> narrow = new EnumMap<>(Effect.class);
    own.forEach(policy -> collect(policy, action, resource, asked, mine));
    if (session != null) {
      collect(session, action, resource, asked, narrow);
    }
    if (mine.containsKey(Effect.DENY) || narrow.containsKey(Effect.DENY)) {
      return Outcome.DENIED;
    }
    if (session != null && !narrow.containsKey(Effect.ALLOW)) {
      return Outcome.OUTSIDE_SESSION;
    }
    return mine.containsKey(Effect.ALLOW) ? Outcome.ALLOWED : Outcome.NOT_ALLOWED;
  }

  private static void collect(
      Policy policy,
      Action action,
      Resource resource,
      Map<ConditionKey, List<String>> asked,
      Map<Effect, Boolean> found) {
    for (Statement statement : policy.statements()) {
      boolean named =
          statement.actions().stream().anyMatch(pattern -> namesAction(pattern, action));
      boolean about =
          statement.resources().isEmpty()
              || statement.resources().stream().anyMatch(pattern -> names(pattern, resource))
                  != statement.butResources();
      boolean holds = statement.conditions().stream().allMatch(one -> holds(one, asked));
      if (named != statement.butActions() && about && holds) {
        found.put(statement.effect(), true);
      }
    }
  }

  private static boolean namesAction(String pattern, Action action) {
    for (String name : ActionNames.of(action)) {
      if (like(pattern.toLowerCase(Locale.ROOT), name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(String pattern, Resource asked) {
    if (pattern.equals("*")) {
      return true;
    }
    String[] parts = pattern.split(":", 5);
    return like(parts[0].toLowerCase(Locale.ROOT), asked.service())
        && like(parts[1], asked.region())
        && like(parts[2], asked.account())
        && like(parts[3].toLowerCase(Locale.ROOT), asked.type().toLowerCase(Locale.ROOT))
        && like(parts[4], asked.id());
  }

  private static boolean like(String pattern, String text) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return text.matches(regex.toString());
  }

  private static boolean holds(Condition condition, Map<ConditionKey, List<String>> asked) {
    List<String> values = asked.getOrDefault(condition.key(), List.of());
    if (condition.operator() == Operator.NULL) {
      return condition.values().contains(String.valueOf(values.isEmpty()));
    }
    if (values.isEmpty() && condition.ifExists()) {
      return true;
    }
    boolean negated = condition.operator().negated();
    return switch (condition.scope()) {
      case ONE -> negated != values.stream().anyMatch(value -> compares(condition, value));
      case ANY_VALUE -> values.stream().anyMatch(value -> negated != compares(condition, value));
      case ALL_VALUES -> values.stream().allMatch(value -> negated != compares(condition, value));
    };
  }

  private static boolean compares(Condition condition, String asked) {
    return condition.values().stream()
        .anyMatch(value ->
            switch (condition.operator()) {
              case STRING_EQUALS, STRING_NOT_EQUALS -> value.equals(asked);
              case STRING_MATCH -> like(value, asked);
              case STRING_NOT_START_WITH -> asked.startsWith(value);
              case STRING_EQUALS_IGNORE_CASE -> value.equalsIgnoreCase(asked);
              case NUMBER_LESS_EQUALS ->
                  asked.matches("\\d+")
                      && new BigDecimal(asked).compareTo(new BigDecimal(value)) <= 0;
              default -> throw new IllegalStateException(condition.toString());
            });
  }
}
