package dev.yaoku.key;

import dev.yaoku.crypto.Importing;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;

/**
 * Why a request is refused. Every dialect answers all of them in one exhaustive switch, so that a
 * new problem without a wire code does not compile. Texts here are for people; they never hold a
 * secret nor input that could be one.
 */
public sealed interface Problem {

  // Who calls

  /** Nothing in the request says who calls. */
  record NoCredentials() implements Problem {}

  /**
   * The signature or access key is wrong; which of the two is for the log only.
   *
   * @param forTheLog which, for the operator
   * @param echo the canonical request as the caller may see it, empty but in development
   */
  record BadSignature(String forTheLog, String echo) implements Problem {
    /** Wrong, with nothing to show. */
    public BadSignature(String forTheLog) {
      this(forTheLog, "");
    }
  }

  /** The signature leaves out the body, which this server or this connection does not allow. */
  record UnsignedBody() implements Problem {}

  /** The date of the signature is more than the window away from the server's clock. */
  record SignatureExpired(String serverTime) implements Problem {}

  /** The signed request was seen before and replays are refused. */
  record Replayed() implements Problem {}

  /** The token was never issued here, or cannot be read. */
  record BadToken() implements Problem {}

  /** The token was issued here, and its time is over. */
  record TokenExpired() implements Problem {}

  /** User or password is wrong, or the user is disabled. */
  record BadPassword() implements Problem {}

  /**
   * The identity token of another issuer is not accepted; why is for the log only.
   *
   * @param forTheLog why, for the operator; never of the token's own words
   */
  record BadIdentityToken(String forTheLog) implements Problem {}

  /** The client certificate stands for nobody, or for no one person. */
  record BadCertificate() implements Problem {}

  /** The token that a caller asks about does not exist. */
  record UnknownSubjectToken() implements Problem {}

  /** The caller's credential belongs to another project than the one in the path. */
  record ProjectMismatch() implements Problem {}

  /** The caller's project or domain does not exist or is not open to the caller. */
  record UnknownScope() implements Problem {}

  /** No such agency, or none that trusts the caller's account; which of the two is not said. */
  record UnknownRole() implements Problem {}

  /** The access key failed so often that none of its signatures is looked at for a while. */
  record AccessKeyLocked() implements Problem {}

  /** This operation is not open to the caller, whatever the key. */
  record NotAllowed(String action) implements Problem {}

  /**
   * This is open to administrators of the account only, whatever others are allowed.
   *
   * @param what what they alone do, for a sentence
   */
  record ForAdministrators(String what) implements Problem {}

  /** This key is not open to the caller for this operation. */
  record KeyNotAllowed(String action) implements Problem {}

  /** The credential may travel only over TLS. */
  record NeedsTls() implements Problem {}

  // Load

  /** Too many requests of this kind now. */
  record Throttled(int retryAfterSeconds) implements Problem {}

  /** The server cannot take more work now. */
  record Overloaded() implements Problem {}

  /**
   * What let the request in may have changed since, and is not looked at where the change would be
   * made. Nothing was done; asked again, the request is decided anew.
   */
  record NotConfirmed() implements Problem {}

  /** The request did not arrive in time. */
  record TooSlow() implements Problem {}

  // Form

  /** The request line, a header or the framing means nothing, or more than one thing. */
  record BadRequest(String why) implements Problem {}

  /** The request line or the headers are too long. */
  record UriTooLong() implements Problem {}

  /** No such API. */
  record NoSuchRoute() implements Problem {}

  /** No such version of the API. */
  record NoSuchVersion() implements Problem {}

  /** The path exists, the method does not. */
  record MethodNotSupported(String allowed) implements Problem {}

  /** The body is longer than the route takes. */
  record BodyTooLong(int bytesMax) implements Problem {}

  /** The body is no JSON object, or has a member twice, or is nested too deeply. */
  record BadJson(String why) implements Problem {}

  /** A required member is absent, null or empty. */
  record MissingMember(String member) implements Problem {}

  /** A member has a value that it cannot have. */
  record BadValue(Field field, String member, String why) implements Problem {}

