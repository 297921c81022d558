package dev.yaoku.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku group}: lists, makes and removes groups of users, and says who is in them. */
@Command(
    name = "group",
    description = "Lists, makes and removes groups of users, and says who is in them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      GroupCommand.ListAll.class,
      GroupCommand.Create.class,
      GroupCommand.Delete.class,
      GroupCommand.Members.class,
      GroupCommand.Add.class,
      GroupCommand.Remove.class
    })
final class GroupCommand extends CommandGroup {

  /** About a group. */
  abstract static class About extends ServerCommand {
    @Parameters(index = "0", paramLabel = "GROUP", description = "Id or name of the group.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String group;
  }

  /** About a user in a group. */
  abstract static class AboutMember extends About {
    @Parameters(index = "1", paramLabel = "USER", description = "Id or name of the user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String user;

    String path(Access.Session session) throws IOException {
      return members(session, group) + "/" + session.directory().user(user);
    }
  }

  @Command(name = "list", description = "Lists the groups.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(Directory.GROUPS);
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/groups"), "id", "name", "description");
    }
  }

  @Command(name = "create", description = "Makes a group.")
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the group.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Option(names = "--description", paramLabel = "TEXT", description = "What the group is for.")
    private @Nullable String description;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String text = description == null ? "" : description;
      return session
          .client()
          .post(Directory.GROUPS, Map.of("group", Map.of("name", name, "description", text)))
          .at("/group");
    }
  }

  @Command(name = "delete", description = "Removes a group; its members stay.")
  static final class Delete extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String id = session.directory().group(group);
      session.client().delete(Directory.GROUPS + "/" + id);
      return Report.removed(id);
    }
  }

  @Command(name = "members", description = "Lists who is in a group.")
  static final class Members extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(members(session, group));
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/users"), "id", "name", "enabled");
    }
  }

  @Command(name = "add", description = "Puts a user into a group.")
  static final class Add extends AboutMember {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().send("PUT", path(session), "");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line(user + " is in " + group + ".");
    }
  }

  @Command(name = "remove", description = "Takes a user out of a group.")
  static final class Remove extends AboutMember {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().send("DELETE", path(session), "");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line(user + " is not in " + group + " any more.");
    }
  }

  private static String members(Access.Session session, String group) throws IOException {
    return Directory.GROUPS + "/" + session.directory().group(group) + "/users";
  }
}
