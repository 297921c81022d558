package dev.yaoku.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku agency}: lists, makes and removes roles that users of another account may play. */
@Command(
    name = "agency",
    description = "Lists, makes and removes roles that users of another account may play.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AgencyCommand.ListAll.class,
      AgencyCommand.Create.class,
      AgencyCommand.Delete.class
    })
final class AgencyCommand extends CommandGroup {

  @Command(name = "list", description = "Lists the agencies.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session
          .client()
          .get(Directory.AGENCIES + "?domain_id=" + session.directory().account());
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(
          answer.at("/agencies"), "id", "name", "trust_domain_id", "duration", "description");
    }
  }

  @Command(
      name = "create",
      description = "Makes an agency, which can do nothing until a policy is attached.")
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the agency.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Option(
        names = "--trust",
        paramLabel = "ACCOUNT",
        required = true,
        description = "Name of the account whose users may play the role.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String trusted;

    @Option(names = "--description", paramLabel = "TEXT", description = "What the agency is for.")
    private @Nullable String description;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      Map<String, String> agency =
          Map.of(
              "name",
              name,
              "domain_id",
              session.directory().account(),
              "trust_domain_name",
              trusted,
              "description",
              description == null ? "" : description,
              "duration",
              "FOREVER");
      return session.client().post(Directory.AGENCIES, Map.of("agency", agency)).at("/agency");
    }
  }

  @Command(
      name = "delete",
      description = "Removes an agency; whoever plays the role stops at once.")
  static final class Delete extends ServerCommand {
    @Parameters(index = "0", paramLabel = "AGENCY", description = "Id or name of the agency.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String agency;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String id = session.directory().agency(agency);
      session.client().delete(Directory.AGENCIES + "/" + id);
      return Report.removed(id);
    }
  }
}
