package dev.yaoku.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku project}: lists, makes, suspends and resumes projects of the account. */
@Command(
    name = "project",
    description = "Lists, makes, suspends and resumes projects of the account.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ProjectCommand.ListAll.class,
      ProjectCommand.Create.class,
      ProjectCommand.Suspend.class,
      ProjectCommand.Resume.class
    })
final class ProjectCommand extends CommandGroup {

  /** About a project. */
  abstract static class About extends ServerCommand {
    @Parameters(index = "0", paramLabel = "PROJECT", description = "Id or name of the project.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String project;
  }

  @Command(name = "list", description = "Lists the projects.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(Directory.PROJECTS);
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/projects"), "id", "name", "enabled", "description");
    }
  }

  @Command(
      name = "create",
      description = "Makes a project; its name begins with the name of a region.")
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name, such as cn-north-4_orders.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Option(names = "--description", paramLabel = "TEXT", description = "What the project is for.")
    private @Nullable String description;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String text = description == null ? "" : description;
      return session
          .client()
          .post("/v3/projects", Map.of("project", Map.of("name", name, "description", text)))
          .at("/project");
    }
  }

  @Command(name = "suspend", description = "Keeps everybody out of a project; its keys stay.")
  static final class Suspend extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return status(session, project, "suspended");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Suspended.");
    }
  }

  @Command(name = "resume", description = "Lets everybody into a project again.")
  static final class Resume extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return status(session, project, "normal");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Resumed.");
    }
  }

  private static JsonNode status(Access.Session session, String project, String status)
      throws IOException {
    String path = "/v3-ext/projects/" + session.directory().project(project);
    return session.client().send("PUT", path, Map.of("project", Map.of("status", status)));
  }
}
