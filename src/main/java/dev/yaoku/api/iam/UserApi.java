package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.fits;
import static dev.yaoku.api.iam.IamFrame.flag;
import static dev.yaoku.api.iam.IamFrame.mustBeOwn;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.orEmpty;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Target;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Groups;
import dev.yaoku.service.Users;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Users: {@code /v3/users}. */
final class UserApi {
  private static final String ALL = "/v3/users";
  private static final String ONE = ALL + "/{user_id}";

  private final IamFrame frame;
  private final Users users;
  private final Groups groups;

  UserApi(IamFrame frame, Users users, Groups groups) {
    this.frame = frame;
    this.users = users;
    this.groups = groups;
  }

  record Request(@Nullable Order user) {}

  record Order(
      @Nullable String name,
      @Nullable String domainId,
      @Nullable SecretBytes password,
      @Nullable Boolean enabled,
      @Nullable String description,
      @Nullable String email) {}

  record PasswordRequest(@Nullable Passwords user) {}

  record Passwords(@Nullable SecretBytes password, @Nullable SecretBytes originalPassword) {}

  record One(User user) {}

  record Many(List<User> users, IamFrame.Links links) {}

  /**
   * A user.
   *
   * @param email null as one of a group
   * @param lastProjectId where the user last was in the console, which is nowhere
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record User(
      String id,
      String name,
      String domainId,
      boolean enabled,
      String description,
      @Nullable String email,
      String accessMode,
      boolean pwdStatus,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String passwordExpiresAt,
      boolean isDomainOwner,
      String lastProjectId,
      IamFrame.Links links) {}

  List<Route> routes() {
    return List.of(
        frame
            .bare("KeystoneListUsers", "GET", ALL, this::list)
            .answering(Many.class)
            .takingQuery("domain_id", "enabled", "name"),
        frame
            .secret("KeystoneCreateUser", "POST", ALL, Request.class, this::create)
            .answering(One.class),
        frame.bare("KeystoneShowUser", "GET", ONE, this::show).answering(One.class),
        frame
            .secret("KeystoneUpdateUserByAdmin", "PATCH", ONE, Request.class, this::update)
            .answering(One.class),
        frame.bare("KeystoneDeleteUser", "DELETE", ONE, this::delete),
        frame.secret(
            "KeystoneUpdateUserPassword",
            "POST",
            ONE + "/password",
            PasswordRequest.class,
            this::changePassword),
        frame
            .bare("KeystoneListGroupsForUser", "GET", ONE + "/groups", this::groups)
            .answering(GroupApi.Many.class));
  }

  private Answer list(Exchange exchange) {
    Caller caller = exchange.proved();
    Target query = exchange.head().target();
    mustBeOwn(caller, query.parameter("domain_id"));
    Boolean enabled = flag(query, "enabled");
    List<User> found =
        users.list(caller).stream()
            .filter(user -> fits(exchange, "name", user.name()))
            .filter(user -> enabled == null || enabled == user.enabled())
            .map(user -> shown(exchange, user))
            .toList();
    return answer(200, new Many(found, new IamFrame.Links(frame.url(exchange, ALL))));
  }

  private User shown(Exchange exchange, Users.User user) {
    return shown(exchange, user, user.email());
  }

  /** As one of a group: whoever may see that sees no more than the vendor shows of its members. */
  User member(Exchange exchange, Users.User user) {
    return shown(exchange, user, null);
  }

  private User shown(Exchange exchange, Users.User user, @Nullable String email) {
    return new User(
        user.id(),
        user.name(),
        user.account(),
        user.enabled(),
        user.description(),
        email,
        user.profile().accessMode(),
        user.profile().pwdStatus(),
        null,
        user.administrator(),
        "",
        new IamFrame.Links(frame.url(exchange, ALL + "/" + user.id())));
  }

  private Answer create(Exchange exchange, Request request) {
    Order order = object(request.user(), "user");
    mustBeOwn(exchange.proved(), order.domainId());
    Users.User made =
        users.create(
            exchange.proved(),
            new Users.Order(
                required(order.name(), "user.name"),
                order.password(),
                Objects.requireNonNullElse(order.enabled(), true),
                orEmpty(order.description()),
                orEmpty(order.email())));
    return answer(201, new One(shown(exchange, made)));
  }

  private Answer show(Exchange exchange) {
    Users.User user = users.show(exchange.proved(), variable(exchange, "user_id"));
    return answer(200, new One(shown(exchange, user)));
  }

  private Answer update(Exchange exchange, Request request) {
    Order order = object(request.user(), "user");
    mustBeOwn(exchange.proved(), order.domainId());
    Users.User changed =
        users.update(
            exchange.proved(),
            variable(exchange, "user_id"),
            new Users.Change(
                order.name(),
                order.password(),
                order.enabled(),
                order.description(),
                order.email()));
    return answer(200, new One(shown(exchange, changed)));
  }

  private Answer delete(Exchange exchange) {
    users.delete(exchange.proved(), variable(exchange, "user_id"));
    return Answer.noContent();
  }

  private Answer changePassword(Exchange exchange, PasswordRequest request) {
    Passwords passwords = object(request.user(), "user");
    users.changePassword(
        exchange.proved(),
        variable(exchange, "user_id"),
        object(passwords.originalPassword(), "user.original_password"),
        object(passwords.password(), "user.password"));
    return Answer.noContent();
  }

  private Answer groups(Exchange exchange) {
    String user = variable(exchange, "user_id");
    List<GroupApi.Group> found =
        groups.of(exchange.proved(), user).stream()
            .map(group -> GroupApi.shown(frame, exchange, group))
            .toList();
    return answer(
        200,
        new GroupApi.Many(
            found, new IamFrame.Links(frame.url(exchange, ALL + "/" + user + "/groups"))));
  }
}
