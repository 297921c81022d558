package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.bad;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.orEmpty;

import dev.yaoku.access.Admission;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.TokenText;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Role;
import dev.yaoku.service.TemporaryKeys;
import dev.yaoku.service.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Temporary access keys with security tokens: {@code POST /v3.0/OS-CREDENTIAL/securitytokens}, for
 * oneself or in a role.
 *
 * @see "contract/authentication.md, section 4.5"
 */
final class TemporaryKeyApi {
  private static final String PATH = "/v3.0/OS-CREDENTIAL/securitytokens";
  private static final String IDENTITY = "auth.identity";
  private static final int CREATED = 201;
  private static final int DIGITS_MAX = 9;

  private final TemporaryKeys keys;
  private final Tokens tokens;
  private final Admission admission;

  TemporaryKeyApi(TemporaryKeys keys, Tokens tokens, Admission admission) {
    this.keys = keys;
    this.tokens = tokens;
    this.admission = admission;
  }

  record Request(@Nullable Auth auth) {}

  record Auth(@Nullable Identity identity) {}

  record Identity(
      @Nullable List<String> methods,
      @Nullable Token token,
      @Nullable AssumeRole assumeRole,
      @Nullable JsonNode policy) {}

  record Token(@Nullable String id, @Nullable JsonNode durationSeconds) {
    @Override
    public String toString() {
      return "Token";
    }
  }

  record AssumeRole(
      @Nullable String domainId,
      @Nullable String domainName,
      @Nullable String agencyName,
      @Nullable JsonNode durationSeconds,
      AuthRequest.@Nullable SessionUser sessionUser) {
    Role role() {
      return new AuthRequest.AssumeRole(domainId, domainName, agencyName, null, sessionUser).role();
    }
  }

  record Made(Credential credential) {}

  /** With the secrets, which are shown once and have no other way out. */
  record Credential(String access, String secret, String securitytoken, String expiresAt) {
    @Override
    public String toString() {
      return "Credential[" + access + "]";
    }
  }

  List<Route> routes(IamFrame frame) {
    return List.of(
        frame
            .open("CreateTemporaryAccessKey", "POST", PATH, Request.class, this::create)
            .answering(Made.class));
  }

  private Answer create(Exchange exchange, Request request) {
    Identity identity = object(object(request.auth(), "auth").identity(), IDENTITY);
    String method = String.join(",", object(identity.methods(), IDENTITY + ".methods"));
    return switch (method) {
      case Tokens.TOKEN -> forOneself(exchange, identity);
      case Tokens.ASSUME_ROLE -> inRole(exchange, identity);
      default ->
          throw bad(
              IDENTITY + ".methods",
              IDENTITY + ".methods must be [\"token\"] or [\"assume_role\"].");
    };
  }

  private Answer forOneself(Exchange exchange, Identity identity) {
    Token token = identity.token();
    var order = order(token == null ? null : token.durationSeconds(), identity.policy());
    String said = token == null ? "" : orEmpty(token.id());
    RequestHead head = exchange.head();
    boolean inBody = !said.isEmpty() && !Parents.offers(head, "x-auth-token");
    if (inBody) {
      return byBody(exchange, said, (caller, parent) -> keys.make(caller, parent, order));
    }
    Caller caller = exchange.prove();
    return made(keys.make(caller, Parents.of(head, caller), order));
  }

  private Answer inRole(Exchange exchange, Identity identity) {
    AssumeRole asked = object(identity.assumeRole(), IDENTITY + ".assume_role");
    var order = order(asked.durationSeconds(), identity.policy());
    Role role = asked.role();
    Caller caller = exchange.prove();
    return made(keys.assume(caller, Parents.of(exchange.head(), caller), role, order, CREATED));
  }

  /** A token in the body counts unless there is one in the header. */
  private Answer byBody(
      Exchange exchange, String token, BiFunction<Caller, String, TemporaryKeys.New> work) {
    RequestHead head = exchange.head();
    Principal who = tokens.holder(token, head.source());
    Caller caller = admission.callerOf(who, head, exchange.requestId());
    exchange.provedFor(caller);
    admission.confine(caller, head);
    return made(work.apply(caller, TokenText.sha256(token)));
  }

  private static TemporaryKeys.Order order(@Nullable JsonNode duration, @Nullable JsonNode policy) {
    return new TemporaryKeys.Order(life(duration, TemporaryKeys.USUAL_LIFE), document(policy));
  }

  /** Terraform sends the policy as a text, the SDKs as an object. */
  static @Nullable String document(@Nullable JsonNode policy) {
    if (policy == null || policy.isNull()) {
      return null;
    }
    return policy.isString() ? policy.stringValue() : IamJson.text(policy);
  }

  /**
   * How long a key is to live.
   *
   * @param duration a number of seconds, or the same as a text
   * @param otherwise if nothing is said
   */
  static Duration life(@Nullable JsonNode duration, Duration otherwise) {
    if (duration == null || duration.isNull()) {
      return otherwise;
    }
    String text = duration.isValueNode() ? duration.asString() : "";
    boolean digits =
        !text.isEmpty()
            && text.length() <= DIGITS_MAX
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      throw bad("duration_seconds", "duration_seconds must be a number of seconds.");
    }
    return Duration.ofSeconds(Integer.parseInt(text));
  }

  private static Answer made(TemporaryKeys.New key) {
    try (SecretBytes secret = key.secret()) {
      return answer(
          CREATED,
          new Made(
              new Credential(
                  key.access(),
                  secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)),
                  key.securityToken().value(),
                  TokenAnswer.text(key.expiresAt()))));
    }
  }
}
