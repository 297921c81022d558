package dev.yaoku.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Who holds a policy, and for what. */
final class Holding {
  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private Holder holder;

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  private Scope scope;

  /** Who. */
  static final class Holder {
    @Option(names = "--user", paramLabel = "USER", description = "Id or name of a user.")
    private @Nullable String user;

    @Option(names = "--group", paramLabel = "GROUP", description = "Id or name of a group.")
    private @Nullable String group;

    @Option(names = "--agency", paramLabel = "AGENCY", description = "Id or name of an agency.")
    private @Nullable String agency;

    boolean isAgency() {
      return agency != null;
    }

    String path(Directory directory) throws IOException {
      if (user != null) {
        return "/users/" + directory.user(user);
      }
      return group != null
          ? "/groups/" + directory.group(group)
          : "/agencies/" + directory.agency(String.valueOf(agency));
    }
  }

  /** For what. */
  static final class Scope {
    @Option(
        names = "--in-project",
        paramLabel = "PROJECT",
        description = "In this project: id or name.")
    private @Nullable String project;

    @Option(names = "--in-all-projects", description = "In all projects, those to come included.")
    private boolean allProjects;

    @Option(names = "--in-account", description = "For the account itself: users, groups.")
    @SuppressWarnings("UnusedVariable") // what is left where the other two are not given
    private boolean account;
  }

  /** The path of the assignment. */
  String path(Access.Session session, String policy) throws IOException {
    Directory directory = session.directory();
    String to = holder.path(directory) + "/roles/" + directory.policy(policy);
    String before = holder.isAgency() ? "/v3.0/OS-AGENCY/" : "/v3/";
    if (scope.project != null) {
      return before + "projects/" + directory.project(scope.project) + to;
    }
    String domain = "domains/" + directory.account() + to;
    if (scope.allProjects) {
      String inherited = holder.isAgency() ? "/v3.0/OS-INHERIT/" : "/v3/OS-INHERIT/";
      return inherited + domain + "/inherited_to_projects";
    }
    return before + domain;
  }
}
