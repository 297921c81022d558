package dev.yaoku.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code yaoku policy}: lists, makes, changes, removes and attaches policies. */
@Command(
    name = "policy",
    description = "Lists, makes, changes, removes and attaches policies.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PolicyCommand.ListAll.class,
      PolicyCommand.Show.class,
      PolicyCommand.Create.class,
      PolicyCommand.Update.class,
      PolicyCommand.Delete.class,
      PolicyCommand.Attach.class,
      PolicyCommand.Detach.class
    })
final class PolicyCommand extends CommandGroup {

  /** About a policy. */
  abstract static class About extends ServerCommand {
    @Parameters(index = "0", paramLabel = "POLICY", description = "Id or name of the policy.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String policy;
  }

  /** About a policy that somebody holds. */
  abstract static class AboutHolding extends About {
    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    Holding holding;
  }

  @Command(
      name = "list",
      description = "Lists the account's own policies and those of every account.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return Report.list(session.directory().policies());
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer, "id", "display_name", "type", "description");
    }
  }

  @Command(name = "show", description = "Shows a policy.")
  static final class Show extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String path = Directory.ALL_POLICIES + "/" + session.directory().policy(policy);
      return session.client().get(path).at("/role");
    }
  }

  @Command(name = "create", description = "Makes a policy.")
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the policy.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        required = true,
        description = "File of the policy, JSON.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private Path file;

    @Option(names = "--description", paramLabel = "TEXT", description = "What the policy is for.")
    private @Nullable String description;

    @Option(
        names = "--for-account",
        description = "It is about the account itself (users, groups), not about projects.")
    private boolean forAccount;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session
          .client()
          .post(Directory.OWN_POLICIES, role(name, forAccount, description, file))
          .at("/role");
    }
  }

  @Command(name = "update", description = "Gives a policy another text.")
  static final class Update extends About {
    @Option(
        names = "--file",
        paramLabel = "FILE",
        required = true,
        description = "File of the policy, JSON.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private Path file;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String path = Directory.OWN_POLICIES + "/" + session.directory().ownPolicy(policy);
      JsonNode before = session.client().get(path).at("/role");
      Map<String, ?> after =
          role(
              before.at("/display_name").asString(),
              before.at("/type").asString().equals("AX"),
              before.at("/description").asString(""),
              file);
      return session.client().send("PATCH", path, after).at("/role");
    }
  }

  @Command(
      name = "delete",
      description = "Removes a policy. Whoever holds it loses it and is logged out.")
  static final class Delete extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String id = session.directory().ownPolicy(policy);
      session.client().delete(Directory.OWN_POLICIES + "/" + id);
      return Report.removed(id);
    }
  }

  @Command(name = "attach", description = "Gives a policy to a user, a group or an agency.")
  static final class Attach extends AboutHolding {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().send("PUT", holding.path(session, policy), "");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Attached.");
    }
  }

  @Command(name = "detach", description = "Takes a policy from a user, a group or an agency.")
  static final class Detach extends AboutHolding {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().send("DELETE", holding.path(session, policy), "");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Detached.");
    }
  }

  private static Map<String, ?> role(
      String name, boolean forAccount, @Nullable String description, Path file) throws IOException {
    return Map.of(
        "role",
        Map.of(
            "display_name",
            name,
            "type",
            forAccount ? "AX" : "XA",
            "description",
            description == null ? "" : description,
            "policy",
            JsonMapper.shared().readTree(TextFile.read(file))));
  }
}
