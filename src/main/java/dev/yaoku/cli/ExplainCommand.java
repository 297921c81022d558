package dev.yaoku.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku explain}: why a request was refused. */
@Command(
    name = "explain",
    description = {
      "Says why a request was refused: who asked for what, and which statement decided.",
      "For those whom the policies of the account allow yaoku:access:explain."
    })
final class ExplainCommand extends ServerCommand {
  @Parameters(
      paramLabel = "REQUEST-ID",
      description = "Id of the refused request, as the answer's header X-Request-Id says.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private String requestId;

  @Override
  JsonNode ask(Access.Session session) throws IOException {
    if (!requestId.matches("[0-9a-fA-F]{32}")) {
      throw new IllegalArgumentException("A request id has 32 hexadecimal characters.");
    }
    return session.client().get("/yaoku/v1/refusals/" + requestId);
  }

  @Override
  void print(JsonNode answer, Report report) {
    report.line(
        answer.at("/user_name").asString()
            + " ("
            + answer.at("/user_id").asString()
            + ") was refused "
            + answer.at("/action").asString()
            + " with "
            + answer.at("/error_code").asString()
            + " at "
            + answer.at("/time").asString()
            + ".");
    report.line(answer.at("/reason").asString());
    report.members(answer);
  }
}
