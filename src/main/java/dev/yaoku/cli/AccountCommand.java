package dev.yaoku.cli;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku account}: lists, makes, disables and enables accounts of the installation. */
@Command(
    name = "account",
    description = {
      "Lists, makes, disables and enables accounts, each with users, projects and keys of its own.",
      "For the operators of the installation only."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      AccountCommand.ListAll.class,
      AccountCommand.Create.class,
      AccountCommand.Disable.class,
      AccountCommand.Enable.class
    })
final class AccountCommand extends CommandGroup {
  /** About an account. */
  abstract static class About extends ServerCommand {
    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Id or name of the account.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String account;
  }

  @Command(name = "list", description = "Lists the accounts.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(Directory.ACCOUNTS);
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/accounts"), "id", "name", "enabled", "create_time");
    }
  }

  @Command(
      name = "create",
      description = {
        "Makes an account with a project in every region and an administrator.",
        "The administrator's secrets are shown now and never again.",
        "What is printed is a credentials file that names the server as --endpoint does."
      })
  static final class Create extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the account.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    private URI endpoint = URI.create("");

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      endpoint = session.client().endpoint();
      return session.client().post(Directory.ACCOUNTS, Map.of("account", Map.of("name", name)));
    }

    /** The sections that a first start writes, too: commands and all SDKs can be given the file. */
    @Override
    void print(JsonNode answer, Report report) {
      section(report, "basic", answer, "project_id", "/project/id");
      section(report, "global", answer, "domain_id", "/account/id");
      section(report, "basiccredentials", answer, "project_id", "/project/id");
      section(report, "globalcredentials", answer, "domain_id", "/account/id");
      report.line("[yaoku]");
      report.line("endpoint = " + endpoint);
      member(report, "region", answer, "/project/name");
      member(report, "domain_id", answer, "/account/id");
      member(report, "domain_name", answer, "/account/name");
      member(report, "project_name", answer, "/project/name");
      member(report, "user_id", answer, "/administrator/id");
      member(report, "user_name", answer, "/administrator/name");
      member(report, "password", answer, "/administrator/password");
      if (isLoopback(endpoint)) {
        spec.commandLine()
            .getErr()
            .println(
                "yaoku: the file names "
                    + endpoint
                    + ", which leads to the server on its own machine only: change the lines"
                    + " endpoint and iam_endpoint, or give --endpoint next time.");
      }
    }

    private static boolean isLoopback(URI endpoint) {
      String host = String.valueOf(endpoint.getHost());
      return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private void section(Report report, String name, JsonNode answer, String scope, String place) {
      report.line("[" + name + "]");
      member(report, "ak", answer, "/administrator/access");
      member(report, "sk", answer, "/administrator/secret");
      member(report, scope, answer, place);
      report.line("iam_endpoint = " + endpoint);
      report.line("");
    }

    private static void member(Report report, String name, JsonNode answer, String place) {
      report.line(name + " = " + answer.at(place).asString());
    }
  }

  @Command(
      name = "disable",
      description = "Keeps the people of an account out, and ends their sessions; its keys stay.")
  static final class Disable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return enable(session, account, false);
    }
  }

  @Command(name = "enable", description = "Lets the people of an account in again.")
  static final class Enable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return enable(session, account, true);
    }
  }

  private static JsonNode enable(Access.Session session, String account, boolean enabled)
      throws IOException {
    String path = Directory.ACCOUNTS + "/" + session.directory().anyAccount(account);
    return session
        .client()
        .send("PATCH", path, Map.of("account", Map.of("enabled", enabled)))
        .at("/account");
  }
}