  /** Resources of this type are not kept here. */
  record NoSuchResourceType() implements Problem {}

  /** The text is no key id. */
  record MalformedKeyId() implements Problem {}

  // Keys

  /** No such key, or none that the caller may know of. */
  record KeyNotFound() implements Problem {}

  /** The key's state does not allow the operation. */
  record WrongState(Need need, KeyState state) implements Problem {}

  /** What an operation needs of a key's state. */
  enum Need {
    /** Cryptographic use. */
    USABLE,
    /** A disabled key, to enable it. */
    DISABLED,
    /** An enabled key, to disable it. */
    ENABLED,
    /** A key that can still be scheduled for deletion. */
    NOT_PENDING_DELETION,
    /** A key whose deletion can be cancelled. */
    PENDING_DELETION,
    /** A key whose description can be changed. */
    CHANGEABLE
  }

  /** The operation is not for keys that belong to a cloud service. */
  record DefaultKey() implements Problem {}

  /** The name belongs to another key. */
  record NameTaken() implements Problem {}

  /** The project has as many keys as it may have. */
  record KeyQuotaReached(int quota) implements Problem {}

  /** The project has keys for as many cloud services as it may have. */
  record TooManyDefaultKeys(int quota) implements Problem {}

  /** This server does not offer keys of this kind. */
  record SpecNotOffered(String spec) implements Problem {}

  /** A key of this kind cannot be used so. */
  record UsageNotForSpec(KeySpec spec, String usage) implements Problem {}

  /** The algorithm is not one of this key's. */
  record AlgorithmNotForKey(KeySpec spec, String algorithm) implements Problem {}

  /** The operation is not for keys of this kind or this usage. */
  record OperationNotForKey(Work work, KeySpec spec, KeyUsage usage) implements Problem {}

  /** What keys do. */
  enum Work {
    /** Wrapping data keys and pairs. */
    DATA_KEYS,
    /** Encrypting data. */
    ENCRYPTION,
    /** Signing, and verifying signatures. */
    SIGNATURES,
    /** Making and verifying codes of messages. */
    MACS,
    /** Showing the public half. */
    PUBLIC_KEY,
    /** Agreeing on a secret with the owner of another key. */
    AGREEMENT,
    /** Taking material that was made elsewhere. */
    IMPORT,
    /** Renewing material. */
    ROTATION;

    /** Whether it is for keys of this kind and usage. */
    public boolean isFor(KeySpec spec, KeyUsage usage) {
      return switch (this) {
        case DATA_KEYS -> spec.suite().isPresent() && usage == KeyUsage.ENCRYPT_DECRYPT;
        case ENCRYPTION -> usage == KeyUsage.ENCRYPT_DECRYPT;
        case SIGNATURES -> usage == KeyUsage.SIGN_VERIFY;
        case MACS -> usage == KeyUsage.GENERATE_VERIFY_MAC;
        case PUBLIC_KEY -> spec.isAsymmetric();
        case AGREEMENT -> usage == KeyUsage.KEY_AGREEMENT;
        case IMPORT -> spec.importing() != Importing.NOT;
        case ROTATION -> spec.rotates();
      };
    }
  }

  /** A key of this kind does not sign so. */
  record SigningNotForKey(KeySpec spec, String algorithm) implements Problem {}

  /** The algorithm signs messages, and was given a digest of one. */
  record SignsNoDigests(String algorithm) implements Problem {}

  /** The digest to be signed is not as long as the algorithm's hash. */
  record DigestLength(int bytes) implements Problem {}

  /** A key of this kind makes codes with another algorithm. */
  record MacNotForKey(KeySpec spec, String algorithm) implements Problem {}

  /** The plaintext does not fit into one block of the key. */
  record PlaintextTooLong(int bytesMax) implements Problem {}

  /** An answer for an enclave was asked for; this server knows none. */
  record NoEnclaves() implements Problem {}

  // Ciphertext

  /** An RSA ciphertext does not open, whatever is wrong with it. */
  record RsaDoesNotOpen() implements Problem {}

  /** The ciphertext is damaged, of another key or another kind, or not ours. */
  record BadCiphertext() implements Problem {}

