package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.fits;
import static dev.yaoku.api.iam.IamFrame.flag;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.yaoku.access.Target;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.service.Attachments;
import dev.yaoku.service.Attachments.Held;
import dev.yaoku.service.Attachments.Holder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that anybody in the account holds, in one list as OpenStack has it. */
final class RoleAssignmentApi {
  private static final String ALL = "/v3/role_assignments";

  /** What would have to be worked out, and how to find out otherwise. */
  private static final Map<String, String> NOT_OFFERED =
      Map.of(
          "effective", "Ask without it, and GET /v3/users/{user_id}/groups for the user's groups.",
          "include_names", "Ask without it, and look names up by the ids.",
          "include_subtree", "Ask without it, as no project is below another.");

  private final IamFrame frame;
  private final Attachments attachments;

  RoleAssignmentApi(IamFrame frame, Attachments attachments) {
    this.frame = frame;
    this.attachments = attachments;
  }

  record Many(List<Assignment> roleAssignments, IamFrame.Links links) {}

  /** Who holds what where; one of the three holders is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Assignment(
      Id role,
      @Nullable Id user,
      @Nullable Id group,
      @Nullable Id agency,
      Scope scope,
      Link links) {}

  record Id(String id) {}

  record Link(String assignment) {}

  /**
   * Where it counts.
   *
   * @param domain the account; the account's projects instead if it is inherited
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Scope(
      @Nullable Id project,
      @Nullable Id domain,
      @JsonProperty("OS-INHERIT:inherited_to") @Nullable String inheritedTo) {
    static Scope of(Held held, String account) {
      return switch (held.scope()) {
        case Attachments.ACCOUNT -> new Scope(null, new Id(account), null);
        case Attachments.ALL_PROJECTS -> new Scope(null, new Id(account), "projects");
        default -> new Scope(new Id(held.scope()), null, null);
      };
    }
  }

  List<Route> routes() {
    return List.of(
        frame
            .bare("KeystoneListRoleAssignments", "GET", ALL, this::list)
            .answering(Many.class)
            .takingQuery(
                "group.id",
                "role.id",
                "scope.OS-INHERIT:inherited_to",
                "scope.domain.id",
                "scope.project.id",
                "scope.system",
                "user.id"));
  }

  private Answer list(Exchange exchange) {
    Target query = exchange.head().target();
    NOT_OFFERED.forEach((name, instead) -> mustNotAskFor(query, name, instead));
    List<Assignment> found =
        attachments.all(exchange.proved()).stream()
            .map(held -> shown(exchange, held))
            .filter(one -> isAskedFor(exchange, one))
            .toList();
    return answer(200, new Many(found, new IamFrame.Links(frame.url(exchange, ALL))));
  }

  private static void mustNotAskFor(Target query, String name, String instead) {
    if (query.parameter(name) != null && !Boolean.FALSE.equals(flag(query, name))) {
      throw IamFrame.bad(name, name + " is not offered here. " + instead);
    }
  }

  private Assignment shown(Exchange exchange, Held held) {
    String account = exchange.proved().principal().account();
    Id holder = new Id(held.holder().id());
    return new Assignment(
        new Id(held.policy()),
        held.holder() instanceof Holder.User ? holder : null,
        held.holder() instanceof Holder.Group ? holder : null,
        held.holder() instanceof Holder.Agency ? holder : null,
        Scope.of(held, account),
        new Link(frame.url(exchange, AssignmentApi.path(held, account))));
  }

  private static boolean isAskedFor(Exchange exchange, Assignment one) {
    Scope scope = one.scope();
    String inheritedTo = IamFrame.orEmpty(scope.inheritedTo());
    return fits(exchange, "role.id", one.role().id())
        && fits(exchange, "user.id", text(one.user()))
        && fits(exchange, "group.id", text(one.group()))
        && fits(exchange, "scope.project.id", text(scope.project()))
        && fits(exchange, "scope.domain.id", text(scope.domain()))
        && fits(exchange, "scope.OS-INHERIT:inherited_to", inheritedTo)
        && fits(exchange, "scope.system", "");
  }

  private static String text(@Nullable Id id) {
    return id == null ? "" : id.id();
  }
}
