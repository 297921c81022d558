package dev.yaoku.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code yaoku key}: what an operator does to keys, also what the cloud's API does not have. */
@Command(
    name = "key",
    description =
        "Lists, disables and enables keys; shows and brings back those that are to be deleted;"
            + " makes keys of services.",
    mixinStandardHelpOptions = true,
    subcommands = {
      KeyCommand.ListAll.class,
      KeyCommand.Show.class,
      KeyCommand.Disable.class,
      KeyCommand.Enable.class,
      KeyCommand.CancelDeletion.class,
      KeyCommand.Undelete.class,
      KeyCommand.CreateDefault.class
    })
final class KeyCommand extends CommandGroup {
  /** About a key. */
  abstract static class About extends ServerCommand {
    @Parameters(paramLabel = "KEY", description = "Id, alias/NAME or URN of the key.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String key;

    JsonNode ask(Access.Session session, String operation) throws IOException {
      return session.kms(operation, Map.of("key_id", key));
    }
  }

  @Command(name = "list", description = "Lists the keys of the project, the newest first.")
  static final class ListAll extends ServerCommand {
    private static final Map<String, String> STATES =
        Map.of("2", "enabled", "3", "disabled", "4", "to be deleted", "5", "without material");

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.all("list-keys", Map.of("key_spec", "ALL"), "key_details");
    }

    @Override
    void print(JsonNode answer, Report report) {
      for (JsonNode key : answer.at("/key_details")) {
        String state = key.at("/key_state").asString();
        ((ObjectNode) key).put("key_state", STATES.getOrDefault(state, state));
      }
      report.table(answer.at("/key_details"), "key_id", "key_alias", "key_spec", "key_state");
    }
  }

  @Command(
      name = "show",
      description =
          "Shows a key, also one that is gone for its users, and when its material is destroyed.")
  static final class Show extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return ask(session, "yaoku-show-key");
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
                    ? "; nothing is now, as the clocks disagree or no server ran for a while. Until"
                        + " then: yaoku key undelete "
                    : ". Until then: yaoku key undelete ")
                + answer.at("/key_id").asString());
      }
    }
  }

  @Command(
      name = "disable",
      description =
          "Keeps everybody from using a key until it is enabled again; also on a full disk.")
  static final class Disable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return ask(session, "disable-key");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Key " + answer.at("/key_info/key_id").asString() + " is disabled.");
    }
  }

  @Command(name = "enable", description = "Lets a disabled key be used again.")
  static final class Enable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return ask(session, "enable-key");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Key " + answer.at("/key_info/key_id").asString() + " is enabled.");
    }
  }

  @Command(
      name = "cancel-deletion",
      description =
          "Keeps a key that is to be deleted. It can be used once it is enabled (yaoku key"
              + " enable).")
  static final class CancelDeletion extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return ask(session, "cancel-key-deletion");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.line("Key " + answer.at("/key_id").asString() + " stays.");
    }
  }

  @Command(
      name = "undelete",
      description =
          "Brings a key back whose deletion date is reached but whose material is not destroyed"
              + " yet. It comes back disabled.")
  static final class Undelete extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return ask(session, "yaoku-undelete-key");
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
