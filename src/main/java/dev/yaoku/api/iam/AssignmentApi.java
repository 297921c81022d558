package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.mustBeOwn;
import static dev.yaoku.api.iam.IamFrame.noContentIf;
import static dev.yaoku.api.iam.IamFrame.variable;

import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.service.Attachments;
import dev.yaoku.service.Attachments.Holder;
import dev.yaoku.service.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who holds which policy: groups, users and agencies, for a project, for the account itself, or for
 * all projects. Every combination has the same four calls: give, ask, take, list.
 */
final class AssignmentApi {
  private final IamFrame frame;
  private final Attachments attachments;
  private final Policies policies;
  private final PolicyApi shown;

  AssignmentApi(IamFrame frame, Attachments attachments, Policies policies, PolicyApi shown) {
    this.frame = frame;
    this.attachments = attachments;
    this.policies = policies;
    this.shown = shown;
  }

  /** A kind of holder as paths name it. */
  private enum Side {
    GROUPS(Holder.Group::new, "groups/{holder}", "Group", "/v3/", "/v3/OS-INHERIT/"),
    USERS(Holder.User::new, "users/{holder}", "User", "/v3/", "/v3/OS-INHERIT/"),
    AGENCIES(
        Holder.Agency::new, "agencies/{holder}", "Agency", "/v3.0/OS-AGENCY/", "/v3.0/OS-INHERIT/");

    final Function<String, Holder> holder;
    final String path;
    final String name;
    final String before;
    final String beforeInherited;

    Side(
        Function<String, Holder> holder,
        String path,
        String name,
        String before,
        String beforeInherited) {
      this.holder = holder;
      this.path = path;
      this.name = name;
      this.before = before;
      this.beforeInherited = beforeInherited;
    }
  }

  /** Where just this is asked, given and taken. */
  static String path(Attachments.Held held, String account) {
    Side side =
        switch (held.holder()) {
          case Holder.Group _ -> Side.GROUPS;
          case Holder.User _ -> Side.USERS;
          case Holder.Agency _ -> Side.AGENCIES;
        };
    String domain = "domains/" + account + "/";
    String role = side.path.replace("{holder}", held.holder().id()) + "/roles/" + held.policy();
    return switch (held.scope()) {
      case Attachments.ACCOUNT -> side.before + domain + role;
      case Attachments.ALL_PROJECTS ->
          side.beforeInherited + domain + role + "/inherited_to_projects";
      default -> side.before + "projects/" + held.scope() + "/" + role;
    };
  }

  record Many(List<PolicyApi.Role> roles, IamFrame.Links links) {}

  List<Route> routes() {
    List<Route> all = new ArrayList<>();
    for (Side side : Side.values()) {
      String project = side.before + "projects/{scope}/" + side.path + "/roles";
      String domain = side.before + "domains/{domain}/" + side.path + "/roles";
      String inherited = side.beforeInherited + "domains/{domain}/" + side.path + "/roles";
      all.addAll(four(side, "Project", project, "", exchange -> variable(exchange, "scope")));
      all.addAll(four(side, "Domain", domain, "", exchange -> own(exchange, Attachments.ACCOUNT)));
      all.addAll(
          four(
              side,
              "AllProjects",
              inherited,
              "/inherited_to_projects",
              exchange -> own(exchange, Attachments.ALL_PROJECTS)));
    }
    return all;
  }

  private static String own(Exchange exchange, String scope) {
    mustBeOwn(exchange.proved(), variable(exchange, "domain"));
    return scope;
  }

  private List<Route> four(
      Side side, String where, String path, String after, Function<Exchange, String> scope) {
    String name = side.name + where + "Permission";
    String one = path + "/{role}" + after;
    return List.of(
        frame.bare("Associate" + name, "PUT", one, exchange -> give(exchange, side, scope)),
        frame.bare("Check" + name, "HEAD", one, exchange -> check(exchange, side, scope)),
        frame.bare("Remove" + name, "DELETE", one, exchange -> take(exchange, side, scope)),
        frame
            .bare("List" + name + "s", "GET", path + after, exchange -> list(exchange, side, scope))
            .answering(Many.class));
  }

  private static Holder holder(Exchange exchange, Side side) {
    return side.holder.apply(variable(exchange, "holder"));
  }

  private Answer give(Exchange exchange, Side side, Function<Exchange, String> scope) {
    attachments.attach(
        exchange.proved(),
        holder(exchange, side),
        scope.apply(exchange),
        variable(exchange, "role"));
    return Answer.noContent();
  }

  private Answer check(Exchange exchange, Side side, Function<Exchange, String> scope) {
    boolean holds =
        attachments.holds(
            exchange.proved(),
            holder(exchange, side),
            scope.apply(exchange),
            variable(exchange, "role"));
    return noContentIf(holds, "role assignment");
  }

  private Answer take(Exchange exchange, Side side, Function<Exchange, String> scope) {
    attachments.detach(
        exchange.proved(),
        holder(exchange, side),
        scope.apply(exchange),
        variable(exchange, "role"));
    return Answer.noContent();
  }

  private Answer list(Exchange exchange, Side side, Function<Exchange, String> scope) {
    List<Attachments.Held> held =
        attachments.in(exchange.proved(), holder(exchange, side), scope.apply(exchange));
    Map<String, PolicyApi.Role> own =
        held.stream().allMatch(Attachments.Held::ofEverybody)
            ? Map.of()
            : policies.list(exchange.proved()).stream()
                .map(policy -> shown.shown(exchange, policy))
                .collect(Collectors.toMap(PolicyApi.Role::id, role -> role));
    List<PolicyApi.Role> roles =
        held.stream()
            .map(Attachments.Held::policy)
            .flatMap(id ->
                SystemPolicies.withId(id)
                    .map(policy -> shown.shown(exchange, policy))
                    .or(() -> Optional.ofNullable(own.get(id)))
                    .stream())
            .toList();
    String path = "/" + String.join("/", exchange.head().target().segments());
    return answer(200, new Many(roles, new IamFrame.Links(frame.url(exchange, path))));
  }
}
