package dev.yaoku.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Rows that say who belongs together, who may do what, and who vouches for whom. Ids are 32
 * hexadecimal characters.
 */
@SuppressWarnings("ArrayRecordComponent") // rows are mapped, never compared
public final class Rights {
  private Rights() {}

  /** A group of users of one account. */
  public record Group(
      String id,
      String account,
      String name,
      String description,
      Instant createdAt,
      long rowVersion) {}

  /** That a user is in a group. */
  public record Membership(
      String group, String user, String account, Instant createdAt, long rowVersion) {}

  /**
   * A policy that an account wrote for itself.
   *
   * @param kind AX for the account's own services, XA for those in projects
   * @param document JSON, as it was sent
   */
  public record Policy(
      String id,
      String account,
      String name,
      String description,
      String kind,
      String document,
      Instant createdAt,
      Instant updatedAt,
      long rowVersion) {}

  /** Who can hold a policy. */
  public enum HolderKind {
    USER,
    GROUP,
    AGENCY
  }

  /**
   * That somebody holds a policy.
   *
   * @param holder id of a user, group or agency
   * @param scope the id of the project that it is for, or one of the constants
   * @param policy id of one of the account's policies or of those that every account has
   */
  public record Attachment(
      HolderKind holderKind,
      String holder,
      String scope,
      String policy,
      String account,
      Instant createdAt,
      long rowVersion) {
    /** The scope of all projects of the account, those to come included. */
    public static final String ALL_PROJECTS = "*";

    /** The scope of the account itself: users, groups and the like. */
    public static final String ACCOUNT = "@";

    /** Whether it is for one project, which its scope names. */
    public boolean isOfOneProject() {
      return !scope.equals(ALL_PROJECTS) && !scope.equals(ACCOUNT);
    }
  }

  /**
   * A role of an account that members of another may play.
   *
   * @param trustedAccount the other account
   * @param durationSeconds how long the agency is to live from its creation; 0 for no end
   */
  public record Agency(
      String id,
      String account,
      String name,
      String trustedAccount,
      String description,
      long durationSeconds,
      Instant createdAt,
      long rowVersion) {}

  /**
   * An access key with an end.
   *
   * @param id its public name, 20 characters
   * @param account the account that it acts in
   * @param user the person behind it, of another account where it plays a role
   * @param agency the role that its holder plays, or null
   * @param secret the wrapped secret access key (wrap 7, kind "temporary")
   * @param securityToken SHA-256 of the token that must come with it, 64 hexadecimal characters
   * @param parent the token (SHA-256) or the access key that it was made with
   * @param narrowing policies that it is narrowed to, as JSON texts (RFC 7464), or null
   * @param session a name for it, or null
   * @param project the one project that it works in, or null for all
   */
  public record TemporaryKey(
      String id,
      String account,
      String user,
      @Nullable String agency,
      byte[] secret,
      int systemKeyVersion,
      String securityToken,
      String parent,
      @Nullable String narrowing,
      @Nullable String session,
      @Nullable String project,
      Instant issuedAt,
      Instant expiresAt,
      long rowVersion) {}

  /**
   * Whose identity tokens an account takes.
   *
   * @param issuer exactly as the tokens name it
   * @param audiences one a line
   * @param algorithms one a line
   * @param jwksLocation URL or file of its keys; empty if they are here
   * @param jwks its keys; empty if they are elsewhere
   * @param mapping which token is which user's
   * @param byAdministrators whether nobody but administrators has made and changed it
   * @param generation how often it was stopped
   */
  public record IdentityProvider(
      String id,
      String account,
      String name,
      String description,
      String issuer,
      String audiences,
      String algorithms,
      String jwksLocation,
      String jwks,
      String mapping,
      boolean enabled,
      Instant createdAt,
      boolean byAdministrators,
      long generation,
      long rowVersion) {
    /** The same, which vouches for administrators no longer. */
    public IdentityProvider notForAdministrators() {
      return new IdentityProvider(
          id,
          account,
          name,
          description,
          issuer,
          audiences,
          algorithms,
          jwksLocation,
          jwks,
          mapping,
          enabled,
          createdAt,
          false,
          generation,
          rowVersion);
    }
  }

  /**
   * Who may issue client certificates to users of an account.
   *
   * @param pem its certificate
   * @param sha256 of the certificate's DER, 64 hexadecimal characters
   * @param byAdministrators whether it vouches for administrators: nobody but they has made and
   *     changed it and its names, and none was recovered since
   */
  public record ClientCa(
      String account,
      String name,
      String pem,
      String sha256,
      boolean enabled,
      Instant createdAt,
      boolean byAdministrators,
      long rowVersion) {
    /** The same, which vouches for administrators no longer. */
    public ClientCa notForAdministrators() {
      return new ClientCa(account, name, pem, sha256, enabled, createdAt, false, rowVersion);
    }
  }

  /**
   * Which name in a certificate is which user.
   *
   * @param ca name of the account's issuer
   * @param name a name of the certificate with its kind before it, exactly
   */
  public record CertificateUser(
      String account, String ca, String name, String user, Instant createdAt, long rowVersion) {}
}
