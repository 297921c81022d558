package dev.yaoku.access.policy;

import java.util.Arrays;
import java.util.Optional;

/**
 * The two generations of the language with their limits. Those of 1.1 are the vendor's ({@code
 * authentication.md}, section 7.1); for 5.0 none are documented, so that these are ours.
 */
public enum Language {
  CUSTOM("1.1", 8, 100, 10, 128, 10),
  IDENTITY("5.0", 64, 128, 128, 1_024, 32);

  private final String version;
  final int statementsMax;
  final int actionsMax;
  final int resourcesMax;
  final int resourceCharactersMax;
  final int conditionsMax;

  Language(
      String version,
      int statementsMax,
      int actionsMax,
      int resourcesMax,
      int resourceCharactersMax,
      int conditionsMax) {
    this.version = version;
    this.statementsMax = statementsMax;
    this.actionsMax = actionsMax;
    this.resourcesMax = resourcesMax;
    this.resourceCharactersMax = resourceCharactersMax;
    this.conditionsMax = conditionsMax;
  }

  /** What a policy of this generation has as its {@code Version}. */
  public String version() {
    return version;
  }

  static Optional<Language> of(String version) {
    return Arrays.stream(values()).filter(one -> one.version.equals(version)).findFirst();
  }
}
