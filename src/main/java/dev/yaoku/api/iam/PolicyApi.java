package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.fits;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.orEmpty;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.yaoku.access.Caller;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.PolicyText;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Policies;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Policies, which the vendor calls permissions and roles: those of every account at {@code
 * /v3/roles}, an account's own at {@code /v3.0/OS-ROLE/roles}.
 */
final class PolicyApi {
  private static final String OWN = "/v3.0/OS-ROLE/roles";
  private static final String ONE = OWN + "/{role_id}";
  private static final String OF_EVERYBODY = "/v3/roles";
  private static final String IN_PROJECTS = "XA";

  private final IamFrame frame;
  private final Policies policies;

  PolicyApi(IamFrame frame, Policies policies) {
    this.frame = frame;
    this.policies = policies;
  }

  record Request(@Nullable Order role) {}

  record Order(
      @Nullable String displayName,
      @Nullable String type,
      @Nullable String description,
      @Nullable JsonNode policy) {}

  record One(Role role) {}

  record Many(List<Role> roles, IamFrame.Links links, int totalNumber) {}

  /** A policy as it is shown. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Role(
      String id,
      String name,
      String displayName,
      String type,
      String catalog,
      String description,
      String descriptionCn,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String domainId,
      @Nullable String flag,
      @JsonRawValue String policy,
      @Nullable String createdTime,
      @Nullable String updatedTime,
      @Nullable Integer references,
      IamFrame.Links links) {}

  List<Route> routes() {
    return List.of(
        frame
            .bare("KeystoneListPermissions", "GET", OF_EVERYBODY, this::listAll)
            .answering(Many.class)
            .takingQuery(
                "catalog",
                "display_name",
                "domain_id",
                "name",
                "page",
                "per_page",
                "permission_type"),
        frame
            .bare("KeystoneShowPermission", "GET", OF_EVERYBODY + "/{role_id}", this::showAny)
            .answering(One.class),
        frame
            .bare("ListCustomPolicies", "GET", OWN, this::list)
            .answering(Many.class)
            .takingQuery("page", "per_page"),
        frame
            .reading("CreateCloudServiceCustomPolicy", "POST", OWN, Request.class, this::create)
            .answering(One.class),
        frame.bare("ShowCustomPolicy", "GET", ONE, this::show).answering(One.class),
        frame
            .reading("UpdateCloudServiceCustomPolicy", "PATCH", ONE, Request.class, this::update)
            .answering(One.class),
        frame.bare("DeleteCustomPolicy", "DELETE", ONE, this::delete));
  }

  Role shown(Exchange exchange, Policies.Written policy) {
    return new Role(
        policy.id(),
        "custom_" + policy.account() + "_" + policy.id(),
        policy.name(),
        policy.kind(),
        "CUSTOMED",
        policy.description(),
        "",
        policy.account(),
        null,
        policy.document(),
        millis(policy.createdAt()),
        millis(policy.updatedAt()),
        policy.references(),
        links(exchange, OWN, policy.id()));
  }

  Role shown(Exchange exchange, Policy policy) {
    return new Role(
        policy.id(),
        policy.id(),
        policy.name(),
        IN_PROJECTS,
        policy.name().split(" ", 2)[0],
        policy.name(),
        "",
        null,
        SystemPolicies.isRole(policy.id()) ? null : "fine_grained",
        PolicyText.of(policy),
        null,
        null,
        null,
        links(exchange, OF_EVERYBODY, policy.id()));
  }

  private static String millis(Instant time) {
    return Long.toString(time.toEpochMilli());
  }

  private IamFrame.Links links(Exchange exchange, String path, String id) {
    return new IamFrame.Links(frame.url(exchange, path + "/" + id));
  }

  /** What the account can give: what every account has, or what it wrote if that is asked for. */
  private Answer listAll(Exchange exchange) {
    Caller caller = exchange.proved();
    String domain = orEmpty(exchange.head().target().parameter("domain_id"));
    IamFrame.mustBeOwn(caller, domain);
    Stream<Role> all =
        domain.isEmpty()
            ? policies.ofEverybody(caller).stream().map(policy -> shown(exchange, policy))
            : policies.list(caller).stream().map(policy -> shown(exchange, policy));
    List<Role> found =
        all.filter(role -> fits(exchange, "name", role.name()))
            .filter(role -> fits(exchange, "catalog", role.catalog()))
            .filter(role -> fits(exchange, "permission_type", permissionType(role)))
            .toList();
    return many(exchange, OF_EVERYBODY, named(exchange, found));
  }

  private static String permissionType(Role role) {
    return role.domainId() == null && role.flag() == null ? "role" : "policy";
  }

  /** By the whole of the name shown if there is one of that name, else by a part of it. */
  private static List<Role> named(Exchange exchange, List<Role> roles) {
    String name = orEmpty(exchange.head().target().parameter("display_name"));
    List<Role> whole = roles.stream().filter(role -> role.displayName().equals(name)).toList();
    return whole.isEmpty()
        ? roles.stream().filter(role -> role.displayName().contains(name)).toList()
        : whole;
  }

  private Answer many(Exchange exchange, String path, List<Role> found) {
    return answer(
        200,
        new Many(
            IamFrame.page(exchange, found),
            new IamFrame.Links(frame.url(exchange, path)),
            found.size()));
  }

  private Answer showAny(Exchange exchange) {
    String id = variable(exchange, "role_id");
    if (SystemPolicies.withId(id).isEmpty()) {
      return show(exchange);
    }
    Policy found =
        policies.ofEverybody(exchange.proved()).stream()
            .filter(policy -> policy.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new KmsException(new Problem.NotThere("role")));
    return answer(200, new One(shown(exchange, found)));
  }

  private Answer list(Exchange exchange) {
    List<Role> found =
        policies.list(exchange.proved()).stream().map(policy -> shown(exchange, policy)).toList();
    return many(exchange, OWN, found);
  }

  private Answer create(Exchange exchange, Request request) {
    Policies.Written made = policies.create(exchange.proved(), order(request));
    return answer(201, new One(shown(exchange, made)));
  }

  private static Policies.Order order(Request request) {
    Order order = object(request.role(), "role");
    return new Policies.Order(
        required(order.displayName(), "role.display_name"),
        orEmpty(order.description()),
        orEmpty(order.type()).isEmpty() ? IN_PROJECTS : orEmpty(order.type()),
        IamJson.text(object(order.policy(), "role.policy")));
  }

  private Answer show(Exchange exchange) {
    Policies.Written policy = policies.show(exchange.proved(), variable(exchange, "role_id"));
    return answer(200, new One(shown(exchange, policy)));
  }

  private Answer update(Exchange exchange, Request request) {
    Policies.Written changed =
        policies.update(exchange.proved(), variable(exchange, "role_id"), order(request));
    return answer(200, new One(shown(exchange, changed)));
  }

  private Answer delete(Exchange exchange) {
    policies.delete(exchange.proved(), variable(exchange, "role_id"));
    return Answer.json(200, new byte[0]);
  }
}
