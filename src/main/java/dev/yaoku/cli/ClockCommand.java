package dev.yaoku.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code yaoku clock}: the two clocks that must agree before anything is destroyed. */
@Command(
    name = "clock",
    description = "Shows the server's clocks, and accepts the wall clock when they disagree.",
    mixinStandardHelpOptions = true,
    subcommands = {ClockCommand.Show.class, ClockCommand.Accept.class})
final class ClockCommand extends CommandGroup {
  private static final String PATH = "/yaoku/v1/clock";

  @Command(
      name = "show",
      description = {
        "Shows the wall clock and what the server counted.",
        "When they are over an hour apart, nothing is destroyed."
      })
  static final class Show extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(PATH);
    }

    @Override
    void print(JsonNode answer, Report report) {
      say(answer, report);
    }
  }

  @Command(
      name = "accept",
      description = {
        "Says that the wall clock is right, after you have looked at it: what the server counted is"
            + " set to it, and what is due by it is destroyed.",
        "For the operators of the installation only."
      })
  static final class Accept extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().post(PATH + "/accept", Map.of());
    }

    @Override
    void print(JsonNode answer, Report report) {
      say(answer, report);
    }
  }

  private static void say(JsonNode answer, Report report) {
    report.line("wall clock  " + answer.at("/wall").asString());
    report.line("counted     " + answer.at("/counted").asString());
    report.line(
        answer.at("/disagree").asBoolean()
            ? "They disagree: nothing is destroyed. If the wall clock is right: yaoku clock accept"
            : "They agree.");
  }
}
