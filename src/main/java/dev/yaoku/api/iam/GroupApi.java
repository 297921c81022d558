package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.fits;
import static dev.yaoku.api.iam.IamFrame.mustBeOwn;
import static dev.yaoku.api.iam.IamFrame.noContentIf;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.orEmpty;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.service.Groups;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups and who is in them: {@code /v3/groups}. */
final class GroupApi {
  private static final String ALL = "/v3/groups";
  private static final String ONE = ALL + "/{group_id}";
  private static final String MEMBERS = ONE + "/users";
  private static final String MEMBER = MEMBERS + "/{user_id}";

  private final IamFrame frame;
  private final Groups groups;
  private final UserApi users;

  GroupApi(IamFrame frame, Groups groups, UserApi users) {
    this.frame = frame;
    this.groups = groups;
    this.users = users;
  }

  record Request(@Nullable Order group) {}

  record Order(@Nullable String name, @Nullable String domainId, @Nullable String description) {}

  record One(Group group) {}

  record Many(List<Group> groups, IamFrame.Links links) {}

  record Group(
      String id,
      String name,
      String domainId,
      String description,
      long createTime,
      IamFrame.Links links) {}

  List<Route> routes() {
    return List.of(
        frame
            .bare("KeystoneListGroups", "GET", ALL, this::list)
            .answering(Many.class)
            .takingQuery("domain_id", "name"),
        frame
            .reading("KeystoneCreateGroup", "POST", ALL, Request.class, this::create)
            .answering(One.class),
        frame.bare("KeystoneShowGroup", "GET", ONE, this::show).answering(One.class),
        frame
            .reading("KeystoneUpdateGroup", "PATCH", ONE, Request.class, this::update)
            .answering(One.class),
        frame.bare("KeystoneDeleteGroup", "DELETE", ONE, this::delete),
        frame
            .bare("KeystoneListUsersForGroupByAdmin", "GET", MEMBERS, this::members)
            .answering(UserApi.Many.class),
        frame.bare("KeystoneAddUserToGroup", "PUT", MEMBER, this::add),
        frame.bare("KeystoneCheckUserInGroup", "HEAD", MEMBER, this::check),
        frame.bare("KeystoneRemoveUserFromGroup", "DELETE", MEMBER, this::remove));
  }

  static Group shown(IamFrame frame, Exchange exchange, Groups.Group group) {
    return new Group(
        group.id(),
        group.name(),
        group.account(),
        group.description(),
        group.createdAt().toEpochMilli(),
        new IamFrame.Links(frame.url(exchange, ALL + "/" + group.id())));
  }

  private Answer list(Exchange exchange) {
    Caller caller = exchange.proved();
    mustBeOwn(caller, exchange.head().target().parameter("domain_id"));
    List<Group> found =
        groups.list(caller).stream()
            .filter(group -> fits(exchange, "name", group.name()))
            .map(group -> shown(frame, exchange, group))
            .toList();
    return answer(200, new Many(found, new IamFrame.Links(frame.url(exchange, ALL))));
  }

  private Answer create(Exchange exchange, Request request) {
    Order order = object(request.group(), "group");
    mustBeOwn(exchange.proved(), order.domainId());
    Groups.Group made =
        groups.create(
            exchange.proved(), required(order.name(), "group.name"), orEmpty(order.description()));
    return answer(201, new One(shown(frame, exchange, made)));
  }

  private Answer show(Exchange exchange) {
    Groups.Group group = groups.show(exchange.proved(), variable(exchange, "group_id"));
    return answer(200, new One(shown(frame, exchange, group)));
  }

  private Answer update(Exchange exchange, Request request) {
    Order order = object(request.group(), "group");
    mustBeOwn(exchange.proved(), order.domainId());
    Groups.Group changed =
        groups.update(
            exchange.proved(), variable(exchange, "group_id"), order.name(), order.description());
    return answer(200, new One(shown(frame, exchange, changed)));
  }

  private Answer delete(Exchange exchange) {
    groups.delete(exchange.proved(), variable(exchange, "group_id"));
    return Answer.noContent();
  }

  private Answer members(Exchange exchange) {
    String group = variable(exchange, "group_id");
    List<UserApi.User> found =
        groups.members(exchange.proved(), group).stream()
            .map(user -> users.member(exchange, user))
            .toList();
    return answer(
        200,
        new UserApi.Many(
            found, new IamFrame.Links(frame.url(exchange, ALL + "/" + group + "/users"))));
  }

  private Answer add(Exchange exchange) {
    groups.add(exchange.proved(), variable(exchange, "group_id"), variable(exchange, "user_id"));
    return Answer.noContent();
  }

  private Answer check(Exchange exchange) {
    boolean there =
        groups.has(
            exchange.proved(), variable(exchange, "group_id"), variable(exchange, "user_id"));
    return noContentIf(there, "user");
  }

  private Answer remove(Exchange exchange) {
    groups.remove(exchange.proved(), variable(exchange, "group_id"), variable(exchange, "user_id"));
    return Answer.noContent();
  }
}
