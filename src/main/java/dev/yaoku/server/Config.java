package dev.yaoku.server;

import dev.yaoku.server.Kind.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be configured, read once. What each value means stands in {@link Settings}
 * and in {@code docs/configuration.md}.
 */
public record Config(
    Path data,
    Path rootKey,
    Listen listen,
    Optional<Address> admin,
    Tls tls,
    Limits limits,
    Lanes lanes,
    Audit audit,
    Store store,
    Crypto crypto,
    Auth auth,
    Federation federation,
    Quotas quotas,
    Grants grants,
    Keys keys,
    Contract contract,
    KeySpaces keySpaces,
    String region,
    List<String> otherRegions,
    Log log,
    Dev dev,
    Duration shutdownDeadline,
    SharedSettings shared) {

  /** A host and a port; 0 is any free one. */
  public record Address(String host, int port) {
    static final Address OFF = new Address("off", 0);

    /** Whether both could be the same place to listen at; names are compared, not looked up. */
    boolean overlaps(Address other) {
      return port != 0
          && port == other.port
          && (host.equalsIgnoreCase(other.host) || isAny() || other.isAny());
    }

    private boolean isAny() {
      try {
        return InetAddress.ofLiteral(host).isAnyLocalAddress();
      } catch (IllegalArgumentException name) {
        return false;
      }
    }

    /** Whether only programs of this machine reach it. */
    public boolean loopback() {
      if (host.equalsIgnoreCase("localhost")) {
        return true;
      }
      try {
        return InetAddress.ofLiteral(host).isLoopbackAddress();
      } catch (IllegalArgumentException notLiteral) {
        return resolvesToLoopback();
      }
    }

    private boolean resolvesToLoopback() {
      try {
        for (InetAddress address : InetAddress.getAllByName(host)) {
          if (!address.isLoopbackAddress()) {
            return false;
          }
        }
        return true;
      } catch (UnknownHostException unknown) {
        return false;
      }
    }

    /** How clients name it. An address that means every interface is named by the loopback one. */
    public String url(String scheme) {
      String reached =
          switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
          };
      return scheme + "://" + new Address(reached, port);
    }

    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** A secret by reference: {@code file:PATH}, {@code env:NAME}, or empty for none. */
  public record SecretReference(String text) {
    /** Whether there is one. */
    public boolean present() {
      return !text.isEmpty();
    }

    /** The variable of the environment that holds it, if one does. */
    public Optional<String> variable() {
      return text.startsWith("env:") ? Optional.of(text.substring(4)) : Optional.empty();
    }
  }

  /** Where clients are served. */
  public record Listen(
      Address address,
      boolean insecureLab,
      List<Network> trustedProxies,
      boolean nativeTransport,
      int eventLoops,
      int backlog) {
    /** Whether the address is one of the trusted proxies. */
    boolean trusts(InetAddress peer) {
      for (Network network : trustedProxies) {
        if (network.holds(peer)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Certificate and key; both paths empty for none.
   *
   * @param clientRevocationLists folder of lists of revoked client certificates; empty for none
   */
  public record Tls(
      Path certificate,
      Path key,
      Duration reloadEvery,
      Duration handshakeDeadline,
      Path clientRevocationLists) {
    /** Whether TLS is served. */
    public boolean on() {
      return !certificate.toString().isEmpty();
    }
  }

  /** How much one client may ask. */
  public record Limits(
      int uriBytes,
      int headerBytes,
      int headerCount,
      int bodyBytes,
      int jsonDepth,
      Duration requestDeadline,
      Duration answerDeadline,
      Duration idleDeadline,
      int connections,
      int connectionsPerSource,
      int requestsPerUser,
      int requestsPerProject,
      long unansweredBytes,
      long unreadBytes) {}

  /** How much runs at once. */
  public record Lanes(
      int fastInFlight,
      int slowRunning,
      int slowWaiting,
      int slowWaitingPerProject,
      int unprovedRunning,
      int unprovedWaiting) {}

  /** How much is recorded in full. */
  public record Audit(int refusalsInFull) {}

  /** Where keys are kept. */
  public record Store(
      boolean postgres,
      Path sqliteFile,
      int sqliteReaders,
      long sqliteReserveBytes,
      Postgres database) {}

  /** How the database is reached. */
  public record Postgres(
      String host,
      int port,
      String database,
      String user,
      SecretReference password,
      boolean tls,
      Path rootCertificate,
      int connections) {}

  /** Which algorithms and providers. */
  public record Crypto(boolean sm, boolean nativeProvider, int rsaPairsAhead) {}

  /** How callers prove who they are. */
  public record Auth(
      Duration clockWindow,
      int failuresPerSource,
      int failuresPerCredential,
      boolean refuseReplays,
      boolean unsignedBodies,
      Duration tokenLife,
      int tokenExpiredStatus) {}

  /**
   * Where the keys of identity providers come from.
   *
   * @param hosts names, each with {@code :port} unless that is 443
   * @param networks which those hosts may be in besides the public internet
   * @param rootCertificates who vouches for them; empty for Java's own list
   * @param keyFiles folder of key sets; empty for none
   * @param tokenLife how long a token works that came by an identity token
   */
  public record Federation(
      List<String> hosts,
      List<Network> networks,
      Path rootCertificates,
      Path keyFiles,
      Duration tokenLife) {}

  /** How much a project may own. */
  public record Quotas(int keys, int tags, int aliases, int grants, int accessPoints) {}

  /** What becomes of rights that were given on. */
  public record Grants(boolean cascade) {}

  /** How key material lives and dies. */
  public record Keys(Duration purgeGrace, int cacheCount, long cacheBytes, Duration cacheTime) {}

  /** Where the cloud's documents and its clients disagree ({@code quirks.md}). */
  public record Contract(
      String aliasList,
      String duplicateNames,
      boolean listAesOnly,
      boolean flatErrorsToo,
      boolean importOaepSha1,
      boolean freeAliasMoves,
      boolean lockOut) {}

  /** What holds in key spaces. */
  public record KeySpaces(List<String> allowed, boolean privateKeyOnce) {}

  /** What is written of requests. */
  public record Log(boolean requests, boolean json, Path file, int ring, String level) {}

  /**
   * For tests of clients.
   *
   * @param dataNamed whether somebody said where the data directory is
   * @param storeNamed whether somebody said where the store is, which may be elsewhere
   */
  public record Dev(boolean enabled, boolean onNetwork, boolean dataNamed, boolean storeNamed) {}

  /** What holds where nothing is said. */
  public static Config defaults() {
    return ConfigReader.read("", Map.of(), Map.of());
  }
}
