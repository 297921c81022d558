package dev.yaoku.access.federation;

import java.util.Set;

/**
 * Whose identity tokens are taken.
 *
 * @param issuer what {@code iss} must be, to the letter
 * @param audiences one of which {@code aud} must be, to the letter
 * @param algorithms how its tokens may be signed; what a token says can only choose among them
 */
public record TrustedIssuer(String issuer, Set<String> audiences, Set<TokenAlgorithm> algorithms) {
  /** Copies the sets. */
  public TrustedIssuer {
    audiences = Set.copyOf(audiences);
    algorithms = Set.copyOf(algorithms);
  }
}
