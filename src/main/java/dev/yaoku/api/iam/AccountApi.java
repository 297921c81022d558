package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Founding;
import dev.yaoku.service.Tenants;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accounts, for those who run the installation; Yaoku's own (docs/beyond-the-api.md). */
final class AccountApi {
  private static final String ALL = "/v3/OS-YAOKU/accounts";
  private static final String ONE = ALL + "/{account_id}";

  private final IamFrame frame;
  private final Tenants tenants;

  AccountApi(IamFrame frame, Tenants tenants) {
    this.frame = frame;
    this.tenants = tenants;
  }

  record CreateRequest(@Nullable Order account) {}

  record Order(@Nullable String name) {}

  record UpdateRequest(@Nullable Change account) {}

  record Change(@Nullable Boolean enabled) {}

  record All(List<Account> accounts) {}

  record One(Account account) {}

  record Account(String id, String name, boolean enabled, String createTime) {
    static Account of(Tenants.Tenant tenant) {
      return new Account(
          tenant.id(), tenant.name(), tenant.enabled(), TokenAnswer.text(tenant.createdAt()));
    }
  }

  record Made(Account account, Project project, Administrator administrator) {}

  record Project(String id, String name) {}

  /** With the secrets, which are shown once and have no other way out. */
  record Administrator(String id, String name, String password, String access, String secret) {
    @Override
    public String toString() {
      return "Administrator[" + id + "]";
    }
  }

  List<Route> routes() {
    return List.of(
        frame.bare("ListAccounts", "GET", ALL, this::list).answering(All.class),
        frame
            .secret("CreateAccount", "POST", ALL, CreateRequest.class, this::create)
            .answering(Made.class),
        frame
            .reading("UpdateAccount", "PATCH", ONE, UpdateRequest.class, this::update)
            .answering(One.class));
  }

  private Answer list(Exchange exchange) {
    return answer(200, new All(tenants.list(exchange.proved()).stream().map(Account::of).toList()));
  }

  private Answer create(Exchange exchange, CreateRequest request) {
    Order order = object(request.account(), "account");
    String name = required(order.name(), "account.name");
    try (Tenants.Opened opened = tenants.create(exchange.proved(), name)) {
      Founding founding = opened.founding();
      return answer(
          201,
          new Made(
              Account.of(opened.tenant()),
              new Project(founding.projectId(), founding.region()),
              new Administrator(
                  founding.userId(),
                  founding.userName(),
                  text(founding.password()),
                  founding.accessKey(),
                  text(founding.secretKey()))));
    }
  }

  private static String text(SecretBytes secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }

  private Answer update(Exchange exchange, UpdateRequest request) {
    Change change = object(request.account(), "account");
    boolean enabled = object(change.enabled(), "account.enabled");
    String id = variable(exchange, "account_id");
    Tenants.Tenant tenant =
        enabled ? tenants.enable(exchange.proved(), id) : tenants.disable(exchange.proved(), id);
    return answer(200, new One(Account.of(tenant)));
  }
}
