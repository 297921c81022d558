package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.fits;
import static dev.yaoku.api.iam.IamFrame.variable;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Accounts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where things are: the catalog of services, the same one by one, and regions. */
final class CatalogApi {
  private static final String CATALOG = "/v3/auth/catalog";
  private static final String REGIONS = "/v3/regions";
  private static final String SERVICES = "/v3/services";
  private static final String ENDPOINTS = "/v3/endpoints";

  private final IamFrame frame;
  private final Accounts accounts;

  CatalogApi(IamFrame frame, Accounts accounts) {
    this.frame = frame;
    this.accounts = accounts;
  }

  record CatalogAnswer(List<Catalog.Entry> catalog, IamFrame.Self links) {}

  record Regions(List<Region> regions, IamFrame.Links links) {}

  record OneRegion(Region region) {}

  record Region(
      String id,
      String type,
      String description,
      @Nullable String parentRegionId,
      Map<String, String> locales,
      IamFrame.Self links) {}

  record Services(List<Service> services, IamFrame.Links links) {}

  record OneService(Service service) {}

  record Service(
      String id,
      String name,
      String type,
      String description,
      boolean enabled,
      IamFrame.Links links) {}

  record Endpoints(List<Endpoint> endpoints, IamFrame.Links links) {}

  record OneEndpoint(Endpoint endpoint) {}

  record Endpoint(
      String id,
      String serviceId,
      @JsonProperty("interface") String side,
      String region,
      String regionId,
      String url,
      boolean enabled,
      IamFrame.Links links) {}

  List<Route> routes() {
    return List.of(
        frame.bare("ShowCatalog", "GET", CATALOG, this::catalog).answering(CatalogAnswer.class),
        frame.bare("ListRegions", "GET", REGIONS, this::regions).answering(Regions.class),
        frame
            .bare("KeystoneShowRegion", "GET", REGIONS + "/{region_id}", this::region)
            .answering(OneRegion.class),
        frame
            .bare("KeystoneListServices", "GET", SERVICES, this::services)
            .answering(Services.class)
            .takingQuery("name", "type"),
        frame
            .bare("KeystoneShowService", "GET", SERVICES + "/{service_id}", this::service)
            .answering(OneService.class),
        frame
            .bare("KeystoneListEndpoints", "GET", ENDPOINTS, this::endpoints)
            .answering(Endpoints.class)
            .takingQuery("interface", "region_id", "service_id"),
        frame
            .bare("KeystoneShowEndpoint", "GET", ENDPOINTS + "/{endpoint_id}", this::endpoint)
            .answering(OneEndpoint.class));
  }

  private IamFrame.Links links(Exchange exchange, String path) {
    return new IamFrame.Links(frame.url(exchange, path));
  }

  // The catalog

  private Answer catalog(Exchange exchange) {
    return answer(
        200, new CatalogAnswer(entries(exchange), new IamFrame.Self(frame.url(exchange, CATALOG))));
  }

  private List<Catalog.Entry> entries(Exchange exchange) {
    Caller caller = exchange.proved();
    String hint = IamFrame.orEmpty(exchange.head().only("x-project-id"));
    String chosen = Objects.requireNonNullElse(caller.principal().tokenProject(), hint);
    return Catalog.of(frame.url(exchange, ""), accounts.catalog(caller), chosen);
  }

  // Regions

  private Answer regions(Exchange exchange) {
    List<Region> all = everyRegion(exchange).toList();
    return answer(200, new Regions(all, links(exchange, REGIONS)));
  }

  private Answer region(Exchange exchange) {
    String id = variable(exchange, "region_id");
    return everyRegion(exchange)
        .filter(region -> region.id().equals(id))
        .findFirst()
        .map(region -> answer(200, new OneRegion(region)))
        .orElseThrow(() -> new KmsException(new Problem.NotThere("region")));
  }

  private Stream<Region> everyRegion(Exchange exchange) {
    return Catalog.regions(accounts.catalog(exchange.proved())).stream()
        .map(id ->
            new Region(
                id,
                "public",
                "",
                null,
                new TreeMap<>(Map.of("zh-cn", id, "en-us", id)),
                new IamFrame.Self(frame.url(exchange, REGIONS + "/" + id))));
  }

  // Services

  private Answer services(Exchange exchange) {
    List<Service> found =
        everyService(exchange)
            .filter(service -> fits(exchange, "type", service.type()))
            .filter(service -> fits(exchange, "name", service.name()))
            .toList();
    return answer(200, new Services(found, links(exchange, SERVICES)));
  }

  private Answer service(Exchange exchange) {
    String id = variable(exchange, "service_id");
    return everyService(exchange)
        .filter(service -> service.id().equals(id))
        .findFirst()
        .map(service -> answer(200, new OneService(service)))
        .orElseThrow(() -> new KmsException(new Problem.NotThere("service")));
  }

  private Stream<Service> everyService(Exchange exchange) {
    return entries(exchange).stream()
        .map(entry ->
            new Service(
                entry.id(),
                entry.name(),
                entry.type(),
                "",
                true,
                links(exchange, SERVICES + "/" + entry.id())));
  }

  // Endpoints

  private Answer endpoints(Exchange exchange) {
    List<Endpoint> found =
        everyEndpoint(exchange)
            .filter(endpoint -> fits(exchange, "service_id", endpoint.serviceId()))
            .filter(endpoint -> fits(exchange, "interface", endpoint.side()))
            .filter(endpoint -> fits(exchange, "region_id", endpoint.regionId()))
            .toList();
    return answer(200, new Endpoints(found, links(exchange, ENDPOINTS)));
  }

  private Answer endpoint(Exchange exchange) {
    String id = variable(exchange, "endpoint_id");
    return everyEndpoint(exchange)
        .filter(endpoint -> endpoint.id().equals(id))
        .findFirst()
        .map(endpoint -> answer(200, new OneEndpoint(endpoint)))
        .orElseThrow(() -> new KmsException(new Problem.NotThere("endpoint")));
  }

  private Stream<Endpoint> everyEndpoint(Exchange exchange) {
    return entries(exchange).stream()
        .flatMap(entry ->
            entry.endpoints().stream().map(endpoint -> shown(exchange, entry.id(), endpoint)));
  }

  private Endpoint shown(Exchange exchange, String service, Catalog.Endpoint endpoint) {
    return new Endpoint(
        endpoint.id(),
        service,
        endpoint.side(),
        endpoint.region(),
        endpoint.regionId(),
        endpoint.url(),
        true,
        links(exchange, ENDPOINTS + "/" + endpoint.id()));
  }
}
