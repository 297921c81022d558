package dev.yaoku.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku access-key}: lists, makes, switches and removes access keys. */
@Command(
    name = "access-key",
    description = "Lists, makes, switches and removes access keys.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AccessKeyCommand.ListAll.class,
      AccessKeyCommand.Create.class,
      AccessKeyCommand.Show.class,
      AccessKeyCommand.Enable.class,
      AccessKeyCommand.Disable.class,
      AccessKeyCommand.Delete.class
    })
final class AccessKeyCommand extends CommandGroup {

  /** About an access key. */
  abstract static class About extends ServerCommand {
    @Parameters(
        index = "0",
        paramLabel = "ACCESS-KEY",
        description = "Public name of the access key.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String accessKey;
  }

  @Command(name = "list", description = "Lists the access keys of a user.")
  static final class ListAll extends ServerCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "Id or name of the user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String user;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String id = session.directory().user(user);
      return session.client().get(ALL + "?user_id=" + id);
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/credentials"), "access", "status", "create_time", "description");
    }
  }

  @Command(
      name = "create",
      description = "Makes an access key for a user. Its secret is shown now and never again.")
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "Id or name of the user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String user;

    @Option(
        names = "--description",
        paramLabel = "TEXT",
        description = "What the access key is for.")
    private @Nullable String description;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String text = description == null ? "" : description;
      String id = session.directory().user(user);
      return session
          .client()
          .post(ALL, Map.of("credential", Map.of("user_id", id, "description", text)))
          .at("/credential");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.members(answer);
      report.line("Keep the secret now: it is not shown again.");
    }
  }

  @Command(name = "show", description = "Shows an access key and when it was last used, about.")
  static final class Show extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(one(accessKey)).at("/credential");
    }
  }

  @Command(name = "enable", description = "Lets an access key work again.")
  static final class Enable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().send("PUT", one(accessKey), status("active")).at("/credential");
    }
  }

  @Command(name = "disable", description = "Keeps an access key from working.")
  static final class Disable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().send("PUT", one(accessKey), status("inactive")).at("/credential");
    }
  }

  @Command(name = "delete", description = "Removes an access key.")
  static final class Delete extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      session.client().delete(one(accessKey));
      return Report.removed(accessKey);
    }
  }

  private static final String ALL = "/v3.0/OS-CREDENTIAL/credentials";

  private static String one(String accessKey) {
    if (!accessKey.matches("[A-Z0-9]{16,32}")) {
      throw new IllegalArgumentException("That is not the public name of an access key.");
    }
    return ALL + "/" + accessKey;
  }

  private static Map<String, ?> status(String status) {
    return Map.of("credential", Map.of("status", status));
  }
}
