package dev.yaoku.server;

import dev.yaoku.crypto.CertificatePair;
import dev.yaoku.secret.PrivateFiles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS 1.2 with AEAD suites and TLS 1.3, from PEM files that are read again when they change. */
final class Tls {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  private static final List<String> SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  /** As BoringSSL calls them. */
  private static final List<String> GROUPS = List.of("X25519MLKEM768", "X25519", "P-256", "P-384");

  private final Config.Tls config;
  private final BooleanSupplier asks;
  private Pair current;

  /** Whether clients are being asked for certificates. */
  private boolean asking;

  /** A pair that was tried and is none. */
  private @Nullable Pair refused;

  /** New files that are not taken before others cannot read the key. */
  private @Nullable Pair tooOpen;

  /** The bytes of both files. */
  private record Pair(Buffer certificate, Buffer key) {
    /** Files that are being replaced do not fit together for a moment. */
    Optional<String> problem() {
      byte[] keyBytes = key.getBytes();
      try {
        return CertificatePair.problemOf(certificate.getBytes(), keyBytes);
      } finally {
        Arrays.fill(keyBytes, (byte) 0);
      }
    }
  }

  /**
   * Reads the files.
   *
   * @param asks whether clients are to be asked for certificates now
   * @throws IOException if they cannot be read, or are no pair
   */
  Tls(Config.Tls config, BooleanSupplier asks) throws IOException {
    this.config = config;
    this.asks = asks;
    this.asking = asks.getAsBoolean();
    this.current = read();
    Optional<String> problem = current.problem();
    if (problem.isPresent()) {
      throw new IOException(
          "TLS cannot start: %s (%s, %s)"
              .formatted(problem.get(), config.certificate(), config.key()));
    }
  }

  private Pair read() throws IOException {
    return new Pair(pem(config.certificate()), pem(config.key()));
  }

  private static Buffer pem(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      return Buffer.buffer(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  void apply(HttpServerOptions options) {
    options
        .setSsl(true)
        .setUseAlpn(false)
        .setKeyCertOptions(keys(current))
        .setSslHandshakeTimeout(config.handshakeDeadline().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setSslEngineOptions(
            OpenSSLEngineOptions.isAvailable()
                ? new OpenSSLEngineOptions()
                : new JdkSSLEngineOptions());
    SUITES.forEach(options::addEnabledCipherSuite);
    preferHybridGroup(options.getSslOptions());
    if (asking) {
      options.setClientAuth(ClientAuth.REQUEST).setTrustOptions(AnyCertificate.options());
    }
  }

  /** X25519MLKEM768 for clients that know it, where BoringSSL is there. */
  private static void preferHybridGroup(SSLOptions options) {
    if (OpenSSLEngineOptions.isAvailable()) {
      options.setKeyExchangeGroups(GROUPS);
    }
  }

  private static PemKeyCertOptions keys(Pair pair) {
    return new PemKeyCertOptions().setCertValue(pair.certificate()).setKeyValue(pair.key());
  }

  /**
   * Takes the files if they changed; keeps what it has if the new ones are no pair, or the key is
   * open to others. May block.
   *
   * @param server one of those that share the address: they share the certificate, too
   */
  synchronized void reload(HttpServer server) {
    Pair found;
    try {
      found = read();
    } catch (IOException unreadable) {
      LOG.warn("the certificate files cannot be read again: {}", unreadable.getMessage());
      return;
    }
    boolean ask = asksNow();
    if (ask != asking) { // new files are taken at the next look
      asking = ask;
      server
          .updateSSLOptions(options(current, ask))
          .onSuccess(_ -> LOG.info("clients are {} for certificates", asked(ask)))
          .onFailure(_ -> again(!ask));
      return;
    }
    if (found.equals(current) || found.equals(refused)) {
      return;
    }
    try {
      PrivateFiles.checkHandedOut(config.key());
    } catch (IOException open) {
      warnOfOpen(found, open);
      return;
    }
    Optional<String> problem = found.problem();
    if (problem.isPresent()) {
      refused(found, problem.get());
      return;
    }
    server
        .updateSSLOptions(options(found, asking))
        .onSuccess(_ -> taken(found))
        .onFailure(wrong -> refused(found, wrong.getMessage()));
  }

  /** Once; what becomes of its mode is looked at again, as its bytes say nothing of that. */
  private void warnOfOpen(Pair found, IOException why) {
    if (!found.equals(tooOpen)) {
      tooOpen = found;
      LOG.warn(
          "the new certificate is not taken, and the next start would fail: {}", why.getMessage());
    }
  }

  private synchronized void taken(Pair found) {
    current = found;
    refused = null;
    tooOpen = null;
    LOG.info("the certificate was read again");
  }

  private boolean asksNow() {
    try {
      return asks.getAsBoolean();
    } catch (RuntimeException failed) {
      LOG.warn("whether clients are to be asked for certificates is not known now", failed);
      return asking;
    }
  }

  private static String asked(boolean ask) {
    return ask ? "asked" : "no longer asked";
  }

  /** It was not taken: the next look tries again. */
  private synchronized void again(boolean before) {
    asking = before;
  }

  private synchronized void refused(Pair found, @Nullable String why) {
    refused = found;
    LOG.warn("the new certificate files are not used: {}", why);
  }

  private ServerSSLOptions options(Pair pair, boolean ask) {
    ServerSSLOptions options = new ServerSSLOptions();
    if (ask) {
      options.setClientAuth(ClientAuth.REQUEST).setTrustOptions(AnyCertificate.options());
    }
    options
        .setKeyCertOptions(keys(pair))
        .setUseAlpn(false)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setSslHandshakeTimeout(config.handshakeDeadline().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    SUITES.forEach(options::addEnabledCipherSuite);
    preferHybridGroup(options);
    return options;
  }
}
