package dev.yaoku.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku key}: what the cloud's API does not have. */
@Command(
    name = "key",
    description = "Shows and brings back keys that are to be deleted; makes keys of services.",
    mixinStandardHelpOptions = true,
    subcommands = {
      KeyCommand.Show.class,
      KeyCommand.Undelete.class,
      KeyCommand.CreateDefault.class
    })
final class KeyCommand extends CommandGroup {

  @Command(
      name = "show",
      description =
          "Shows a key, also one that is gone for its users, and when its material is destroyed.")
  static final class Show extends ServerCommand {
    @Parameters(paramLabel = "KEY", description = "Id, alias/NAME or URN of the key.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String key;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.kms("yaoku-show-key", Map.of("key_id", key));
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.members(answer);
      String purge = answer.at("/purge_date").asString("");
      if (!purge.isEmpty()) {
        report.line(
            "Its material is destroyed at "
                + instant(purge)
                + " at the earliest"
                + (answer.at("/destruction_waits").asBoolean()
                    ? "; now nothing is, as the clocks disagree (yaoku clock show)."
                    : ". Until then: yaoku key undelete " + answer.at("/key_id").asString()));
      }
    }
  }

  @Command(
      name = "undelete",
      description =
          "Brings a key back whose deletion date is reached but whose material is not destroyed"
              + " yet. It comes back disabled.")
  static final class Undelete extends ServerCommand {
    @Parameters(paramLabel = "KEY", description = "Id, alias/NAME or URN of the key.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String key;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.kms("yaoku-undelete-key", Map.of("key_id", key));
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Key " + answer.at("/key_id").asString() + " is back, and disabled.");
    }
  }

  @Command(
      name = "create-default",
      description = {
        "Makes the key SERVICE/default of the project, if it is not there.",
        "Everyone in the project whose rights cover keys in general can use it."
      })
  static final class CreateDefault extends ServerCommand {
    @Parameters(paramLabel = "SERVICE", description = "Short name of a service, such as obs.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String service;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.kms("yaoku-create-default-key", Map.of("service", service));
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line(
          answer.at("/key_alias").asString()
              + (answer.at("/created").asBoolean() ? " was made: " : " was there already: ")
              + answer.at("/key_id").asString());
    }
  }

  private static String instant(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis)).toString();
  }
}
