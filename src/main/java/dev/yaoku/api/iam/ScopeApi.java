package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.fits;
import static dev.yaoku.api.iam.IamFrame.flag;
import static dev.yaoku.api.iam.IamFrame.page;
import static dev.yaoku.api.iam.IamFrame.variable;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Target;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Accounts;
import dev.yaoku.service.Projects;
import dev.yaoku.service.Users;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What clients look up before their first call: projects, domains, version. */
final class ScopeApi {
  private static final String MEDIA_TYPE = "application/vnd.openstack.identity-v3+json";

  private final Accounts accounts;
  private final Users users;

  ScopeApi(Accounts accounts, Users users) {
    this.accounts = accounts;
    this.users = users;
  }

  record Links(String self, @Nullable String next, @Nullable String previous) {
    Links(String self) {
      this(self, null, null);
    }
  }

  record ProjectPage(List<Project> projects, Links links) {}

  record Project(
      String id,
      String name,
      String domainId,
      String parentId,
      boolean enabled,
      String status,
      boolean isDomain,
      String description,
      Links links) {}

  record Domains(List<Domain> domains, Links links) {}

  record OneDomain(Domain domain) {}

  record Domain(String id, String name, boolean enabled, String description, IamFrame.Self links) {}

  record Version(VersionDetail version) {}

  record VersionDetail(
      String id,
      String status,
      String updated,
      List<VersionLink> links,
      @JsonProperty("media-types") List<MediaType> mediaTypes) {}

  record VersionLink(String rel, String href) {}

  record MediaType(String base, String type) {}

  /** {@code GET /v3/projects}. */
  Answer projects(Exchange exchange) {
    return projects(exchange, "/v3/projects");
  }

  /** {@code GET /v3/auth/projects}. */
  Answer ownProjects(Exchange exchange) {
    return projects(exchange, "/v3/auth/projects");
  }

  /**
   * {@code GET /v3/users/{user_id}/projects}: what tokens of that user can be for, told to the user
   * and to whom may see the user.
   */
  Answer projectsOf(Exchange exchange) {
    Caller caller = exchange.proved();
    String user = variable(exchange, "user_id");
    if (!user.equals(caller.principal().user())) {
      users.show(caller, user);
    }
    List<Projects.Project> open =
        accounts.projects(caller).stream().filter(Projects.Project::enabled).toList();
    return projects(exchange, "/v3/users/" + user + "/projects", open);
  }

  private Answer projects(Exchange exchange, String path) {
    return projects(exchange, path, accounts.projects(exchange.proved()));
  }

  private static Answer projects(Exchange exchange, String path, List<Projects.Project> all) {
    String base = Endpoints.base(exchange.head());
    List<Project> found = all.stream().filter(filter(exchange)).map(p -> project(base, p)).toList();
    return answer(200, new ProjectPage(page(exchange, found), new Links(base + path)));
  }

  private static Project project(String base, Projects.Project row) {
    return new Project(
        row.id(),
        row.name(),
        row.account(),
        row.account(),
        row.enabled(),
        row.enabled() ? ProjectApi.NORMAL : ProjectApi.SUSPENDED,
        false,
        row.description(),
        new Links(base + "/v3/projects/" + row.id()));
  }

  private static Predicate<Projects.Project> filter(Exchange exchange) {
    Target target = exchange.head().target();
    Boolean enabled = flag(target, "enabled");
    Boolean isDomain = flag(target, "is_domain");
    return project ->
        fits(exchange, "name", project.name())
            && fits(exchange, "domain_id", project.account())
            && fits(exchange, "parent_id", project.account())
            && (enabled == null || enabled == project.enabled())
            && !Objects.equals(isDomain, true);
  }

  /** {@code GET /v3/auth/domains}. */
  Answer ownDomains(Exchange exchange) {
    return domains(exchange, "/v3/auth/domains");
  }

  /** {@code GET /v3/domains}: all that the caller may know of, which is the own. */
  Answer domains(Exchange exchange) {
    return domains(exchange, "/v3/domains");
  }

  private Answer domains(Exchange exchange, String path) {
    Boolean enabled = flag(exchange.head().target(), "enabled");
    List<Domain> found =
        everyDomain(exchange)
            .filter(domain -> fits(exchange, "name", domain.name()))
            .filter(domain -> enabled == null || enabled == domain.enabled())
            .toList();
    return answer(200, new Domains(found, new Links(Endpoints.base(exchange.head()) + path)));
  }

  /** {@code GET /v3/domains/{domain}}. */
  Answer domain(Exchange exchange) {
    String id = variable(exchange, "domain");
    return everyDomain(exchange)
        .filter(domain -> domain.id().equals(id))
        .findFirst()
        .map(domain -> answer(200, new OneDomain(domain)))
        .orElseThrow(() -> new KmsException(new Problem.NotThere("domain")));
  }

  private Stream<Domain> everyDomain(Exchange exchange) {
    String base = Endpoints.base(exchange.head());
    return accounts.domains(exchange.proved()).stream()
        .map(a ->
            new Domain(
                a.id(),
                a.name(),
                a.enabled(),
                "",
                new IamFrame.Self(base + "/v3/domains/" + a.id())));
  }

  /** {@code GET /v3}: which identity API this is. */
  Answer version(Exchange exchange) {
    String self = Endpoints.base(exchange.head()) + "/v3/";
    return answer(
        200,
        new Version(
            new VersionDetail(
                "v3.6",
                "stable",
                "2016-04-04T00:00:00Z",
                List.of(new VersionLink("self", self)),
                List.of(new MediaType("application/json", MEDIA_TYPE)))));
  }
}
