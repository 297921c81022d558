package dev.yaoku.api.iam;

import dev.yaoku.access.AccessKeyLogin;
import dev.yaoku.access.Admission;
import dev.yaoku.api.Route;
import dev.yaoku.service.Accounts;
import dev.yaoku.service.ClientAuthorities;
import dev.yaoku.service.Federation;
import dev.yaoku.service.IdentityProviders;
import dev.yaoku.service.IdentityServices;
import dev.yaoku.service.Logins;
import dev.yaoku.service.TemporaryKeys;
import dev.yaoku.service.Tokens;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The part of the identity service that clients of a key server need: tokens, and what they look up
 * before their first call.
 *
 * @see "contract/authentication.md, section 4"
 */
public final class IamApi {
  private static final String NO_CATALOG = "nocatalog";

  private static final String[] PAGE_OF_PROJECTS = {
    "domain_id", "enabled", "is_domain", "name", "page", "parent_id", "per_page"
  };

  private final Tokens issuer;
  private final IamFrame frame;
  private final TokenApi tokens;
  private final TemporaryKeyApi temporaryKeys;
  private final AssumedAgencyApi assumedAgencies;
  private final ScopeApi scopes;
  private final CatalogApi catalog;
  private final IdentityServices services;

  /** The identity API of one server. */
  public IamApi(
      Logins logins,
      AccessKeyLogin accessKeys,
      Tokens tokens,
      Accounts accounts,
      IdentityServices services,
      TemporaryKeys temporaryKeys,
      Admission admission) {
    this.services = services;
    this.issuer = tokens;
    this.frame = new IamFrame(new IamErrors(), new NewerIamErrors());
    this.tokens =
        new TokenApi(logins, accessKeys, tokens, services.subjectTokens(), accounts, admission);
    this.temporaryKeys = new TemporaryKeyApi(temporaryKeys, tokens, admission);
    this.assumedAgencies = new AssumedAgencyApi(temporaryKeys);
    this.scopes = new ScopeApi(accounts, services.users());
    this.catalog = new CatalogApi(frame, accounts);
  }

  /** All its routes. */
  public List<Route> routes() {
    return Stream.of(beforeTheFirstCall(), catalog.routes(), management())
        .flatMap(Collection::stream)
        .toList();
  }

  /** What manages users, groups, access keys, policies, agencies and projects. */
  private List<Route> management() {
    UserApi users = new UserApi(frame, services.users(), services.groups());
    PolicyApi policies = new PolicyApi(frame, services.policies());
    return Stream.of(
            temporaryKeys.routes(frame),
            assumedAgencies.routes(frame),
            users.routes(),
            new UserDetailApi(frame, services.users()).routes(),
            new LoginProtectApi(frame, services.users()).routes(),
            new GroupApi(frame, services.groups(), users).routes(),
            new CredentialApi(frame, services.accessKeys()).routes(),
            policies.routes(),
            new AssignmentApi(frame, services.attachments(), services.policies(), policies)
                .routes(),
            new RoleAssignmentApi(frame, services.attachments()).routes(),
            new AgencyApi(frame, services.agencies()).routes(),
            new ProjectApi(frame, services.projects()).routes(),
            new AccountApi(frame, services.tenants()).routes())
        .flatMap(Collection::stream)
        .toList();
  }

  private List<Route> beforeTheFirstCall() {
    Route.Entry open = Route.Entry.OPEN;
    Route.Entry proved = Route.Entry.PROVED;
    return List.of(
        route("ShowIdentityVersion", "GET", "/v3", open, scopes::version)
            .answering(ScopeApi.Version.class),
        secretRoute("CreateToken", "POST", "/v3/auth/tokens", open, tokens::create)
            .answering(TokenAnswer.class)
            .takingQuery(NO_CATALOG)
            .reading(AuthRequest.class),
        ofToken("ShowToken", "GET", tokens::show)
            .answering(TokenAnswer.class)
            .takingQuery(NO_CATALOG),
        ofToken("CheckToken", "HEAD", tokens::show).takingQuery(NO_CATALOG),
        ofToken("RevokeToken", "DELETE", tokens::revoke),
        route("ListProjects", "GET", "/v3/projects", proved, scopes::projects)
            .answering(ScopeApi.ProjectPage.class)
            .takingQuery(PAGE_OF_PROJECTS),
        route("ListOwnProjects", "GET", "/v3/auth/projects", proved, scopes::ownProjects)
            .answering(ScopeApi.ProjectPage.class)
            .takingQuery(PAGE_OF_PROJECTS),
        route(
                "KeystoneListProjectsForUser",
                "GET",
                "/v3/users/{user_id}/projects",
                proved,
                scopes::projectsOf)
            .answering(ScopeApi.ProjectPage.class)
            .takingQuery(PAGE_OF_PROJECTS),
        route("ListDomains", "GET", "/v3/auth/domains", proved, scopes::ownDomains)
            .answering(ScopeApi.Domains.class)
            .takingQuery("enabled", "name"),
        route("KeystoneListDomains", "GET", "/v3/domains", proved, scopes::domains)
            .answering(ScopeApi.Domains.class)
            .takingQuery("enabled", "name"),
        route("KeystoneShowDomain", "GET", "/v3/domains/{domain}", proved, scopes::domain)
            .answering(ScopeApi.OneDomain.class));
  }

  private Route ofToken(String operation, String method, Route.Handler handler) {
    return secretRoute(operation, method, "/v3/auth/tokens", Route.Entry.PROVED, handler)
        .needingHeader("X-Subject-Token");
  }

  /** The routes of those who prove who they are in other ways, and what lets them. */
  public List<Route> otherWays(
      Federation federation,
      IdentityProviders providers,
      ClientAuthorities authorities,
      Duration tokenLife) {
    IdTokenApi exchange = new IdTokenApi(federation, tokens, issuer, tokenLife);
    Route idToken =
        secretRoute(
                "CreateTokenWithIdToken",
                "POST",
                "/v3.0/OS-AUTH/id-token/tokens",
                Route.Entry.OPEN,
                exchange::exchange)
            .answering(TokenAnswer.class)
            .takingQuery(NO_CATALOG)
            .reading(IdTokenRequest.class)
            .needingHeader("X-Idp-Id");
    return Stream.of(
            List.of(idToken),
            new FederationApi(frame, providers).routes(),
            new MappingApi(frame, providers).routes(),
            new ClientAuthorityApi(frame, authorities).routes())
        .flatMap(Collection::stream)
        .toList();
  }

  private Route route(
      String operation, String method, String path, Route.Entry entry, Route.Handler handler) {
    return frame.first(operation, method, path, entry, false, handler);
  }

  /** The same of what carries a password or a token. */
  private Route secretRoute(
      String operation, String method, String path, Route.Entry entry, Route.Handler handler) {
    return frame.first(operation, method, path, entry, true, handler);
  }
}
