package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.flag;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.access.Target;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Accounts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What clients look up before their first call: projects, domains, regions, catalog, version. */
final class ScopeApi {
  private static final int PAGE_MAX = 5_000;

  private final Accounts accounts;

  ScopeApi(Accounts accounts) {
    this.accounts = accounts;
  }

  record Links(String self, @Nullable String next, @Nullable String previous) {
    Links(String self) {
      this(self, null, null);
    }
  }

  record Self(String self) {}

  record Projects(List<Project> projects, Links links) {}

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

  record Domain(String id, String name, boolean enabled, String description, Self links) {}

  record Regions(List<Region> regions, Links links) {}

  record Region(
      String id,
      String type,
      String description,
      @Nullable String parentRegionId,
      Map<String, String> locales,
      Self links) {}

  record CatalogAnswer(List<Catalog.Entry> catalog, Self links) {}

  record Version(VersionDetail version) {}

  record VersionDetail(String id, String status, String updated, List<VersionLink> links) {}

  record VersionLink(String rel, String href) {}

  /** {@code GET /v3/projects}. */
  Answer projects(Exchange exchange) {
    return projects(exchange, "/v3/projects");
  }

  /** {@code GET /v3/auth/projects}. */
  Answer ownProjects(Exchange exchange) {
    return projects(exchange, "/v3/auth/projects");
  }

  private Answer projects(Exchange exchange, String path) {
    Target target = exchange.head().target();
    String base = Endpoints.base(exchange.head());
    List<Project> found =
        accounts.projects(exchange.proved()).stream()
            .filter(filter(target))
            .map(p -> project(base, p))
            .toList();
    return ok(new Projects(page(target, found), new Links(base + path)));
  }

  private static Project project(String base, KnownProject row) {
    return new Project(
        row.id(),
        row.name(),
        row.account(),
        row.account(),
        row.enabled(),
        "normal",
        false,
        "",
        new Links(base + "/v3/projects/" + row.id()));
  }

  private static Predicate<KnownProject> filter(Target target) {
    String name = target.parameter("name");
    String domain = target.parameter("domain_id");
    String parent = target.parameter("parent_id");
    Boolean enabled = flag(target, "enabled");
    Boolean isDomain = flag(target, "is_domain");
    return project ->
        fits(name, project.name())
            && fits(domain, project.account())
            && fits(parent, project.account())
            && (enabled == null || enabled == project.enabled())
            && !Objects.equals(isDomain, true);
  }

  private static boolean fits(@Nullable String wanted, String value) {
    return wanted == null || wanted.isEmpty() || wanted.equals(value);
  }

  private static <T> List<T> page(Target target, List<T> all) {
    int size = number(target, "per_page", PAGE_MAX);
    long from = (number(target, "page", 1) - 1L) * size;
    return from >= all.size()
        ? List.of()
        : all.subList((int) from, (int) Math.min(all.size(), from + size));
  }

  private static int number(Target target, String name, int otherwise) {
    String value = target.parameter(name);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    boolean digits = value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || Integer.parseInt(value) < 1) {
      throw bad(name, name + " must be a number from 1.");
    }
    return Integer.parseInt(value);
  }

  private static KmsException bad(String name, String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, name, why));
  }

  /** {@code GET /v3/auth/domains}. */
  Answer domains(Exchange exchange) {
    String base = Endpoints.base(exchange.head());
    List<Domain> domains =
        accounts.domains(exchange.proved()).stream()
            .map(a ->
                new Domain(
                    a.id(), a.name(), a.enabled(), "", new Self(base + "/v3/domains/" + a.id())))
            .toList();
    return ok(new Domains(domains, new Links(base + "/v3/auth/domains")));
  }

  /** {@code GET /v3/regions}. */
  Answer regions(Exchange exchange) {
    String base = Endpoints.base(exchange.head());
    List<Region> regions =
        Catalog.regions(accounts.catalog(exchange.proved())).stream()
            .map(id ->
                new Region(
                    id,
                    "public",
                    "",
                    null,
                    new TreeMap<>(Map.of("zh-cn", id, "en-us", id)),
                    new Self(base + "/v3/regions/" + id)))
            .toList();
    return ok(new Regions(regions, new Links(base + "/v3/regions")));
  }

  /** {@code GET /v3/auth/catalog}. */
  Answer catalog(Exchange exchange) {
    Caller caller = exchange.proved();
    String base = Endpoints.base(exchange.head());
    String hint = Objects.requireNonNullElse(exchange.head().only("x-project-id"), "");
    String chosen = Objects.requireNonNullElse(caller.principal().tokenProject(), hint);
    return ok(
        new CatalogAnswer(
            Catalog.of(base, accounts.catalog(caller), chosen),
            new Self(base + "/v3/auth/catalog")));
  }

  /** {@code GET /v3}: which identity API this is. */
  Answer version(Exchange exchange) {
    String self = Endpoints.base(exchange.head()) + "/v3/";
    return ok(
        new Version(
            new VersionDetail(
                "v3.6", "stable", "2016-04-04T00:00:00Z", List.of(new VersionLink("self", self)))));
  }

  private static Answer ok(Object body) {
    return Answer.json(200, IamJson.write(body));
  }
}
