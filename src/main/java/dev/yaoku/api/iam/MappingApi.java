package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.variable;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.IdentityProviders;
import dev.yaoku.service.IdentityProviders.TrustedProvider;
import dev.yaoku.service.ProviderChange;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The mapping rules of identity providers, and the protocols that bind the two in the cloud. Here a
 * provider has one mapping, which goes by the provider's name, and one protocol, {@code oidc},
 * which is there as long as the mapping is.
 */
final class MappingApi {
  private static final String MAPPINGS = "/v3/OS-FEDERATION/mappings";
  private static final String MAPPING = MAPPINGS + "/{id}";
  private static final String PROTOCOLS = FederationApi.PROVIDER + "/protocols";
  private static final String PROTOCOL = PROTOCOLS + "/{protocol}";
  private static final String OIDC = "oidc";

  private final IamFrame frame;
  private final IdentityProviders providers;

  MappingApi(IamFrame frame, IdentityProviders providers) {
    this.frame = frame;
    this.providers = providers;
  }

  List<Route> routes() {
    return List.of(
        frame
            .bare("ListIdentityMappings", "GET", MAPPINGS, this::list)
            .answering(MappingsAnswer.class),
        frame
            .bare("ShowIdentityMapping", "GET", MAPPING, this::show)
            .answering(MappingAnswer.class),
        frame
            .reading(
                "PutIdentityMapping",
                "PUT",
                MAPPING,
                MappingRequest.class,
                (x, r) -> set(x, r, 201))
            .answering(MappingAnswer.class),
        frame
            .reading(
                "UpdateIdentityMapping",
                "PATCH",
                MAPPING,
                MappingRequest.class,
                (x, r) -> set(x, r, 200))
            .answering(MappingAnswer.class),
        frame.bare("DeleteIdentityMapping", "DELETE", MAPPING, this::remove),
        frame
            .bare("ListIdentityProtocols", "GET", PROTOCOLS, this::protocols)
            .answering(ProtocolsAnswer.class),
        frame
            .bare("ShowIdentityProtocol", "GET", PROTOCOL, this::protocol)
            .answering(ProtocolAnswer.class),
        frame
            .reading(
                "PutIdentityProtocol",
                "PUT",
                PROTOCOL,
                ProtocolRequest.class,
                (x, r) -> bind(x, r, 201))
            .answering(ProtocolAnswer.class),
        frame
            .reading(
                "UpdateIdentityProtocol",
                "PATCH",
                PROTOCOL,
                ProtocolRequest.class,
                (x, r) -> bind(x, r, 200))
            .answering(ProtocolAnswer.class),
        frame.bare("DeleteIdentityProtocol", "DELETE", PROTOCOL, this::unbind));
  }

  // Mappings

  record MappingRequest(@Nullable MappingMembers mapping) {
    String rules() {
      JsonNode rules = IamFrame.object(mapping, "mapping").rules();
      return IamJson.text(IamFrame.object(rules, "mapping.rules"));
    }
  }

  record MappingMembers(@Nullable JsonNode rules) {}

  record MappingAnswer(Mapping mapping) {}

  record MappingsAnswer(List<Mapping> mappings, IamFrame.Links links) {}

  record Mapping(String id, JsonNode rules, IamFrame.Self links) {}

  private Answer list(Exchange exchange) {
    List<Mapping> mappings =
        providers.list(exchange.proved()).stream()
            .filter(MappingApi::isMapped)
            .map(provider -> mapping(exchange, provider.name(), provider))
            .toList();
    return answer(200, new MappingsAnswer(mappings, links(exchange, MAPPINGS)));
  }

  private Answer show(Exchange exchange) {
    TrustedProvider provider = providers.show(exchange.proved(), ofMapping(exchange));
    mustBeMapped(provider);
    return answer(200, new MappingAnswer(mapping(exchange, variable(exchange, "id"), provider)));
  }

  private Answer set(Exchange exchange, MappingRequest request, int status) {
    ProviderChange change = ProviderChange.ofMapping(request.rules());
    TrustedProvider provider =
        providers.update(exchange.proved(), ofMapping(exchange), change, status);
    return answer(status, new MappingAnswer(mapping(exchange, variable(exchange, "id"), provider)));
  }

