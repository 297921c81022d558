package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.orEmpty;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.AccessKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Permanent access keys: {@code /v3.0/OS-CREDENTIAL/credentials}. */
final class CredentialApi {
  private static final String ALL = "/v3.0/OS-CREDENTIAL/credentials";
  private static final String ONE = ALL + "/{access_key}";
  private static final String ACTIVE = "active";
  private static final String INACTIVE = "inactive";

  private final IamFrame frame;
  private final AccessKeys keys;

  CredentialApi(IamFrame frame, AccessKeys keys) {
    this.frame = frame;
    this.keys = keys;
  }

  record Request(@Nullable Order credential) {}

  record Order(@Nullable String userId, @Nullable String description, @Nullable String status) {}

  record One(Credential credential) {}

  record Made(New credential) {}

  record Many(List<Credential> credentials) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Credential(
      String access,
      String userId,
      String status,
      String createTime,
      @Nullable String lastUseTime,
      String description) {}

  /** With the secret, which is shown once and has no other way out. */
  record New(
      String access,
      String secret,
      String userId,
      String status,
      String createTime,
      String description) {
    @Override
    public String toString() {
      return "New[" + access + "]";
    }
  }

  List<Route> routes() {
    return List.of(
        frame
            .bare("ListPermanentAccessKeys", "GET", ALL, this::list)
            .answering(Many.class)
            .takingQuery("user_id"),
        frame
            .secret("CreatePermanentAccessKey", "POST", ALL, Request.class, this::create)
            .answering(Made.class),
        frame.bare("ShowPermanentAccessKey", "GET", ONE, this::show).answering(One.class),
        frame
            .reading("UpdatePermanentAccessKey", "PUT", ONE, Request.class, this::update)
            .answering(One.class),
        frame.bare("DeletePermanentAccessKey", "DELETE", ONE, this::delete));
  }

  private static Credential shown(AccessKeys.Shown key) {
    return new Credential(
        key.id(),
        key.user(),
        status(key),
        TokenAnswer.text(key.createdAt()),
        key.lastUsedAt() == null ? null : TokenAnswer.text(key.lastUsedAt()),
        key.description());
  }

  /** Lists do not say when a key was used. */
  private static Credential listed(AccessKeys.Shown key) {
    return new Credential(
        key.id(),
        key.user(),
        status(key),
        TokenAnswer.text(key.createdAt()),
        null,
        key.description());
  }

  private static String status(AccessKeys.Shown key) {
    return key.enabled() ? ACTIVE : INACTIVE;
  }

  private Answer list(Exchange exchange) {
    Caller caller = exchange.proved();
    String asked = orEmpty(exchange.head().target().parameter("user_id"));
    String user = asked.isEmpty() ? caller.principal().user() : asked;
    List<Credential> found = keys.list(caller, user).stream().map(CredentialApi::listed).toList();
    return answer(200, new Many(found));
  }

  private Answer create(Exchange exchange, Request request) {
    Order order = object(request.credential(), "credential");
    String user = required(order.userId(), "credential.user_id");
    AccessKeys.New made = keys.create(exchange.proved(), user, orEmpty(order.description()));
    AccessKeys.Shown key = made.key();
    try (SecretBytes secret = made.secret()) {
      return answer(
          201,
          new Made(
              new New(
                  key.id(),
                  secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)),
                  key.user(),
                  status(key),
                  TokenAnswer.text(key.createdAt()),
                  key.description())));
    }
  }

  private Answer show(Exchange exchange) {
    AccessKeys.Shown key = keys.show(exchange.proved(), variable(exchange, "access_key"));
    return answer(200, new One(shown(key)));
  }

  private Answer update(Exchange exchange, Request request) {
    Order order = object(request.credential(), "credential");
    AccessKeys.Shown changed =
        keys.update(
            exchange.proved(),
            variable(exchange, "access_key"),
            enabled(order.status()),
            order.description());
    return answer(200, new One(shown(changed)));
  }

  private static @Nullable Boolean enabled(@Nullable String status) {
    return switch (orEmpty(status)) {
      case "" -> null;
      case ACTIVE -> true;
      case INACTIVE -> false;
      default ->
          throw IamFrame.bad("credential.status", "credential.status must be active or inactive.");
    };
  }

  private Answer delete(Exchange exchange) {
    keys.delete(exchange.proved(), variable(exchange, "access_key"));
    return Answer.noContent();
  }
}
