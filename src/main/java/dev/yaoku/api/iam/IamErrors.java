package dev.yaoku.api.iam;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.key.Problem;
import java.util.Map;

/**
 * How the identity routes write refusals: {@code {"error":{"code":401,"message":…,"title":…}}},
 * with a number for a code.
 *
 * @see "contract/authentication.md, section 4.4"
 */
public final class IamErrors implements Dialect {
  private static final String UNPROVED = "The request you have made requires authentication.";
  private static final String GATEWAY = "Incorrect IAM authentication information: ";

  record Body(Refusal error) {}

  record Refusal(int code, String message, String title) {}

  /**
   * What is said to a problem, however it is written.
   *
   * @param headers beyond the usual
   */
  record Said(int status, String message, Map<String, String> headers) {}

  @Override
  public Answer refusal(Problem problem, String requestId) {
    Said said = say(problem);
    byte[] body =
        IamJson.write(new Body(new Refusal(said.status(), said.message(), title(said.status()))));
    return new Answer(said.status(), said.headers(), body, "IAM." + said.status());
  }

  /** Status and sentence. */
  static Said say(Problem problem) {
    return switch (problem) {
      // Who calls
      case Problem.NoCredentials _ -> answer(401, UNPROVED);
      case Problem.BadSignature(_, String echo) ->
          answer(
              401,
              GATEWAY
                  + "verify aksk signature fail"
                  + (echo.isEmpty() ? "" : ", canonicalRequest:" + echo));
      case Problem.UnsignedBody _ ->
          answer(401, GATEWAY + "verify aksk signature fail: the body is not signed");
      case Problem.SignatureExpired(String serverTime) ->
          answer(
              401,
              GATEWAY
                  + "calc ak sk signature fail:signature expired; the server's clock says "
                  + serverTime);
      case Problem.Replayed _ -> answer(401, GATEWAY + "this signed request was seen before");
      case Problem.BadToken _ -> answer(401, GATEWAY + "decrypt token fail");
      case Problem.TokenExpired _ -> answer(401, "The token must be updated.");
      case Problem.BadPassword _ -> answer(401, "The username or password is wrong.");
      case Problem.BadCertificate _ ->
          answer(401, GATEWAY + "the client certificate is not accepted");
      case Problem.BadIdentityToken _ ->
          answer(
              401,
              "The identity token is not accepted. With log.level = \"debug\" the server's log"
                  + " says why.");
      case Problem.UnknownSubjectToken _ ->
          answer(404, "X-Subject-Token is invalid in the request");
      case Problem.ProjectMismatch _ ->
          answer(403, "The project or domain named in a header is not the one of the credential.");
      case Problem.UnknownScope _ ->
          answer(403, "The project or domain in the scope is not open to this user.");
      case Problem.UnknownRole _ ->
          answer(
              403,
              "There is no such agency, or it does not trust your account. Check domain and"
                  + " agency.");
      case Problem.AccessKeyLocked _ ->
          answer(401, GATEWAY + "AK access failed to reach the limit,forbidden");
      case Problem.NotAllowed _, Problem.KeyNotAllowed _ ->
          answer(403, "You are not authorized to perform the requested action.");
      case Problem.ForAdministrators(String what) ->
          answer(403, "Only administrators of the account " + what + ". Ask one of them.");
      case Problem.NeedsTls _ ->
          answer(403, "Passwords and tokens travel over HTTPS only. Make this call over HTTPS.");

      // Load
      case Problem.Throttled(int seconds) ->
          retryAfter(seconds, answer(429, "Too many requests. Try again later."));
      case Problem.Overloaded _, Problem.StoreUnavailable _ ->
          retryAfter(1, answer(503, "The server is busy. Try again in a moment."));
      case Problem.NotConfirmed _ ->
          retryAfter(
              1,
              answer(
                  503,
                  "What allows this may have changed while it waited, so nothing was done. Try"
                      + " again."));
      case Problem.TooSlow _ -> answer(408, "The request did not arrive in time.");

      // Form
      case Problem.BadRequest(String why) -> answer(400, why);
      case Problem.UriTooLong _ -> answer(414, "Request URI too large.");
      case Problem.NoSuchRoute _, Problem.NoSuchVersion _ ->
          answer(404, "The resource could not be found.");
      case Problem.MethodNotSupported(String allowed) ->
          with(
              answer(405, "The method is not supported here. Use " + allowed + "."),
              "Allow",
              allowed);
      case Problem.BodyTooLong(int max) ->
          answer(413, "Request entity too large. Send at most " + max + " bytes.");
      case Problem.BadJson _ -> answer(400, "Request body is invalid.");
      case Problem.MissingMember(String member) ->
          answer(400, "The member " + member + " is required.");
      case Problem.BadValue value -> answer(400, value.why());

      // Identities
      case Problem.NotThere(String what) -> answer(404, "Could not find this " + what + ".");
      case Problem.Conflict(String why) -> answer(409, why);
      case Problem.TooMany(String what, int quota) ->
          answer(409, "There can be at most " + quota + " " + what + ".");
      case Problem.RefusalNotFound _, Problem.UserNotFound _ ->
          answer(404, "The resource could not be found.");

      // What only key operations can run into
      case Problem.KeyNotFound _,
          Problem.TagNotFound _,
          Problem.KeystoreNotFound _,
          Problem.NotInKeySpace _ ->
          answer(404, "The resource could not be found.");
      case Problem.NoSuchResourceType _,
          Problem.MalformedKeyId _,
          Problem.WrongState _,
          Problem.DefaultKey _,
          Problem.NameTaken _,
          Problem.KeyQuotaReached _,
          Problem.TooManyDefaultKeys _,
          Problem.SpecNotOffered _,
          Problem.UsageNotForSpec _,
          Problem.AlgorithmNotForKey _,
          Problem.OperationNotForKey _,
          Problem.SigningNotForKey _,
          Problem.SignsNoDigests _,
          Problem.MacNotForKey _,
          Problem.DigestLength _,
          Problem.PlaintextTooLong _,
          Problem.NoEnclaves _,
          Problem.RsaDoesNotOpen _,
          Problem.BadCiphertext _,
          Problem.DataKeyDoesNotOpen _,
          Problem.DataKeyDigestMismatch _,
          Problem.DataKeyLengthMismatch _,
          Problem.TooManyTags _,
          Problem.TooManyGrants _,
          Problem.GrantNotFound _,
          Problem.GrantOfOtherKey _,
          Problem.GrantBeyondOwn _,
          Problem.TooManyAliases _,
          Problem.AliasMove _,
          Problem.KeystoreNotUsable _,
          Problem.KeystoreNotEmpty _,
          Problem.NoImportIntoKeystore _,
          Problem.MalformedId _,
          Problem.NameTakenInKeySpace _,
          Problem.KeySpaceQuotaReached _,
          Problem.PrivateKeyHandedOut _,
          Problem.BadCapsule _,
          Problem.UnreadableAttestation _,
          Problem.NotAttested _,
          Problem.NotRotated _,
          Problem.NotImported _,
          Problem.ReadOnlyReplica _,
          Problem.NotInStep _,
          Problem.RegionTaken _ ->
          answer(400, "The request is not valid here.");

      // The world
      case Problem.RowNotGenuine _ ->
          answer(500, "A stored record failed its integrity check. Tell the operator.");
      case Problem.Internal _ -> answer(500, "An unexpected error prevented the server.");
    };
  }

  private static Said answer(int status, String message) {
    return new Said(status, message, Map.of());
  }

  private static Said retryAfter(int seconds, Said said) {
    return with(said, "Retry-After", Integer.toString(seconds));
  }

  private static Said with(Said said, String header, String value) {
    return new Said(said.status(), said.message(), Map.of(header, value));
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 408 -> "Request Timeout";
      case 413 -> "Request Entity Too Large";
      case 414 -> "Request-URI Too Long";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
