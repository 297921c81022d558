package dev.yaoku.api.iam;

import dev.yaoku.api.Route;
import java.util.List;

/** Routes about identity tokens of others and client certificates. */
final class OtherWaysRoutes {
  private static final String PROVIDERS = "/v3/OS-FEDERATION/identity_providers";
  private static final String PROVIDER = PROVIDERS + "/{id}";
  private static final String CONFIG =
      "/v3.0/OS-FEDERATION/identity-providers/{id}/openid-connect-config";
  private static final String MAPPING = "/v3/OS-FEDERATION/mappings/{id}";
  private static final String AUTHORITIES = "/v3/OS-YAOKU/client-authorities";
  private static final String AUTHORITY = AUTHORITIES + "/{id}";
  private static final String NAME = AUTHORITY + "/names/{name}";

  private final IdTokenApi tokens;
  private final FederationApi federation;
  private final ClientAuthorityApi authorities;
  private final IamErrors errors;

  OtherWaysRoutes(
      IdTokenApi tokens,
      FederationApi federation,
      ClientAuthorityApi authorities,
      IamErrors errors) {
    this.tokens = tokens;
    this.federation = federation;
    this.authorities = authorities;
    this.errors = errors;
  }

  List<Route> routes() {
    return List.of(
        new Route(
                "CreateTokenWithIdToken",
                "POST",
                "/v3.0/OS-AUTH/id-token/tokens",
                Route.Entry.OPEN,
                Route.Lane.SLOW,
                Route.USUAL_BODY,
                true,
                errors,
                tokens::exchange)
            .reading(IdTokenRequest.class),
        route("ListIdentityProviders", "GET", PROVIDERS, federation::list),
        route("ShowIdentityProvider", "GET", PROVIDER, federation::show),
        route("CreateIdentityProvider", "PUT", PROVIDER, federation::create)
            .reading(FederationRecords.ProviderRequest.class),
        route("UpdateIdentityProvider", "PATCH", PROVIDER, federation::update)
            .reading(FederationRecords.ProviderRequest.class),
        route("DeleteIdentityProvider", "DELETE", PROVIDER, federation::remove),
        route("ShowOpenIdConnectConfig", "GET", CONFIG, federation::showConfig),
        route("CreateOpenIdConnectConfig", "POST", CONFIG, federation::createConfig)
            .reading(FederationRecords.ConfigRequest.class),
        route("UpdateOpenIdConnectConfig", "PUT", CONFIG, federation::updateConfig)
            .reading(FederationRecords.ConfigRequest.class),
        route("ShowIdentityMapping", "GET", MAPPING, federation::showMapping),
        route("PutIdentityMapping", "PUT", MAPPING, federation::putMapping)
            .reading(FederationRecords.MappingRequest.class),
        route("ListClientAuthorities", "GET", AUTHORITIES, authorities::list),
        route("ShowClientAuthority", "GET", AUTHORITY, authorities::show),
        route("PutClientAuthority", "PUT", AUTHORITY, authorities::put)
            .reading(ClientAuthorityApi.Request.class),
        route("DeleteClientAuthority", "DELETE", AUTHORITY, authorities::remove),
        route("PutCertificateName", "PUT", NAME, authorities::map)
            .reading(ClientAuthorityApi.NameRequest.class),
        route("DeleteCertificateName", "DELETE", NAME, authorities::unmap));
  }

  private Route route(String operation, String method, String path, Route.Handler handler) {
    return new Route(
        operation,
        method,
        path,
        Route.Entry.PROVED,
        Route.Lane.SLOW,
        Route.USUAL_BODY,
        false,
        errors,
        handler);
  }
}
