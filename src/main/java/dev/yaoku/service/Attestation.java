package dev.yaoku.service;

import org.jspecify.annotations.Nullable;

/**
 * What shall prove from where a capsule is opened, as it was sent; null is what was not.
 *
 * @param ecsSignature signature of a machine's metadata by the cloud
 * @param customSignature signature of a program, Base64
 * @param customPublicKey the program's public key, Base64 of SubjectPublicKeyInfo
 * @param expireTime until when the program's signature is good, ISO-8601
 * @param serviceToken JSON Web Token of a cluster
 */
public record Attestation(
    @Nullable String ecsSignature,
    @Nullable String customSignature,
    @Nullable String customPublicKey,
    @Nullable String expireTime,
    @Nullable String serviceToken) {
  @Override
  public String toString() {
    return "Attestation";
  }
}
