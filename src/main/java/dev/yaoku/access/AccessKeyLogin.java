package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;

/**
 * Finds out who shows an access key together with its secret, in place of a signature. Failures
 * count like wrong signatures, and an unknown access key costs what a wrong secret costs
 * (SECURITY_DESIGN H8, H9, M3).
 */
public final class AccessKeyLogin {
  private final AccessKeyClaims keys;

  AccessKeyLogin(AccessKeyClaims keys) {
    this.keys = keys;
  }

  /**
   * Whose access key this is. A temporary one is not taken, because it works with its security
   * token only, and there is no place for that here (H11).
   *
   * @param source where the attempt comes from
   * @throws KmsException with {@link Problem.BadSignature}, whatever of it is wrong, {@link
   *     Problem.Throttled}, or {@link Problem.AccessKeyLocked} where that is wanted
   */
  public Principal prove(String accessKey, SecretBytes secret, String source) {
    String name = Authorization.isAccessKey(accessKey) ? accessKey : "";
    keys.mustBeLetIn(name, source);
    Claim claim = name.isEmpty() ? keys.nobodys() : keys.claim(name, source);
    return switch (keys.settle(claim, name, source, key -> key.isOf(secret))) {
      case Claim.Right(Directory.KnownKey key) -> proved(key, name, source);
      case Claim.Unknown() -> throw failed(name, source, "unknown access key " + name);
      case Claim.Wrong() -> throw failed(name, source, "wrong secret, access key " + name);
    };
  }

  private Principal proved(Directory.KnownKey key, String name, String source) {
    if (key.securityToken() != null) {
      throw failed(name, source, "temporary access key " + name);
    }
    keys.succeeded(name, source);
    return key.principal();
  }

  private KmsException failed(String name, String source, String forTheLog) {
    keys.failed(name, source);
    return new KmsException(new Problem.BadSignature(forTheLog));
  }
}
