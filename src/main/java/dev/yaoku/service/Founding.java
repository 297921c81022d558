package dev.yaoku.service;

import dev.yaoku.secret.SecretBytes;

/**
 * What a new account begins with: a project, and an administrator with a password and an access
 * key.
 *
 * @param accountId 32 hexadecimal characters
 * @param accountName the account's name
 * @param projectId 32 hexadecimal characters
 * @param region the region, which is also the project's name, as SDKs look projects up by region
 * @param userId 32 hexadecimal characters
 * @param userName the administrator's name
 * @param password the administrator's password
 * @param accessKey exactly 20 characters
 * @param secretKey 40 characters
 */
public record Founding(
    String accountId,
    String accountName,
    String projectId,
    String region,
    String userId,
    String userName,
    SecretBytes password,
    String accessKey,
    SecretBytes secretKey)
    implements AutoCloseable {
  @Override
  public void close() {
    password.close();
    secretKey.close();
  }
}
