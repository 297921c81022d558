package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.federation.Issuer;
import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mappings and protocols of identity providers, in the order in which Terraform makes them. */
class MappingsOverHttpTest {
  private static final String PROVIDERS = "/v3/OS-FEDERATION/identity_providers/";
  private static final String MAPPINGS = "/v3/OS-FEDERATION/mappings";
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Issuer ISSUER = new Issuer("-1");

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    staff = new Staff(owner);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** An account has ten providers at most. */
  @AfterEach
  void removeProviders() {
    owner
        .send("GET", PROVIDERS.substring(0, PROVIDERS.length() - 1), "")
        .is(200)
        .at("/identity_providers")
        .forEach(one -> owner.send("DELETE", PROVIDERS + one.at("/id").stringValue(), "").is(204));
  }

  private static String provider() {
    String name = "idp-" + NAMES.incrementAndGet();
    owner.send("PUT", PROVIDERS + name, "{'identity_provider':{'enabled':true}}").is(201);
    return name;
  }

  private static String rules(String user) {
    return "{'mapping':{'rules':[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'"
        + user
        + "'}}]}]}}";
  }

  private static Reply bind(String provider, String protocol, String mapping) {
    return owner.send(
        "PUT",
        PROVIDERS + provider + "/protocols/" + protocol,
        "{'protocol':{'mapping_id':'" + mapping + "'}}");
  }

  private static int logIn(String provider) {
    String keys = ISSUER.keySet().replace("\"", "\\\"");
    owner
        .send(
            "POST",
            "/v3.0/OS-FEDERATION/identity-providers/" + provider + "/openid-connect-config",
            "{'openid_connect_config':{'access_mode':'program','idp_url':'"
                + Issuer.NAME
                + "','client_id':'yaoku','algorithms':['ES256'],'signing_key':'"
                + keys
                + "'}}")
        .is(201);
    return exchange(provider);
  }

  private static int exchange(String provider) {
    long now = Instant.now().getEpochSecond();
    String token = ISSUER.idToken("anybody", now, now + 600);
    return owner
        .send(
            "POST",
            "/v3.0/OS-AUTH/id-token/tokens",
            "{'auth':{'id_token':{'id':'" + token + "'}}}",
            Map.of("X-Idp-Id", provider))
        .status();
  }

  @Test
  void terraformsOrderEndsInAProviderThatIsUsed() {
    String name = provider();
    String mapping = "mapping_" + name;

    Reply made =
        owner
            .send(
                "PUT",
                MAPPINGS + "/" + mapping,
                "{'mapping':{'rules':[{'remote':[{'type':'__NAMEID__'}],"
                    + "'local':[{'user':{'name':'FederationUser'}}]}]}}")
            .is(201);
    assertThat(made.text("/mapping/id")).isEqualTo(mapping);
    Reply bound = bind(name, "oidc", mapping).is(201);
    assertThat(bound.text("/protocol/id")).isEqualTo("oidc");
    assertThat(bound.text("/protocol/mapping_id")).isEqualTo(mapping);
    assertThat(logIn(name)).isEqualTo(401);
    owner.send("PATCH", MAPPINGS + "/" + mapping, rules(server.known("user_name"))).is(200);
    assertThat(exchange(name)).isEqualTo(201);

    Reply shown = owner.send("GET", MAPPINGS + "/" + name, "").is(200);
    assertThat(shown.text("/mapping/id")).isEqualTo(name);
    assertThat(shown.text("/mapping/rules/0/remote/0/type")).isEqualTo("sub");
    assertThat(owner.send("GET", MAPPINGS, "").is(200).raw().body()).contains(name);
    Reply protocols = owner.send("GET", PROVIDERS + name + "/protocols", "").is(200);
    assertThat(protocols.text("/protocols/0/id")).isEqualTo("oidc");
  }

  @Test
  void aProtocolAndItsMappingGoTogether() {
    for (String path : new String[] {"/protocols/oidc", ""}) {
      String name = provider();
      owner.send("PUT", MAPPINGS + "/" + name, rules(server.known("user_name"))).is(201);
      bind(name, "oidc", name).is(201);
      assertThat(logIn(name)).isEqualTo(201);

      owner
          .send(
              "DELETE",
              path.isEmpty() ? MAPPINGS + "/mapping_" + name : PROVIDERS + name + path,
              "")
          .is(204);
      assertThat(exchange(name)).isEqualTo(401);
      owner.send("GET", MAPPINGS + "/" + name, "").is(404);
      owner.send("GET", PROVIDERS + name + "/protocols/oidc", "").is(404);
      owner.send("DELETE", MAPPINGS + "/" + name, "").is(404);
      owner.send("DELETE", PROVIDERS + name + "/protocols/oidc", "").is(404);
      assertThat(owner.send("GET", PROVIDERS + name + "/protocols", "").is(200).at("/protocols"))
          .isEmpty();
    }
  }

