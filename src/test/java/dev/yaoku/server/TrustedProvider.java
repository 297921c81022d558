package dev.yaoku.server;

import dev.yaoku.access.federation.Issuer;
import java.net.http.HttpRequest;
import java.time.Instant;

/** An identity provider by which whoever has a token of it comes in as one user of a tenant. */
final class TrustedProvider {
  private static final String PROVIDERS = "/v3/OS-FEDERATION/identity_providers/";

  private final Tenant tenant;
  private final String name;

  /** One without keys. */
  TrustedProvider(Tenant tenant, String name, String user) {
    this.tenant = tenant;
    this.name = name;
    tenant.send("PUT", PROVIDERS + name, "{'identity_provider':{}}").is(201);
    configure("POST", "'algorithms':['ES256']").is(201);
    tenant
        .send(
            "PUT",
            "/v3/OS-FEDERATION/mappings/" + name,
            "{'mapping':{'rules':[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'"
                + user
                + "'}}]}]}}")
        .is(201);
  }

  private Tenant.Reply configure(String method, String what) {
    return tenant.send(
        method,
        "/v3.0/OS-FEDERATION/identity-providers/" + name + "/openid-connect-config",
        "{'openid_connect_config':{'access_mode':'program','idp_url':'"
            + Issuer.NAME
            + "','client_id':'"
            + Issuer.AUDIENCE
            + "',"
            + what
            + "}}");
  }

  /** Its keys are this one's from now on. */
  void has(Issuer keys) {
    configure("PUT", "'signing_key':'" + keys.keySet().replace("\"", "\\\"") + "'").is(200);
  }

  void enable(boolean enabled) {
    tenant
        .send("PATCH", PROVIDERS + name, "{'identity_provider':{'enabled':" + enabled + "}}")
        .is(200);
  }

  /** What a server answers to a token that was signed with such keys. */
  int logIn(LiveServer server, Issuer keys) {
    long now = Instant.now().getEpochSecond();
    String body =
        "{\"auth\":{\"id_token\":{\"id\":\"" + keys.idToken("anybody", now, now + 600) + "\"}}}";
    return server
        .send(
            server
                .to("/v3.0/OS-AUTH/id-token/tokens")
                .header("X-Idp-Id", name)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .statusCode();
  }
}
