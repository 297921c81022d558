package dev.yaoku.server;

import dev.yaoku.access.federation.AllowedHosts;
import dev.yaoku.access.federation.KeyFetcher;
import dev.yaoku.access.federation.KeyKeeper;
import dev.yaoku.crypto.RevocationLists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is fetched and read again beside the requests: others' keys, and what was revoked. */
final class Trust implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trust.class);
  private static final int FETCHES_MAX = 4;
  private static final int EVERY_SECONDS = 10;

  private final ScheduledExecutorService alarms =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("yaoku-trust").daemon().factory());
  private final ExecutorService beside =
      Executors.newFixedThreadPool(
          FETCHES_MAX, Thread.ofVirtual().name("yaoku-keys-", 0).factory());
  private final ReentrantLock turn = new ReentrantLock();
  private final Complaint looking = new Complaint(LOG, "looking after others' keys");
  private final KeyKeeper keys;
  private final RevocationLists revoked;

  Trust(Config config, InstantSource clock) throws IOException {
    Config.Federation federation = config.federation();
    AllowedHosts allowed =
        new AllowedHosts(
            federation.hosts(),
            address -> federation.networks().stream().anyMatch(n -> n.holds(address)));
    keys =
        new KeyKeeper(
            KeyFetcher.overNetwork(allowed, sockets(federation.rootCertificates()), alarms, clock),
            StartFiles.orNone(federation.keyFiles()),
            beside,
            clock);
    warnWithout(federation.keyFiles());
    revoked = new RevocationLists(StartFiles.orNone(config.tls().clientRevocationLists()));
    readFirst(revoked);
  }

  /** Without its lists a server would let in whom they keep out, so it does not start then. */
  private static void readFirst(RevocationLists revoked) throws IOException {
    try {
      revoked.readFirst();
    } catch (IOException unreadable) {
      throw new IOException("tls.client-revocation-lists: " + unreadable.getMessage(), unreadable);
    }
  }

  /** The folder is looked at anew for each provider that names a file in it. */
  private static void warnWithout(Path keyFiles) {
    if (!keyFiles.toString().isEmpty() && !Files.isDirectory(keyFiles)) {
      LOG.warn(
          "federation.key-files: there is no folder {} now. Until it is there, nobody logs in with"
              + " a token of an identity provider whose keys are in a file of it.",
          keyFiles);
    }
  }

  /**
   * Makes connections that trust these authorities.
   *
   * @param authorities PEM file; empty for Java's own list
   * @throws IOException naming the setting, if they cannot be used
   */
  static SSLSocketFactory sockets(Path authorities) throws IOException {
    try {
      if (authorities.toString().isEmpty()) {
        return SSLContext.getDefault().getSocketFactory();
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate one : RootCertificates.in(authorities)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), one);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "federation.root-certificates " + authorities + " cannot be used: " + e.getMessage(), e);
    }
  }

  KeyKeeper keys() {
    return keys;
  }

  RevocationLists revoked() {
    return revoked;
  }

  /**
   * Begins.
   *
   * @param refreshKeys looks which providers there are
   * @param listsChanged is told that other certificates are revoked now
   * @param lookAtCertificates looks whether authorities let anybody in, and lists keep anybody out
   */
  void start(Runnable refreshKeys, Runnable listsChanged, Runnable lookAtCertificates) {
    var _ =
        alarms.scheduleWithFixedDelay(
            () -> beside.execute(() -> round(refreshKeys, listsChanged, lookAtCertificates)),
            0,
            EVERY_SECONDS,
            TimeUnit.SECONDS);
  }

  /** Left out while an earlier one waits for the store. */
  private void round(Runnable refreshKeys, Runnable listsChanged, Runnable lookAtCertificates) {
    if (turn.tryLock()) {
      try {
        looking.around(() -> {
          if (revoked.read()) {
            listsChanged.run();
          }
          refreshKeys.run();
          lookAtCertificates.run();
        });
      } finally {
        turn.unlock();
      }
    }
  }

  @Override
  public void close() {
    alarms.shutdownNow();
    beside.shutdownNow();
  }
}