  @Test
  void noOtherProviderTakesTheNameThatAMappingGoesBy() {
    String name = provider();
    String enabled = "{'identity_provider':{'enabled':true}}";
    owner.send("PUT", PROVIDERS + "mapping_" + name, enabled).is(409);
    owner.send("PUT", PROVIDERS + "mapping_later", enabled).is(201);
    owner.send("PUT", PROVIDERS + "later", enabled).is(409);
  }

  @Test
  void aListLeavesOutWhatIsDeniedByName() {
    String seen = provider();
    String hidden = provider();
    for (String name : new String[] {seen, hidden}) {
      owner.send("PUT", MAPPINGS + "/" + name, rules("one")).is(201);
    }
    Tenant limited = staff.person();
    staff.ofAccount(
        limited,
        "{'Effect':'Allow','Action':['iam:identityProviders:manage']},"
            + "{'Effect':'Deny','Action':['iam:identityProviders:manage'],"
            + "'Resource':['iam:*:*:identityProvider:"
            + hidden
            + "']}");

    for (String path : new String[] {MAPPINGS, PROVIDERS.substring(0, PROVIDERS.length() - 1)}) {
      String body = limited.send("GET", path, "").is(200).raw().body();
      assertThat(body).contains("\"" + seen + "\"").doesNotContain("\"" + hidden + "\"");
    }
    limited.send("GET", MAPPINGS + "/" + hidden, "").is(403);
  }

  @Test
  void theLongerNameDoesNotTellWhetherADeniedProviderIsThere() {
    Tenant limited = staff.person();
    String there = provider();
    String absent = there + "-absent";
    staff.ofAccount(
        limited,
        "{'Effect':'Allow','Action':['iam:identityProviders:manage']},"
            + "{'Effect':'Deny','Action':['iam:identityProviders:manage'],"
            + "'Resource':['iam:*:*:identityProvider:"
            + there
            + "*']}");

    for (String name : new String[] {there, absent}) {
      limited.send("GET", MAPPINGS + "/mapping_" + name, "").is(403);
      limited.send("PUT", MAPPINGS + "/mapping_" + name, rules("one")).is(403);
    }
  }

  @Test
  void whatCannotBeBoundIsRefused() {
    String name = provider();
    String other = provider();
    bind(name, "oidc", name).is(404);
    owner.send("PUT", MAPPINGS + "/" + name, rules("one")).is(201);
    bind(name, "saml", name).is(400);
    bind(name, "oidc", other).is(400);
    bind(name, "oidc", "mapping_" + other).is(400);
    owner.send("PUT", PROVIDERS + name + "/protocols/oidc", "{'protocol':{}}").is(400);
    owner.send("PUT", PROVIDERS + name + "/protocols/oidc", "{}").is(400);
    bind("nobody", "oidc", "nobody").is(404);
    owner.send("PUT", MAPPINGS + "/mapping_nobody", rules("one")).is(404);
  }

  @Test
  void whoeverMayManageNoProviderLearnsNothingOfWhichThereAre() {
    String name = provider();
    Tenant curious = staff.person();

    for (String mapping : new String[] {name, "mapping_" + name, "mapping_nobody"}) {
      curious.send("GET", MAPPINGS + "/" + mapping, "").is(403);
      curious.send("DELETE", MAPPINGS + "/" + mapping, "").is(403);
      curious.send("PUT", MAPPINGS + "/" + mapping, rules("one")).is(403);
    }
    curious.send("GET", MAPPINGS, "").is(403);
    for (String provider : new String[] {name, "nobody"}) {
      curious.send("GET", PROVIDERS + provider + "/protocols", "").is(403);
      curious.send("GET", PROVIDERS + provider + "/protocols/oidc", "").is(403);
      curious.send("DELETE", PROVIDERS + provider + "/protocols/oidc", "").is(403);
      curious.send("DELETE", PROVIDERS + provider + "/protocols/saml", "").is(403);
    }
  }
}
