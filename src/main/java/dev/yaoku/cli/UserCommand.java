package dev.yaoku.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku user}: lists, makes, changes and removes users of the account. */
@Command(
    name = "user",
    description = "Lists, makes, changes and removes users of the account.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UserCommand.ListAll.class,
      UserCommand.Show.class,
      UserCommand.Create.class,
      UserCommand.Password.class,
      UserCommand.Enable.class,
      UserCommand.Disable.class,
      UserCommand.Delete.class
    })
final class UserCommand extends CommandGroup {

  /** About a user. */
  abstract static class About extends ServerCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "Id or name of the user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String user;
  }

  @Command(name = "list", description = "Lists the users.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(Directory.USERS);
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/users"), "id", "name", "enabled", "is_domain_owner", "description");
    }
  }

  @Command(name = "show", description = "Shows a user.")
  static final class Show extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session
          .client()
          .get(Directory.USERS + "/" + session.directory().user(user))
          .at("/user");
    }
  }

  @Command(
      name = "create",
      description = "Makes a user, who can do nothing until a policy is attached.")
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        description = "File of the password, - for standard input; without it, the user has none.")
    private @Nullable Path passwordFile;

    @Option(names = "--description", paramLabel = "TEXT", description = "What the user is for.")
    private @Nullable String description;

    @Option(names = "--email", paramLabel = "ADDRESS", description = "Mail address.")
    private @Nullable String email;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      Map<String, Object> user = new HashMap<>();
      user.put("name", name);
      Secrets.put(user, "password", passwordFile);
      put(user, "description", description);
      put(user, "email", email);
      return session.client().post(Directory.USERS, Map.of("user", user)).at("/user");
    }
  }

  @Command(
      name = "password",
      description = "Gives a user another password; what was got with the earlier one ends.")
  static final class Password extends About {
    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        required = true,
        description = "File of the password, - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private Path passwordFile;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      Map<String, Object> change = new HashMap<>();
      Secrets.put(change, "password", passwordFile);
      return change(session, user, change);
    }
  }

  @Command(name = "enable", description = "Lets a user in again.")
  static final class Enable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return change(session, user, Map.of("enabled", true));
    }
  }

  @Command(name = "disable", description = "Keeps a user out; what the user has stays.")
  static final class Disable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return change(session, user, Map.of("enabled", false));
    }
  }

  @Command(
      name = "delete",
      description = "Removes a user with all access keys, sessions and memberships.")
  static final class Delete extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String id = session.directory().user(user);
      session.client().delete(Directory.USERS + "/" + id);
      return Report.removed(id);
    }
  }

  private static void put(Map<String, Object> members, String name, @Nullable String value) {
    if (value != null) {
      members.put(name, value);
    }
  }

  private static JsonNode change(Access.Session session, String user, Map<String, ?> change)
      throws IOException {
    String path = Directory.USERS + "/" + session.directory().user(user);
    return session.client().send("PATCH", path, Map.of("user", change)).at("/user");
  }
}
