package dev.yaoku.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;

/** A command that asks a server for one thing and prints the answer. */
@Command(
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the server refused; the sentence and the request id are on standard error",
      "2:wrong usage, no credentials, or a file that cannot be used",
      "3:the server cannot be reached",
      "5:done, but the output could not be written"
    })
abstract class ServerCommand implements Callable<Integer> {
  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;
  static final int UNWRITTEN = 5;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  Access access;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  CommandSpec spec;

  /** Asks the server. */
  abstract JsonNode ask(Access.Session session) throws IOException;

  /** Prints the answer for people. */
  void print(JsonNode answer, Report report) {
    report.members(answer);
  }

  /** What the answer means for whoever called this from a script. */
  int exitCode(JsonNode answer) {
    return DONE;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try (Access.Session session = access.open()) {
      JsonNode answer = ask(session);
      Report report = new Report(spec.commandLine().getOut());
      if (access.json) {
        report.json(answer);
      } else {
        print(answer, report);
      }
      if (report.isCutOff()) {
        err.println(
            "yaoku: the server did it, but the output took no more: what it says is not all"
                + " there.");
        return UNWRITTEN;
      }
      return exitCode(answer);
    } catch (Refusal e) {
      err.println("yaoku: " + Report.plain(e.sentence()));
      if (!e.requestId().isEmpty()) {
        err.println("request id: " + Report.plain(e.requestId()));
      }
      return REFUSED;
    } catch (NotThere e) {
      err.println("yaoku: " + Report.plain(String.valueOf(e.getMessage())));
      return REFUSED;
    } catch (IllegalArgumentException e) {
      err.println("yaoku: " + e.getMessage());
      return USAGE;
    } catch (FileSystemException e) {
      err.println("yaoku: " + Report.plain(Fault.sentence(e)));
      return USAGE;
    } catch (StreamReadException e) {
      err.println("yaoku: this is not JSON: " + Report.plain(e.getOriginalMessage()));
      return USAGE;
    } catch (IOException e) {
      err.println(
          "yaoku: the server cannot be reached: " + Report.plain(String.valueOf(e.getMessage())));
      return UNREACHABLE;
    }
  }
}
