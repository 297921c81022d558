package dev.yaoku.access.federation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which user of the provider's account a token's owner is. The first rule all of whose conditions
 * hold decides; a token that no rule fits names nobody.
 *
 * <p>The rules are those of the cloud's identity providers, as far as they name a user that exists:
 * {@code [{"remote":[{"type":"sub"},{"type":"groups","any_one_of":["a"]}],
 * "local":[{"user":{"name":"{0}"}}]}]}. {@code {0}} is the value of the first claim without a
 * condition, {@code {1}} that of the second.
 *
 * @see "docs/ways-in.md"
 */
public final class MappingRules {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d{1,2})}");
  private static final int NAME_MAX = 255;

  private final List<Rule> rules;

  MappingRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * A user of the account.
   *
   * @param byId whether it is named by its id and not by its name
   */
  public record Named(boolean byId, String text) {}

  /** Conditions, and who it is where they hold. */
  record Rule(List<Condition> conditions, boolean byId, String template) {
    Optional<Named> apply(Claims claims) {
      List<String> direct = new ArrayList<>();
      for (Condition condition : conditions) {
        List<String> values = claims.values(condition.claim());
        if (!condition.holds(values)) {
          return Optional.empty();
        }
        if (condition.test() == Test.PRESENT) {
          direct.add(values.getFirst());
        }
      }
      String name = fill(direct);
      return name.isEmpty() || name.length() > NAME_MAX
          ? Optional.empty()
          : Optional.of(new Named(byId, name));
    }

    /** Values are put in once: a value that looks like a place is not filled again. */
    private String fill(List<String> direct) {
      return PLACE
          .matcher(template)
          .replaceAll(place -> Matcher.quoteReplacement(valueOf(place, direct)));
    }

    private static String valueOf(MatchResult place, List<String> direct) {
      return direct.get(Integer.parseInt(place.group(1)));
    }

    /** The highest number in the template; -1 if it has none. */
    static int highestPlace(String template) {
      return PLACE
          .matcher(template)
          .results()
          .mapToInt(place -> Integer.parseInt(place.group(1)))
          .max()
          .orElse(-1);
    }
  }

  /** What is asked of a claim. */
  enum Test {
    /** That it has exactly one value, which a template may use. */
    PRESENT,
    /** That one of its values is among those given. */
    ANY_ONE_OF,
    /** That it has values, and none of them is among those given. */
    NOT_ANY_OF
  }

  /** One condition. */
  record Condition(String claim, Test test, List<String> given) {
    boolean holds(List<String> values) {
      return switch (test) {
        case PRESENT -> values.size() == 1;
        case ANY_ONE_OF -> values.stream().anyMatch(given::contains);
        case NOT_ANY_OF -> !values.isEmpty() && values.stream().noneMatch(given::contains);
      };
    }
  }

  /** Who the owner of these claims is. */
  public Optional<Named> apply(Claims claims) {
    for (Rule rule : rules) {
      Optional<Named> named = rule.apply(claims);
      if (named.isPresent()) {
        return named;
      }
    }
    return Optional.empty();
  }
}
