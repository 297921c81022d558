package dev.yaoku.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku grant}: rights on keys that were given away. */
@Command(
    name = "grant",
    description = "Lists and revokes grants on a key.",
    mixinStandardHelpOptions = true,
    subcommands = {GrantCommand.ListAll.class, GrantCommand.Revoke.class})
final class GrantCommand extends CommandGroup {

  @Command(name = "list", description = "Lists the grants on a key and who gave them.")
  static final class ListAll extends ServerCommand {
    @Parameters(paramLabel = "KEY", description = "Id, alias/NAME or URN of the key.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String key;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.all("list-grants", Map.of("key_id", key), "grants");
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(
          answer.at("/grants"), "grant_id", "grantee_principal", "issuing_principal", "operations");
    }
  }

  @Command(
      name = "revoke",
      description =
          "Takes a grant back. What its grantee granted in turn stays, unless --tree is given.")
  static final class Revoke extends ServerCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "Id, alias/NAME or URN of the key.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String key;

    @Parameters(index = "1", paramLabel = "GRANT", description = "Id of the grant.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String grant;

    @Option(names = "--tree", description = "Also everything that was granted through it.")
    private boolean tree;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      String call = tree ? "yaoku-revoke-grant-tree" : "revoke-grant";
      return session.kms(call, Map.of("key_id", key, "grant_id", grant));
    }

    @Override
    void print(JsonNode answer, Report report) {
      if (tree) {
        answer.at("/grant_ids").forEach(id -> report.line("Revoked " + id.asString()));
      } else {
        report.line("Revoked " + grant);
      }
    }
  }
}
