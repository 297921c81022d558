package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.HuaweiError.bad;
import static dev.yaoku.api.huawei.HuaweiError.withStatus;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.NoImport;
import dev.yaoku.key.NoRotation;
import dev.yaoku.key.NoSync;
import dev.yaoku.key.Problem;

/**
 * How the KMS routes write refusals.
 *
 * @see "contract/errors.md and contract/authentication.md, section 6"
 */
public final class HuaweiErrors implements Dialect {
  private static final String IAM = "Incorrect IAM authentication information: ";
  private static final int OVERLOAD_RETRY_SECONDS = 1;

  private final HuaweiOptions options;

  /** The dialect with the operator's choices. */
  public HuaweiErrors(HuaweiOptions options) {
    this.options = options;
  }

  @Override
  public Answer refusal(Problem problem, String requestId) {
    return error(problem).answer(requestId, options.flatErrorsToo());
  }

  HuaweiError error(Problem problem) {
    return switch (problem) {
      // Who calls
      case Problem.NoCredentials _ ->
          unproved("x-auth-token not found. Sign the request or send a token.");
      case Problem.BadSignature(_, String echo) ->
          unproved(
              "verify aksk signature fail"
                  + ". Check access key, secret key and what is signed"
                  + (echo.isEmpty() ? "." : ", canonicalRequest:" + echo));
      case Problem.UnsignedBody _ ->
          unproved(
              "verify aksk signature fail: the body is not signed (X-Sdk-Content-Sha256:"
                  + " UNSIGNED-PAYLOAD). Sign it, or ask the operator for auth.unsigned-bodies,"
                  + " which allows this over TLS.");
      case Problem.SignatureExpired(String serverTime) ->
          unproved(
              "calc ak sk signature fail:signature expired; the server's clock says "
                  + serverTime
                  + ". Check your own.");
      case Problem.Replayed _ ->
          unproved(
              "verify aksk signature fail: this signed request was seen before. Sign it anew.");
      case Problem.BadToken _, Problem.UnknownSubjectToken _ ->
          unproved("decrypt token fail. Log in again.");
      case Problem.BadPassword _ -> unproved("user name or password is wrong. Check both.");
      case Problem.BadIdentityToken _ ->
          unproved("the identity token is not accepted. Log in again where it is from.");
      case Problem.BadCertificate _ ->
          unproved("the client certificate is not accepted. Use one that your account knows.");
      case Problem.TokenExpired _ -> expiredToken();
      case Problem.ProjectMismatch _ ->
          withStatus(
              403,
              "KMS.0321",
              "The project in the URL is not the project of your credentials. Use the one that they"
                  + " are for.");
      case Problem.UnknownScope _ ->
          withStatus(
              403,
              "KMS.0305",
              "The project of your credentials is not open to you here. Log in for another.");
      case Problem.UnknownRole _ ->
          withStatus(
              403,
              "KMS.0302",
              "There is no such agency, or it does not trust your account. Check both.");
      case Problem.AccessKeyLocked _ ->
          unproved(
              "AK access failed to reach the limit,forbidden. It failed too often. Try again in"
                  + " five minutes.");
      case Problem.NotAllowed(String action) ->
          withStatus(403, "KMS.0307", "You need the permission " + action + " for this operation.");
      case Problem.KeyNotAllowed(String action) ->
          withStatus(403, "KMS.0306", "You need the permission " + action + " on this key.");
      case Problem.ForAdministrators(String what) ->
          withStatus(
              403, "KMS.0307", "Only administrators of the account " + what + ". Ask one of them.");
      case Problem.NeedsTls _ ->
          withStatus(403, "KMS.0330", "This call carries secrets; make it over HTTPS.");

      // Load
      case Problem.Throttled(int seconds) ->
          withStatus(
                  429,
                  "APIGW.0308",
                  "The throttling threshold has been reached. Slow down and retry.")
              .with("Retry-After", Integer.toString(seconds));
      case Problem.Overloaded _ ->
          withStatus(503, "KMS.0104", "The server is busy. Try again in a moment.")
              .with("Retry-After", Integer.toString(OVERLOAD_RETRY_SECONDS));
      case Problem.NotConfirmed _ ->
          withStatus(
                  503,
                  "KMS.0104",
                  "What allows this may have changed while it waited, so nothing was done. Try"
                      + " again.")
              .with("Retry-After", Integer.toString(OVERLOAD_RETRY_SECONDS));
      case Problem.TooSlow _ ->
          withStatus(408, "APIGW.0201", "The request did not arrive in time. Send it again.");

      // Form
      case Problem.BadRequest(String why) -> bad("KMS.0214", why);
      case Problem.UriTooLong _ ->
          withStatus(414, "APIGW.0201", "Request URI too large. Send a shorter one.");
      case Problem.NoSuchRoute _ ->
          withStatus(
              404,
              "APIGW.0101",
              "The API does not exist or has not been published in the environment. Check the"
                  + " path.");
      case Problem.NoSuchVersion _ ->
          withStatus(404, "KMS.0201", "There is no such version of the API. Use v1.0.");
      case Problem.MethodNotSupported(String allowed) ->
          withStatus(405, "KMS.0215", "The method is not supported here. Use " + allowed + ".")
              .with("Allow", allowed);
      case Problem.BodyTooLong(int max) ->
          withStatus(
              413, "APIGW.0201", "Request entity too large. Send at most " + max + " bytes.");
      case Problem.BadJson(String why) -> bad("KMS.0202", why);
      case Problem.MissingMember(String member) ->
          bad("KMS.0204", "The member " + member + " is required and must not be empty.");
      case Problem.BadValue value -> bad(FieldCodes.of(value.field()), value.why());
      case Problem.NoSuchResourceType _ ->
          bad("KMS.0212", "This server keeps keys only. Use the resource type kms.");
      case Problem.MalformedKeyId _ ->
          bad("KMS.0205", "key_id must be the key's UUID, an alias, or the URN of an alias.");

      // Questions about rights
      case Problem.RefusalNotFound _ ->
          withStatus(
              404,
              "YAOKU.0001",
              "There is no refused request of your account with this id. Use the X-Request-Id of"
                  + " the refusal. Refusals are kept for 7"
                  + " days, and no more than 10,000 of an account.");
      case Problem.UserNotFound _ ->
          withStatus(
              404,
              "YAOKU.0002",
              "There is no user of your account with this id or name. List the users.");

      // Keys
      case Problem.KeyNotFound _ ->
          withStatus(
              404,
              "KMS.0207",
              "The key does not exist. Check key_id, project and region; a key is gone from its"
                  + " deletion date on.");
      case Problem.WrongState(Problem.Need need, KeyState state) -> StateErrors.of(need, state);
      case Problem.DefaultKey _ ->
          bad(
              "KMS.0211",
              "This is not allowed on a default key of a cloud service. Use a key of your own.");
      case Problem.NameTaken _ ->
          bad("KMS.1104", "The name already belongs to another key. Choose another name.");
      case Problem.KeyQuotaReached(int quota) ->
          bad(
              "KMS.1105",
              "The project has reached its quota of "
                  + quota
                  + " keys. Ask the operator for more; keys that await deletion count until their"
                  + " date.");
      case Problem.TooManyDefaultKeys(int quota) ->
          bad(
              "KMS.1105",
              "The project has default keys of "
                  + quota
                  + " services, as many as it may have. Use one of them, or create a key.");
      case Problem.SpecNotOffered _ ->
          bad(
              "KMS.1110",
              "This server does not offer keys of this key_spec. Use another one, such as"
                  + " AES_256.");
      case Problem.UsageNotForSpec(KeySpec spec, String usage) -> WrongKeys.usage(spec, usage);
      case Problem.AlgorithmNotForKey(KeySpec spec, String algorithm) ->
          WrongKeys.algorithm(spec, algorithm);
      case Problem.OperationNotForKey(Problem.Work work, KeySpec spec, KeyUsage usage) ->
          WrongKeys.error(work, spec, usage);
      case Problem.SigningNotForKey(KeySpec spec, String algorithm) ->
          bad(
              "KMS.0332",
              "A key of key_spec "
                  + spec
                  + " does not sign with "
                  + algorithm
                  + ". Use one of "
                  + spec.signingAlgorithms()
                  + ".");
      case Problem.SignsNoDigests(String algorithm) ->
          bad("KMS.0332", algorithm + " signs messages, not digests. Use message_type RAW.");
      case Problem.DigestLength(int bytes) ->
          bad("KMS.0329", "message must be a digest of " + bytes + " bytes in Base64.");
      case Problem.MacNotForKey(KeySpec spec, String algorithm) ->
          bad(
              "KMS.0308",
              "A key of key_spec "
                  + spec
                  + " does not make codes with "
                  + algorithm
                  + ". Use one of "
                  + spec.macAlgorithms()
                  + ".");
      case Problem.PlaintextTooLong(int max) ->
          bad("KMS.2108", "plain_text must not be longer than " + max + " bytes for this key.");
      case Problem.NoEnclaves _ ->
          bad("KMS.3804", "This server does not answer enclaves. Leave recipient out.");

      // Ciphertext
      case Problem.RsaDoesNotOpen _ ->
          bad(
              "KMS.0311",
              "cipher_text cannot be decrypted. Send it as it was made, with the algorithm of"
                  + " encryption.");
      case Problem.BadCiphertext _ ->
          bad(
              "KMS.2201",
              "cipher_text cannot be decrypted. Send it as it was returned, with the same key and"
                  + " the same context as at encryption.");
      case Problem.DataKeyDoesNotOpen _ ->
          bad(
              "KMS.2203",
              "The data key cannot be decrypted. Send cipher_text as it was returned, with the"
                  + " same context as at encryption.");
      case Problem.DataKeyDigestMismatch _ ->
          bad(
              "KMS.2103",
              "The digest in plain_text is not that of the data key before it. Send the data key"
                  + " and then its SHA-256, or its SM3 under an SM4 key, in hexadecimal.");
      case Problem.DataKeyLengthMismatch _ ->
          bad(
              "KMS.2204",
              "datakey_cipher_length is not the length of the data key in bytes. Send that of the"
                  + " plain data key, not of cipher_text.");

      // Grants
      case Problem.TooManyGrants(int quota, boolean ofGrantee) when ofGrantee ->
          bad(
              "KMS.2405",
              "A grantee can have at most "
                  + quota
                  + " grants on a key. Revoke those that it does not need.");
      case Problem.TooManyGrants(int quota, boolean _) ->
          bad(
              "KMS.2404",
              "A key can have at most " + quota + " grants. Revoke those that nobody needs.");
      case Problem.GrantNotFound _ ->
          bad("KMS.2501", "The grant does not exist. Call list-grants to see those that do.");
      case Problem.GrantOfOtherKey _ ->
          bad("KMS.2502", "The grant is on another key. Send the key_id of that key.");
      case Problem.GrantBeyondOwn _ ->
          bad(
              "KMS.2403",
              "You may create grants on this key by a grant, so yours cannot allow more than it"
                  + " does. Leave out what it does not allow.");

      // Aliases
      case Problem.TooManyAliases(int quota) ->
          bad(
              "KMS.1105",
              "A key can have at most " + quota + " aliases. Delete those that nobody uses.");
      case Problem.AliasMove _ ->
          bad(
              "KMS.0308",
              "An alias does not move from a key of origin kms to one of origin external. Delete it"
                  + " and create it anew.");

      // Tags
      case Problem.TagNotFound _ ->
          withStatus(
              404, "KMS.0416", "The key has no such tag. List its tags to see those it has.");
      case Problem.TooManyTags(int quota) ->
          bad("KMS.0409", "A key can have at most " + quota + " tags. Delete some first.");

      // Identities
      case Problem.NotThere(String what) ->
          withStatus(
              404,
              "KMS.0207",
              "There is no such " + what + ". List them to see those that are there.");
      case Problem.Conflict(String why) -> bad("KMS.0308", why + " Choose another one.");
      case Problem.TooMany(String what, int quota) ->
          bad("KMS.0308", "There can be at most " + quota + " " + what + ". Delete some first.");

      // Keystores
      case Problem.KeystoreNotFound _ ->
          bad("KMS.8003", "The keystore does not exist. List the keystores to see those that do.");
      case Problem.KeystoreNotUsable _ ->
          bad(
              "KMS.0340",
              "The keystore is disabled, or of a kind that this server does not have. Enable it, or"
                  + " use another one.");
      case Problem.KeystoreNotEmpty _ ->
          bad("KMS.0308", "The keystore still holds keys. Delete them first.");
      case Problem.NoImportIntoKeystore _ ->
          bad(
              "KMS.0339",
              "A dedicated keystore takes no imported key material. Leave keystore_id out.");

      // Key spaces
      case Problem.MalformedId(String member) -> bad("KMS.0205", member + " must be a UUID.");
      case Problem.NotInKeySpace(String what) ->
          withStatus(
              404, "KMS.0207", "The " + what + " does not exist. List them to see those that do.");
      case Problem.NameTakenInKeySpace _ ->
          bad("KMS.1104", "The name already belongs to another in the key space. Choose another.");
      case Problem.KeySpaceQuotaReached(String what, int quota) ->
          bad(
              "KMS.1105",
              "The project has reached its quota of " + quota + " " + what + ". Delete some.");
      case Problem.PrivateKeyHandedOut _ ->
          withStatus(
              403,
              "KMS.0306",
              "The private key was handed out before, and this server hands it out once only."
                  + " Create another access point.");
      case Problem.BadCapsule _ ->
          bad(
              "KMS.2201",
              "datakey_capsule cannot be opened. Send it as it was returned, with the key that"
                  + " made it.");
      case Problem.UnreadableAttestation(String why) -> bad("KMS.3804", why);
      case Problem.NotAttested _ ->
          withStatus(
              403,
              "KMS.0306",
              "The capsule is not opened for this attestation. The access point must be known and"
                  + " enabled, its proof valid now, and the capsule's policy must allow it.");

      // Material
      case Problem.NotRotated(NoRotation why) -> MaterialErrors.of(why);
      case Problem.NotImported(NoImport why) -> MaterialErrors.of(why);

      // Regions
      case Problem.ReadOnlyReplica _ ->
          bad("KMS.0106", "The key is a replica. Make this call on its primary key.");
      case Problem.NotInStep(NoSync why) -> MaterialErrors.of(why);
      case Problem.RegionTaken _ ->
          bad(
              "KMS.0308",
              "The key, or a replica of it, is in that region already. Choose another region.");

      // The world
      case Problem.RowNotGenuine _ ->
          withStatus(
              500,
              "KMS.0101",
              "A stored record failed its integrity check and is not used. Tell the operator the"
                  + " request id.");
      case Problem.StoreUnavailable _ ->
          withStatus(
                  503,
                  "KMS.0104",
                  "The server cannot use its store now. Try again in a moment; if it lasts, its log"
                      + " says why.")
              .with("Retry-After", Integer.toString(OVERLOAD_RETRY_SECONDS));
      case Problem.Internal _ ->
          withStatus(500, "KMS.0101", "The server failed. Tell the operator the request id.");
    };
  }

  private static HuaweiError unproved(String why) {
    return withStatus(401, "APIGW.0301", IAM + why);
  }

  private HuaweiError expiredToken() {
    return options.expiredTokenIs401()
        ? withStatus(401, "APIGW.0307", "The token must be updated.")
        : withStatus(403, "KMS.0303", "The token has expired. Log in again.");
  }
}
