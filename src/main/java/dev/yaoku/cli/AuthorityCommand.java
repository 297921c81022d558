package dev.yaoku.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code yaoku authority}: whose client certificates stand for users of the account. */
@Command(
    name = "authority",
    description =
        "Lists, makes and removes authorities of client certificates, and says whose"
            + " names are whose.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AuthorityCommand.ListAll.class,
      AuthorityCommand.Show.class,
      AuthorityCommand.Create.class,
      AuthorityCommand.Disable.class,
      AuthorityCommand.Enable.class,
      AuthorityCommand.Delete.class,
      AuthorityCommand.Assign.class,
      AuthorityCommand.Withdraw.class
    })
final class AuthorityCommand extends CommandGroup {
  private static final String AUTHORITIES = "/v3/OS-YAOKU/client-authorities";

  private static String authority(String name) {
    return AUTHORITIES + "/" + PathText.segment(name);
  }

  @Command(name = "list", description = "Lists the authorities.")
  static final class ListAll extends ServerCommand {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(AUTHORITIES);
    }

    @Override
    void print(JsonNode answer, Report report) {
      report.table(answer.at("/client_authorities"), "id", "enabled", "subject", "expires_at");
    }
  }

  /** About one authority. */
  abstract static class About extends ServerCommand {
    @Parameters(index = "0", paramLabel = "AUTHORITY", description = "Name of the authority.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    String name;

    JsonNode put(Access.Session session, Map<String, ?> members) throws IOException {
      Map<String, ?> body = Map.of("client_authority", members);
      return session.client().send("PUT", authority(name), body).at("/client_authority");
    }
  }

  @Command(name = "show", description = "Shows an authority and the names that are users.")
  static final class Show extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return session.client().get(authority(name)).at("/client_authority");
    }
  }

  @Command(
      name = "create",
      description = "Trusts an authority; nobody comes in by it until a name is assigned.")
  static final class Create extends About {
    @Option(
        names = "--certificate",
        paramLabel = "FILE",
        required = true,
        description = "Its certificate, PEM.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private Path certificate;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return put(session, Map.of("certificate", TextFile.read(certificate)));
    }
  }

  @Command(name = "disable", description = "Lets nobody in by an authority.")
  static final class Disable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return put(session, Map.of("enabled", false));
    }
  }

  @Command(name = "enable", description = "Lets those of an authority in again.")
  static final class Enable extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      return put(session, Map.of("enabled", true));
    }
  }

  @Command(name = "delete", description = "Trusts an authority no longer.")
  static final class Delete extends About {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      session.client().delete(authority(name));
      return Report.removed(name);
    }
  }

  /** About one name in certificates of an authority. */
  abstract static class AboutName extends About {
    @Parameters(
        index = "1",
        paramLabel = "NAME",
        description = "As certificates say it: uri:…, dns:…, email:… or ip:….")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String inCertificates;

    String path() {
      return authority(name) + "/names/" + PathText.segment(inCertificates);
    }
  }

  @Command(name = "assign", description = "Whoever has a certificate of this name is this user.")
  static final class Assign extends AboutName {
    @Parameters(index = "2", paramLabel = "USER", description = "Id or name of the user.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String user;

    @Override
    JsonNode ask(Access.Session session) throws IOException {
      Map<String, ?> body = Map.of("user_id", session.directory().user(user));
      return session.client().send("PUT", path(), body).at("/client_authority");
    }
  }

  @Command(name = "withdraw", description = "A name in certificates is nobody any more.")
  static final class Withdraw extends AboutName {
    @Override
    JsonNode ask(Access.Session session) throws IOException {
      session.client().delete(path());
      return Report.removed(path());
    }
  }
}
