package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.EnterpriseProjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two calls of the enterprise project service, as Terraform makes them to move a key and to see
 * where it is ({@code client-flows.md} 7). Their paths name no project, and their caller speaks for
 * the account.
 */
final class EnterpriseProjectRoutes {
  private static final String ONE = "/v1.0/enterprise-projects/{enterprise_project_id}";
  private static final String TYPE = "kms";
  private static final int PAGE_DEFAULT = 10;
  private static final int PAGE_MAX = 1_000;
  private static final int PROJECTS_MAX = 100;

  private final Frame frame;
  private final EnterpriseProjects projects;

  EnterpriseProjectRoutes(Frame frame, EnterpriseProjects projects) {
    this.frame = frame;
    this.projects = projects;
  }

  List<Route> routes() {
    return List.of(
        frame.onAccount(
            "MigrateResource",
            ONE + "/resources-migrate",
            Action.MIGRATE_RESOURCE,
            MigrateRequest.class,
            this::migrate),
        frame
            .onAccount(
                "FilterResources",
                ONE + "/resources/filter",
                Action.FILTER_RESOURCES,
                FilterRequest.class,
                this::filter)
            .answering(FilterAnswer.class)
            .taking(Frame.PAGE_MIB));
  }

  private static String target(Exchange exchange) {
    String id = Frame.variable(exchange, "enterprise_project_id");
    if (!id.equals("0") && !Syntax.isUuid(id)) {
      throw Members.bad(
          Field.OTHER,
          "enterprise_project_id",
          "The enterprise project in the path must be 0 or a UUID.");
    }
    return id;
  }

  record MigrateRequest(
      @Nullable String resourceId,
      @Nullable String resourceType,
      @Nullable String projectId,
      @Nullable String regionId) {}

  private Answer migrate(Caller caller, MigrateRequest request, Exchange exchange) {
    String target = target(exchange);
    KeyReference key = KeyReference.parse(Members.required("resource_id", request.resourceId()));
    if (!Members.required("resource_type", request.resourceType()).equals(TYPE)) {
      throw new KmsException(new Problem.NoSuchResourceType());
    }
    String project = Members.required("project_id", request.projectId());
    String region = Members.optional(request.regionId());
    projects.migrate(caller, project, region, key, target);
    return Answer.noContent();
  }

  record FilterRequest(
      @Nullable String limit,
      @Nullable String offset,
      @Nullable List<@Nullable String> projects,
      @Nullable List<@Nullable String> resourceTypes) {}

  record FilterAnswer(List<Resource> resources, List<String> errors, long totalCount) {}

  record Resource(
      String resourceId,
      String resourceName,
      String resourceType,
      String projectId,
      String enterpriseProjectId) {
    static Resource of(Key key) {
      return new Resource(
          key.id().text(), key.name(), TYPE, key.project(), key.enterpriseProject());
    }
  }

  private Answer filter(Caller caller, FilterRequest request, Exchange exchange) {
    String target = target(exchange);
    int limit = Members.capped("limit", request.limit(), Field.LIMIT, 1, PAGE_MAX, PAGE_DEFAULT);
    int offset = Members.capped("offset", request.offset(), Field.OFFSET, 0, Integer.MAX_VALUE, 0);
    List<String> types = texts("resource_types", request.resourceTypes());
    List<String> wanted = texts("projects", request.projects());
    boolean none = !types.isEmpty() && !types.contains(TYPE);
    EnterpriseProjects.Page page =
        none
            ? new EnterpriseProjects.Page(List.of(), 0)
            : projects.list(caller, target, wanted, offset, limit);
    List<Resource> resources = page.keys().stream().map(Resource::of).toList();
    return Json.ok(new FilterAnswer(resources, List.of(), page.total()));
  }

  private static List<String> texts(String member, @Nullable List<@Nullable String> asked) {
    List<@Nullable String> given = Objects.requireNonNullElse(asked, List.of());
    List<String> texts = new ArrayList<>(given.size());
    for (String text : given) {
      texts.add(Members.required(member, text));
    }
    if (texts.size() > PROJECTS_MAX) {
      throw Members.bad(Field.OTHER, member, member + " must not have more than 100 entries.");
    }
    return texts;
  }
}
