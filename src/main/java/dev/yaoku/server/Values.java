package dev.yaoku.server;

import dev.yaoku.store.PostgresSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of all settings, and the records made of them. */
final class Values {
  private final Map<String, Object> byName;

  /**
   * Values that were given; all others have their presets.
   *
   * @param byName read values by the setting's name
   */
  Values(Map<String, Object> byName) {
    this.byName = byName;
  }

  Config config() {
    Path data = path("data");
    return new Config(
        data,
        pathOr("root-key", data.resolve("root.key")),
        listen(),
        admin(),
        new Config.Tls(
            path("tls.certificate"),
            path("tls.key"),
            span("tls.reload-every"),
            span("tls.handshake-deadline"),
            path("tls.client-revocation-lists")),
        limits(),
        lanes(),
        new Config.Audit(whole("audit.refusals-in-full")),
        store(data),
        new Config.Crypto(
            toggle("crypto.sm"), toggle("crypto.native"), whole("crypto.rsa-pairs-ahead")),
        new Config.Auth(
            span("auth.clock-window"),
            whole("auth.failures-per-source"),
            whole("auth.failures-per-credential"),
            text("auth.replay").equals("refuse-changes"),
            text("auth.unsigned-bodies").equals("over-tls"),
            span("auth.token-life"),
            Integer.parseInt(text("auth.token-expired-status"))),
        federation(),
        new Config.Quotas(
            whole("quotas.keys"),
            whole("quotas.tags"),
            whole("quotas.aliases"),
            whole("quotas.grants"),
            whole("quotas.access-points")),
        new Config.Grants(toggle("grants.cascade")),
        new Config.Keys(
            span("keys.purge-grace"),
            whole("keys.cache-count"),
            size("keys.cache-bytes"),
            span("keys.cache-time")),
        contract(),
        keySpaces(),
        text("regions.name"),
        names("regions.others"),
        new Config.Log(
            toggle("log.requests"),
            text("log.format").equals("json"),
            path("log.file"),
            whole("log.ring"),
            text("log.level")),
        new Config.Dev(
            toggle("dev.enabled"),
            toggle("dev.on-network"),
            byName.containsKey("data"),
            byName.containsKey("store.sqlite.file") || text("store.engine").equals("postgres")),
        span("shutdown.deadline"),
        SharedSettings.of(this));
  }

  private Config.Listen listen() {
    @SuppressWarnings("unchecked") // the kind reads nothing else
    List<Kind.Network> proxies = (List<Kind.Network>) value("listen.trusted-proxies");
    return new Config.Listen(
        (Config.Address) value("listen.address"),
        text("listen.plain-http").equals("insecure-lab"),
        proxies,
        toggle("listen.native-transport"),
        whole("listen.event-loops"),
        whole("listen.backlog"));
  }

  @SuppressWarnings("unchecked") // the kinds read nothing else
  private Config.Federation federation() {
    return new Config.Federation(
        (List<String>) value("federation.hosts"),
        (List<Kind.Network>) value("federation.networks"),
        path("federation.root-certificates"),
        path("federation.key-files"),
        span("federation.token-life"));
  }

  private Optional<Config.Address> admin() {
    Config.Address address = (Config.Address) value("admin.address");
    return address.equals(Config.Address.OFF) ? Optional.empty() : Optional.of(address);
  }

  private Config.Limits limits() {
    return new Config.Limits(
        (int) size("limits.uri-bytes"),
        (int) size("limits.header-bytes"),
        whole("limits.header-count"),
        (int) size("limits.body-bytes"),
        whole("limits.json-depth"),
        span("limits.request-deadline"),
        span("limits.answer-deadline"),
        span("limits.idle-deadline"),
        whole("limits.connections"),
        whole("limits.connections-per-source"),
        whole("limits.requests-per-user"),
        whole("limits.requests-per-project"),
        size("limits.unanswered-bytes"),
        size("limits.unread-bytes"));
  }

  private Config.Lanes lanes() {
    return new Config.Lanes(
        whole("lanes.fast-in-flight"),
        whole("lanes.slow-running"),
        whole("lanes.slow-waiting"),
        whole("lanes.slow-waiting-per-project"),
        whole("lanes.unproved-running"),
        whole("lanes.unproved-waiting"));
  }

  private Config.Store store(Path data) {
    return new Config.Store(
        text("store.engine").equals("postgres"),
        pathOr("store.sqlite.file", data.resolve("yaoku.db")),
        whole("store.sqlite.readers"),
        (Long) value("store.sqlite.reserve"),
        new Config.Postgres(
            text("store.postgres.host"),
            whole("store.postgres.port"),
            text("store.postgres.database"),
            text("store.postgres.user"),
            (Config.SecretReference) value("store.postgres.password"),
            databaseTls(),
            path("store.postgres.root-certificate"),
            whole("store.postgres.connections")));
  }

  private boolean databaseTls() {
    return switch (text("store.postgres.tls")) {
      case "verify-full" -> true;
      case "off" -> false;
      default -> !PostgresSettings.isThisMachine(text("store.postgres.host"));
    };
  }

  private Config.KeySpaces keySpaces() {
    @SuppressWarnings("unchecked") // the kind reads nothing else
    List<String> allowed = (List<String>) value("keyspaces.allowed");
    return new Config.KeySpaces(allowed, toggle("keyspaces.private-key-once"));
  }

  private Config.Contract contract() {
    return new Config.Contract(
        text("contract.alias-list"),
        text("contract.duplicate-names"),
        text("contract.list-without-spec").equals("AES_256"),
        toggle("contract.flat-errors-too"),
        toggle("contract.import-oaep-sha1"),
        toggle("contract.free-alias-moves"),
        toggle("contract.lock-out"));
  }

  Object value(String name) {
    @Nullable Object given = byName.get(name);
    if (given != null) {
      return given;
    }
    Setting setting = Settings.BY_NAME.get(name);
    if (setting == null) {
      throw new IllegalStateException("no setting " + name);
    }
    return setting.value();
  }

  private String text(String name) {
    return (String) value(name);
  }

  @SuppressWarnings("unchecked") // the kind reads nothing else
  private List<String> names(String name) {
    return (List<String>) value(name);
  }

  private boolean toggle(String name) {
    return (boolean) value(name);
  }

  private int whole(String name) {
    return (int) value(name);
  }

  private long size(String name) {
    return (long) value(name);
  }

  private Duration span(String name) {
    return (Duration) value(name);
  }

  private Path path(String name) {
    return (Path) value(name);
  }

  private Path pathOr(String name, Path otherwise) {
    Path given = path(name);
    return given.toString().isEmpty() ? otherwise : given;
  }
}
