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
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.ProfileChange;
import dev.yaoku.service.Users;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Users with all that is kept of them: {@code /v3.0/OS-USER/users}. */
final class UserDetailApi {
  static final String ALL = "/v3.0/OS-USER/users";
  static final String ONE = ALL + "/{user_id}";
  private static final String ONESELF = "self";

  private final IamFrame frame;
  private final Users users;

  UserDetailApi(IamFrame frame, Users users) {
    this.frame = frame;
    this.users = users;
  }

  record Request(@Nullable Order user) {}

  record Order(
      @Nullable String name,
      @Nullable String domainId,
      @Nullable SecretBytes password,
      @Nullable Boolean enabled,
      @Nullable String description,
      @Nullable String email,
      @Nullable String areacode,
      @Nullable String phone,
      @Nullable String accessMode,
      @Nullable Boolean pwdStatus,
      @Nullable String xuserId,
      @Nullable String xuserType) {
    ProfileChange profile() {
      return new ProfileChange(areacode, phone, accessMode, pwdStatus, xuserId, xuserType);
    }
  }

  record ContactRequest(@Nullable Contact user) {}

  record Contact(@Nullable String email, @Nullable String mobile) {}

  record One(User user) {}

  /** Without {@code status}, which one client reads as a number and another as a text. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record User(
      String id,
      String name,
      String domainId,
      boolean enabled,
      String description,
      String email,
      String areacode,
      String phone,
      String accessMode,
      boolean pwdStatus,
      @Nullable String pwdStrength,
      boolean isDomainOwner,
      String createTime,
      String xuserId,
      String xuserType,
      IamFrame.Links links) {}

  List<Route> routes() {
    return List.of(
        frame.secret("CreateUser", "POST", ALL, Request.class, this::create).answering(One.class),
        frame.bare("ShowUser", "GET", ONE, this::show).answering(One.class),
        frame.secret("UpdateUser", "PUT", ONE, Request.class, this::update).answering(One.class),
        frame.reading(
            "UpdateUserInformation", "PUT", ONE + "/info", ContactRequest.class, this::changeOwn));
  }

  private One shown(Exchange exchange, Users.User user) {
    return new One(
        new User(
            user.id(),
            user.name(),
            user.account(),
            user.enabled(),
            user.description(),
            user.email(),
            user.profile().areaCode(),
            user.profile().phone(),
            user.profile().accessMode(),
            user.profile().pwdStatus(),
            user.hasPassword() ? null : "None", // nobody can tell how strong one is
            user.administrator(),
            TokenAnswer.text(user.createdAt()),
            user.profile().externalId(),
            user.profile().externalType(),
            new IamFrame.Links(frame.url(exchange, ALL + "/" + user.id()))));
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
                orEmpty(order.email()),
                order.profile()));
    return answer(201, shown(exchange, made));
  }

  private Answer show(Exchange exchange) {
    String asked = variable(exchange, "user_id");
    String id = asked.equals(ONESELF) ? exchange.proved().principal().user() : asked;
    return answer(200, shown(exchange, users.show(exchange.proved(), id)));
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
                order.email(),
                order.profile()));
    return answer(200, shown(exchange, changed));
  }

  private Answer changeOwn(Exchange exchange, ContactRequest request) {
    Contact contact = object(request.user(), "user");
    users.changeOwn(
        exchange.proved(), variable(exchange, "user_id"), contact.email(), phone(contact.mobile()));
    return Answer.noContent();
  }

  /** The area code and the phone that a client joins by a dash. */
  private static ProfileChange phone(@Nullable String mobile) {
    if (mobile == null) {
      return ProfileChange.NOTHING;
    }
    if (mobile.isEmpty()) {
      return ProfileChange.phone("", "");
    }
    int dash = mobile.indexOf('-');
    if (dash < 1) {
      throw IamFrame.bad(
          "user.mobile",
          "user.mobile must be an area code, a dash and a phone number, such as 0086-123456789.");
    }
    return ProfileChange.phone(mobile.substring(0, dash), mobile.substring(dash + 1));
  }
}