  /** The wrapped data key does not open: damaged, or another context than at encryption. */
  record DataKeyDoesNotOpen() implements Problem {}

  /** The digest sent with a data key is not its digest. */
  record DataKeyDigestMismatch() implements Problem {}

  /** The wrapped data key is not as long as the caller says. */
  record DataKeyLengthMismatch() implements Problem {}

  // Grants

  /**
   * The key has as many grants as a key may have.
   *
   * @param ofGrantee whether all of them are the one grantee's
   */
  record TooManyGrants(int quota, boolean ofGrantee) implements Problem {}

  /** No such grant. */
  record GrantNotFound() implements Problem {}

  /** The grant is on another key. */
  record GrantOfOtherKey() implements Problem {}

  /** Whoever may grant by a grant alone would give more than he has. */
  record GrantBeyondOwn() implements Problem {}

  // Aliases

  /** The key has as many aliases as a key may have. */
  record TooManyAliases(int quota) implements Problem {}

  /** An alias does not move to a key whose material is known elsewhere. */
  record AliasMove() implements Problem {}

  // Tags

  /** The key has no such tag. */
  record TagNotFound() implements Problem {}

  /** The key would have more tags than a key may have. */
  record TooManyTags(int quota) implements Problem {}

  // Identities

  /**
   * No such user, group, provider or the like, or none of the caller's account.
   *
   * @param what its kind, for people
   */
  record NotThere(String what) implements Problem {}

  /** Something else is in the way, such as another user of the same name. */
  record Conflict(String why) implements Problem {}

  /** There are as many as there may be. */
  record TooMany(String what, int quota) implements Problem {}

  // Keystores

  /** No such keystore. */
  record KeystoreNotFound() implements Problem {}

  /** The keystore is disabled, or of a kind that this server does not have. */
  record KeystoreNotUsable() implements Problem {}

  /** The keystore still holds keys. */
  record KeystoreNotEmpty() implements Problem {}

  /** Dedicated keystores take no imported material. */
  record NoImportIntoKeystore() implements Problem {}

  // Key spaces

  /** The text is no id of a key policy or access point. */
  record MalformedId(String member) implements Problem {}

  /** No such key policy or access point in the project. */
  record NotInKeySpace(String what) implements Problem {}

  /** The name belongs to another of the key space. */
  record NameTakenInKeySpace() implements Problem {}

  /** The project has as many access points, or key policies, as it may have. */
  record KeySpaceQuotaReached(String what, int quota) implements Problem {}

  /** The private key of an access point was handed out and is not handed out again. */
  record PrivateKeyHandedOut() implements Problem {}

  /** The capsule is damaged, of another key, or none. */
  record BadCapsule() implements Problem {}

  /** The document that shall prove an access point cannot be read, or not here. */
  record UnreadableAttestation(String why) implements Problem {}

  /** No access point was proved that may open the capsule now; which of all that is not said. */
  record NotAttested() implements Problem {}

  // Material

  /** The key is not rotated so. */
  record NotRotated(NoRotation why) implements Problem {}

  /** No material comes in or goes out so. */
  record NotImported(NoImport why) implements Problem {}

  // Regions

  /** The key is a replica; what is asked for is done to its primary. */
  record ReadOnlyReplica() implements Problem {}

  /** Members of a multi-region set cannot be made, or cannot change their roles. */
  record NotInStep(NoSync why) implements Problem {}

  /** The multi-region set has a member in the region already. */
  record RegionTaken() implements Problem {}

  // Questions about rights

  /** No refused request of this id that the caller may ask about. */
  record RefusalNotFound() implements Problem {}

  /** No such user in the caller's account. */
  record UserNotFound() implements Problem {}

  // The world

  /** A row was changed by someone who is not this server. It is not used. */
  record RowNotGenuine(String table, String primaryKey) implements Problem {}

  /** The store cannot be written or read, so nothing that must be recorded can be done. */
  record StoreUnavailable() implements Problem {}

  /** Something failed that should not have; the log has the cause under the request id. */
  record Internal() implements Problem {}
}
