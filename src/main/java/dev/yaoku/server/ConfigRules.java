package dev.yaoku.server;

import dev.yaoku.store.PostgresSettings;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** What must hold between settings, each of which is fine by itself. */
final class ConfigRules {
  /** One event names all members of a set. */
  private static final int OTHER_REGIONS_MAX = 31;

  private ConfigRules() {}

  /** A rule, and the sections whose settings it reads. */
  private record Rule(BiConsumer<Config, List<String>> check, Set<String> sections) {}

  private static final List<Rule> ALL =
      List.of(
          new Rule(ConfigRules::tls, Set.of("tls")),
          new Rule(ConfigRules::plainHttp, Set.of("listen", "tls")),
          new Rule(ConfigRules::admin, Set.of("admin", "listen")),
          new Rule(ConfigRules::database, Set.of("store", "store.postgres")),
          new Rule(ConfigRules::dev, Set.of("dev", "listen")),
          new Rule(ConfigRules::regions, Set.of("regions")));

  /**
   * Adds what is wrong.
   *
   * @param spoilt sections of which not everything could be read, so that they are not judged
   */
  static void check(Values values, List<String> faults, Set<String> spoilt) {
    Config config = values.config();
    for (Rule rule : ALL) {
      if (Collections.disjoint(spoilt, rule.sections())) {
        rule.check().accept(config, faults);
      }
    }
  }

  private static void regions(Config config, List<String> faults) {
    if (config.otherRegions().size() > OTHER_REGIONS_MAX) {
      faults.add("regions.others must not have more than " + OTHER_REGIONS_MAX + " names.");
    }
  }

  private static void tls(Config config, List<String> faults) {
    boolean certificate = !config.tls().certificate().toString().isEmpty();
    boolean key = !config.tls().key().toString().isEmpty();
    if (certificate != key) {
      faults.add("tls.certificate and tls.key belong together; one of them is missing.");
    }
  }

  private static void plainHttp(Config config, List<String> faults) {
    Config.Listen listen = config.listen();
    if (!config.tls().on()
        && !listen.address().loopback()
        && !listen.insecureLab()
        && listen.trustedProxies().isEmpty()) {
      faults.add(
          "listen.address "
              + listen.address()
              + " is not a loopback address and there is no TLS: passwords, tokens and data keys"
              + " would travel readable. Set tls.certificate and tls.key, or name the proxy that"
              + " ends TLS in listen.trusted-proxies, or say listen.plain-http ="
              + " \"insecure-lab\".");
    }
  }

  private static void admin(Config config, List<String> faults) {
    config
        .admin()
        .filter(address -> !address.loopback())
        .ifPresent(address ->
            faults.add(
                "admin.address "
                    + address
                    + " must be a loopback address, or off: nothing"
                    + " there asks who calls."));
    config
        .admin()
        .filter(address -> address.overlaps(config.listen().address()))
        .ifPresent(address ->
            faults.add(
                "admin.address "
                    + address
                    + " must be another than listen.address: nothing there asks who calls."));
  }

  private static void database(Config config, List<String> faults) {
    Config.Postgres database = config.store().database();
    if (config.store().postgres()
        && !database.tls()
        && !PostgresSettings.isThisMachine(database.host())) {
      faults.add(
          "store.postgres.tls can be off only for a database on this machine: localhost, 127.0.0.1"
              + " or ::1.");
    }
  }

  private static void dev(Config config, List<String> faults) {
    Config.Dev dev = config.dev();
    if (dev.enabled() && !dev.onNetwork() && !config.listen().address().loopback()) {
      faults.add(
          "dev.enabled has published credentials, so it listens on loopback only unless"
              + " dev.on-network is true.");
    }
  }
}
