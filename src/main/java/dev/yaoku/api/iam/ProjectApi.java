package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.mustBeOwn;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.orEmpty;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.service.Projects;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Making and changing projects; lists of them are {@link ScopeApi}'s. */
final class ProjectApi {
  private static final String ALL = "/v3/projects";
  private static final String ONE = ALL + "/{project}";
  private static final String STATUS = "/v3-ext/projects/{project}";
  static final String NORMAL = "normal";
  static final String SUSPENDED = "suspended";

  private final IamFrame frame;
  private final Projects projects;

  ProjectApi(IamFrame frame, Projects projects) {
    this.frame = frame;
    this.projects = projects;
  }

  record Request(@Nullable Order project) {}

  record Order(
      @Nullable String name,
      @Nullable String domainId,
      @Nullable String parentId,
      @Nullable String description,
      @Nullable String status) {}

  record One(Project project) {}

  /**
   * A project.
   *
   * @param extra what else clients kept with it, which is nothing; only said after a change
   */
  record Project(
      String id,
      String name,
      String domainId,
      String parentId,
      boolean enabled,
      String status,
      boolean isDomain,
      String description,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> extra,
      IamFrame.Links links) {}

  List<Route> routes() {
    return List.of(
        frame
            .reading("KeystoneCreateProject", "POST", ALL, Request.class, this::create)
            .answering(One.class),
        frame.bare("KeystoneShowProject", "GET", ONE, this::show).answering(One.class),
        frame
            .reading("KeystoneUpdateProject", "PATCH", ONE, Request.class, this::update)
            .answering(One.class),
        frame.bare("ShowProjectDetailsAndStatus", "GET", STATUS, this::show).answering(One.class),
        frame.reading("UpdateProjectStatus", "PUT", STATUS, Request.class, this::setStatus));
  }

  private One shown(Exchange exchange, Projects.Project project) {
    return shown(exchange, project, null);
  }

  private One shown(
      Exchange exchange, Projects.Project project, @Nullable Map<String, String> extra) {
    return new One(
        new Project(
            project.id(),
            project.name(),
            project.account(),
            project.account(),
            project.enabled(),
            project.enabled() ? NORMAL : SUSPENDED,
            false,
            project.description(),
            extra,
            new IamFrame.Links(frame.url(exchange, ALL + "/" + project.id()))));
  }

  private Answer create(Exchange exchange, Request request) {
    Order order = object(request.project(), "project");
    mustBeOwn(exchange.proved(), order.domainId());
    Projects.Project made =
        projects.create(
            exchange.proved(),
            required(order.name(), "project.name"),
            orEmpty(order.description()));
    return answer(201, shown(exchange, made));
  }

  private Answer show(Exchange exchange) {
    Projects.Project project = projects.show(exchange.proved(), variable(exchange, "project"));
    return answer(200, shown(exchange, project));
  }

  private Answer update(Exchange exchange, Request request) {
    Order order = object(request.project(), "project");
    Projects.Project changed =
        projects.update(
            exchange.proved(), variable(exchange, "project"), order.name(), order.description());
    return answer(200, shown(exchange, changed, Map.of()));
  }

  private Answer setStatus(Exchange exchange, Request request) {
    String status = required(object(request.project(), "project").status(), "project.status");
    String id = variable(exchange, "project");
    switch (status) {
      case NORMAL -> projects.open(exchange.proved(), id);
      case SUSPENDED -> projects.close(exchange.proved(), id);
      default ->
          throw IamFrame.bad("project.status", "project.status must be normal or suspended.");
    }
    return Answer.noContent();
  }
}
