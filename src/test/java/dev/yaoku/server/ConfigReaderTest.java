package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static Config read(String toml) {
    return ConfigReader.read(toml, Map.of(), Map.of());
  }

  private static List<String> faultsOf(String toml) {
    ConfigException faults = catchThrowableOfType(ConfigException.class, () -> read(toml));
    return faults.faults();
  }

  @Test
  void withoutAFileEverythingHasItsPreset() {
    Config config = Config.defaults();

    assertThat(config.listen().address()).isEqualTo(new Config.Address("127.0.0.1", 7300));
    assertThat(config.admin()).contains(new Config.Address("127.0.0.1", 7301));
    assertThat(config.data()).isEqualTo(Path.of("yaoku-data"));
    assertThat(config.rootKey()).isEqualTo(Path.of("yaoku-data/root.key"));
    assertThat(config.store().sqliteFile()).isEqualTo(Path.of("yaoku-data/yaoku.db"));
    assertThat(config.limits().bodyBytes()).isEqualTo(64 * 1024);
    assertThat(config.auth().clockWindow()).isEqualTo(Duration.ofMinutes(15));
    assertThat(config.quotas()).isEqualTo(new Config.Quotas(100, 20, 50, 100, 1000));
    assertThat(config.tls().on()).isFalse();
    assertThat(config.dev().enabled()).isFalse();
  }

  @Test
  void aServerServesItsOwnRegionAndThoseThatAreNamed() {
    assertThat(Choices.regions(Config.defaults())).containsExactly("cn-north-4");
    assertThat(
            Choices.regions(
                read(
                    """
                    [regions]
                    name = "home"
                    others = ["far-1", "home", "far-2", "far-1"]
                    """)))
        .containsExactly("home", "far-1", "far-2");
    assertThat(faultsOf("[regions]\nothers = [\"Far\"]"))
        .containsExactly(
            "line 2: regions.others must be a list of names of small letters, digits and"
                + " hyphens.");
    String many = String.join(",", java.util.Collections.nCopies(32, "\"a\""));
    assertThat(faultsOf("[regions]\nothers = [" + many + "]"))
        .containsExactly("regions.others must not have more than 31 names.");
  }

  @Test
  void aFileChangesWhatItNames() {
    Config config =
        read(
            """
            data = "/srv/yaoku"
            [listen]
            address = "[::1]:0"
            trusted-proxies = ["10.0.0.0/8", "fd00::/8"]
            [admin]
            address = "off"
            [limits]
            header-bytes = "8KiB"
            request-deadline = "1500ms"
            [quotas]
            keys = 5000
            [store.postgres]
            password = "env:DB_PASSWORD"
            """);

    assertThat(config.listen().address()).isEqualTo(new Config.Address("::1", 0));
    assertThat(config.listen().trustedProxies()).hasSize(2);
    assertThat(config.admin()).isEmpty();
    assertThat(config.limits().headerBytes()).isEqualTo(8192);
    assertThat(config.limits().requestDeadline()).isEqualTo(Duration.ofMillis(1500));
    assertThat(config.quotas().keys()).isEqualTo(5000);
    assertThat(config.rootKey()).isEqualTo(Path.of("/srv/yaoku/root.key"));
    assertThat(config.store().database().password().text()).isEqualTo("env:DB_PASSWORD");
  }

  @Test
  void theEnvironmentOverridesTheFileAndTheCommandLineBoth() {
    String toml = "[listen]\naddress = \"127.0.0.1:1\"\n[quotas]\nkeys = 1\ntags = 1\n";
    Config config =
        ConfigReader.read(
            toml,
            Map.of(
                "YAOKU_LISTEN_ADDRESS", "127.0.0.1:2",
                "YAOKU_QUOTAS_KEYS", "2",
                "YAOKU_LISTEN_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2",
                "YAOKU_JAVA_OPTS", "-Xmx1g",
                "PATH", "/bin"),
            Map.of("listen.address", "127.0.0.1:3"));

    assertThat(config.listen().address().port()).isEqualTo(3);
    assertThat(config.quotas()).isEqualTo(new Config.Quotas(2, 1, 50, 100, 1000));
    assertThat(config.listen().trustedProxies()).hasSize(2);
  }

  @Test
  void allFaultsAreNamedAtOnceWithLineAndWhatIsAllowed() {
    List<String> faults =
        faultsOf(
            """
            nonsense = 1
            [limits]
            header-bytes = "lots"
            header_count = 3
            json-depth = 100000
            [listen]
            address = "localhost"
            plain-http = "yes"
            [crypto]
            sm = "perhaps"
            [auth]
            clock-window = "2h"
            """);

    assertThat(faults).hasSize(8);
    assertThat(faults)
        .contains(
            "line 1: nonsense is no setting.",
            "line 3: limits.header-bytes must be a size from 512B to 1MiB, such as 64KiB.",
            "line 4: limits.header_count is no setting. Perhaps limits.header-count?",
            "line 5: limits.json-depth must be a whole number from 4 to 500.",
            "line 8: listen.plain-http must be one of loopback, insecure-lab.",
            "line 10: crypto.sm must be true or false (without quotes).",
            "line 12: auth.clock-window must be a time from 1m to 15m, such as 30s or 500ms.");
  }

  @Test
  void aValueOfAnotherTypeThanTheSettingsIsRefused() {
    assertThat(
            faultsOf(
                """
                data = 5
                root-key = true
                [limits]
                json-depth = "32"
                header-count = 8.5
                body-bytes = 4096
                request-deadline = 30
                [crypto]
                sm = "true"
                [regions]
                name = 4
                others = "far"
                [federation]
                hosts = [1, 2]
                """))
        .containsExactly(
            "line 1: data must be a path (in quotes).",
            "line 2: root-key must be a path (in quotes).",
            "line 4: limits.json-depth must be a whole number from 4 to 500 (without quotes).",
            "line 5: limits.header-count must be a whole number from 8 to 1000 (without quotes).",
            "line 6: limits.body-bytes must be a size from 1KiB to 1MiB, such as 64KiB"
                + " (in quotes).",
            "line 7: limits.request-deadline must be a time from 100ms to 10m, such as 30s or"
                + " 500ms (in quotes).",
            "line 9: crypto.sm must be true or false (without quotes).",
            "line 11: regions.name must be a name of small letters, digits and hyphens"
                + " (in quotes).",
            "line 12: regions.others must be a list of names of small letters, digits and hyphens"
                + " (texts in brackets).",
            "line 14: federation.hosts must be a list of host names, such as accounts.example.com"
                + " or keys.example.com:8443 (texts in brackets).");
  }

  @Test
  void aStatusMayBeWrittenAsWordOrAsNumber() {
    assertThat(read("[auth]\ntoken-expired-status = 401\n").auth().tokenExpiredStatus())
        .isEqualTo(401);
    assertThat(read("[auth]\ntoken-expired-status = \"401\"\n").auth().tokenExpiredStatus())
        .isEqualTo(401);
  }

  @Test
  void whatDoesNotGoTogetherIsNamedBesideFaultsOfOtherSections() {
    assertThat(
            faultsOf(
                """
                nonsense = 1
                [limits]
                json-depth = 1
                [store]
                engine = "postgres"
                [store.postgres]
                host = "10.0.0.1"
                tls = "off"
                """))
        .hasSize(3)
        .contains(
            "store.postgres.tls can be off only for a database on this machine: localhost,"
                + " 127.0.0.1 or ::1.");
  }

  @Test
  void aDatabaseIsReachedByTlsUnlessItIsOnThisMachine() {
    String database = "[store]\nengine = \"postgres\"\n[store.postgres]\n";
    for (String host : List.of("localhost", "127.0.0.1", "::1")) {
      String there = database + "host = \"" + host + "\"\n";
      assertThat(read(there).store().database().tls()).as(host).isFalse();
      assertThat(read(there + "tls = \"verify-full\"\n").store().database().tls()).isTrue();
      assertThat(read(there + "tls = \"off\"\n").store().database().tls()).isFalse();
    }
    for (String host : List.of("127.0.0.2", "db.example.com", "localhost.example.com")) {
      String there = database + "host = \"" + host + "\"\n";
      assertThat(read(there).store().database().tls()).as(host).isTrue();
      assertThat(faultsOf(there + "tls = \"off\"\n")).as(host).hasSize(1);
    }
  }

  /** What was meant there is not known, so a second fault may be none. */
  @Test
  void aSectionWithFaultsIsNotJudgedFurther() {
    assertThat(faultsOf("[tls]\ncertificate = \"c.pem\"\nkee = \"k.pem\"\n")).hasSize(1);
  }

  @Test
  void aVariableOfNoSettingStopsTheStart() {
    assertThatThrownBy(
            () -> ConfigReader.read("", Map.of("YAOKU_LIMITS_HEADERBYTES", "1"), Map.of()))
        .hasMessageContaining(
            "YAOKU_LIMITS_HEADERBYTES is the variable of no setting."
                + " Perhaps YAOKU_LIMITS_HEADER_BYTES?");
  }

  @Test
  void aVariableOfNoSectionStopsTheStartToo() {
    assertThatThrownBy(() ->
            ConfigReader.read("", Map.of("YAOKU_AUHT_REPLAY", "allow", "YAOKU_FOO", "1"), Map.of()))
        .isInstanceOfSatisfying(
            ConfigException.class,
            refused ->
                assertThat(refused.faults())
                    .containsExactly(
                        "YAOKU_AUHT_REPLAY is the variable of no setting."
                            + " Perhaps YAOKU_AUTH_REPLAY?",
                        "YAOKU_FOO is the variable of no setting."));
  }

  @Test
  void variablesOfCommandsAndOfSecretsThatAreNamedAreNoSettings() {
    Config config =
        ConfigReader.read(
            "",
            Map.of(
                "YAOKU_ENDPOINT", "http://127.0.0.1:7300",
                "YAOKU_JAVA_OPTS", "-Xmx1g",
                "YAOKU_STORE_POSTGRES_PASSWORD", "env:YAOKU_STORE_SECRET",
                "YAOKU_STORE_SECRET", "hunter2"),
            Map.of());

    assertThat(config.store().database().password().text()).isEqualTo("env:YAOKU_STORE_SECRET");
  }

  /**
   * Set in every container of a namespace, so nobody could start a server beside such a service.
   */
  @ParameterizedTest
  @CsvSource({
    "YAOKU_SERVICE_HOST, 10.0.0.1",
    "YAOKU_SERVICE_PORT, 7300",
    "YAOKU_SERVICE_PORT_HTTPS, 7300",
    "YAOKU_PORT, tcp://10.0.0.1:7300",
    "YAOKU_PORT_7300_TCP, tcp://10.0.0.1:7300",
    "YAOKU_PORT_7300_TCP_ADDR, 10.0.0.1",
    "YAOKU_ADMIN_SERVICE_HOST, 10.0.0.1",
    "YAOKU_ADMIN_PORT, tcp://10.0.0.1:7301"
  })
  void whatKubernetesSaysOfAServiceOfThisNameIsNoSetting(String variable, String value) {
    assertThat(ConfigReader.read("", Map.of(variable, value), Map.of()))
        .isEqualTo(Config.defaults());
    assertThatThrownBy(() -> ConfigReader.read("", Map.of("YAOKU_LISTEN_PORT", "1"), Map.of()))
        .hasMessageContaining("YAOKU_LISTEN_PORT is the variable of no setting.");
  }

  @Test
  void aSecretInTheFileIsRefusedAndNotRepeated() {
    assertThat(faultsOf("[store.postgres]\npassword = \"hunter2\"\n"))
        .hasSize(1)
        .allMatch(fault -> fault.contains("file:PATH or env:NAME") && !fault.contains("hunter2"));
  }

  @Test
  void whatIsNotTomlIsNamedByItsLine() {
    assertThat(faultsOf("[limits]\nheader-bytes = \n"))
        .hasSize(1)
        .allMatch(f -> f.contains("TOML"));
    assertThat(faultsOf("data = \"a\"\ndata = \"b\"\n")).hasSize(1);
  }

  @Test
  void plainHttpBeyondLoopbackNeedsAReason() {
    assertThat(faultsOf("[listen]\naddress = \"0.0.0.0:7300\"\n"))
        .hasSize(1)
        .allMatch(fault -> fault.contains("would travel readable"));
    read("[listen]\naddress = \"0.0.0.0:7300\"\nplain-http = \"insecure-lab\"\n");
    read("[listen]\naddress = \"0.0.0.0:7300\"\ntrusted-proxies = [\"10.0.0.1\"]\n");
    read("[listen]\naddress = \"0.0.0.0:7300\"\n[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n");
  }

  @Test
  void publishedCredentialsAreForLoopbackUnlessTheOperatorSaysOtherwise() {
    String everywhere =
        """
        [listen]
        address = "0.0.0.0:7300"
        plain-http = "insecure-lab"
        [admin]
        address = "off"
        [dev]
        """;

    for (String said : List.of("", "on-network = false\n")) {
      assertThat(faultsOf(everywhere + "enabled = true\n" + said))
          .containsExactly(
              "dev.enabled has published credentials, so it listens on loopback only unless"
                  + " dev.on-network is true.");
    }
    assertThat(read(everywhere + "enabled = true\non-network = true\n").dev().onNetwork()).isTrue();
    assertThat(read(everywhere + "enabled = false\n").dev().onNetwork()).isFalse();
    assertThat(read("[dev]\nenabled = true\n").dev().onNetwork()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[tls]\ncertificate = \"c.pem\"\n",
        "[admin]\naddress = \"0.0.0.0:7301\"\n",
        "[admin]\naddress = \"127.0.0.1:7300\"\n",
        "[listen]\naddress = \"0.0.0.0:7301\"\nplain-http = \"insecure-lab\"\n",
        "[listen]\naddress = \"[::]:7301\"\nplain-http = \"insecure-lab\"\n",
        "[store]\nengine = \"postgres\"\n[store.postgres]\nhost = \"10.0.0.1\"\ntls = \"off\"\n",
        "[listen]\naddress = \"0.0.0.0:1\"\nplain-http = \"insecure-lab\"\n[dev]\nenabled = true\n",
      })
  void settingsThatDoNotGoTogetherStopTheStart(String toml) {
    assertThat(faultsOf(toml)).hasSize(1);
  }

  @Test
  void anAddressIsNotComparedWithOneThatCouldNotBeRead() {
    assertThat(faultsOf("[listen]\naddress = \"nowhere\"\n[admin]\naddress = \"127.0.0.1:7300\"\n"))
        .hasSize(1)
        .allMatch(fault -> fault.contains("listen.address"));
  }

  @Test
  void aFileThatCannotBeReadIsAFault(@TempDir Path folder) throws Exception {
    Path notText = Files.write(folder.resolve("a.toml"), new byte[] {(byte) 0xff, 0});
    assertThatThrownBy(() -> ConfigReader.read(notText, Map.of(), Map.of()))
        .hasMessageContaining("is not UTF-8 text");
    Path none = folder.resolve("b.toml");
    assertThatThrownBy(() -> ConfigReader.read(none, Map.of(), Map.of()))
        .hasMessageContaining("The configuration file " + none + " does not exist.");
    assertThatThrownBy(() -> ConfigReader.read(folder, Map.of(), Map.of()))
        .hasMessageContaining(folder + " cannot be read: Is a directory.");
  }

  @Test
  void everyPresetIsAllowedByItsOwnKind() {
    assertThat(Settings.ALL).allSatisfy(setting -> assertThat(setting.value()).isNotNull());
    assertThat(Settings.BY_NAME).hasSameSizeAs(Settings.ALL);
  }

  /** What a server may have for itself where several share a database. */
  private static final List<String> OF_EACH_SERVER =
      List.of(
          "data",
          "root-key",
          "admin.address",
          "audit.refusals-in-full",
          "auth.failures-per-credential",
          "auth.failures-per-source",
          "crypto.native",
          "crypto.rsa-pairs-ahead",
          "keys.cache-bytes",
          "keys.cache-count",
          "keys.cache-time",
          "shutdown.deadline",
          "tls.certificate",
          "tls.handshake-deadline",
          "tls.key",
          "tls.reload-every");

  private static final Set<String> SECTIONS_OF_EACH_SERVER =
      Set.of("dev", "lanes", "limits", "listen", "log", "store", "store.sqlite", "store.postgres");

  @Test
  void everySettingIsEitherAlikeOnAllServersOfADatabaseOrOfEachServer() {
    assertThat(
            Settings.ALL.stream()
                .filter(setting -> !SECTIONS_OF_EACH_SERVER.contains(setting.section()))
                .map(Setting::name))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(SharedSettings.NAMES, OF_EACH_SERVER).flatMap(List::stream).toList());
  }

  @Test
  void ofWhatAllServersHaveAlikeNothingIsASecretOrAPlaceOfOneMachine() {
    assertThat(Settings.ALL)
        .filteredOn(setting -> SharedSettings.NAMES.contains(setting.name()))
        .extracting(Setting::kind)
        .noneMatch(Kind.Reference.class::isInstance);
    Config config =
        read(
            """
            [federation]
            key-files = "/srv/keys"
            hosts = ["b.example.com", "a.example.com"]
            networks = ["10.0.0.0/8"]
            [keys]
            purge-grace = "36h"
            [auth]
            replay = "refuse-changes"
            """);
    assertThat(config.shared().values())
        .containsOnlyKeys(SharedSettings.NAMES)
        .containsEntry("federation.key-files", "set")
        .containsEntry("federation.root-certificates", "empty")
        .containsEntry("federation.hosts", "a.example.com, b.example.com")
        .containsEntry("federation.networks", "10.0.0.0/8")
        .containsEntry("keys.purge-grace", "36h")
        .containsEntry("auth.replay", "refuse-changes")
        .containsEntry("auth.token-life", "1d")
        .containsEntry("quotas.keys", "100");
    assertThat(SharedSettings.read(config.shared().lines())).isEqualTo(config.shared());
  }

  /** To write the page anew: {@code mvn test -Dtest=ConfigReaderTest -Dyaoku.write-pages=true}. */
  @Test
  void thePageOfAllSettingsIsUpToDate() throws Exception {
    Path page = Path.of("docs/configuration.md");
    if (Boolean.getBoolean("yaoku.write-pages")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, SettingsPage.text());
    }
    assertThat(page).content().isEqualTo(SettingsPage.text());
  }
}
