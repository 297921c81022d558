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

  /** A project of an account, in one region. */
  public record Project(
      String id,
      String account,
      String name,
      String region,
      boolean enabled,
      Instant createdAt,
      long rowVersion) {}

  /**
   * A user of an account.
   *
   * @param password the wrapped password record (SECURITY_DESIGN section 4, wrap 8), empty for none
   * @param administrator whether everything in the account is open to the user
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
      long rowVersion) {}

  /**
   * A permanent access key.
   *
   * @param id its public name, 20 characters
   * @param secret the wrapped secret access key (wrap 7)
   */
  public record AccessKey(
      String id,
      String account,
      String user,
      byte[] secret,
      int systemKeyVersion,
      boolean enabled,
      Instant createdAt,
      long rowVersion) {}

  /**
   * A token that was issued.
   *
   * @param sha256 of the token, 64 hexadecimal characters
   * @param project the project it is scoped to, null for none
   * @param domainScope whether it is scoped to the account
   * @param parent the SHA-256 of the token it was derived from, or null
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
      long rowVersion) {}

  /**
   * A wrapping key that waits for imported material.
   *
   * @param id 32 hexadecimal characters, readable in the token
   * @param key the key that the material is for
   * @param sha256 of the token, 64 hexadecimal characters
   * @param algorithm how the material is to be encrypted
   * @param wrapped the private half (wrap 5), empty once its time is over
   * @param attempts how often material did not open
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

    /** The token after one more vain attempt. */
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
