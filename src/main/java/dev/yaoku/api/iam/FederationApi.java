package dev.yaoku.api.iam;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.iam.FederationRecords.ConfigAnswer;
import dev.yaoku.api.iam.FederationRecords.ConfigRequest;
import dev.yaoku.api.iam.FederationRecords.MappingAnswer;
import dev.yaoku.api.iam.FederationRecords.MappingRequest;
import dev.yaoku.api.iam.FederationRecords.ProviderAnswer;
import dev.yaoku.api.iam.FederationRecords.ProviderDetail;
import dev.yaoku.api.iam.FederationRecords.ProviderRequest;
import dev.yaoku.api.iam.FederationRecords.ProvidersAnswer;
import dev.yaoku.service.IdentityProviders;
import dev.yaoku.service.IdentityProviders.Change;
import dev.yaoku.service.IdentityProviders.TrustedProvider;

/**
 * Identity providers, their OpenID Connect settings and their mapping rules. A provider has one
 * mapping, which has the provider's name.
 */
final class FederationApi {
  private static final String PROVIDERS = "/v3/OS-FEDERATION/identity_providers";

  private final IdentityProviders providers;
  private final Endpoints endpoints;

  FederationApi(IdentityProviders providers, Endpoints endpoints) {
    this.providers = providers;
    this.endpoints = endpoints;
  }

  private String base(Exchange exchange) {
    return endpoints.base(exchange.head()) + PROVIDERS;
  }

  private static String id(Exchange exchange) {
    return exchange.path().getOrDefault("id", "");
  }

  Answer list(Exchange exchange) {
    String base = base(exchange);
    return ok(
        200,
        new ProvidersAnswer(
            providers.list(exchange.proved()).stream()
                .map(p -> ProviderDetail.of(p, base))
                .toList(),
            new FederationRecords.ListLinks(base, null, null)));
  }

  Answer show(Exchange exchange) {
    return provider(200, exchange, providers.show(exchange.proved(), id(exchange)));
  }

  Answer create(Exchange exchange) {
    var asked = IamJson.read(exchange.json(), ProviderRequest.class).provider();
    return provider(
        201,
        exchange,
        providers.create(
            exchange.proved(), id(exchange), Change.of(asked.description(), asked.enabled())));
  }

  Answer update(Exchange exchange) {
    var asked = IamJson.read(exchange.json(), ProviderRequest.class).provider();
    return provider(
        200,
        exchange,
        providers.update(
            exchange.proved(), id(exchange), Change.of(asked.description(), asked.enabled())));
  }

  Answer remove(Exchange exchange) {
    providers.remove(exchange.proved(), id(exchange));
    return Answer.noContent();
  }

  Answer showConfig(Exchange exchange) {
    return ok(200, ConfigAnswer.of(providers.show(exchange.proved(), id(exchange))));
  }

  Answer createConfig(Exchange exchange) {
    return config(201, exchange);
  }

  Answer updateConfig(Exchange exchange) {
    return config(200, exchange);
  }

  private Answer config(int status, Exchange exchange) {
    Change change = IamJson.read(exchange.json(), ConfigRequest.class).change();
    return ok(
        status, ConfigAnswer.of(providers.update(exchange.proved(), id(exchange), change, status)));
  }

  Answer showMapping(Exchange exchange) {
    return ok(200, MappingAnswer.of(providers.show(exchange.proved(), id(exchange))));
  }

  Answer putMapping(Exchange exchange) {
    String rules = IamJson.read(exchange.json(), MappingRequest.class).rules();
    return ok(
        201,
        MappingAnswer.of(
            providers.update(exchange.proved(), id(exchange), Change.ofMapping(rules), 201)));
  }

  private Answer provider(int status, Exchange exchange, TrustedProvider provider) {
    return ok(status, new ProviderAnswer(ProviderDetail.of(provider, base(exchange))));
  }

  private static Answer ok(int status, Object body) {
    return Answer.json(status, IamJson.write(body));
  }
}
