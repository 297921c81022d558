package dev.yaoku.access.federation;

import java.util.Set;

/**
 * Whose identity tokens are taken.
 *
 * @param issuer what {@code iss} must be, to the letter
 * @param audience what {@code aud} must be, to the letter
 * @param algorithms how its tokens may be signed; what a token says can only choose among them
 */
public record TrustedIssuer(String issuer, String audience, Set<TokenAlgorithm> algorithms) {
  /** Copies the set. */
  public TrustedIssuer {
    algorithms = Set.copyOf(algorithms);
  }
}
