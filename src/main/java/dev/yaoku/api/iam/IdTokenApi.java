package dev.yaoku.api.iam;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Federation;
import dev.yaoku.service.TokenScope;
import dev.yaoku.service.Tokens;
import java.time.Duration;

/**
 * {@code POST /v3.0/OS-AUTH/id-token/tokens}: a token for the owner of another issuer's.
 *
 * @see "contract/authentication.md, section 4.3"
 */
final class IdTokenApi {
  private static final String PROVIDER = "x-idp-id";

  private final Federation federation;
  private final TokenApi answers;
  private final Tokens tokens;
  private final Duration life;

  IdTokenApi(Federation federation, TokenApi answers, Tokens tokens, Duration life) {
    this.federation = federation;
    this.answers = answers;
    this.tokens = tokens;
    this.life = life;
  }

  Answer exchange(Exchange exchange) {
    if (!exchange.head().secure()) {
      throw new KmsException(new Problem.NeedsTls());
    }
    Endpoints.base(exchange.head());
    String provider = exchange.head().only(PROVIDER);
    if (provider == null || provider.isEmpty()) {
      throw new KmsException(new Problem.MissingMember("X-Idp-Id"));
    }
    IdTokenRequest request = IamJson.read(exchange.json(), IdTokenRequest.class);
    TokenScope scope = request.scope();
    Federation.Proved proved =
        federation.prove(provider, request.token(), scope, exchange.head().source());
    return answers.issued(
        exchange, proved.who(), caller -> tokens.issue(caller, scope, proved, life));
  }
}
