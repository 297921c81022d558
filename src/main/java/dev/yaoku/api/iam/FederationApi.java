package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.variable;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.iam.FederationRecords.ConfigAnswer;
import dev.yaoku.api.iam.FederationRecords.ConfigRequest;
import dev.yaoku.api.iam.FederationRecords.ProviderAnswer;
import dev.yaoku.api.iam.FederationRecords.ProviderDetail;
import dev.yaoku.api.iam.FederationRecords.ProviderRequest;
import dev.yaoku.api.iam.FederationRecords.ProvidersAnswer;
import dev.yaoku.service.IdentityProviders;
import dev.yaoku.service.IdentityProviders.TrustedProvider;
import dev.yaoku.service.ProviderChange;
import java.util.List;

/** Identity providers and their OpenID Connect settings. */
final class FederationApi {
  static final String PROVIDERS = "/v3/OS-FEDERATION/identity_providers";
  static final String PROVIDER = PROVIDERS + "/{id}";
  private static final String CONFIG =
      "/v3.0/OS-FEDERATION/identity-providers/{id}/openid-connect-config";

  private final IamFrame frame;
  private final IdentityProviders providers;

  FederationApi(IamFrame frame, IdentityProviders providers) {
    this.frame = frame;
    this.providers = providers;
  }

  List<Route> routes() {
    return List.of(
        frame
            .bare("ListIdentityProviders", "GET", PROVIDERS, this::list)
            .answering(ProvidersAnswer.class),
        frame
            .bare("ShowIdentityProvider", "GET", PROVIDER, this::show)
            .answering(ProviderAnswer.class),
        frame
            .reading("CreateIdentityProvider", "PUT", PROVIDER, ProviderRequest.class, this::create)
            .answering(ProviderAnswer.class),
        frame
            .reading(
                "UpdateIdentityProvider", "PATCH", PROVIDER, ProviderRequest.class, this::update)
            .answering(ProviderAnswer.class),
        frame.bare("DeleteIdentityProvider", "DELETE", PROVIDER, this::remove),
        frame
            .bare("ShowOpenIdConnectConfig", "GET", CONFIG, this::showConfig)
            .answering(ConfigAnswer.class),
        frame
            .reading(
                "CreateOpenIdConnectConfig",
                "POST",
                CONFIG,
                ConfigRequest.class,
                this::createConfig)
            .answering(ConfigAnswer.class),
        frame
            .reading(
                "UpdateOpenIdConnectConfig", "PUT", CONFIG, ConfigRequest.class, this::updateConfig)
            .answering(ConfigAnswer.class));
  }

  private String base(Exchange exchange) {
    return frame.url(exchange, PROVIDERS);
  }

  private static String id(Exchange exchange) {
    return variable(exchange, "id");
  }

  private Answer list(Exchange exchange) {
    String base = base(exchange);
    return answer(
        200,
        new ProvidersAnswer(
            providers.list(exchange.proved()).stream()
                .map(p -> ProviderDetail.of(p, base))
                .toList(),
            new FederationRecords.ListLinks(base, null, null)));
  }

  private Answer show(Exchange exchange) {
    return provider(200, exchange, providers.show(exchange.proved(), id(exchange)));
  }

  private Answer create(Exchange exchange, ProviderRequest request) {
    var asked = request.provider();
    return provider(
        201,
        exchange,
        providers.create(
            exchange.proved(),
            id(exchange),
            ProviderChange.of(asked.description(), asked.enabled())));
  }

  private Answer update(Exchange exchange, ProviderRequest request) {
    var asked = request.provider();
    return provider(
        200,
        exchange,
        providers.update(
            exchange.proved(),
            id(exchange),
            ProviderChange.of(asked.description(), asked.enabled())));
  }

  private Answer remove(Exchange exchange) {
    providers.remove(exchange.proved(), id(exchange));
    return Answer.noContent();
  }

  private Answer showConfig(Exchange exchange) {
    return answer(200, ConfigAnswer.of(providers.show(exchange.proved(), id(exchange))));
  }

  private Answer createConfig(Exchange exchange, ConfigRequest request) {
    return config(201, exchange, request.change());
  }

  private Answer updateConfig(Exchange exchange, ConfigRequest request) {
    return config(200, exchange, request.change());
  }

  private Answer config(int status, Exchange exchange, ProviderChange change) {
    return answer(
        status, ConfigAnswer.of(providers.update(exchange.proved(), id(exchange), change, status)));
  }

  private Answer provider(int status, Exchange exchange, TrustedProvider provider) {
    return answer(status, new ProviderAnswer(ProviderDetail.of(provider, base(exchange))));
  }
}
