package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.variable;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.service.Users;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether log-ins take a second factor, which they never do here: {@code …/login-protect}. Who asks
 * for one is refused, as a protection that is only said is worse than none.
 */
final class LoginProtectApi {
  private static final String ONE = UserDetailApi.ONE + "/login-protect";
  private static final String ALL = "/v3.0/OS-USER/login-protects";

  private final IamFrame frame;
  private final Users users;

  LoginProtectApi(IamFrame frame, Users users) {
    this.frame = frame;
    this.users = users;
  }

  record Request(@Nullable Order loginProtect) {}

  record Order(@Nullable Boolean enabled, @Nullable String verificationMethod) {}

  record One(LoginProtect loginProtect) {}

  record Many(List<LoginProtect> loginProtects) {}

  record LoginProtect(String userId, boolean enabled, String verificationMethod) {
    static LoginProtect of(Users.User user) {
      return new LoginProtect(user.id(), false, "none");
    }
  }

  List<Route> routes() {
    return List.of(
        frame.bare("ListUserLoginProtects", "GET", ALL, this::list).answering(Many.class),
        frame.bare("ShowUserLoginProtect", "GET", ONE, this::show).answering(One.class),
        frame
            .reading("UpdateLoginProtect", "PUT", ONE, Request.class, this::update)
            .answering(One.class));
  }

  private Answer list(Exchange exchange) {
    return answer(
        200, new Many(users.list(exchange.proved()).stream().map(LoginProtect::of).toList()));
  }

  private Answer show(Exchange exchange) {
    Users.User user = users.show(exchange.proved(), variable(exchange, "user_id"));
    return answer(200, new One(LoginProtect.of(user)));
  }

  private Answer update(Exchange exchange, Request request) {
    Users.User user = users.changeable(exchange.proved(), variable(exchange, "user_id"));
    Order order = object(request.loginProtect(), "login_protect");
    if (object(order.enabled(), "login_protect.enabled")) {
      throw IamFrame.bad(
          "login_protect.enabled",
          "login_protect.enabled must be false: log-ins take no second factor here. Let the user"
              + " come in through an identity provider that asks for one.");
    }
    return answer(200, new One(LoginProtect.of(user)));
  }
}
