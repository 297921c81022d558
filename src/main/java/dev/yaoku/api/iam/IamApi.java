package dev.yaoku.api.iam;

import dev.yaoku.access.Admission;
import dev.yaoku.api.Route;
import dev.yaoku.service.Accounts;
import dev.yaoku.service.Logins;
import dev.yaoku.service.Tokens;
import java.util.List;

/**
 * The part of the identity service that clients of a key server need: tokens, and what they look up
 * before their first call.
 *
 * @see "contract/authentication.md, section 4"
 */
public final class IamApi {
  private final IamErrors errors = new IamErrors();
  private final TokenApi tokens;
  private final ScopeApi scopes;

  /** The identity API of one server. */
  public IamApi(
      Logins logins, Tokens tokens, Accounts accounts, Admission admission, Endpoints endpoints) {
    this.tokens = new TokenApi(logins, tokens, accounts, admission, endpoints, errors);
    this.scopes = new ScopeApi(accounts, endpoints);
  }

  /** All its routes. */
  public List<Route> routes() {
    Route.Entry open = Route.Entry.OPEN;
    Route.Entry proved = Route.Entry.PROVED;
    return List.of(
        route("ShowIdentityVersion", "GET", "/v3", open, scopes::version),
        route("CreateToken", "POST", "/v3/auth/tokens", open, tokens::create)
            .reading(AuthRequest.class),
        route("ShowToken", "GET", "/v3/auth/tokens", proved, tokens::show),
        route("RevokeToken", "DELETE", "/v3/auth/tokens", proved, tokens::revoke),
        route("ListProjects", "GET", "/v3/projects", proved, scopes::projects),
        route("ListOwnProjects", "GET", "/v3/auth/projects", proved, scopes::ownProjects),
        route("ListDomains", "GET", "/v3/auth/domains", proved, scopes::domains),
        route("ListRegions", "GET", "/v3/regions", proved, scopes::regions),
        route("ShowCatalog", "GET", "/v3/auth/catalog", proved, scopes::catalog));
  }

  /** Identity calls are rare and may all wait, so they run on the slow lane. */
  private Route route(
      String operation, String method, String path, Route.Entry entry, Route.Handler handler) {
    boolean secret = path.equals("/v3/auth/tokens");
    return new Route(
        operation, method, path, entry, Route.Lane.SLOW, Route.USUAL_BODY, secret, errors, handler);
  }
}
