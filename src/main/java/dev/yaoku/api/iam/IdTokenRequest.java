package dev.yaoku.api.iam;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.TokenScope;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v3.0/OS-AUTH/id-token/tokens}.
 *
 * @see "contract/authentication.md, section 4.3"
 */
record IdTokenRequest(@Nullable Auth auth) {
  record Auth(@Nullable IdToken idToken, AuthRequest.@Nullable Scope scope) {}

  record IdToken(@Nullable String id) {
    @Override
    public String toString() {
      return "IdToken";
    }
  }

  /** The identity token. */
  String token() {
    IdToken token = auth == null ? null : auth.idToken();
    if (token == null || token.id() == null || token.id().isEmpty()) {
      throw new KmsException(new Problem.MissingMember("auth.id_token.id"));
    }
    return token.id();
  }

  /** What the token is to be good for. */
  TokenScope scope() {
    return AuthRequest.scope(auth == null ? null : auth.scope());
  }
}
