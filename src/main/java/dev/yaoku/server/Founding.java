package dev.yaoku.server;

import dev.yaoku.secret.SecretBytes;

/**
 * What a new installation begins with.
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
record Founding(
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
