package dev.yaoku.access.federation;

/** Where a provider's keys are. */
public sealed interface KeySource {
  /** At a URL that the operator allows. */
  record Url(String url) implements KeySource {}

  /** In a file of this name, in the operator's folder for them. */
  record Named(String file) implements KeySource {}

  /** In the provider's own settings. */
  record Given(String keySet) implements KeySource {}
}
