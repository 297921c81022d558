package dev.yaoku.access.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds capitals where nothing has any. Names of regions, ids of accounts and those of most things
 * are in small letters and are compared exactly, so that a denial on one in capitals would deny
 * nothing. Names that people give, such as those of aliases, may have capitals.
 */
public final class Capitals {
  private static final Set<String> WITH_IDS =
      Set.of("kms:keyid", "kms:keystore", "kms:accesspoint", "kms:policy");

  private Capitals() {}

  /**
   * Where a policy first names what can be nothing, such as {@code Statement[2].Resource[0]},
   * counting from 0.
   */
  public static Optional<String> where(Policy policy) {
    for (int i = 0; i < policy.statements().size(); i++) {
      Statement statement = policy.statements().get(i);
      List<String> resources = statement.resources();
      for (int k = 0; k < resources.size(); k++) {
        if (matchesNothing(resources.get(k))) {
          String member = statement.butResources() ? "NotResource" : "Resource";
          return Optional.of("Statement[" + i + "]." + member + "[" + k + "]");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean matchesNothing(String resource) {
    String[] parts = resource.split(":", CompiledResource.PARTS);
    if (parts.length < CompiledResource.PARTS) {
      return false; // a star alone
    }
    String type = (parts[0] + ":" + parts[3]).toLowerCase(Locale.ROOT);
    return hasCapital(parts[1])
        || hasCapital(parts[2])
        || (WITH_IDS.contains(type) && hasCapital(parts[4]));
  }

  private static boolean hasCapital(String text) {
    return text.chars().anyMatch(Character::isUpperCase);
  }
}
