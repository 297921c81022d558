package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.util.Optional;

/**
 * Finds out who shows an access key together with its secret, in place of a signature. Failures
 * count like wrong signatures, and an unknown access key costs what a wrong secret costs
 * (SECURITY_DESIGN H8, H9, M3).
 */
public final class AccessKeyLogin {
  private final RequestAuthenticator keys;
  private final Directory directory;
  private final FailureThrottle throttle;
  private final LockOut lockOut;

  AccessKeyLogin(
      RequestAuthenticator keys, Directory directory, FailureThrottle throttle, LockOut lockOut) {
    this.keys = keys;
    this.directory = directory;
    this.throttle = throttle;
    this.lockOut = lockOut;
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
    throttle.mustBeLetIn(source, name);
    lockOut.mustNotBeLocked(name);
    Optional<Directory.KnownKey> key = name.isEmpty() ? Optional.empty() : keys.find(name, source);
    Optional<Boolean> verdict = verify(key, secret);
    if (verdict.isEmpty()) { // dropped meanwhile: what holds now is true
      key = keys.find(name, source);
      verdict = verify(key, secret);
    }
    boolean matches = verdict.orElse(false);
    if (key.isEmpty()) {
      throw failed(name, source, "unknown access key " + name);
    }
    if (!matches) {
      throw failed(name, source, "wrong secret, access key " + name);
    }
    if (key.get().securityToken() != null) {
      throw failed(name, source, "temporary access key " + name);
    }
    lockOut.succeeded(name);
    throttle.succeeded(source, name);
    directory.used(name);
    return key.get().principal();
  }

  private Optional<Boolean> verify(Optional<Directory.KnownKey> key, SecretBytes secret) {
    return key.map(Directory.KnownKey::key).orElse(keys.dummy()).isOf(secret);
  }

  private KmsException failed(String name, String source, String forTheLog) {
    lockOut.failed(name);
    throttle.failed(source, name);
    return new KmsException(new Problem.BadSignature(forTheLog));
  }
}
