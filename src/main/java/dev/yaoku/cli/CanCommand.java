package dev.yaoku.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku can}: whether somebody may do something, without doing it. */
@Command(
    name = "can",
    exitCodeList = {
      "0:allowed",
      "1:the server refused to say; the sentence and the request id are on standard error",
      "2:wrong usage, or no credentials",
      "3:the server cannot be reached",
      "4:not allowed",
      "5:the output could not be written"
    },
    description = {
      "Says whether a user may do something, and which statement decides.",
      "For those whom the policies of the account allow yaoku:access:check."
    })
final class CanCommand extends ServerCommand {
  static final int NOT_ALLOWED = 4;

  @Parameters(index = "0", paramLabel = "USER", description = "Id or name of a user.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private String user;

  @Parameters(
      index = "1",
      paramLabel = "ACTION",
      description = "As policies say it (kms:cmk:crypto), or an operation (encrypt-data).")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private String action;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "KEY",
      description = "Id, alias/NAME or URN of the key, for what is done with one.")
  private @Nullable String key;

  @Option(
      names = "--agency",
      paramLabel = "NAME",
      description = "Name of the agency, for iam:tokens:assume.")
  private @Nullable String agency;

  @Option(
      names = "--account",
      paramLabel = "ID",
      description = "Id of the agency's account; the caller's own if absent.")
  private @Nullable String account;

  @Override
  JsonNode ask(Access.Session session) throws IOException {
    Map<String, String> question = new HashMap<>();
    question.put("user", user);
    question.put("action", action);
    putIfThere(question, "key_id", key);
    putIfThere(question, "agency_name", agency);
    putIfThere(question, "domain_id", account);
    return session.kms("yaoku-check-access", question);
  }

  private static void putIfThere(
      Map<String, String> question, String member, @Nullable String value) {
    if (value != null) {
      question.put(member, value);
    }
  }

  @Override
  void print(JsonNode answer, Report report) {
    for (JsonNode verdict : answer.at("/verdicts")) {
      report.line(
          (verdict.at("/allowed").asBoolean() ? "yes  " : "no   ")
              + verdict.at("/operation").asString()
              + "  "
              + verdict.at("/reason").asString());
    }
  }

  @Override
  int exitCode(JsonNode answer) {
    return answer.at("/allowed").asBoolean() ? DONE : NOT_ALLOWED;
  }
}
