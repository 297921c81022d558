package dev.yaoku.api.iam;

import dev.yaoku.access.AccessKeyLogin;
import dev.yaoku.access.Admission;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.access.Principal;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Accounts;
import dev.yaoku.service.IssuedToken;
import dev.yaoku.service.Logins;
import dev.yaoku.service.PasswordProof;
import dev.yaoku.service.SubjectTokens;
import dev.yaoku.service.Tokens;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Getting, showing and revoking tokens: {@code /v3/auth/tokens}. */
final class TokenApi {
  private static final String SUBJECT = "x-subject-token";

  private final Logins logins;
  private final AccessKeyLogin accessKeys;
  private final Tokens tokens;
  private final SubjectTokens subjects;
  private final Accounts accounts;
  private final Admission admission;

  TokenApi(
      Logins logins,
      AccessKeyLogin accessKeys,
      Tokens tokens,
      SubjectTokens subjects,
      Accounts accounts,
      Admission admission) {
    this.logins = logins;
    this.accessKeys = accessKeys;
    this.tokens = tokens;
    this.subjects = subjects;
    this.accounts = accounts;
    this.admission = admission;
  }

  /** {@code POST /v3/auth/tokens}: for anyone who has a password, a token or an access key. */
  Answer create(Exchange exchange) {
    if (!exchange.head().secure()) {
      throw new KmsException(new Problem.NeedsTls());
    }
    Endpoints.base(exchange.head());
    try (Secrets secrets = new Secrets()) {
      AuthRequest request = IamJson.read(exchange.json(), AuthRequest.class, secrets);
      return switch (request.method()) {
        case Tokens.PASSWORD -> byPassword(exchange, request);
        case Tokens.TOKEN -> byToken(exchange, request);
        case Tokens.ACCESS_KEY -> byAccessKey(exchange, request);
        case Tokens.ASSUME_ROLE, "hw_assume_role" -> inRole(exchange, request);
        default ->
            throw new KmsException(
                new Problem.BadValue(
                    Field.OTHER,
                    "auth.identity.methods",
                    "auth.identity.methods must be [\"password\"], [\"token\"],"
                        + " [\"hw_ak_sk\"] or [\"assume_role\"]."));
      };
    }
  }

  private Answer byPassword(Exchange exchange, AuthRequest request) {
    var scope = request.scope();
    PasswordProof proof = logins.login(request.who(), request.password(), exchange.head().source());
    return issued(exchange, proof.who(), caller -> tokens.issue(caller, scope, proof));
  }

  private Answer byAccessKey(Exchange exchange, AuthRequest request) {
    var scope = request.scope();
    String accessKey = request.accessKey();
    Principal who = accessKeys.prove(accessKey, request.secretKey(), exchange.head().source());
    return issued(exchange, who, caller -> tokens.issue(caller, scope, accessKey));
  }

  private Answer byToken(Exchange exchange, AuthRequest request) {
    var scope = request.scope();
    Tokens.Parent parent = tokens.parent(request.token(), exchange.head().source());
    return issued(exchange, parent.who(), caller -> tokens.derive(caller, parent, scope));
  }

  /** Who plays a role says with the request itself who it is. */
  private Answer inRole(Exchange exchange, AuthRequest request) {
    var role = request.role();
    var scope = request.scope();
    Caller caller = exchange.prove();
    Tokens.New made = tokens.assume(caller, Parents.of(exchange.head(), caller), role, scope);
    return answer(201, exchange, made.issued(), made.text().value());
  }

  /** From here on somebody has proved an identity, so a refusal is an event too. */
  Answer issued(Exchange exchange, Principal who, Function<Caller, Tokens.New> issue) {
    Caller caller = admission.callerOf(who, exchange.head(), exchange.requestId());
    exchange.provedFor(caller);
    Tokens.New made = issue.apply(caller);
    return answer(201, exchange, made.issued(), made.text().value());
  }

  /** {@code GET /v3/auth/tokens}: what a token is good for. */
  Answer show(Exchange exchange) {
    String subject = subject(exchange);
    IssuedToken shown = subjects.show(exchange.proved(), subject);
    return answer(200, exchange, shown, subject);
  }

  /** {@code DELETE /v3/auth/tokens}: ends a token. */
  Answer revoke(Exchange exchange) {
    subjects.revoke(exchange.proved(), subject(exchange));
    return Answer.noContent();
  }

  /** A token in a header is a secret, so it travels where secrets may. */
  private static String subject(Exchange exchange) {
    if (!exchange.head().secure()) {
      throw new KmsException(new Problem.NeedsTls());
    }
    String subject = exchange.head().only(SUBJECT);
    if (subject == null || subject.isEmpty()) {
      throw new KmsException(new Problem.MissingMember("X-Subject-Token"));
    }
    return subject;
  }

  private Answer answer(int status, Exchange exchange, IssuedToken issued, String token) {
    byte[] body = IamJson.write(TokenAnswer.of(issued, catalog(exchange, issued)));
    return new Answer(status, Map.of("X-Subject-Token", token), body, "");
  }

  private @Nullable List<Catalog.Entry> catalog(Exchange exchange, IssuedToken issued) {
    String unwanted = exchange.head().target().parameter("nocatalog");
    if (unwanted != null && !unwanted.isEmpty()) {
      return null;
    }
    KnownProject project = issued.project();
    return Catalog.of(
        Endpoints.base(exchange.head()),
        accounts.of(issued.account()),
        project == null ? "" : project.id());
  }
}