  private Answer remove(Exchange exchange) {
    providers.removeMapping(exchange.proved(), ofMapping(exchange), "mapping");
    return Answer.noContent();
  }

  private String ofMapping(Exchange exchange) {
    return providers.ofMapping(exchange.proved(), variable(exchange, "id"));
  }

  private Mapping mapping(Exchange exchange, String id, TrustedProvider provider) {
    String self = frame.url(exchange, MAPPINGS + "/" + id);
    return new Mapping(id, IamJson.tree(provider.mapping()), new IamFrame.Self(self));
  }

  private static void mustBeMapped(TrustedProvider provider) {
    if (!isMapped(provider)) {
      throw new KmsException(new Problem.NotThere("mapping"));
    }
  }

  private static boolean isMapped(TrustedProvider provider) {
    return !provider.mapping().isEmpty();
  }

  // Protocols

  record ProtocolRequest(@Nullable ProtocolMembers protocol) {}

  record ProtocolMembers(@Nullable String mappingId) {}

  record ProtocolAnswer(Protocol protocol) {}

  record ProtocolsAnswer(List<Protocol> protocols, IamFrame.Links links) {}

  record Protocol(String id, String mappingId, ProtocolLinks links) {}

  record ProtocolLinks(String identityProvider, String self) {}

  private Answer protocols(Exchange exchange) {
    TrustedProvider provider = provider(exchange);
    String path = FederationApi.PROVIDERS + "/" + provider.name() + "/protocols";
    List<Protocol> protocols =
        isMapped(provider) ? List.of(oidc(exchange, provider, provider.name())) : List.of();
    return answer(200, new ProtocolsAnswer(protocols, links(exchange, path)));
  }

  private Answer protocol(Exchange exchange) {
    TrustedProvider provider = bound(exchange);
    return answer(200, new ProtocolAnswer(oidc(exchange, provider, provider.name())));
  }

  /** Changes nothing: a mapping belongs to its provider from the beginning. */
  private Answer bind(Exchange exchange, ProtocolRequest request, int status) {
    TrustedProvider provider = provider(exchange);
    String mapping =
        IamFrame.object(
            IamFrame.object(request.protocol(), "protocol").mappingId(), "protocol.mapping_id");
    if (!variable(exchange, "protocol").equals(OIDC)) {
      throw new KmsException(
          new Problem.BadRequest("The one protocol of an identity provider is oidc."));
    }
    if (!providers.ofMapping(exchange.proved(), mapping).equals(provider.name())) {
      throw new KmsException(
          new Problem.BadRequest(
              "protocol.mapping_id must be the name of the provider, or mapping_ and that name: a"
                  + " provider has one mapping of its own."));
    }
    mustBeMapped(provider);
    return answer(status, new ProtocolAnswer(oidc(exchange, provider, mapping)));
  }

  private Answer unbind(Exchange exchange) {
    if (!variable(exchange, "protocol").equals(OIDC)) {
      provider(exchange);
      throw notBound();
    }
    providers.removeMapping(exchange.proved(), variable(exchange, "id"), "protocol");
    return Answer.noContent();
  }

  private TrustedProvider provider(Exchange exchange) {
    return providers.show(exchange.proved(), variable(exchange, "id"));
  }

  /** The provider, if it has the protocol of the path. */
  private TrustedProvider bound(Exchange exchange) {
    TrustedProvider provider = provider(exchange);
    if (!isMapped(provider) || !variable(exchange, "protocol").equals(OIDC)) {
      throw notBound();
    }
    return provider;
  }

  private static KmsException notBound() {
    return new KmsException(new Problem.NotThere("protocol"));
  }

  private Protocol oidc(Exchange exchange, TrustedProvider provider, String mapping) {
    String self = frame.url(exchange, FederationApi.PROVIDERS + "/" + provider.name());
    return new Protocol(OIDC, mapping, new ProtocolLinks(self, self + "/protocols/" + OIDC));
  }

  private IamFrame.Links links(Exchange exchange, String path) {
    return new IamFrame.Links(frame.url(exchange, path));
  }
}
