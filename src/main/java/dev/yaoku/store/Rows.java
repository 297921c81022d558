package dev.yaoku.store;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.KeyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the installation's identities and of its key hierarchy. Ids are 32 hexadecimal
 * characters.
 */
@SuppressWarnings("ArrayRecordComponent") // rows are mapped, never compared
public final class Rows {
  private Rows() {}

  /** An account: what the wire calls a domain. */
  public record Account(
      String id, String name, boolean enabled, Instant createdAt, long rowVersion) {}

  /**
   * A project of an account, in one region.
   *
   * @param description empty for none
   */
  public record Project(
      String id,
      String account,
      String name,
      String region,
      boolean enabled,
      Instant createdAt,
      String description,
      long rowVersion) {
    /** A project without a description. */
    public Project(
        String id,
        String account,
        String name,
        String region,
        boolean enabled,
        Instant createdAt,
        long rowVersion) {
      this(id, account, name, region, enabled, createdAt, "", rowVersion);
    }
  }

  /**
   * A user of an account.
   *
   * @param password the wrapped password record (SECURITY_DESIGN section 4, wrap 8), empty for none
   * @param administrator whether everything in the account is open to the user
   * @param description empty for none
   * @param email empty for none
   * @param profile what is kept for the tools that sent it
   */
  public record User(
      String id,
      String account,
      String name,
      byte[] password,
      int systemKeyVersion,
      boolean administrator,
      boolean enabled,
      Instant createdAt,
      String description,
      String email,
      Profile profile,
      long rowVersion) {
    /** A user of whom no more is known. */
    public User(
        String id,
        String account,
        String name,
        byte[] password,
        int systemKeyVersion,
        boolean administrator,
        boolean enabled,
        Instant createdAt,
        long rowVersion) {
      this(
          id,
          account,
          name,
          password,
          systemKeyVersion,
          administrator,
          enabled,
          createdAt,
          "",
          "",
          Profile.NONE,
          rowVersion);
    }
  }

  /**
   * What is kept of a user and shown again, and decides nothing.
   *
   * @param areaCode the country's, empty for none
   * @param phone empty for none
   * @param accessMode empty where nobody said one
   * @param externalId the user's in another system, empty for none
   * @param pwdStatus null where nobody said one
   */
  public record Profile(
      String areaCode,
      String phone,
      String accessMode,
      String externalId,
      @Nullable Boolean pwdStatus) {
    /** Nothing. */
    public static final Profile NONE = new Profile("", "", "", "", null);
  }

  /**
   * A permanent access key.
   *
   * @param id its public name, 20 characters
   * @param secret the wrapped secret access key (wrap 7)
   * @param description empty for none
   */
  public record AccessKey(
      String id,
      String account,
      String user,
      byte[] secret,
      int systemKeyVersion,
      boolean enabled,
      Instant createdAt,
      String description,
      long rowVersion) {
    /** An access key without a description. */
    public AccessKey(
        String id,
        String account,
        String user,
        byte[] secret,
        int systemKeyVersion,
        boolean enabled,
        Instant createdAt,
        long rowVersion) {
      this(id, account, user, secret, systemKeyVersion, enabled, createdAt, "", rowVersion);
    }
  }

  /**
   * A token that was issued.
   *
   * @param sha256 of the token, 64 hexadecimal characters
   * @param account the account that it acts in
   * @param user the person behind it, of another account where it plays a role
   * @param project the project it is scoped to, null for none
   * @param domainScope whether it is scoped to the account
   * @param parent the SHA-256 of the token it was derived from, or null
   * @param lineage what else it carries from where it came
   */
  public record Token(
      String sha256,
      String account,
      String user,
      @Nullable String project,
      boolean domainScope,
      String methods,
      @Nullable String parent,
      Instant issuedAt,
      Instant expiresAt,
      Lineage lineage,
      long rowVersion) {}

  /**
   * What a token carries from where it came.
   *
   * @param agency the role that its holder plays, or null
   * @param narrowing policies that its life is narrowed to, as JSON texts (RFC 7464), or null
   * @param session a name for it, or null
   * @param parentKey the access key that proved it, or null
   */
  public record Lineage(
      @Nullable String agency,
      @Nullable String narrowing,
      @Nullable String session,
      @Nullable String parentKey) {
    /** Nothing. */
    public static final Lineage NONE = new Lineage(null, null, null, null);
  }

  /**
   * A wrapping key that waits for imported material.
   *
   * @param id 32 hexadecimal characters, readable in the token
   * @param key the key that the material is for
   * @param sha256 of the token, 64 hexadecimal characters
   * @param algorithm how the material is to be encrypted
   * @param wrapped the private half (wrap 5), empty once its time is over
   * @param attempts how often somebody began to import with it
   */
  public record ImportToken(
      String id,
      KeyId key,
      String sha256,
      EncryptionAlgorithm algorithm,
      byte[] wrapped,
      int projectKeyVersion,
      int attempts,
      Instant createdAt,
      Instant expiresAt,
      long rowVersion) {

    /** The token after one more attempt. */
    public ImportToken tried() {
      return with(wrapped, attempts + 1);
    }

    /** The token without its private half. */
    public ImportToken emptied() {
      return with(new byte[0], attempts);
    }

    private ImportToken with(byte[] nextWrapped, int nextAttempts) {
      return new ImportToken(
          id,
          key,
          sha256,
          algorithm,
          nextWrapped,
          projectKeyVersion,
          nextAttempts,
          createdAt,
          expiresAt,
          rowVersion);
    }
  }

  /** A version of the system key, wrapped by the root key (wrap 2). */
  public record SystemKey(int version, byte[] wrapped, Instant createdAt) {}

  /**
   * A version of a project's key, wrapped by the root key (wrap 3).
   *
   * @param lasting the project's lasting key under this project key (wrap 6)
   */
  public record ProjectKey(
      String project,
      int version,
      byte[] wrapped,
      byte[] lasting,
      Instant createdAt,
      long rowVersion) {}
}
