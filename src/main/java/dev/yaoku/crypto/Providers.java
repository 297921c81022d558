package dev.yaoku.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The providers by name. Each use names its own, so the order in which providers are installed says
 * nothing about who computes what.
 */
final class Providers {
  /** The JDK's hashes and random numbers. */
  static final Provider SUN = installed("SUN");

  /** The JDK's ciphers. */
  static final Provider SUN_JCE = installed("SunJCE");

  /** The JDK's RSA keys. */
  static final Provider SUN_RSA = installed("SunRsaSign");

  /** The JDK's elliptic curves. */
  static final Provider SUN_EC = installed("SunEC");

  private Providers() {}

  /**
   * Amazon Corretto Crypto Provider, if it loads on this machine. It stays uninstalled: whoever
   * wants it names it.
   */
  static Optional<Provider> nativeProvider() {
    AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
    Throwable failure = provider.getLoadingError();
    if (failure != null) {
      LoggerFactory.getLogger(Providers.class)
          .warn("The native cryptography does not load; going on without it", failure);
      return Optional.empty();
    }
    return Optional.of(provider);
  }

  private static Provider installed(String name) {
    Provider provider = Security.getProvider(name);
    if (provider == null) {
      throw new IllegalStateException("this JDK has no provider " + name);
    }
    return provider;
  }
}
