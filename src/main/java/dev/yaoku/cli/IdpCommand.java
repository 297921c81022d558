package dev.yaoku.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code yaoku idp}: lists, makes, changes and removes identity providers of the account. */
@Command(
    name = "idp",
    description = "Lists, makes, changes and removes OpenID Connect providers of the account.",
    mixinStandardHelpOptions = true,
    subcommands = {
      IdpCommand.ListAll.class,
      IdpCommand.Show.class,
      IdpCommand.Create.class,
      IdpCommand.Update.class,
      IdpCommand.Disable.class,
      IdpCommand.Enable.class,
      IdpCommand.Delete.class
    })
final class IdpCommand extends CommandGroup {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PROVIDERS = "/v3/OS-FEDERATION/identity_providers";

  private static String provider(String name) {
    return PROVIDERS + "/" + PathText.segment(name);
  }

  private static String config(String name) {
    return "/v3.0/OS-FEDERATION/identity-providers/"
        + PathText.segment(name)
        + "/openid-connect-config";
  }

  private static String mapping(String name) {
    return "/v3/OS-FEDERATION/mappings/" + PathText.segment(name);
  }

  /** Provider, settings and rules in one. */
  private static JsonNode shown(WireClient client, String name) throws IOException {
    ObjectNode all = ofProvider(client.get(provider(name)));
    all.setAll((ObjectNode) client.get(config(name)).at("/openid_connect_config"));
    all.set("rules", client.get(mapping(name)).at("/mapping/rules"));
    return all;
  }

  private static ObjectNode ofProvider(JsonNode answer) {
    ObjectNode provider = (ObjectNode) answer.at("/identity_provider");
    return provider.remove(List.of("links", "remote_ids", "sso_type"));
  }

  /** About a provider. */
  abstract static class About extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the provider.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String name;
  }

  @Command(name = "list", description = "Lists the providers.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(PROVIDERS);
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/identity_providers"), "id", "uuid", "enabled", "description");
    }
  }

  @Command(name = "show", description = "Shows a provider, its settings and its mapping rules.")
  static final class Show extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return shown(session.client(), name);
    }
  }

  /** Where the provider's keys are. */
  static final class KeySet {
    @Option(
        names = "--key-set",
        paramLabel = "FILE",
        description = "File of the key set (JWKS), which is sent to the server.")
    private @Nullable Path file;

    @Option(
        names = "--jwks-uri",
        paramLabel = "URL",
        description = "Where the server fetches it; the operator must have named the host.")
    private @Nullable String url;

    @Option(
        names = "--jwks-file",
        paramLabel = "NAME",
        description = "Name of a file in the server's folder federation.key-files.")
    private @Nullable String named;

    void put(Map<String, Object> settings) throws IOException {
      if (file != null) {
        settings.put("signing_key", TextFile.read(file));
      } else if (url != null) {
        settings.put("jwks_uri", url);
      } else if (named != null) {
        settings.put("jwks_file", named);
      }
    }
  }

  /** What the server checks of a token. */
  static final class Checks {
    @Option(
        names = "--algorithm",
        paramLabel = "ALGORITHM",
        description = "RS256, PS256, ES256, ES384 or EdDSA; may be said again.")
    private @Nullable List<String> algorithms;

    @Option(
        names = "--mapping",
        paramLabel = "FILE",
        description = "File of the rules that say who becomes whom, a JSON array.")
    private @Nullable Path rules;

    void put(Map<String, Object> settings) {
      if (algorithms != null) {
        settings.put("algorithms", algorithms);
      }
    }

    void putRules(WireClient client, String name) throws IOException {
      if (rules != null) {
        JsonNode array = JSON.readTree(TextFile.read(rules));
        client.send("PUT", mapping(name), Map.of("mapping", Map.of("rules", array)));
      }
    }
  }

  @Command(name = "create", description = "Makes a provider: all of it, or nothing.")
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name, which X-Idp-Id says.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Option(
        names = "--issuer",
        paramLabel = "URL",
        required = true,
        description = "What iss of a token must be, to the letter.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String issuer;

    @Option(
        names = "--audience",
        paramLabel = "TEXT",
        required = true,
        description = "What aud of a token must be; may be said again.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private List<String> audiences;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private KeySet keys;

    @ArgGroup(exclusive = false)
    private Checks checks = new Checks();

    @Option(names = "--description", paramLabel = "TEXT", description = "Whose provider it is.")
    private String description = "";

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      Map<String, Object> settings = new TreeMap<>(Map.of("access_mode", "program"));
      settings.put("idp_url", issuer);
      settings.put("audiences", audiences);
      keys.put(settings);
      checks.put(settings);
      WireClient client = session.client();
      Map<String, ?> provider = Map.of("description", description);
      client.send("PUT", provider(name), Map.of("identity_provider", provider));
      try {
        client.post(config(name), Map.of("openid_connect_config", settings));
        checks.putRules(client, name);
      } catch (IOException | RuntimeException e) {
        undo(client, e);
        throw e;
      }
      return shown(client, name);
    }

    private void undo(WireClient client, Exception cause) {
      try {
        client.delete(provider(name));
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  @Command(name = "update", description = "Changes what is named; the rest stays.")
  static final class Update extends About {
    @Option(
        names = "--issuer",
        paramLabel = "URL",
        description = "What iss of a token must be, to the letter.")
    private @Nullable String issuer;

    @Option(
        names = "--audience",
        paramLabel = "TEXT",
        description = "What aud of a token must be; may be said again.")
    private @Nullable List<String> audiences;

    @ArgGroup private @Nullable KeySet keys;

    @ArgGroup(exclusive = false)
    private Checks checks = new Checks();

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      Map<String, Object> settings = new TreeMap<>();
      if (issuer != null) {
        settings.put("idp_url", issuer);
      }
      if (audiences != null) {
        settings.put("audiences", audiences);
      }
      if (keys != null) {
        keys.put(settings);
      }
      checks.put(settings);
      WireClient client = session.client();
      if (!settings.isEmpty()) {
        client.send("PUT", config(name), Map.of("openid_connect_config", settings));
      }
      checks.putRules(client, name);
      return shown(client, name);
    }
  }

  @Command(
      name = "disable",
      description = "Stops a provider: nobody comes in by it, and who did is out at once.")
  static final class Disable extends Switch {
    Disable() {
      super(false);
    }
  }

  @Command(name = "enable", description = "Lets a provider's people in again.")
  static final class Enable extends Switch {
    Enable() {
      super(true);
    }
  }

  /** Opens or closes a provider. */
  abstract static class Switch extends About {
    private final boolean enabled;

    Switch(boolean enabled) {
      this.enabled = enabled;
    }

    /** Asks nothing more afterwards: a provider is stopped on a full disk too. */
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      Map<String, ?> change = Map.of("identity_provider", Map.of("enabled", enabled));
      return ofProvider(session.client().send("PATCH", provider(name), change));
    }
  }

  @Command(name = "delete", description = "Removes a provider; who came in by it is out at once.")
  static final class Delete extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      session.client().delete(provider(name));
      return Report.removed(name);
    }
  }
}
